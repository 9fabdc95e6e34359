/**
 * How far to believe: what was held against measurements, what was fitted, where the inputs come
 * from and which of the assumed ones matter, what lies outside of the validated, what is left out.
 */

import type { Backtest, Belief, PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { changeText, clockText, pointsText, sourceNames } from '../../plan/words.ts'
import { counted, grouped, percent } from '../../text/numbers.ts'
import { notModelledPart } from '../believe.ts'
import { joined, markup, type Markup, nothing, type Piece } from '../markup.ts'
import type { Section } from '../section.ts'
import { compactTable } from '../table.ts'

export function believeSection(plan: PlanAnswer): Section {
  const { belief } = plan
  const rows: readonly (readonly [string, Piece])[] = [
    ['Sampled', sampledText(plan)],
    ...inputRows(plan),
    ['Assumed, and it matters', assumed(plan)],
    ['Calibration', calibration(belief)],
    ['Validated for', validated(plan)],
    ['Not modelled', notModelledPart(belief.notModelled)],
    ['Version', `dmqsim ${belief.engine}; Kafka 3.9 with ZooKeeper`],
  ]
  return {
    id: 'believe',
    title: 'How far to believe',
    lead: null,
    body: markup`${backtestPart(belief.backtest)}
${extrapolation(belief)}
<dl class="belief">${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  }
}

function backtestPart(backtest: Backtest | null): Markup {
  if (backtest === null) {
    return markup`<p class="note warn"><b>No backtest.</b> Nothing measured of a cluster like this one was held against the model: its figures are the model’s alone. <code>dmqsim backtest</code> holds it against your own series.</p>`
  }
  const columns = [
    { title: 'Series' },
    { title: 'Error where it was fitted', number: true },
    { title: 'Error where it was judged', number: true },
  ]
  const rows = backtest.rows.map(({ series, fitted, judged }) => ({
    cells: [series, share(fitted), share(judged)],
  }))
  return markup`<p>Held against ${backtest.source}: mean absolute error as a share of the measured mean.</p>
${compactTable('Backtest', columns, rows)}`
}

function share(value: number | null): string {
  return value === null ? '–' : percent(value)
}

function extrapolation({ extrapolates }: Belief): Markup {
  if (extrapolates.length === 0) return nothing
  const lines = extrapolates.map((one) => markup`<li>${one}</li>`)
  return markup`<div class="note warn"><b>This plan goes beyond what was validated.</b><ul class="plain">${lines}</ul></div>`
}

function sampledText({ seeds, runs, window }: PlanAnswer): string {
  const { fromMs, untilMs } = window
  return (
    `${counted(runs, 'run')} of the window from ${clockText(fromMs)} to ${clockText(untilMs)}, not of the whole curve; ` +
    `${counted(seeds, 'seed')} for each drill of the answer, the same arrivals for all candidates. ` +
    'Intervals are of 95 % and of chance alone: they say nothing of an error of the model.'
  )
}

function inputRows({ inputs }: PlanAnswer): (readonly [string, Piece])[] {
  const sources = ['given', 'default', 'profile', 'fitted'] as const
  return sources.flatMap((source) => {
    const own = inputs.filter((input) => input.source === source)
    if (own.length === 0) return []
    const shown = own.map(
      ({ name, value, from }) =>
        markup`<span class="input">${name}${from === null ? '' : `, ${from}:`} <b>${value}</b></span>`,
    )
    const title = sourceNames[source]
    return [[`${title.charAt(0).toUpperCase()}${title.slice(1)}`, joined(shown, ' ')] as const]
  })
}

/** Points of share below which a change is noise. */
const MATTERS = 0.005

/** What nobody gave, by how much it moves the answer. */
function assumed({ sensitivity, answer }: PlanAnswer): Piece {
  const own = sensitivity.filter(
    ({ source, moves, utilisationChange }) =>
      source !== 'given' && (moves || Math.abs(utilisationChange ?? 0) >= MATTERS),
  )
  if (sensitivity.length === 0) return 'not asked: no sensitivity was simulated'
  if (own.length === 0) return 'no assumed figure that was varied moves the answer'
  const lines = own.map(({ assumption, source, moves, answer: then, utilisationChange }) => {
    const effect = moves ? `the answer becomes ${changeText(then, answer)}` : 'the answer stays'
    const use = `utilisation ${pointsText(utilisationChange)}`
    return markup`<li>${assumption} (${sourceNames[source]}): ${effect}, ${use}</li>`
  })
  return markup`<ul>${lines}</ul>`
}

function calibration({ calibrationSet, constants }: Belief): Piece {
  if (calibrationSet === null)
    return 'nothing was fitted: what work costs is assumed, in the profile'
  const lines = constants.map(
    ({ name, value, unit, rows }) =>
      markup`<li><code>${name}</code> ${grouped(value)} ${unit}, from ${rows.join(', ')}</li>`,
  )
  return markup`${calibrationSet}<ul>${lines}</ul>`
}

const rangeNames: Readonly<Record<string, string>> = {
  recordsPerSecond: 'records a second',
  bytesPerSecond: 'bytes a second',
  recordBytes: 'bytes a record',
}

function validated(plan: PlanAnswer): Piece {
  const ranges = Object.entries(plan.belief.validatedRange)
  if (ranges.length === 0) return 'no range: nothing was held against measurements'
  const here: Readonly<Record<string, number | undefined>> = {
    recordsPerSecond: plan.window.peakPerSecond,
    bytesPerSecond: plan.window.peakBytesPerSecond,
    brokers: plan.answer?.brokers,
    partitions: plan.answer?.partitions,
    replicationFactor: plan.answer?.replicationFactor,
  }
  const lines = ranges.map(([name, [low, high]]) => {
    const range = low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`
    const now = here[name]
    const outside = now !== undefined && (now < low || now > high)
    const text = now === undefined ? '' : `; this plan has ${grouped(Math.round(now))}`
    return markup`<li>${rangeNames[name] ?? name}: ${range}${outside ? markup`<b class="warn-text">${text}</b>` : text}</li>`
  })
  return markup`<ul>${lines}</ul>`
}
