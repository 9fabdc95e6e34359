/**
 * 95 % intervals over seeds: of a share (Wilson), of a mean and of a paired difference (Student).
 *
 * What has no formula, as a percentile, is in `bootstrap.ts`. Left out: corrections for looking at
 * many rows at once. Of twenty true zeros one interval misses.
 */

export interface Interval {
  readonly value: number
  /** Null where one value alone says nothing of its spread. */
  readonly low: number | null
  readonly high: number | null
}

const Z = 1.959964

/** Of `count` in `of`; null of nothing. */
export function shareInterval(count: number, of: number): Interval | null {
  if (of === 0) return null
  const share = count / of
  const square = Z * Z
  const centre = (share + square / (2 * of)) / (1 + square / of)
  const spread = Math.sqrt((share * (1 - share)) / of + square / (4 * of * of))
  const half = (Z * spread) / (1 + square / of)
  const low = count === 0 ? 0 : Math.max(0, centre - half)
  const high = count === of ? 1 : Math.min(1, centre + half)
  return { value: share, low, high }
}

/** Of the mean of values; null of none. */
export function meanInterval(values: readonly number[]): Interval | null {
  const { length } = values
  if (length === 0) return null
  const mean = values.reduce((sum, one) => sum + one, 0) / length
  if (length === 1) return { value: mean, low: null, high: null }
  const squares = values.reduce((sum, one) => sum + (one - mean) * (one - mean), 0)
  const half = student(length - 1) * Math.sqrt(squares / (length - 1) / length)
  return { value: mean, low: mean - half, high: mean + half }
}

/**
 * Of the mean difference between two settings on common random numbers: `now` and `was` hold the
 * values of the same seeds in the same order, and what a seed does to both cancels out.
 */
export function pairedInterval(now: readonly number[], was: readonly number[]): Interval | null {
  if (now.length !== was.length) throw new Error('a pair has a value of each setting')
  return meanInterval(now.map((value, at) => value - (was[at] as number)))
}

/** 97.5 % points of Student's distribution by degrees of freedom, from 1. */
const points = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
]

function student(freedom: number): number {
  // Beyond the list: the first terms of its expansion around the normal distribution.
  return points[freedom - 1] ?? Z + 2.372 / freedom + 2.82 / freedom / freedom
}
