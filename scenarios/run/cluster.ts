/**
 * The cluster of a run as the harness holds it: the world, its parts by name, what watches them.
 */

import { History } from '../../model/history.ts'
import type { EffectStore } from '../../model/kafka/application/effect-store.ts'
import type { DurableMetadata } from '../../model/kafka/durable-metadata.ts'
import type { Topics } from '../../model/kafka/topics.ts'
import type { Nemesis } from '../../sim/nemesis.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { Case } from '../case.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Truth } from '../truth/truth.ts'

/** A consumer group with the processes that are its members. */
export interface GroupMembers {
  readonly group: string
  readonly store: EffectStore
  /** Process names in the order of their numbers; those stopped for good are marked below. */
  readonly names: string[]
  readonly stopped: Set<string>
}

/** True times of the steps. */
export interface PhaseTimes {
  originUs: number
  healUs: number
  settledUs: number | null
  wroteUs: number | null
  producersDoneUs: number | null
  drainedUs: number | null
}

export interface Cluster {
  readonly one: Case
  readonly scenario: Scenario
  readonly world: Simulation
  readonly topics: Topics
  readonly history: History
  readonly truth: Truth
  readonly durable: DurableMetadata
  readonly brokers: readonly string[]
  readonly zookeeper: readonly string[]
  readonly services: readonly string[]
  readonly producers: readonly string[]
  readonly groups: readonly GroupMembers[]
  nemesis: Nemesis | null
  readonly phases: PhaseTimes
  /** Set when a step could not be finished: why. */
  stuck: string | null
}

/** Virtual time between two looks at a condition. */
const LOOK_US = 20_000

/** Drives the world until a condition holds; false if it does not by `limitUs`. */
export function driveUntil(cluster: Cluster, limitUs: number, holds: () => boolean): boolean {
  const { world } = cluster
  while (!holds()) {
    if (world.nowUs >= limitUs) return false
    world.runUntil(Math.min(world.nowUs + LOOK_US, limitUs))
  }
  return true
}
