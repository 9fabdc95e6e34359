/**
 * Bursty arrivals: a Poisson process whose rate is switched by a crowd of two moods.
 *
 * A Markov-modulated Poisson process: in a burst the rate is `factor` times that of the curve, and
 * between bursts so much lower that the mean stays what the curve says. Both moods last an
 * exponential time, bursts `lengthUs` on average and `share` of all time; with a share of one in
 * `factor` nothing comes between them (on-off). The moods are drawn once for a service and belong
 * to its crowd, so all its instances have them at the same time: the result is a curve with jumps.
 */

import type { Stream } from '../../../../sim/random.ts'
import { type LoadPoint, windowOf } from './curve.ts'

export interface Bursts {
  readonly factor: number
  readonly lengthUs: number
  /** Of the time; at most one in `factor`. */
  readonly share: number
}

/** The curve from 0 to its end, with the moods of its crowd. */
export function burstyCurve(
  points: readonly LoadPoint[],
  bursts: Bursts,
  endUs: number,
  random: Stream,
): readonly LoadPoint[] {
  const { factor, lengthUs, share } = bursts
  const calm = Math.max(0, (1 - share * factor) / (1 - share))
  const calmUs = (lengthUs * (1 - share)) / share
  const bursty: LoadPoint[] = []
  let isBurst = random.chance(share)
  for (let fromUs = 0; fromUs < endUs;) {
    const lastsUs = Math.max(1, Math.round(random.exponential(isBurst ? lengthUs : calmUs)))
    const toUs = Math.min(endUs, fromUs + lastsUs)
    const times = isBurst ? factor : calm
    for (const { atUs, perSecond } of windowOf(points, fromUs, toUs)) {
      bursty.push({ atUs: fromUs + atUs, perSecond: perSecond * times })
    }
    fromUs = toUs
    isBurst = !isBurst
  }
  return bursty
}
