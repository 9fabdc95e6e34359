/**
 * Guards that stand behind another: with both off something breaks that holds with either.
 *
 * Tried in the end, for guards that no pair noticed: first the one that the registry names, then
 * those that caught more in its place. One that nothing ever asked may have another before it,
 * which has to be off before it is asked at all.
 */

import { withoutGuards } from './subjects.ts'
import { difference } from './notice.ts'
import type { Survey, Surveyed } from './survey.ts'
import type { Trial } from './trial.ts'

/** How many guards that may stand behind one are tried, each in so many cases. */
const STAND_INS = 3
const STAND_IN_PAIRS = 6
/** Those that the registry names are tried in more. */
const NAMED_PAIRS = 100
/** Two runs that part may differ by chance, once. */
const STAND_IN_MISSED = 2

/**
 * The guard that is missed with this one, or null. The one that the registry names is tried where
 * it was decisive too: without it this one may be asked more often.
 */
export async function standIn(
  trial: Trial,
  surveys: readonly Survey[],
  stopped: () => boolean,
): Promise<string | null> {
  const { behind } = trial.subject
  const names = [...trial.caughtInstead]
    .filter(([name]) => name !== behind)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  if (behind !== undefined) {
    const cases = trial.tried.slice(0, NAMED_PAIRS)
    if (await areMissed(trial, behind, { cases, stopped })) return behind
    if (await standsBefore(trial, surveys, stopped)) return behind
  }
  for (const [name] of names.slice(0, STAND_INS)) {
    const cases = trial.tried.slice(0, STAND_IN_PAIRS)
    if (await areMissed(trial, name, { cases, stopped })) return name
  }
  return null
}

/**
 * Whether the guard that the registry names stands before this one, in cases where that one
 * mattered.
 */
export async function standsBefore(
  trial: Trial,
  surveys: readonly Survey[],
  stopped: () => boolean,
): Promise<boolean> {
  const { behind, exercise } = trial.subject
  if (behind === undefined) return false
  const weight = ({ summary, scenario }: Surveyed): number =>
    (summary.guards[behind] ?? 0) * (scenario === exercise ? 1 : 1e-6)
  const cases = surveys
    .flatMap(({ runs }) => runs)
    .filter((surveyed) => weight(surveyed) > 0)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, NAMED_PAIRS)
  return await areMissed(trial, behind, { cases, stopped })
}

interface Cases {
  readonly cases: readonly Surveyed[]
  readonly stopped: () => boolean
}

/** Whether both off break something, in two cases, that either off does not. */
async function areMissed(trial: Trial, name: string, { cases, stopped }: Cases): Promise<boolean> {
  const { name: own } = trial.subject
  let missed = 0
  for (const surveyed of cases) {
    if (stopped()) return false
    const both = await trial.run(surveyed, withoutGuards(surveyed.one, [own, name]))
    if (both === null) continue
    const usual = trial.usualOf(surveyed)
    if (difference(surveyed.summary, both, usual) === null) continue
    const alone = await trial.run(surveyed, withoutGuards(surveyed.one, [name]))
    if (alone !== null && difference(alone, both, usual) !== null) missed += 1
    if (missed === STAND_IN_MISSED) return true
  }
  return false
}
