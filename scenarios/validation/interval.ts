/**
 * Confidence intervals of a mean over replications, by Student's t.
 *
 * The distribution function for an even number of degrees of freedom is a finite sum of plain
 * arithmetic; an odd number is rounded down, which makes the interval a little wider.
 */

export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Of the mean of independent samples, at least three; `level` as in 0.95. */
export function meanInterval(samples: readonly number[], level: number): Interval {
  const count = samples.length
  const mean = samples.reduce((sum, one) => sum + one, 0) / count
  const squares = samples.reduce((sum, one) => sum + (one - mean) * (one - mean), 0)
  const error = Math.sqrt(squares / (count - 1) / count)
  const half = error * studentQuantile(1 - (1 - level) / 2, count - 1)
  return { mean, low: mean - half, high: mean + half }
}

/** The level of each of `count` intervals that hold together with probability `level` at least. */
export function jointLevel(level: number, count: number): number {
  return 1 - (1 - level) / count
}

const QUANTILE_MAX = 1_000

/** Where Student's distribution function reaches `probability`, which is above one half. */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0
  let high = QUANTILE_MAX
  for (let halving = 0; halving < 80; halving += 1) {
    const middle = (low + high) / 2
    if (studentBelow(middle, degrees) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Probability of a value below `t`, which is not negative. */
function studentBelow(t: number, degrees: number): number {
  const even = degrees - (degrees % 2)
  if (even < 2) throw new Error('an interval needs three samples at least')
  const sine = t / Math.sqrt(even + t * t)
  const cosineSquare = even / (even + t * t)
  let term = 1
  let sum = 1
  for (let n = 2; n < even; n += 2) {
    term *= (cosineSquare * (n - 1)) / n
    sum += term
  }
  return 0.5 + (sine * sum) / 2
}
