/**
 * The curve of a load: arrivals a second over time, its integral, and the way back from it.
 *
 * The rate is linear between points, two points at one time are a jump, the last rate holds until
 * the end, and before the first point nothing arrives. Sums up to each point are made once, so
 * that a look-up costs the logarithm of the points, whoever asks: single arrivals or fleets.
 */

export interface LoadPoint {
  readonly atUs: number
  readonly perSecond: number
}

export interface Curve {
  readonly points: readonly LoadPoint[]
  /** No arrivals from here on; may be infinite. */
  readonly endUs: number
  /** Arrivals before each point. */
  readonly sums: Float64Array
}

export function createCurve(points: readonly LoadPoint[], endUs: number): Curve {
  const sums = new Float64Array(points.length)
  for (let at = 1; at < points.length; at += 1) {
    const left = points[at - 1] as LoadPoint
    const right = points[at] as LoadPoint
    const mean = (left.perSecond + right.perSecond) / 2
    sums[at] = (sums[at - 1] as number) + (mean * (right.atUs - left.atUs)) / 1e6
  }
  return { points, endUs, sums }
}

/** Arrivals a second at a time; at a jump, those after it. */
export function rateAt(curve: Curve, atUs: number): number {
  if (atUs >= curve.endUs) return 0
  const at = pointBefore(curve, atUs)
  if (at < 0) return 0
  const here = curve.points[at] as LoadPoint
  const next = curve.points[at + 1]
  return next === undefined ? here.perSecond : between(here, next, atUs)
}

/** Arrivals to be expected in `[fromUs, toUs)`: the area under the curve. */
export function expectedBetween(curve: Curve, fromUs: number, toUs: number): number {
  if (toUs <= fromUs) return 0
  return Math.max(0, expectedBefore(curve, toUs) - expectedBefore(curve, fromUs))
}

/** Arrivals to be expected before a time. */
export function expectedBefore(curve: Curve, timeUs: number): number {
  const untilUs = Math.min(timeUs, curve.endUs)
  const at = pointBefore(curve, untilUs)
  if (at < 0) return 0
  const here = curve.points[at] as LoadPoint
  const next = curve.points[at + 1]
  const rate = next === undefined ? here.perSecond : between(here, next, untilUs)
  const mean = (here.perSecond + rate) / 2
  // Nothing for ever is nothing, and not the product of 0 and infinity.
  return mean === 0
    ? (curve.sums[at] as number)
    : (curve.sums[at] as number) + (mean * (untilUs - here.atUs)) / 1e6
}

/** The greatest rate of `[fromUs, toUs)`. */
export function peakBetween(curve: Curve, fromUs: number, toUs: number): number {
  const untilUs = Math.min(toUs, curve.endUs)
  if (untilUs <= fromUs) return 0
  let most = rateAt(curve, fromUs)
  let at = pointBefore(curve, fromUs) + 1
  for (; at < curve.points.length; at += 1) {
    const { atUs, perSecond } = curve.points[at] as LoadPoint
    if (atUs >= untilUs) break
    most = Math.max(most, perSecond)
  }
  return Math.max(most, leftRateAt(curve, untilUs))
}

/**
 * The part of a curve between two times, beginning at 0. What lies before its first point is
 * nothing; the rate at its end holds on.
 */
export function windowOf(
  points: readonly LoadPoint[],
  fromUs: number,
  toUs: number,
): readonly LoadPoint[] {
  const curve: Curve = { points, endUs: Infinity, sums: NO_SUMS }
  const within = [{ atUs: 0, perSecond: rateAt(curve, fromUs) }]
  for (let at = pointBefore(curve, fromUs) + 1; at < points.length; at += 1) {
    const { atUs, perSecond } = points[at] as LoadPoint
    if (atUs >= toUs) break
    within.push({ atUs: atUs - fromUs, perSecond })
  }
  if (toUs < Infinity && toUs > fromUs) {
    within.push({ atUs: toUs - fromUs, perSecond: leftRateAt(curve, toUs) })
  }
  return within
}

const NO_SUMS = new Float64Array(0)

/** As `rateAt`, and at a jump that before it. */
function leftRateAt(curve: Curve, atUs: number): number {
  let at = pointBefore(curve, atUs)
  while (at >= 0 && (curve.points[at] as LoadPoint).atUs === atUs) at -= 1
  const left = curve.points[at]
  const right = curve.points[at + 1]
  if (left === undefined) return 0
  return right === undefined ? left.perSecond : between(left, right, atUs)
}

/** The last point that is not later; −1: there is none. */
function pointBefore({ points }: Curve, atUs: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((points[middle] as LoadPoint).atUs <= atUs) low = middle + 1
    else high = middle
  }
  return low - 1
}

function between(left: LoadPoint, right: LoadPoint, atUs: number): number {
  const length = right.atUs - left.atUs
  if (length === 0) return right.perSecond
  return left.perSecond + ((right.perSecond - left.perSecond) * (atUs - left.atUs)) / length
}
