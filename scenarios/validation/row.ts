/**
 * A row of the validation table: something known from elsewhere, and what the simulator says.
 *
 * `theory` is exact, so what counts is whether it lies in the interval of the simulation;
 * `published` and `formula` have bounds within which the simulation must lie.
 */

import type { Interval } from './interval.ts'

export type RowKind = 'theory' | 'published' | 'formula'

export interface ValidationRow {
  readonly id: string
  readonly kind: RowKind
  readonly title: string
  readonly measure: string
  /** Null where only bounds are known. */
  readonly expected: number | null
  /** Where the simulated value may lie; null: no bound on this side. */
  readonly low: number | null
  readonly high: number | null
  /** Null where the model cannot say it; `note` tells why. */
  readonly simulated: number | null
  readonly ci: readonly [number, number] | null
  /** Whether constants were fitted to this very row. */
  readonly calibrated: boolean
  /** Null: nothing was simulated because what it takes is not modelled, so nothing is predicted. */
  readonly inside: boolean | null
  readonly source: string
  readonly note: string | null
}

/** What is known of a row beforehand. */
export type Known = Pick<
  ValidationRow,
  'id' | 'kind' | 'title' | 'measure' | 'expected' | 'low' | 'high' | 'source'
>

/**
 * An interval wider than this share of its mean says too little: the row is not inside, whatever
 * it covers.
 */
export const WIDTH_MAX = 0.15

/** A row of theory: the exact value, or one that bounds allow, lies in the interval. */
export function theoryRow(known: Known, interval: Interval): ValidationRow {
  const { mean, low, high } = interval
  const telling = high - low <= WIDTH_MAX * mean
  const covers =
    known.expected !== null
      ? low <= known.expected && known.expected <= high
      : (known.low === null || high >= known.low) && (known.high === null || low <= known.high)
  return {
    ...known,
    simulated: mean,
    ci: [low, high],
    calibrated: false,
    inside: telling && covers,
    note: telling ? null : 'too few samples to tell',
  }
}
