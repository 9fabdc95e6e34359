/**
 * What the charts of a drill draw: traffic, latency, backlog, lateness and utilisation over the
 * window. The report draws them, and CSV files hold the same.
 */

import type {
  Curves,
  DrillAnswer,
  LatencyCurve,
  PlanAnswer,
} from '../../scenarios/plan/plan-answer.ts'
import type { Band, ChartModel, Heat, Line, Plot } from '../html/chart-model.ts'
import { edgesOf, heatOf } from '../html/heat.ts'
import type { PlotWords } from '../html/figure.ts'
import { percentilePlot } from '../html/percentiles.ts'
import { drillKey } from './words.ts'

export interface DrillCharts {
  readonly drill: DrillAnswer
  readonly model: ChartModel
  /** By id of the plot. */
  readonly words: ReadonlyMap<string, PlotWords>
}

/** Drills without curves have none. */
export function drillCharts({ drills, window }: PlanAnswer): DrillCharts[] {
  return drills.flatMap((drill) =>
    drill.curves === null ? [] : [chartsOf(drill, drill.curves, window.fromMs)],
  )
}

interface Drawn {
  readonly plot: Plot
  readonly words: PlotWords
}

function chartsOf(drill: DrillAnswer, curves: Curves, fromMs: number): DrillCharts {
  const key = drillKey(drill)
  const at = (ms: number): number => (fromMs + ms) / 1_000
  const drawn = [
    traffic(curves, { key, at }),
    ...curves.latency.map((curve) => latency(curve, { key, at })),
    backlog(curves, { key, at }),
    lateness(curves, { key, at }),
  ].filter(({ plot }) => plot.lines.length > 0 && plot.x.length > 0)
  const heats = utilisation(curves, { key, at })
  const last = Math.max(
    at(curves.atMs.at(-1) ?? 0),
    ...drawn.map(({ plot }) => plot.x.at(-1) ?? 0),
    ...heats.map(({ edges }) => edges.at(-1) ?? 0),
  )
  return {
    drill,
    words: new Map(drawn.map(({ plot, words }) => [plot.id, words])),
    model: {
      id: key,
      laneId: `${key}-lane`,
      begin: at(0),
      end: last,
      bands: bandsOf(curves, at),
      laneRows: 0,
      brokers: [],
      plots: drawn.map(({ plot }) => plot),
      strips: [],
      heats,
    },
  }
}

interface Frame {
  readonly key: string
  readonly at: (ms: number) => number
}

function bandsOf({ faults, peakAtMs, untilMs }: Curves, at: Frame['at']): Band[] {
  const struck = faults.map(({ atMs, untilMs, what }, index): Band => {
    const until = untilMs === null ? null : at(untilMs)
    const named = { label: String(index + 1), kind: what, target: '' }
    return { ...named, nature: 'fault', from: at(atMs), until, row: -1 }
  })
  const moment = (kind: string, ms: number): Band => {
    return { label: '', kind, target: '', until: null, row: -1, nature: 'phase', from: at(ms) }
  }
  return [...struck, moment('peak', peakAtMs), moment('end of the window', untilMs)]
}

function traffic(curves: Curves, { key, at }: Frame): Drawn {
  const groups = curves.consumed.map(({ group, perSecond }, place) =>
    line(`${group} processes`, place + 1 + 1, perSecond),
  )
  return {
    plot: {
      id: `${key}-throughput`,
      unit: 'records/s',
      x: curves.atMs.map(at),
      lines: [
        { ...line('asked for', 0, curves.traffic), dashed: true },
        line('acknowledged', 1, curves.throughput),
        ...groups,
      ],
    },
    words: { title: 'Traffic and throughput', note: 'records a second' },
  }
}

const phases: Readonly<Record<LatencyCurve['phase'], PlotWords>> = {
  produce: { title: 'Latency to acknowledged', note: 'of what was sent in each step' },
  'end-to-end': { title: 'Latency to processed', note: 'of what was sent in each step' },
}

function latency(curve: LatencyCurve, { key, at }: Frame): Drawn {
  const us = (values: readonly (number | null)[]): (number | null)[] =>
    values.map((ms) => (ms === null ? null : ms * 1_000))
  const { atMs, p50, p99, p999, max } = curve
  const inUs = {
    atUs: us(atMs) as number[],
    p50: us(p50),
    p99: us(p99),
    p999: us(p999),
    max: us(max),
  }
  return {
    plot: percentilePlot(`${key}-latency-${curve.phase}`, inUs, (time) => at(time / 1_000)),
    words: phases[curve.phase],
  }
}

type GroupCurve = Curves['groups'][number]

function backlog(curves: Curves, frame: Frame): Drawn {
  return {
    plot: { ...groupPlot(curves, 'backlog', frame), unit: 'records' },
    words: { title: 'Backlog', note: 'records that wait for each group' },
  }
}

function lateness(curves: Curves, frame: Frame): Drawn {
  return {
    plot: { ...groupPlot(curves, 'lateness', frame), unit: 'time' },
    words: { title: 'Lateness', note: 'age of the oldest record that a group has not processed' },
  }
}

function groupPlot(
  { groups, consumed }: Curves,
  what: 'backlog' | 'lateness',
  { key, at }: Frame,
): Omit<Plot, 'unit'> {
  const x = [...new Set(groups.flatMap(({ atMs }) => atMs))].sort((left, right) => left - right)
  const names = consumed.map(({ group }) => group)
  const several = new Set(groups.map(({ group }) => group)).size < groups.length
  const lines = groups.map((one, place) => {
    const name = several ? `${one.group} ← ${one.topic}` : one.group
    const known = names.indexOf(one.group)
    const colour = (known === -1 || several ? place : known) + 2
    return what === 'backlog'
      ? line(name, colour, held(one, one.backlog, x))
      : line(name, colour, held(one, one.latenessMs, x), 0.001)
  })
  return { id: `${key}-${what}`, x: x.map(at), lines }
}

/** The values of a curve at the times of its plot; null where it has none. */
function held(
  { atMs }: GroupCurve,
  values: readonly number[],
  times: readonly number[],
): (number | null)[] {
  const byTime = new Map(atMs.map((ms, place) => [ms, values[place] ?? null]))
  return times.map((ms) => byTime.get(ms) ?? null)
}

function utilisation({ utilisation: uses, stepMs }: Curves, { key, at }: Frame): Heat[] {
  const [first] = uses
  if (first === undefined) return []
  const edges = edgesOf(first.atMs, stepMs).map(at)
  return [heatOf(`${key}-utilisation`, edges, uses)]
}

function line(name: string, colour: number, values: readonly (number | null)[], scale = 1): Line {
  const scaled = values.map((value) => (value === null ? null : digits(value * scale)))
  const peak = scaled.reduce((most: number, value) => Math.max(most, value ?? 0), 0)
  return { name, colour, values: scaled, peak }
}

/** Four digits behind the point: tenths of milliseconds. */
function digits(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
