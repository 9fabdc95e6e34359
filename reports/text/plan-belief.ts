/**
 * How far to believe a plan, for a terminal.
 */

import type { Belief } from '../../scenarios/plan/plan-answer.ts'
import type { PlanReportAnswer } from '../answer.ts'
import { inputText } from './believe.ts'
import { beside, type Page, title } from './layout.ts'
import { grouped } from './numbers.ts'

/** What stands to the left. */
const INDENT = 18

export function planBeliefLines({ plan, head }: PlanReportAnswer, page: Page): string[] {
  const { belief, inputs } = plan
  const of = (source: string): string =>
    inputs
      .filter((input) => input.source === source)
      .map(inputText)
      .join(' · ')
  const rows: readonly (readonly [string, string])[] = [
    [
      'Calibrated',
      belief.calibrationSet ??
        'no: the costs of work in the hardware profile are assumed, fitted to nothing',
    ],
    [
      'Backtest',
      belief.backtest === null
        ? 'none: nothing measured is known of this cluster'
        : belief.backtest.source,
    ],
    ['Validated', rangesText(belief)],
    ['Extrapolates', belief.extrapolates.join(' ')],
    ['Given', of('given')],
    ['Of the profile', of('profile')],
    ['Fitted', of('fitted')],
    ['By default', of('default')],
    ['Not modelled', belief.notModelled.join(' · ')],
    ['Versions', `dmqsim ${head.version}, Node ${head.node}`],
  ]
  const lines = rows
    .filter(([, said]) => said !== '')
    .flatMap(([label, said]) => beside(`  ${label}`, INDENT, said, page.width))
    .map((line) => page.paint.dim(line))
  return [title('How far to believe', page), ...lines]
}

const rangeNouns: Readonly<Record<string, string>> = {
  recordsPerSecond: 'records/s',
  recordBytes: 'bytes a record',
  replicationFactor: 'replicas',
}

function rangesText({ validatedRange }: Belief): string {
  return Object.entries(validatedRange)
    .map(([name, [low, high]]) => {
      const range = low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`
      return `${rangeNouns[name] ?? name} ${range}`
    })
    .join(' · ')
}
