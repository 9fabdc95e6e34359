/**
 * Percentiles of latency over time as a plot on a logarithmic axis: a median of milliseconds and a
 * highest of seconds can be read in one picture.
 */

import type { Line, Plot } from './chart-model.ts'

export interface PercentileCurve {
  readonly p50: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
  readonly p999: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

interface Timed extends PercentileCurve {
  readonly atUs: readonly number[]
}

/** Times and values in µs; `at` makes seconds of the axis of a time. */
export function percentilePlot(id: string, curve: Timed, at: (us: number) => number): Plot {
  const lines = [
    percentileLine('p50', 1, curve.p50),
    percentileLine('p99', 2, curve.p99),
    percentileLine('p99.9', 3, curve.p999),
    percentileLine('highest', 0, curve.max),
  ].filter((line, at, all) => !hidden(line, all[at + 1]))
  return { id, unit: 'time', log: true, x: curve.atUs.map(at), lines }
}

/** Steps of few records have no percentiles between: the line above would cover it whole. */
function hidden({ values }: Line, above: Line | undefined): boolean {
  return above !== undefined && values.every((value, at) => value === above.values[at])
}

/** A logarithmic axis has no zero; less than 0.1 ms nobody tells apart. */
const LEAST_S = 0.0001

function percentileLine(name: string, colour: number, us: readonly (number | null)[]): Line {
  const values = us.map((value) =>
    value === null ? null : Math.max(LEAST_S, Math.round(value / 100) / 10_000),
  )
  const peak = values.reduce((most: number, value) => Math.max(most, value ?? 0), 0)
  return { name, colour, values, peak }
}
