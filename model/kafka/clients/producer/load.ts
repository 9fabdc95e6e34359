/**
 * Arrivals at a producing service: when records come into being, and under which keys.
 *
 * An open workload (users do not wait for each other): the rate is linear between points, arrivals
 * are evenly spaced or a Poisson process on it. Times are true time since the load began, because
 * users do not live by the clock of the host they call. A closed one is in `users.ts`, bursts in
 * `bursts.ts`.
 */

import { power } from '../../../../sim/arithmetic.ts'
import type { Stream } from '../../../../sim/random.ts'
import type { LoadPoint } from './curve.ts'

import type { Sizes } from './sizes.ts'
import type { ClosedLoop } from './users.ts'

export type { LoadPoint } from './curve.ts'

/**
 * How arrivals find their key. `none`: no key. `fixed`: one of `count` keys, evenly, or by Zipf's
 * law with `exponent`. `per-order`: a fresh key each arrival, and `events` records under it, each
 * `gapUs` after the one before.
 */
export type Keys =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly count: number; readonly exponent?: number }
  | { readonly kind: 'per-order'; readonly events: number; readonly gapUs: number }

/** The load of one instance of a service. */
export interface Load {
  readonly arrival: 'poisson' | 'steady'
  /** In the order of time; two at one time are a jump; the last one holds until the end. */
  readonly points: readonly LoadPoint[]
  /** No arrivals from here on. */
  readonly endUs: number
  /** Users who wait for their outcome, in place of a curve. */
  readonly closed?: ClosedLoop
  readonly keys: Keys
  /** Of each record; with `sizes` their mean. */
  readonly recordBytes: number
  readonly sizes?: Sizes
  /** Ends the load earlier, after so many records. */
  readonly stopAfterRecords?: number
}

/** Where in its curve a load is. */
export interface Arrivals {
  readonly load: Load
  readonly random: Stream
  /** Index of the point that the current stretch begins at; −1 before the first. */
  point: number
  /** Time of the last arrival. */
  atUs: number
  /** Share of an arrival that has passed already, at the start of steady arrivals. */
  headStart: number
  /** Filled anew for each look at the curve. */
  readonly stretch: Stretch
}

/** Arrivals from `fromUs` on: what fell before that found no service. */
export function createArrivals(load: Load, fromUs: number, random: Stream): Arrivals {
  // Instances of one service with steady arrivals do not beat in time.
  const headStart = load.arrival === 'steady' ? random.next() : 0
  const stretch: Stretch = { us: Infinity, rate: 0.5, endRate: 0.5 }
  return { load, random, point: -1, atUs: fromUs, headStart, stretch }
}

/** Time of the next arrival; infinite when there is none any more. */
export function nextArrivalUs(arrivals: Arrivals): number {
  const { load, random } = arrivals
  let rest = load.arrival === 'steady' ? 1 - arrivals.headStart : random.exponential(1)
  arrivals.headStart = 0
  let atUs = arrivals.atUs
  for (;;) {
    skipPoints(arrivals, atUs)
    const stretch = stretchAt(arrivals, atUs)
    const expected = ((stretch.rate + stretch.endRate) / 2) * (stretch.us / 1e6)
    if (stretch.us === Infinity ? stretch.rate > 0 : expected >= rest) {
      atUs += timeTo(rest, stretch)
      break
    }
    atUs += stretch.us
    rest -= expected
    if (atUs >= load.endUs) break
  }
  arrivals.atUs = atUs < load.endUs ? atUs : Infinity
  return arrivals.atUs
}

/**
 * A chooser among `count` keys, as the table of its cumulative weights; null where all are even.
 */
export function zipfTable(count: number, exponent: number): Float64Array | null {
  if (exponent === 0) return null
  const table = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank += 1) {
    sum += 1 / power(rank + 1, exponent)
    table[rank] = sum
  }
  return table
}

/** The number of a key: rank 0 is the most popular one. */
export function chooseKey(count: number, table: Float64Array | null, random: Stream): number {
  if (table === null) return random.int(count)
  const target = random.next() * (table[count - 1] as number)
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((table[middle] as number) > target) high = middle
    else low = middle + 1
  }
  return low
}

/** A piece of the curve on which the rate is linear. */
interface Stretch {
  /** Length from here on. */
  us: number
  /** Arrivals a second, here and at its end. */
  rate: number
  endRate: number
}

function skipPoints(arrivals: Arrivals, atUs: number): void {
  const { points } = arrivals.load
  for (;;) {
    const next = points[arrivals.point + 1]
    if (next === undefined || next.atUs > atUs) return
    arrivals.point += 1
  }
}

function stretchAt({ load, point, stretch }: Arrivals, atUs: number): Stretch {
  const here = load.points[point]
  const next = load.points[point + 1]
  stretch.us = (next?.atUs ?? load.endUs) - atUs
  // Before the first point nothing arrives.
  stretch.rate = here?.perSecond ?? 0
  stretch.endRate = stretch.rate
  if (here !== undefined && next !== undefined) {
    const slope = (next.perSecond - here.perSecond) / (next.atUs - here.atUs)
    stretch.rate = here.perSecond + slope * (atUs - here.atUs)
    stretch.endRate = next.perSecond
  }
  return stretch
}

/** µs until `expected` arrivals have come, on a stretch that holds as many. */
function timeTo(expected: number, { us, rate, endRate }: Stretch): number {
  if (us === Infinity || rate === endRate) return (expected / rate) * 1e6
  // The root of rate × t + slope × t² ÷ 2 = expected, in the form that stays exact near a slope of
  // 0.
  const slope = (endRate - rate) / (us / 1e6)
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * expected))
  return Math.min(us, ((2 * expected) / (rate + root)) * 1e6)
}
