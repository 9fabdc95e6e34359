/**
 * A backtest as one file: how far the simulation is off on the half that it has not seen, for each
 * series, and both curves over time.
 *
 * The line through the middle is where judging begins. Left out: the runs that a fit tried.
 */

import type { BacktestCurve, BacktestRow } from '../../scenarios/calibration/backtest.ts'
import type { BacktestAnswer } from '../answer.ts'
import { backtestSentence, biasText, isWithin } from '../text/backtest.ts'
import { counted, grouped, moment, percent } from '../text/numbers.ts'
import type { ChartModel, Plot, Unit } from './chart-model.ts'
import { plotFigure } from './figure.ts'
import { jsonScript, markup, type Markup } from './markup.ts'
import { pageText } from './page.ts'
import { CHARTS_ID } from './report.ts'
import type { Section } from './section.ts'
import { planSheet } from './sheets/plan.ts'
import { cardTable, compactTable, type Row } from './table.ts'

const ID = 'backtest'

export function backtestReport(answer: BacktestAnswer, command: string): string {
  const model = modelOf(answer)
  return pageText({
    title: `${answer.scenario}: backtest – dmqsim`,
    head: headline(answer),
    sections: [
      errorSection(answer),
      curveSection(answer, model),
      meaningSection(answer),
      againSection(command),
    ],
    charts: jsonScript(CHARTS_ID, [model]),
    sheet: planSheet,
  })
}

function headline(answer: BacktestAnswer): Markup {
  const { head, scenario, measured, backtest, tolerance } = answer
  const off = backtest.rows.filter((row) => !isWithin(row, tolerance))
  const tone = off.length === 0 ? 'good' : 'bad'
  const bound = percent(tolerance)
  const all = counted(backtest.rows.length, 'series', 'series')
  const words =
    off.length === 0
      ? `All within ${bound}`
      : `${grouped(off.length)} of ${all} off by over ${bound}`
  const fitted = backtest.fitted.length
  return markup`<header class="answer is-${tone}">
<p class="kicker"><span class="name">${scenario}</span> <span>backtest</span> <span>seed ${head.seed ?? 0}</span></p>
<h1 class="long">${backtestSentence(answer)}</h1>
<p class="standing is-${tone}"><span aria-hidden="true">${off.length === 0 ? '✓' : '✗'}</span> ${words}</p>
<p class="question">Does the simulation of ${scenario} come out as ${measured} was measured?</p>
<dl class="facts">
<div><dt>Series</dt><dd>${grouped(backtest.rows.length)}<small>${measured}</small></dd></div>
<div><dt>Judged</dt><dd>the second half<small>from ${moment(backtest.halfUs)} on</small></dd></div>
<div><dt>Fitted</dt><dd>${fitted === 0 ? 'nothing' : counted(fitted, 'constant')}<small>${counted(backtest.tried, 'simulation')}</small></dd></div>
<div><dt>Took</dt><dd>${moment(Math.round(head.wallMs / 100) * 100_000)}</dd></div>
</dl>
</header>
`
}

function errorSection({ backtest, tolerance }: BacktestAnswer): Section {
  const isFitted = backtest.fitted.length > 0
  const columns = [
    { title: 'Series', prose: true },
    { title: 'Simulated', whole: true },
    {
      title: isFitted ? 'Error where fitted' : 'Error of the first half',
      number: true,
      short: 'First',
    },
    { title: 'Error where judged', number: true, short: 'Judged' },
    { title: 'Bias where judged', number: true, short: 'Bias' },
    { title: 'Samples judged', number: true, short: 'Samples' },
  ]
  const worst = [...backtest.rows].sort((one, other) => other.judged.mape - one.judged.mape)
  const rows = worst.map((row): Row => {
    const mark = isWithin(row, tolerance)
      ? markup`<span class="good" role="img" aria-label="within">✓</span>`
      : markup`<span class="bad" role="img" aria-label="off">✗</span>`
    const cells = [
      markup`${mark} ${row.series}`,
      row.simulated,
      percent(row.fitted.mape),
      markup`<b>${percent(row.judged.mape)}</b>`,
      biasText(row.judged),
      grouped(row.judged.samples),
    ]
    return { cells }
  })
  return {
    id: 'error',
    title: 'How far off',
    lead: 'The worst series first. The second half is judged: the simulation has not seen it.',
    body: markup`${cardTable('Error of each series', columns, rows)}
${constants(backtest)}`,
  }
}

function constants({ fitted, constants: found }: BacktestAnswer['backtest']): Markup {
  if (fitted.length === 0) {
    return markup`<p class="note-line">Nothing was fitted; <code>--fit</code> names constants.</p>`
  }
  const columns = [{ title: 'Fitted on the first half' }, { title: 'Value', number: true }]
  const rows = fitted.map((name) => ({ cells: [name, grouped(Math.round(found[name] ?? 0))] }))
  return compactTable('Constants', columns, rows)
}

function curveSection({ backtest }: BacktestAnswer, model: ChartModel): Section {
  const figures = model.plots.map((plot, at) => {
    const row = backtest.rows[at] as BacktestRow
    const note = `${row.simulated}, ${percent(row.judged.mape)} off where it is judged`
    return plotFigure(plot, { title: row.series, note })
  })
  return {
    id: 'curves',
    title: 'Over time',
    lead: 'Each measured sample with the mean of the simulation since the sample before.',
    body: markup`<noscript><p class="note">The charts need JavaScript. Their data are behind the links to CSV.</p></noscript>
<p class="cursor" data-cursor="${ID}" aria-live="off">Point at a chart to read its values. Drag to zoom, double-click to see all again.</p>
${figures}`,
  }
}

function meaningSection({ backtest, tolerance, head }: BacktestAnswer): Section {
  const rows: readonly (readonly [string, string])[] = [
    [
      'Error',
      'mean of the differences without their sign, each as a share of what was measured; samples next to nothing are left out',
    ],
    [
      'Bias',
      'mean of the differences with their sign: what is too much and too little makes up for each other',
    ],
    ['Bound', `${percent(tolerance)} for each series: further off is no forecast`],
    ['Says nothing of', 'other loads, other hardware, faults, and what was not measured'],
    [
      'Version',
      `dmqsim ${head.version}, ${counted(backtest.tried, 'simulation')} of the whole load`,
    ],
  ]
  return {
    id: 'believe',
    title: 'What this says',
    lead: null,
    body: markup`<dl class="belief">${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  }
}

function againSection(command: string): Section {
  return {
    id: 'again',
    title: 'Again',
    lead: 'The same comparison once more. A plan takes its JSON answer with --backtest.',
    body: markup`<div class="command"><code id="command">${command}</code><button type="button" data-copy="command">Copy</button></div>`,
  }
}

const units: Readonly<Record<BacktestCurve['kind'], Unit>> = {
  produced: 'records/s',
  consumed: 'records/s',
  backlog: 'records',
  lateness: 'time',
}

function modelOf({ backtest }: BacktestAnswer): ChartModel {
  const plots = backtest.curves.map(plotOf)
  const half = { label: '', kind: 'judged from here', target: '', until: null, row: -1 }
  return {
    id: ID,
    laneId: `${ID}-lane`,
    begin: 0,
    end: Math.max(...plots.map(({ x }) => x.at(-1) ?? 0)),
    bands: [{ ...half, nature: 'phase', from: backtest.halfUs / 1e6 }],
    laneRows: 0,
    brokers: [],
    plots,
    strips: [],
    heats: [],
  }
}

function plotOf({ kind, atUs, measured, simulated }: BacktestCurve, at: number): Plot {
  const line = (name: string, colour: number, values: readonly number[]): Plot['lines'][number] => {
    const shown = values.map((value) => Math.round(value * 1_000) / 1_000)
    return { name, colour, values: shown, peak: Math.max(0, ...shown) }
  }
  return {
    id: `${ID}-${at + 1}`,
    unit: units[kind],
    x: atUs.map((us) => us / 1e6),
    lines: [{ ...line('measured', 0, measured), dashed: true }, line('simulated', 1, simulated)],
  }
}
