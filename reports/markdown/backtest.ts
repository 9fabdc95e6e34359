/**
 * A backtest as Markdown, for a wiki or a review: the error of each series, and what was fitted.
 */

import type { HalfError } from '../../scenarios/calibration/backtest.ts'
import type { BacktestAnswer } from '../answer.ts'
import { backtestSentence } from '../text/backtest.ts'
import { grouped, percent } from '../text/numbers.ts'
import {
  againLines,
  listLines,
  type MarkdownColumn,
  partLines,
  plain,
  tableLines,
} from './markdown.ts'

export function backtestMarkdown(answer: BacktestAnswer, command: string): string {
  const { head, scenario, measured, backtest } = answer
  const facts = [
    `Measured: ${measured}`,
    `Simulated: ${scenario}, seed ${grouped(head.seed ?? 0)}, engine ${head.version}`,
    'The first half of the time was fitted, the second half is judged: the simulation has not seen it.',
    'Error: mean of the differences without their sign, as a share of what was measured. Bias: with it.',
  ]
  const constants = backtest.fitted.map(
    (name) => `${name} = ${grouped(Math.round(backtest.constants[name] ?? 0))}`,
  )
  return [
    `# ${plain(scenario)}: backtest`,
    '',
    `**${plain(backtestSentence(answer))}**`,
    '',
    ...listLines(facts),
    ...partLines('Series', seriesLines(answer)),
    ...partLines(
      'Fitted on the first half',
      listLines(constants.length === 0 ? ['nothing'] : constants),
    ),
    ...againLines(command),
  ].join('\n')
}

const columns: readonly MarkdownColumn[] = [
  { title: 'Series' },
  { title: 'Simulated' },
  { title: 'Samples judged', number: true },
  { title: 'Error where it was fitted', number: true },
  { title: 'Error where it was judged', number: true },
  { title: 'Bias where it was judged', number: true },
]

function seriesLines({ backtest }: BacktestAnswer): string[] {
  const rows = backtest.rows.map(({ series, simulated, fitted, judged }) => [
    series,
    simulated,
    grouped(judged.samples),
    percent(fitted.mape),
    percent(judged.mape),
    biasText(judged),
  ])
  return tableLines(columns, rows)
}

function biasText({ bias }: HalfError): string {
  return `${bias < 0 ? '−' : '+'}${percent(Math.abs(bias))}`
}
