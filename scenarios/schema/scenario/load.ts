/**
 * When records come, under which keys, how large they are, and how long the work on one takes.
 */

/**
 * How arrivals find their key.
 *
 * `none`: no key. `fixed`: drawn from `count` keys, evenly or by Zipf's law with `exponent`.
 * `per-order`: a fresh key each arrival, which makes `events` records one after the other.
 */
export type Keys =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly count: number; readonly exponent?: number }
  | { readonly kind: 'per-order'; readonly events: number; readonly gapUs: number }

/**
 * Arrivals a second of all instances together: linear between the points, the last one for
 * ever. Two points at one time are a jump. An arrival is one record, or one order with all of
 * its events.
 */
export interface Load {
  readonly arrival: 'poisson' | 'steady' | 'bursty'
  /** None in a closed loop. */
  readonly points: readonly LoadPoint[]
  /** Of arrivals that are bursty. */
  readonly bursts?: Bursts
  /** Users of all instances together, in place of a curve. */
  readonly closed?: ClosedLoop
}

/** The rate is `factor` times as high for `share` of the time, and lower in between. */
export interface Bursts {
  readonly factor: number
  /** On average. */
  readonly lengthUs: number
  readonly share: number
}

/** Each user sends a record, waits for its outcome and thinks. */
export interface ClosedLoop {
  readonly users: number
  readonly think: Work
}

/** How large records are where they are not all of one size. */
export type Sizes =
  | { readonly kind: 'log-normal'; readonly p50: number; readonly p99: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | {
      readonly kind: 'list'
      readonly bytes: readonly number[]
      readonly weights: readonly number[]
    }

export interface LoadPoint {
  readonly atUs: number
  /** Not always whole: a curve may be scaled. */
  readonly perSecond: number
}

/** Time to work on one record: constant where the two are equal, else log-normal through them. */
export interface Work {
  readonly p50Us: number
  readonly p99Us: number
  /** Exponential with this mean instead; the two follow from it. */
  readonly meanUs?: number
}
