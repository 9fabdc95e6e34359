/**
 * The answer of `dmqsim backtest`: how far the simulation is off, on the half it has not seen.
 */

import type { BacktestRow, HalfError } from '../../scenarios/calibration/backtest.ts'
import type { BacktestAnswer } from '../answer.ts'
import { table } from '../table/table.ts'
import { blocks, type Page, text, title, wrap } from './layout.ts'
import { counted, moment } from './numbers.ts'
import { valueText } from './validation.ts'

export function backtestSentence({ backtest }: BacktestAnswer): string {
  const worst = backtest.rows.reduce((one, other) =>
    other.judged.mape > one.judged.mape ? other : one,
  )
  // Without a fit neither half was seen, and the second is judged all the same.
  const half =
    backtest.fitted.length === 0 ? 'In the second half' : 'On the half that was not fitted'
  return (
    `${half} ${counted(backtest.rows.length, 'series', 'series')} ` +
    `${backtest.rows.length === 1 ? 'is' : 'are'} off by at most ${share(worst.judged.mape)} ` +
    `on average (${worst.series}).`
  )
}

export function backtestText(answer: BacktestAnswer, page: Page): string {
  const { head, backtest, scenario, measured } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const facts = `${scenario} against ${measured}, ${counted(backtest.tried, 'simulation')} in ${spent}, seed ${head.seed}`
  const columns = [
    { title: 'series', wraps: true },
    { title: 'simulated' },
    { title: backtest.fitted.length === 0 ? 'first half' : 'fitted', right: true },
    { title: 'judged', right: true },
    { title: 'bias', right: true },
  ]
  const rows = backtest.rows.map(({ series, simulated, fitted, judged }) => [
    series,
    simulated,
    share(fitted.mape),
    share(judged.mape),
    biasText(judged),
  ])
  const constants = backtest.fitted.map(
    (name) => `  ${name} = ${valueText(backtest.constants[name] ?? null)}`,
  )
  return text(
    blocks(
      wrap(backtestSentence(answer), page.width).map((line) => page.paint.bold(line)),
      wrap(facts, page.width).map((line) => page.paint.dim(line)),
      [
        title('Mean error of a sample, first and second half', page),
        ...table(columns, rows, page.width - 2).map((line) => `  ${line}`),
      ],
      constants.length === 0
        ? ['Nothing was fitted; --fit names constants.']
        : [title('Fitted on the first half', page), ...constants],
    ),
  )
}

export function isWithin({ judged }: BacktestRow, tolerance: number): boolean {
  return judged.mape <= tolerance
}

export function biasText({ bias }: HalfError): string {
  return `${bias < 0 ? '−' : '+'}${share(Math.abs(bias))}`
}

function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`
}
