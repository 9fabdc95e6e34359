/**
 * A backtest as Markdown, for a wiki or a review: the error of each series, and what was fitted.
 */

import type { BacktestAnswer } from '../answer.ts'
import { backtestSentence, biasText } from '../text/backtest.ts'
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
  const isFitted = backtest.fitted.length > 0
  const facts = [
    `Measured: ${measured}`,
    `Simulated: ${scenario}, seed ${grouped(head.seed ?? 0)}, engine ${head.version}`,
    isFitted
      ? 'The first half of the time was fitted, the second half is judged: the simulation has not seen it.'
      : 'Nothing was fitted: the simulation has seen neither half. The second half is judged.',
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
    ...partLines('Series', seriesLines(answer, isFitted)),
    ...(isFitted ? partLines('Fitted on the first half', listLines(constants)) : []),
    ...againLines(command),
  ].join('\n')
}

function columnsOf(isFitted: boolean): readonly MarkdownColumn[] {
  return [
    { title: 'Series' },
    { title: 'Simulated' },
    { title: 'Samples judged', number: true },
    { title: isFitted ? 'Error where it was fitted' : 'Error of the first half', number: true },
    { title: 'Error where it was judged', number: true },
    { title: 'Bias where it was judged', number: true },
  ]
}

function seriesLines({ backtest }: BacktestAnswer, isFitted: boolean): string[] {
  const rows = backtest.rows.map(({ series, simulated, fitted, judged }) => [
    series,
    simulated,
    grouped(judged.samples),
    percent(fitted.mape),
    percent(judged.mape),
    biasText(judged),
  ])
  return tableLines(columnsOf(isFitted), rows)
}
