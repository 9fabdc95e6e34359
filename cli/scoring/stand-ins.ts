/**
 * Guards that stand behind another: with both off something breaks that holds with either.
 *
 * Tried in the end, for guards that no pair noticed: those that caught more in its place first.
 */

import { withoutGuards } from './subjects.ts'
import { difference } from './notice.ts'
import type { Trial } from './trial.ts'

/** How many guards that may stand behind one are tried, each in so many cases. */
const STAND_INS = 3
const STAND_IN_PAIRS = 6
/** Two runs that part may differ by chance, once. */
const STAND_IN_MISSED = 2

/** The guard that is missed with this one, or null. */
export async function standIn(trial: Trial, stopped: () => boolean): Promise<string | null> {
  const { name: own } = trial.subject
  const names = [...trial.caughtInstead].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  for (const [name] of names.slice(0, STAND_INS)) {
    let missed = 0
    for (const surveyed of trial.tried.slice(0, STAND_IN_PAIRS)) {
      if (stopped()) return null
      const both = await trial.run(surveyed, withoutGuards(surveyed.one, [own, name]))
      if (both === null) continue
      const usual = trial.usualOf(surveyed)
      if (difference(surveyed.summary, both, usual) === null) continue
      const alone = await trial.run(surveyed, withoutGuards(surveyed.one, [name]))
      if (alone !== null && difference(alone, both, usual) !== null) missed += 1
      if (missed === STAND_IN_MISSED) return name
    }
  }
  return null
}
