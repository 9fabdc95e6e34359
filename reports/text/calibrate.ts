/**
 * The answer of `dmqsim calibrate`: which constants, from which points, and how far they are off.
 */

import type { CalibrateAnswer } from '../answer.ts'
import { table } from '../table/table.ts'
import { blocks, type Page, text, title, wrap } from './layout.ts'
import { counted, moment } from './numbers.ts'
import { valueText } from './validation.ts'

export function calibrateSentence({ calibrated }: CalibrateAnswer): string {
  const { fitted, residuals } = calibrated
  const constants = fitted.map(({ name, after }) => `${name} ${valueText(after)}`).join(', ')
  const worst = Math.max(...residuals.map(({ error }) => Math.abs(error)))
  return (
    `Fitted to ${counted(residuals.length, 'point')}: ${constants}; ` +
    `the worst is off by ${percentText(worst)}.`
  )
}

export function calibrateText(answer: CalibrateAnswer, page: Page): string {
  const { head, calibrated, file } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const lines = wrap(calibrateSentence(answer), page.width)
  const tried = counted(calibrated.tried, 'set of constants', 'sets of constants')
  return text(
    blocks(
      [
        ...lines.map((line) => page.paint.bold(line)),
        page.paint.dim(`${tried} in ${spent}, seed ${head.seed}`),
      ],
      [title('Constants', page), ...constantLines(answer, page)],
      [title('Points', page), ...pointLines(answer, page)],
      wrap(`Written to ${file}; a profile takes it with calibration: ${file}`, page.width),
    ),
  )
}

function constantLines({ calibrated }: CalibrateAnswer, page: Page): string[] {
  const columns = [
    { title: 'constant', wraps: true },
    { title: 'before', right: true },
    { title: 'fitted', right: true },
  ]
  const rows = calibrated.fitted.map(({ name, before, after }) => [
    name,
    valueText(before),
    valueText(after),
  ])
  return table(columns, rows, page.width - 2).map((line) => `  ${line}`)
}

function pointLines({ calibrated }: CalibrateAnswer, page: Page): string[] {
  const columns = [
    { title: 'point', wraps: true },
    { title: 'measured', right: true },
    { title: 'simulated', right: true },
    { title: 'error', right: true },
  ]
  const rows = calibrated.residuals.map(({ id, measured, simulated, error }) => [
    id,
    valueText(measured),
    valueText(simulated),
    `${error < 0 ? '−' : '+'}${percentText(Math.abs(error))}`,
  ])
  return table(columns, rows, page.width - 2).map((line) => `  ${line}`)
}

function percentText(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : 'more than can be said'
}
