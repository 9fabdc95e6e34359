/**
 * Spends the time of a score: a survey of every scenario, then pairs in rounds that grow.
 *
 * In each round whatever is not noticed yet gets a few pairs, so that time goes to what is hard
 * and not to what came first. A scenario is surveyed further only where something that it should
 * show has too few cases in it. Nothing here looks at which thread was faster: the answer is a
 * function of seed and numbers, unless time cuts it.
 */

import type { Survey, Work } from './survey.ts'
import type { Trial } from './trial.ts'

/** Cases of each scenario before the first pair, and of a scenario that needs more at most. */
export interface SurveyLimits {
  readonly first: number
  readonly most: number
}

/** Pairs in the first round; each further round has twice as many. */
const ROUND_FIRST = 4

export async function rounds(
  trials: readonly Trial[],
  surveys: readonly Survey[],
  limits: SurveyLimits,
  work: Work,
): Promise<void> {
  for (const survey of surveys) await survey.extend(Math.min(limits.first, limits.most), work)
  for (let round = 0; !work.stopped(); round += 1) {
    const size = ROUND_FIRST * 2 ** round
    for (const trial of trials) trial.look(surveys)
    const cases = Math.min(limits.most, limits.first * 2 ** (round + 1))
    const more = await extend(trials, surveys, { size, cases }, work)
    const ready = trials.filter((trial) => trial.open && trial.left.all > 0)
    if (ready.length === 0 && !more) return
    await inLanes(work.jobs, ready, async (trial) => {
      work.progress(`round ${round + 1}, ${trial.subject.name}`)
      await trial.pairs(size)
    })
  }
}

/** Surveys further what has too few cases for this round; tells whether there was anything. */
async function extend(
  trials: readonly Trial[],
  surveys: readonly Survey[],
  { size, cases }: { readonly size: number; readonly cases: number },
  work: Work,
): Promise<boolean> {
  const wanted = new Set<string>()
  for (const { open, left, richest, subject } of trials) {
    if (open && left.preferred < size) wanted.add(subject.exercise)
    if (open && left.all < size && richest !== null) wanted.add(richest)
  }
  let more = false
  for (const survey of surveys)
    if (wanted.has(survey.name) && (await survey.extend(cases, work))) more = true
  if (more) for (const trial of trials) trial.look(surveys)
  return more
}

/** One at a time in each of so many lanes. */
export async function inLanes<Item>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++
      await work(items[at] as Item, at)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
