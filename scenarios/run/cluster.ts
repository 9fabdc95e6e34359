/**
 * The cluster of a run as the harness holds it: the world, its parts by name, what watches them.
 */

import type { History } from '../../model/history.ts'
import type { AdminAction } from '../../model/kafka/clients/admin-task.ts'
import type { Ailments } from '../../model/kafka/application/ailments.ts'
import type { DurableMetadata } from '../../model/kafka/durable-metadata.ts'
import type { Protocols } from '../../model/kafka/protocols.ts'
import type { Topics } from '../../model/kafka/topics.ts'
import type { Nemesis } from '../../sim/nemesis.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { Case } from '../case.ts'
import type { Fold } from '../fold/fold.ts'
import type { Abort } from '../measures/so-far.ts'
import type { HandlerError } from '../handlers/handler.ts'
import type { Consumer, Scenario } from '../schema/scenario.ts'
import type { Operation } from '../schema/timeline.ts'
import type { EnsembleTruth } from '../truth/ensemble.ts'
import type { Truth } from '../truth/truth.ts'
import type { Around } from '../torment/around.ts'
import type { Sampler } from './sampler.ts'
import type { Stuck } from './stuck.ts'

/** A consumer group with the processes that are its members. */
export interface Group {
  readonly consumer: Consumer
  /** The group's partition of `__consumer_offsets`. */
  readonly coordinatorPartition: number
  /** Process names in the order of their numbers. */
  readonly members: string[]
  /** Members that an operation stopped for good. */
  readonly stopped: Set<string>
  /** Adds a member process, down; gives its name. */
  readonly addMember: () => string
}

/** True times of the steps. */
export interface PhaseTimes {
  originUs: number
  healUs: number
  /** Events until then. */
  healEvents: number
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
  /** Folds the history while the run goes on; null: it stays whole. Made at t = 0. */
  fold: Fold | null
  readonly truth: Truth
  readonly ensembleTruth: EnsembleTruth
  readonly durable: DurableMetadata
  /** What operations made of single records. */
  readonly ailments: Ailments
  /** What handlers of the user's own threw. */
  readonly handlerErrors: HandlerError[]
  readonly brokers: readonly { readonly id: number; readonly name: string }[]
  readonly zookeeper: readonly { readonly id: number; readonly name: string }[]
  readonly services: readonly string[]
  readonly producers: readonly { readonly service: string; readonly name: string }[]
  readonly groups: readonly Group[]
  /** Protocol levels that single brokers start with, by id; the run's where one has none. */
  readonly levels: Map<number, Protocols>
  nemesis: Nemesis | null
  /** What the administrator was told to do, by the operation that asks for it. */
  readonly commands: Map<Operation, AdminAction>
  /** Reads the use of resources from t = 0 on; null before. */
  sampler: Sampler | null
  /** What was reached around which faults. */
  readonly around: Around
  readonly phases: PhaseTimes
  /** Set when a threshold ended the load early. */
  aborted: Abort | null
  /** Set when a step could not be finished: why. */
  stuck: Stuck | null
}

export const ADMIN = 'admin-1'
export const AUDITOR = 'auditor-1'
export const PROBER = 'prober-1'
export const INSPECTOR = 'inspector-1'

/** Virtual time between two looks at a condition. */
const LOOK_US = 20_000

/** Drives the world until a condition holds; false if it does not by `limitUs` of true time. */
export function driveUntil(
  world: Simulation,
  limitUs: number,
  holds: () => boolean,
  sampler: Sampler | null = null,
): boolean {
  let looked = -1
  for (;;) {
    sampler?.look()
    // Conditions are of what processes did: while nothing happens they stay as they are.
    if (world.kernel.events !== looked) {
      looked = world.kernel.events
      if (holds()) return true
    }
    if (world.nowUs >= limitUs) return false
    world.runUntil(Math.min(world.nowUs + LOOK_US, limitUs))
  }
}

/** Names of a group's members that should be there: not stopped for good. */
export function wantedMembers(group: Group): readonly string[] {
  return group.members.filter((name) => !group.stopped.has(name))
}
