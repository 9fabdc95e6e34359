/**
 * Magnitudes, latencies, thresholds and groups as figures and tables.
 */

import type { GroupMeasures, Judged, Percentiles, ThresholdAnswer } from '../../scenarios/result.ts'
import { duration, grouped, moment } from '../text/numbers.ts'
import { valueText } from '../thresholds.ts'
import { lineColour } from './sheets/colours.ts'
import { markup, type Markup, nothing, type Piece } from './markup.ts'
import { groupColour } from './plots.ts'
import { empty, type Section } from './section.ts'
import { cardTable, compactTable, table } from './table.ts'

export function magnitudeSection(judged: Judged): Section {
  const { magnitudes, operations } = judged.measures
  return {
    id: 'magnitudes',
    title: 'Magnitudes',
    lead: 'What the clients saw, in records.',
    body: markup`<dl class="figures">
${figureOf('lost', grouped(magnitudes.lost), magnitudes.lost > 0)}
${figureOf('duplicated', grouped(magnitudes.duplicated), magnitudes.duplicated > 0)}
${figureOf('redelivered', grouped(magnitudes.redelivered), false)}
${figureOf('out of order', grouped(magnitudes.reordered), magnitudes.reordered > 0)}
${figureOf('longest write silence', duration(magnitudes.longestWriteSilenceUs), false)}
${figureOf('failed sends', grouped(operations.failed), false)}
${figureOf('unknown sends', grouped(operations.unknown), false)}
</dl>
${latencyTable(judged)}
${thresholdTable(judged.thresholds)}`,
  }
}

function figureOf(name: string, value: string, alarming: boolean): Markup {
  const tone = alarming ? 'bad' : ''
  return markup`<div class="${tone}"><dt>${name}</dt><dd>${value}</dd></div>`
}

/** A row a percentile: two columns fit the narrowest screen, six do not. */
function latencyTable({ measures: { latency } }: Judged): Markup {
  const both: readonly (readonly [string, Percentiles | null])[] = [
    ['send to acknowledged', latency.produce],
    ['send to processed', latency.endToEnd],
  ]
  const measured = both.flatMap(([name, of]) => (of === null ? [] : [{ name, of }]))
  if (measured.length === 0) return empty('No latency was measured.')
  const columns = measured.map(({ name }) => ({ title: name, number: true }))
  const rows = percentiles.map(({ title, of }) => ({
    cells: [title, ...measured.map((one) => duration(Math.round(of(one.of))))],
  }))
  const counts = { cells: ['samples', ...measured.map(({ of }) => grouped(of.count))] }
  return compactTable('Latency', [{ title: 'Latency' }, ...columns], [...rows, counts])
}

const percentiles: readonly { readonly title: string; of(all: Percentiles): number }[] = [
  { title: 'p50', of: ({ p50 }) => p50 },
  { title: 'p95', of: ({ p95 }) => p95 },
  { title: 'p99', of: ({ p99 }) => p99 },
  { title: 'p99.9', of: ({ p999 }) => p999 },
  { title: 'highest', of: ({ max }) => max },
]

function thresholdTable(thresholds: readonly ThresholdAnswer[]): Markup {
  if (thresholds.length === 0) return nothing
  const columns = [{ title: 'Threshold' }, { title: 'Rule' }, { title: 'Found', number: true }]
  const rows = thresholds.map((one) => {
    const { measure, rule, met } = one
    const mark = markup`<span class="${met ? 'good' : 'bad'}">${met ? '✓ met' : '✗ missed'}</span>`
    return {
      cells: [measure, markup`<code>${rule}</code>`, valueText(one) ?? 'not measured', mark],
    }
  })
  return table('Thresholds', [...columns, { title: '' }], rows)
}

export function groupSection(judged: Judged): Section {
  const { groups } = judged.measures
  const columns = [
    { title: 'Group' },
    { title: 'Topic' },
    { title: 'Processed', number: true },
    { title: 'Redelivered', number: true },
    { title: 'Backlog peak', number: true },
    { title: 'at', number: true },
    { title: 'Latest', number: true },
    { title: 'At heal', number: true },
    { title: 'Drained in', number: true },
  ]
  const rows = groups.map((group) => ({ cells: groupCells(judged, group) }))
  return {
    id: 'groups',
    title: 'Groups',
    lead: null,
    body:
      rows.length === 0
        ? empty('No consumer group reads in this scenario.')
        : cardTable('Groups', columns, rows),
  }
}

function groupCells(judged: Judged, of: GroupMeasures): Piece[] {
  const colour = lineColour(groupColour(judged, of.group))
  const never = markup`<span class="bad">never</span>`
  return [
    markup`<i class="dot" style="--swatch:var(${colour})"></i>${of.group}`,
    of.topic,
    grouped(of.consumed),
    grouped(of.redelivered),
    grouped(of.backlogPeak),
    moment(of.backlogPeakAtUs),
    duration(of.latenessPeakUs),
    grouped(of.backlogAtHeal),
    of.drainUs === null ? never : duration(of.drainUs),
  ]
}
