/**
 * The group coordinator of one broker: its groups, their members and committed offsets.
 *
 * Follows the classic coordinator that Kafka 3.9 runs by default (KC 3). All of it is lost in a
 * crash; what was committed to `__consumer_offsets` is loaded by the next leader of the partition
 * (KC 3.5). Left out: transactional commits, static membership, expiry of committed offsets.
 */

import type { Connection } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import type { Batch, LogEntry, PartitionId, TopicId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import type { JoinGroupRequest, OffsetCommitRequest } from '../messages.ts'
import type { Deadline, Deadlines } from './deadlines.ts'

/** `expireGroups` serves the queue of deadlines, `loadGroups` ends the loading of one partition. */
export type GroupTimer = 'expireGroups' | 'loadGroups'

/** KC 3.2. */
export type GroupPhase = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** A request that is answered later. Its connection stays muted meanwhile (KB R1). */
export interface Parked {
  readonly connection: Connection
  readonly correlationId: number
}

export type MemberProtocols = JoinGroupRequest['protocols']

export interface Member {
  readonly id: string
  readonly clientId: string
  /** Carried along for static membership, which this coordinator does not yet act on (KC 2.9). */
  readonly instanceId: string | null
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  protocols: MemberProtocols
  assignment: readonly PartitionId[]
  awaitingJoin: Parked | null
  awaitingSync: Parked | null
  /** Has not yet had an answer to its first join: its waiting does not keep it alive (KC 3.3). */
  isNew: boolean
  /** Was given the current generation and has not asked for its assignment yet. */
  missesSync: boolean
  session: Deadline
}

/** What is stored for one partition of a group. */
export interface CommittedOffset {
  readonly offset: number
  readonly leaderEpoch: number
  /** Of the batch that holds the commit: later in the log wins (KC 3.4). */
  readonly logOffset: number
}

export interface Group {
  readonly id: string
  /** Number of its partition of `__consumer_offsets`; also the subject of its probes. */
  readonly partition: number
  phase: GroupPhase
  generation: number
  /** Null until the first member came. */
  protocolType: string | null
  /** Null while no generation is in force. */
  protocolName: string | null
  leader: string | null
  readonly members: Map<string, Member>
  /** Ids given out by MEMBER_ID_REQUIRED that have not come back yet. */
  readonly announced: Map<string, Deadline>
  /** Members whose join is parked. */
  joinsParked: number
  /** Members of this generation that have not synced. */
  syncsMissing: number
  /** A member came while the first rebalance waited (KC 3.2). */
  newMemberAdded: boolean
  /** What is left to extend the first wait by, in ms; null where the wait may end early. */
  initialRemainingMs: number | null
  /** How long the running wait for joins is, in ms. */
  joinDelayMs: number
  joinDeadline: Deadline
  syncDeadline: Deadline
  readonly offsets: Map<PartitionId, CommittedOffset>
  /** Token of the newest append that is under way for a partition. */
  readonly pendingCommits: Map<PartitionId, number>
}

/** What the coordinator asks of the replicas of its own broker. */
export interface OffsetsLog {
  /**
   * Appends with acks=all on the local leader; answered by `onCoordinatorAppend`, maybe at once.
   */
  append(
    self: Broker,
    partition: PartitionId,
    append: { readonly batch: Batch; readonly timeoutMs: number; readonly token: number },
    context: BrokerContext,
  ): void
  /** The local replica's log to its end, not only to the high watermark (KC 3.5). */
  entries(self: Broker, partition: PartitionId): readonly LogEntry[] | undefined
}

/** What an append under way is for. */
export type PendingAppend =
  | {
      readonly kind: 'assignment'
      readonly group: Group
      readonly generation: number
      /** By member id. */
      readonly assignments: ReadonlyMap<string, readonly PartitionId[]>
    }
  | { readonly kind: 'emptied' | 'forgotten'; readonly group: Group }
  | {
      readonly kind: 'offsets'
      readonly group: Group
      readonly asked: Parked
      readonly partitions: OffsetCommitRequest['partitions']
      /** Partitions of the same commit that do not exist. */
      readonly unknown: readonly PartitionId[]
    }

/** Whether this broker coordinates the groups of a partition of `__consumer_offsets`. */
export type Ownership = 'none' | 'loading' | 'owned'

/**
 * Loading and unloading run one after the other, in the order in which leadership changed (KC 3.5).
 */
export interface OwnershipTask {
  readonly kind: 'load' | 'unload'
  readonly partition: number
  /** −1 with `unload`: whatever the epoch. */
  readonly leaderEpoch: number
}

export interface GroupCoordinator {
  readonly config: BrokerConfig
  /** Topic of `__consumer_offsets`. */
  readonly topic: TopicId
  readonly log: OffsetsLog
  readonly memberIds: Stream
  readonly groups: Map<string, Group>
  /** Partition number of each group id seen, so that no id is hashed twice. */
  readonly placements: Map<string, number>
  /** By partition number. */
  readonly ownership: Ownership[]
  /** By partition number: the newest leader epoch acted on, −1 for none. */
  readonly epochs: number[]
  readonly tasks: OwnershipTask[]
  /** Time that one entry of the log takes to load. */
  readonly loadUsPerEntry: number
  readonly deadlines: Deadlines
  /** When the timer `expireGroups` goes off, by the monotonic clock; −1 while it is not set. */
  armedUs: number
  readonly appends: Map<number, PendingAppend>
  nextToken: number
}
