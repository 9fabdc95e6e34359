/**
 * What follows from an answer: as expected, or which of the things that an exit code can say.
 *
 * One place for the terminal's exit codes and for the matcher, so that the two never disagree.
 */

import type { Exploration } from '../scenarios/explore/explore.ts'
import type { Judged, Verdict } from '../scenarios/result.ts'
import { type CheckTally, checkTallies, missingProbes } from './tally.ts'

export type Finding =
  | 'nondeterminism'
  | 'internal-error'
  /** A promise broken, or an expected break not found. */
  | 'not-as-expected'
  /** Vacuous, unknown, or a required probe never reached. */
  | 'nothing-proved'
  | 'threshold-missed'
  | 'time-limit'

/** The gravest first. */
export const findingsByWeight: readonly Finding[] = [
  'nondeterminism',
  'internal-error',
  'not-as-expected',
  'nothing-proved',
  'threshold-missed',
  'time-limit',
]

/** Empty: as expected. */
export function runFindings(judged: Judged): readonly Finding[] {
  const { result, verdicts, thresholds } = judged
  const found = new Set<Finding>()
  if (result.ended === 'internal-error') found.add('internal-error')
  if (result.ended === 'time-limit') found.add('time-limit')
  if (verdicts.some(disappoints)) found.add('not-as-expected')
  if (provesNothing(verdicts)) found.add('nothing-proved')
  if (thresholds.some((one) => !one.met)) found.add('threshold-missed')
  return inOrder(found)
}

/** A verdict that was reached and is another than the scenario expects. */
export function disappoints(verdict: Verdict): boolean {
  return !verdict.asExpected && (verdict.verdict === 'broken' || verdict.verdict === 'kept')
}

/**
 * A check that was expected to say something could not; or none of them said anything. Where a
 * break is expected one run may well miss it: that is for an exploration to tell.
 */
function provesNothing(verdicts: readonly Verdict[]): boolean {
  const silent = (verdict: Verdict): boolean =>
    verdict.verdict === 'unknown' || verdict.verdict === 'vacuous'
  if (verdicts.length === 0 || verdicts.every(silent)) return true
  return verdicts.some((verdict) => verdict.expected === 'kept' && silent(verdict))
}

export function explorationFindings(exploration: Exploration): readonly Finding[] {
  const found = new Set<Finding>()
  if (exploration.determinism.different.length > 0) found.add('nondeterminism')
  if (exploration.runs.some((one) => one.ended === 'internal-error')) found.add('internal-error')
  const tallies = checkTallies(exploration)
  if (tallies.some((one) => !one.asExpected && !undecided(one))) found.add('not-as-expected')
  if (tallies.every(undecided)) found.add('nothing-proved')
  if (tallies.some((one) => one.expected === 'kept' && undecided(one))) found.add('nothing-proved')
  if (missingProbes(exploration).length > 0) found.add('nothing-proved')
  return inOrder(found)
}

/** No run of it could tell. */
export function undecided(tally: CheckTally): boolean {
  return tally.kept + tally.broken === 0
}

function inOrder(found: ReadonlySet<Finding>): readonly Finding[] {
  return findingsByWeight.filter((finding) => found.has(finding))
}
