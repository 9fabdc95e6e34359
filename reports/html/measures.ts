/**
 * Magnitudes, latencies, thresholds and groups as figures and tables.
 */

import type { GroupMeasures, Judged, Percentiles, ThresholdAnswer } from '../../scenarios/result.ts'
import { bytes, duration, grouped, moment, rate } from '../text/numbers.ts'
import { valueText } from '../thresholds.ts'
import { lineColour } from './sheets/colours.ts'
import { markup, type Markup, nothing, type Piece } from './markup.ts'
import { groupColour } from './plots.ts'
import { empty, type Section } from './section.ts'
import { cardTable, compactTable } from './table.ts'

export function magnitudeSection(judged: Judged): Section {
  const { magnitudes, operations } = judged.measures
  return {
    id: 'magnitudes',
    title: 'Magnitudes',
    lead: 'What the clients saw, in records.',
    body: markup`<dl class="figures">
${lostFigure(magnitudes.lost)}
${figureOf('duplicated', grouped(magnitudes.duplicated), magnitudes.duplicated > 0)}
${figureOf('redelivered', grouped(magnitudes.redelivered), false)}
${figureOf('out of order', grouped(magnitudes.reordered), magnitudes.reordered > 0)}
${figureOf('longest write silence', duration(magnitudes.longestWriteSilenceUs), false)}
${figureOf('failed sends', grouped(operations.failed), false)}
${figureOf('unknown sends', grouped(operations.unknown), false)}
</dl>
${latencyTable(judged)}
${throughputTable(judged)}
${thresholdTable(judged.thresholds)}`,
  }
}

/** Null: a threshold ended the run early. */
function lostFigure(lost: number | null): Markup {
  if (lost === null) return figureOf('lost', 'not judged', false)
  return figureOf('lost', grouped(lost), lost > 0)
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

function throughputTable({ measures: { throughput } }: Judged): Markup {
  if (throughput.length === 0) return nothing
  const columns = [
    { title: 'Throughput of' },
    { title: 'Mean', number: true },
    { title: 'Bytes of records', number: true, short: 'Bytes' },
    { title: 'Peak', number: true },
    { title: 'over', number: true },
  ]
  const rows = throughput.map((of) => ({
    cells: [
      of.topic,
      `${rate(of.recordsPerSecond)} records/s`,
      `${bytes(of.bytesPerSecond)}/s`,
      `${rate(of.peakRecordsPerSecond)} records/s`,
      duration(of.windowUs),
    ],
  }))
  return cardTable('Throughput', columns, rows)
}

function thresholdTable(thresholds: readonly ThresholdAnswer[]): Markup {
  if (thresholds.length === 0) return nothing
  const columns = [
    { title: 'Threshold' },
    { title: 'Rule', whole: true },
    { title: 'Found', number: true },
  ]
  const rows = thresholds.map((one) => {
    const { measure, rule, met } = one
    const mark = markup`<span class="${met ? 'good' : 'bad'}">${met ? '✓ met' : '✗ missed'}</span>`
    return {
      cells: [measure, markup`<code>${rule}</code>`, valueText(one) ?? 'not measured', mark],
    }
  })
  return cardTable('Thresholds', [...columns, { title: 'Met' }], rows)
}

export function groupSection(judged: Judged): Section {
  const { groups } = judged.measures
  const columns = [
    { title: 'Group' },
    { title: 'Topic' },
    { title: 'Processed', number: true },
    { title: 'Redelivered', number: true, short: 'Again' },
    { title: 'Backlog peak', number: true, short: 'Backlog' },
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
        : markup`${cardTable('Groups', columns, rows)}
${groups.map(partitionPart)}`,
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

/** More partitions than these are in the JSON alone. */
const PARTITIONS_MAX = 20

function partitionPart({ group, topic, partitions }: GroupMeasures): Markup {
  if (partitions === null || partitions.length === 0) return nothing
  const most = [...partitions].sort(
    (left, right) => right.backlogPeak - left.backlogPeak || left.partition - right.partition,
  )
  const shown = most.slice(0, PARTITIONS_MAX)
  const rows = shown.map((one) => ({
    cells: [
      `${topic}-${one.partition}`,
      grouped(one.backlogPeak),
      moment(one.backlogPeakAtUs),
      duration(one.latenessPeakUs),
      moment(one.latenessPeakAtUs),
    ],
  }))
  const columns = [
    { title: 'Partition' },
    { title: 'Backlog peak', number: true, short: 'Backlog' },
    { title: 'at', number: true },
    { title: 'Latest', number: true },
    { title: 'until', number: true },
  ]
  const rest = partitions.length - shown.length
  const words = rest === 0 ? '' : `, those with the greatest backlog; ${grouped(rest)} more`
  return markup`<details><summary>Partitions of ${group} ← ${topic}${words}</summary>
${cardTable(`Partitions of ${group}`, columns, rows)}</details>`
}
