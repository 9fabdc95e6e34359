/**
 * The doubted inputs of a plan in words, for every report alike.
 */

import type { Doubt, DoubtEnd, Doubts } from '../../scenarios/plan/doubts-answer.ts'
import { grouped, percent } from '../text/numbers.ts'

/** Before the name of a figure that nobody has given or measured. */
export const ASSUMED_MARK = '?'

export const assumedNote: string =
  'Inputs marked ? are assumed or left at their default: what moves the plan most among them is worth a measurement.'

export function doubtName({ input, source }: Doubt): string {
  return source === 'default' ? `${ASSUMED_MARK} ${input}` : input
}

export function sourceText({ source }: Doubt): string {
  return { given: 'given', default: 'assumed', profile: 'profile', fitted: 'fitted' }[source]
}

/** `×0.5 31 %`, and a cross where a threshold is missed. */
export function endText({ factor, headroom, failed }: DoubtEnd): string {
  const left = headroom === null ? 'none' : leftText(headroom)
  return `×${factor} ${left}${failed.length === 0 ? '' : ' ✗'}`
}

export function effectText({ effect }: Doubt): string {
  if (effect === null) return 'all'
  return effect > 1 ? 'over 100 pt' : `${Math.round(effect * 100)} pt`
}

/** What is missed at an end, or else what is nearest where that is another threshold. */
export function thenText({ low, high }: Doubt, { threshold }: Doubts): string {
  const failed = [...new Set([...low.failed, ...high.failed])]
  if (failed.length > 0) return `misses ${failed.slice(0, 2).join('; ')}`
  const others = [low.threshold, high.threshold].filter((one) => one !== threshold)
  return others.length === 0 ? '' : `nearest then: ${[...new Set(others)].join('; ')}`
}

export function baseText({ threshold, headroom, spread }: Doubts): string {
  const chance = spread === null ? '' : `, ${pointsText(spread)} apart from seed to seed`
  return `${threshold}, ${shareText(headroom)} of its limit left in normal running${chance}`
}

function pointsText(share: number): string {
  return `${Number((share * 100).toFixed(1))} pt`
}

const HALF_A_POINT = 0.005

export function movingDoubts({ inputs }: Doubts): readonly Doubt[] {
  return inputs.filter(({ moves }) => moves)
}

/** The inputs that move nothing, in one line; null: all of them move something. */
export function stillText({ inputs, spread }: Doubts): string | null {
  const still = inputs.filter(({ moves }) => !moves)
  if (still.length === 0) return null
  const names = still.map((one) => `${doubtName(one)} ×${one.low.factor}…×${one.high.factor}`)
  const least = spread === null || spread <= HALF_A_POINT ? 'half a point' : 'seeds are apart'
  return `Moved by less than ${least}: ${names.join(', ')}.`
}

/** Far over the limit the times of it say more than a share. */
function leftText(headroom: number): string {
  return headroom < -1 ? `${grouped(Math.round(1 - headroom))}× its limit` : shareText(headroom)
}

function shareText(share: number): string {
  return share < 0 ? `−${percent(-share)}` : percent(share)
}
