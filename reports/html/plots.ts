/**
 * The measured series as plots: what is produced and consumed, backlog and lateness per group.
 *
 * All lines of a plot share its times, and all plots run from t = 0 to the end of the run, so that
 * one time axis goes through the page.
 */

import type { GroupMeasures, GroupSeries, Judged } from '../../scenarios/result.ts'
import { seconds } from './bands.ts'
import type { Line, Plot, Unit } from './chart-model.ts'
import { percentilePlot } from './percentiles.ts'

interface Curve {
  readonly name: string
  readonly colour: number
  readonly atUs: readonly number[]
  readonly values: readonly number[]
  readonly peak: number
}

/** Ids: `rates`, `backlog`, `lateness`; a plot without lines is left out. */
export function plotsOf(judged: Judged): Plot[] {
  const { series } = judged.measures
  const endUs = judged.result.phases.endUs
  const backlog = series.groups.map((one) => backlogCurve(judged, one))
  const lateness = series.groups.map((one) => latenessCurve(judged, one))
  return [
    plotOf('rates', 'records/s', rateCurves(judged), endUs),
    plotOf('backlog', 'records', backlog, endUs),
    plotOf('lateness', 'time', lateness, endUs),
    ...latencyPlots(judged),
  ].filter((plot) => plot.lines.length > 0)
}

function rateCurves(judged: Judged): Curve[] {
  const { atUs, stepUs, produced, consumed } = judged.measures.series
  if (atUs.length === 0) return []
  const perSecond = (counts: readonly number[]): number[] =>
    counts.map((count) => (count * 1_000_000) / Math.max(1, stepUs))
  const groups = Object.entries(consumed).map(([group, counts]) => {
    const values = perSecond(counts)
    const colour = groupColour(judged, group)
    return { name: `${group} processes`, colour, atUs, values, peak: highest(values) }
  })
  const acknowledged = perSecond(produced)
  return [
    { name: 'acknowledged', colour: 0, atUs, values: acknowledged, peak: highest(acknowledged) },
    ...groups,
  ]
}

function backlogCurve(judged: Judged, of: GroupSeries): Curve {
  const peak = measuresOf(judged, of)?.backlogPeak ?? highest(of.backlog)
  return { ...nameAndColour(judged, of), atUs: of.atUs, values: of.backlog, peak }
}

function latenessCurve(judged: Judged, of: GroupSeries): Curve {
  const values = of.latenessUs.map((us) => us / 1_000_000)
  const peakUs = measuresOf(judged, of)?.latenessPeakUs ?? highest(of.latenessUs)
  return { ...nameAndColour(judged, of), atUs: of.atUs, values, peak: peakUs / 1_000_000 }
}

function measuresOf({ measures }: Judged, of: GroupSeries): GroupMeasures | undefined {
  return measures.groups.find((one) => one.group === of.group && one.topic === of.topic)
}

function nameAndColour(judged: Judged, of: GroupSeries): Pick<Curve, 'name' | 'colour'> {
  const topics = judged.measures.series.groups.filter((one) => one.group === of.group)
  const name = topics.length > 1 ? `${of.group} ← ${of.topic}` : of.group
  const colour = groupColour(judged, of.group) + topics.indexOf(of) * groupNames(judged).length
  return { name, colour }
}

function highest(values: readonly number[]): number {
  return values.reduce((peak, value) => Math.max(peak, value), 0)
}

/** Groups in the order of the scenario: one colour each, the same in every chart and table. */
export function groupNames({ scenario, measures }: Judged): readonly string[] {
  const declared = scenario.consumers.map(({ group }) => group)
  const measured = measures.groups.map(({ group }) => group)
  return [...new Set([...declared, ...measured])]
}

export function groupColour(judged: Judged, group: string): number {
  return groupNames(judged).indexOf(group) + 1
}

function plotOf(id: string, unit: Unit, curves: readonly Curve[], endUs: number): Plot {
  const filled = curves.filter((curve) => curve.atUs.length > 0)
  const times = [...new Set([0, ...filled.flatMap((curve) => curve.atUs), endUs])]
    .filter((us) => us >= 0)
    .sort((left, right) => left - right)
  const lines = filled.map((curve) => lineOf(curve, times))
  return { id, unit, x: times.map(seconds), lines }
}

/** The values of a curve at the times of its plot; null before its first and after its last. */
function lineOf({ name, colour, atUs, values, peak }: Curve, times: readonly number[]): Line {
  let at = -1
  const last = atUs.at(-1) ?? 0
  const held = times.map((us) => {
    while (at + 1 < atUs.length && (atUs[at + 1] as number) <= us) at += 1
    return at === -1 || us > last ? null : rounded(values[at] ?? 0)
  })
  return { name, colour, values: held, peak }
}

/** Three digits behind the point: the page stays small, and no eye sees the rest. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

function latencyPlots({ measures }: Judged): Plot[] {
  const { latency } = measures.series
  if (latency === undefined) return []
  const plots = [
    percentilePlot('latency-produce', latency.produce, seconds),
    percentilePlot('latency-end-to-end', latency.endToEnd, seconds),
  ]
  return plots.filter(({ lines }) => lines.some(({ peak }) => peak > 0))
}
