/**
 * What follows from an answer: as expected, or which of the things that an exit code can say.
 *
 * One place for exit codes, reports and the matcher, so that they never disagree. Of one run it
 * says what the judge's `exitCodeOf` says, held by a test, and says all of it.
 */

import type { Exploration } from '../scenarios/explore/explore.ts'
import type { Judged, Verdict } from '../scenarios/result.ts'
import type { BaselineComparison } from './baseline.ts'
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

/** The gravest first; empty: as expected. */
export function runFindings({ result, verdicts, thresholds }: Judged): readonly Finding[] {
  const found: Finding[] = []
  if (result.ended === 'internal-error') found.push('internal-error')
  if (verdicts.some(disappoints)) found.push('not-as-expected')
  if (result.ended !== 'aborted' && provesNothing(verdicts)) found.push('nothing-proved')
  if (thresholds.some(({ met }) => !met)) found.push('threshold-missed')
  if (result.ended === 'time-limit') found.push('time-limit')
  return found
}

/** A breach that the scenario does not reckon with. */
export function disappoints(verdict: Verdict): boolean {
  return verdict.verdict === 'broken' && !verdict.asExpected
}

/** A wish that the run left open, or nothing but vacuous answers. */
function provesNothing(verdicts: readonly Verdict[]): boolean {
  if (verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === 'vacuous')) return true
  return verdicts.some(leavesOpen)
}

/** A wish that the run could not hold against anything. */
export function leavesOpen({ verdict, expected, promised }: Verdict): boolean {
  if (verdict === 'vacuous') return expected === 'kept'
  if (verdict !== 'unknown') return false
  return expected === 'kept' || (expected === null && promised)
}

/**
 * The gravest first; empty: as expected. With a baseline only what it did not know is a failure.
 */
export function explorationFindings(
  exploration: Exploration,
  baseline: BaselineComparison | null = null,
): readonly Finding[] {
  const tallies = checkTallies(exploration)
  const failed =
    baseline === null
      ? tallies.some((one) => !one.asExpected && !undecided(one))
      : baseline.fresh.length > 0
  const found: Finding[] = []
  if (exploration.determinism.different.length > 0) found.push('nondeterminism')
  if (exploration.runs.some((one) => one.ended === 'internal-error')) found.push('internal-error')
  if (failed) found.push('not-as-expected')
  const missing = missingProbes(exploration).length > 0
  if (tallies.every(undecided) || tallies.some(needsProof) || missing) found.push('nothing-proved')
  return found
}

/** An expectation that no run could be held against. */
export function needsProof(tally: CheckTally): boolean {
  return (tally.expected === 'kept' || tally.expected === 'breaks') && undecided(tally)
}

/** No run of it could tell. */
export function undecided(tally: CheckTally): boolean {
  return tally.kept + tally.broken === 0
}
