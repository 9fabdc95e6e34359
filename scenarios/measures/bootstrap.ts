/**
 * 95 % intervals without a formula: the percentile bootstrap over the values of seeds.
 *
 * Values are drawn again, with repetition, from those that were measured, and the figure is
 * computed from each such sample: the middle 95 % of the results are the interval. The draws come
 * from a stream of a fixed name, so an interval is a function of its values alone. Left out: the
 * bias-corrected form; with fewer than about ten values the interval is too narrow.
 */

import { type Stream, stream } from '../../sim/random.ts'
import type { Interval } from './intervals.ts'

const RESAMPLES = 2_000
const TAIL = 0.025

/** A figure of a sample, which is in ascending order. */
export type Figure = (sorted: Float64Array) => number

/** Of any figure; null of no values, without an interval of one. */
export function bootstrapInterval(
  values: readonly number[],
  figure: Figure,
  random: Stream = stream(1, 'bootstrap'),
): Interval | null {
  const measured = Float64Array.from(values).sort(ascending)
  const { length } = measured
  if (length === 0) return null
  const value = figure(measured)
  if (length === 1) return { value, low: null, high: null }
  const figures = new Float64Array(RESAMPLES)
  const sample = new Float64Array(length)
  for (let round = 0; round < RESAMPLES; round += 1) {
    for (let at = 0; at < length; at += 1) sample[at] = measured[random.int(length)] as number
    figures[round] = figure(sample.sort(ascending))
  }
  figures.sort(ascending)
  return {
    value,
    low: quantile(figures, TAIL),
    high: quantile(figures, 1 - TAIL),
  }
}

/** Of a percentile of the values: `percentileInterval(values, 50)` is that of the median. */
export function percentileInterval(
  values: readonly number[],
  percent: number,
  random?: Stream,
): Interval | null {
  return bootstrapInterval(values, (sorted) => quantile(sorted, percent / 100), random)
}

/** Linear between the two values next to it. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const left = sorted[low] as number
  const right = sorted[Math.min(low + 1, sorted.length - 1)] as number
  return left + (right - left) * (place - low)
}

function ascending(left: number, right: number): number {
  return left - right
}
