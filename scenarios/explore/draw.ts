/**
 * One drawn entry: a record of small independent integers, and what they mean as times.
 */

import type { Scenario } from '../schema/scenario.ts'

/** One drawn entry. Each field is independent of the others. */
export interface Draw {
  /** Which of the enabled families, or operations. */
  readonly family: number
  readonly kind: number
  readonly target: number
  readonly other: number
  readonly detail: number
  /** Start, in thousandths of the duration. */
  readonly at: number
  /** Place in `durationsMs`. */
  readonly length: number
}

/** Upper bounds of the fields, for arbitraries. */
export const drawBounds: Readonly<Record<keyof Draw, number>> = {
  family: 63,
  kind: 15,
  target: 255,
  other: 255,
  detail: 255,
  at: 899,
  length: 63,
}

/** From below a round trip to beyond every timeout of the brisk preset, in ms. */
const durationsMs = [
  20, 100, 500, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000, 12000, 15000, 18000,
  22000, 28000, 35000, 5,
] as const

/** How long a drawn entry lasts, in µs. */
export function lengthUs(draw: Draw, scenario: Scenario): number {
  const ms = durationsMs[draw.length % durationsMs.length] as number
  return Math.min(ms * 1000, scenario.durationUs)
}

/** When a drawn entry begins, in µs from t = 0. */
export function startUs(draw: Draw, scenario: Scenario): number {
  return Math.floor((scenario.durationUs * draw.at) / 1000)
}
