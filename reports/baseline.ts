/**
 * What an exploration found, held against what an earlier one had found: new, known, gone.
 *
 * Failures are compared by check, level and mechanism, never by run or seed. What a scenario
 * reckons with is no failure and is not compared. "Gone" says that it was not seen again, not that
 * it is mended.
 */

import type { Exploration } from '../scenarios/explore/explore.ts'
import { checkTallies, failureGroups } from './tally.ts'

/** One way in which an exploration was not as expected. */
export interface Standing {
  readonly check: string
  readonly scope: string
  readonly signature: string
  /** Equal for what is one failure, whatever the group, run or seed. */
  readonly key: string
  /** Runs that show it, in the exploration it was found in. */
  readonly runs: number
}

/** An earlier answer, as far as it is compared. */
export interface Baseline {
  readonly file: string
  readonly version: string
  readonly seed: number | null
  readonly runs: number
  readonly failures: readonly Standing[]
}

export interface BaselineComparison {
  readonly baseline: Omit<Baseline, 'failures'>
  readonly fresh: readonly Standing[]
  readonly known: readonly Standing[]
  readonly gone: readonly Standing[]
}

/** What stands where a check was to break and did not. */
const NOT_BROKEN = 'expected to break, and no run broke it'

/** Every failure that is not as expected, whether it was kept or not. */
export function standings(exploration: Exploration): readonly Standing[] {
  const broken = failureGroups(exploration)
    .filter(({ asExpected }) => !asExpected)
    .map(({ check, scope, signature, key, runs }) => ({ check, scope, signature, key, runs }))
  const missed = checkTallies(exploration)
    .filter((one) => one.expected === 'breaks' && one.broken === 0 && one.kept > 0)
    .map(({ check }) => {
      const signature = `${check}: ${NOT_BROKEN}`
      return { check, scope: 'all', signature, key: signature, runs: 0 }
    })
  return [...broken, ...missed]
}

export function againstBaseline(exploration: Exploration, baseline: Baseline): BaselineComparison {
  const now = standings(exploration)
  const { failures: before, ...rest } = baseline
  const had = new Set(before.map(({ key }) => key))
  const has = new Set(now.map(({ key }) => key))
  return {
    baseline: rest,
    fresh: now.filter((one) => !had.has(one.key)),
    known: now.filter((one) => had.has(one.key)),
    gone: before.filter((one) => !has.has(one.key)),
  }
}
