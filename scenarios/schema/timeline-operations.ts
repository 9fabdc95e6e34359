/**
 * Operations of a timeline in canonical form: what administrators and teams do to a running system.
 *
 * Like faults they are drawn, shrunk, replayed and shown; unlike them they are asked of somebody,
 * who may refuse.
 */

import type { Config } from './scenario.ts'
import type { Interval, Target, When } from './timeline-when.ts'

export interface AddPartitions extends When {
  readonly kind: 'add-partitions'
  readonly topic: string
  /** The number of partitions afterwards. */
  readonly to: number
}
export interface AddMembers extends When {
  readonly kind: 'add-members'
  readonly group: string
  readonly count: number
}
export interface StopMembers extends When {
  readonly kind: 'stop-members'
  readonly group: string
  readonly count: number
  /** Whether they leave the group in good order. */
  readonly clean: boolean
}
/**
 * Every member of a group is replaced, `batch` at a time: told to stop, killed after `graceUs`,
 * started again `startupUs` after its end. `surge` members more run meanwhile.
 */
export interface Deploy extends When {
  readonly kind: 'deploy'
  readonly group: string
  readonly batch: number
  readonly graceUs: number
  readonly startupUs: number
  readonly surge: number
}
export interface ElectLeader extends When {
  readonly kind: 'elect-leader'
  readonly topic: string
  readonly partition: number
  readonly election: 'preferred' | 'unclean'
}
/** The partition moves to these brokers, the preferred leader first. */
export interface Reassign extends When {
  readonly kind: 'reassign'
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
}
/** Properties of one topic are set while it is in use. */
export interface AlterConfig extends When {
  readonly kind: 'alter-config'
  readonly topic: string
  readonly config: Config
}
export interface CreateTopic extends When {
  readonly kind: 'create-topic'
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly config: Config
}
export interface DeleteTopic extends When {
  readonly kind: 'delete-topic'
  readonly topic: string
}
/** Work takes `factor` times as long in a group, one member of it, or a service. */
export interface SlowWork extends Interval {
  readonly kind: 'slow-work'
  readonly target: Target
  readonly factor: number
}
/**
 * The next `count` records of a topic that fit fail whenever they are processed, or with `factor`
 * take so many times as long. What the application does with them is its own; the end cures them.
 */
export interface Poison extends Interval {
  readonly kind: 'poison'
  readonly topic: string
  readonly count: number
  /** The group that suffers from it; absent: every one. */
  readonly group?: string
  readonly partition?: number
  readonly key?: string
  readonly factor?: number
}
/** Brokers or ZooKeeper servers restart one after the other. */
export interface RollingRestart extends When {
  readonly kind: 'rolling-restart'
  readonly target: Target
  readonly clean: boolean
  /** Whether each waits until every ISR is full again. */
  readonly waitForIsr: boolean
  /** Between the end of a process and its next start. */
  readonly downUs: number
  /** Between two servers, after the first is back. */
  readonly pauseUs: number
  /** Brokers come back on these protocol levels, over those of the run. */
  readonly protocols?: Readonly<Record<string, string>>
}

export type Operation =
  | AddPartitions
  | AddMembers
  | StopMembers
  | Deploy
  | ElectLeader
  | Reassign
  | AlterConfig
  | CreateTopic
  | DeleteTopic
  | SlowWork
  | Poison
  | RollingRestart

export type OperationKind = Operation['kind']

export const operationKinds: readonly OperationKind[] = [
  'add-partitions',
  'add-members',
  'stop-members',
  'deploy',
  'elect-leader',
  'reassign',
  'alter-config',
  'create-topic',
  'delete-topic',
  'slow-work',
  'poison',
  'rolling-restart',
]
