/**
 * A case: everything a run depends on, as plain JSON that refers to no file that may change.
 *
 * `run(case)` gives the same result and the same trace hash wherever and whenever it is called.
 */

import type { Draw } from '../sim/random.ts'
import type { Tie } from '../sim/schedule.ts'
import type { Scenario } from './schema/scenario.ts'
import type { TimelineEntry } from './schema/timeline.ts'

/** What the arbitraries drew, kept so that shrinking can go on another day. */
export interface RawCase {
  readonly draws: readonly unknown[]
}

export interface Case {
  readonly format: 1
  /** Version of dmqsim that made it: a note, never part of the randomness. */
  readonly engine: string
  readonly scenario: Scenario
  readonly raw?: RawCase
  /** Already drawn: nothing is drawn from the swarm during a run. */
  readonly timeline: readonly TimelineEntry[]
  /** 0 … 2^53 − 1. */
  readonly seed: number
  readonly protocols: Readonly<Record<string, string>>
  readonly guardsOff: readonly string[]
  /** Single draws replaced, for finding the pivotal decision. */
  readonly draws?: readonly Draw[]
  /** Single ties that fall the other way, for the same. */
  readonly ties?: readonly Tie[]
}
