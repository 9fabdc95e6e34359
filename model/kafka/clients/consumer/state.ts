/**
 * The state of one consumer: a client inside a process, of which the application asks for records.
 *
 * Follows ClassicKafkaConsumer of Kafka 3.9 (KC 2). All of it is lost in a crash. The consumer has
 * two networks, because a Java client too keeps a connection to its coordinator apart from those
 * that fetch: a fetch that waits at the broker must not hold up a heartbeat (KB R1).
 * Left out: the consumer protocol of KIP-848, static membership, assign(), pause and seek.
 */

import type { Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import type { Delivered } from '../../../application.ts'
import type { History } from '../../../history.ts'
import type { PartitionId, TopicId } from '../../../record.ts'
import type { ConsumerConfig } from '../../config/consumer-config.ts'
import type { FetchPartition } from '../../messages.ts'
import type { Topics } from '../../topics.ts'
import type { Alarm, BackoffConfig, ForwardClock } from '../deadlines.ts'
import type { Metadata } from '../metadata.ts'
import type { Network } from '../network.ts'
import type { CompletedFetch } from './completed-fetch.ts'
import type { Positions } from './positions.ts'

/** `poll`: the application thread waits in the consumer. `heartbeat`: the heartbeat thread does. */
export type ConsumerTimer = 'network' | 'poll' | 'heartbeat'

export type ConsumerContext = Context<ConsumerTimer>

export interface ConsumerOptions {
  readonly groupId: string
  /** What probes of the group report: the number of its partition of `__consumer_offsets`. */
  readonly groupNumber: number
  /** Name of the process. */
  readonly clientId: string
  readonly topics: readonly string[]
  /** Ids of all brokers of the deployment. */
  readonly brokers: readonly number[]
  /** Names and ids of the run's topics. */
  readonly topicTable: Topics
  readonly config: ConsumerConfig
  /** Whether the consumer commits by itself: `enable.auto.commit`. */
  readonly autoCommit: boolean
  readonly history: History
  /**
   * Tells the timers and streams of this client from those of others in its process; two numbers
   * from here on.
   */
  readonly networkKey: number
}

/** What the application hears, never from within a call that it makes itself. */
export interface ConsumerListener {
  /** A poll returned records. The consumer is polled again by `nextRecords`. */
  polled(records: readonly Delivered[], generation: number, context: ConsumerContext): void
  /** The commit that the application waits for ended. */
  committed(outcome: 'ok' | 'failed', context: ConsumerContext): void
  /** The consumer has left its group and closed. */
  closed(context: ConsumerContext): void
}

/** Where the application thread is. */
export type ConsumerPhase = 'polling' | 'handling' | 'closing' | 'leaving' | 'closed'

/** KC 2.7. */
export type MemberState = 'unjoined' | 'preparingRebalance' | 'completingRebalance' | 'stable'

/** What came of a round of joining, to be taken over by the next poll. */
export interface Joined {
  readonly generation: number
  readonly partitions: readonly PartitionId[]
}

export interface Membership {
  state: MemberState
  /** −1: none. */
  generation: number
  /** Empty: none. */
  memberId: string
  protocolName: string
  rejoinNeeded: boolean
  /** The partitions of the last assignment have not been given back in this round. */
  prepareNeeded: boolean
  /** Giving them back has begun, and waits for its commit. */
  preparing: boolean
  /** A JoinGroup or SyncGroup is under way. */
  inFlight: boolean
  failures: number
  /** Monotonic, as all `retryAtUs`: see `sleep.ts`. */
  retryAtUs: number
  joined: Joined | null
  /** Of the leader: partition counts that its assignment was made from. */
  snapshot: Map<TopicId, number> | null
  /** Version of the metadata that the snapshot was compared with. */
  comparedMetadata: number
  /** Generation in which the present partitions were assigned. */
  ownedGeneration: number
}

/** A LeaveGroup that is not answered. */
export interface Leaving {
  readonly broker: number
  readonly memberId: string
  /** False while it waits for a connection. */
  sent: boolean
}

export interface CoordinatorLink {
  /** Broker id, −1 while unknown. */
  broker: number
  lookupInFlight: boolean
  retryAtUs: number
}

export interface Heartbeats {
  readonly alarm: Alarm
  enabled: boolean
  dueMs: number
  sessionDeadlineMs: number
  pollDeadlineMs: number
  failures: number
}

/**
 * A commit of the application, or one that the consumer makes at one of its own moments (KC 2.5).
 */
export interface Commit {
  readonly kind: 'automatic' | 'prepare' | 'sync' | 'close'
  readonly offsets: readonly CommittedPosition[]
  /** First of its rows in the history, one for each partition in order. */
  readonly firstRow: number
  /** By the clock of `Commits`. */
  readonly deadlineMs: number
  /** Generation of the newest attempt. */
  generation: number
  failures: number
  retryAtUs: number
  inFlight: boolean
  /** It has been given up; an answer to it says something only about the group. */
  ended: boolean
  /** An attempt ended in a way that leaves open whether the offsets are stored. */
  unsure: boolean
}

export interface CommittedPosition {
  readonly partition: PartitionId
  readonly offset: number
  readonly leaderEpoch: number
}

export interface Commits {
  /** Begins anew with each blocking commit, as the `Timer` of such a call does. */
  readonly clock: ForwardClock
  /** What the application, a join or a close waits for; it is tried again until its deadline. */
  blocking: Commit | null
  /** How the application's commit ended, until the application is told. */
  ended: 'ok' | 'failed' | null
  nextAutomaticMs: number
}

export interface Fetcher {
  /** By broker id: a fetch is under way. */
  readonly inFlight: boolean[]
  /** By broker id: what the next request asks of it, while the requests of a poll are made. */
  readonly plans: (FetchPartition[] | null)[]
  /** Completed fetches in the order of their arrival. */
  readonly buffer: CompletedFetch[]
}

export interface Consumer {
  readonly options: ConsumerOptions
  readonly listener: ConsumerListener
  /** Names of the process and of the group in the history. */
  readonly process: number
  readonly group: number
  readonly clock: ForwardClock
  readonly jitter: Stream
  readonly retryBackoff: BackoffConfig
  readonly metadata: Metadata
  readonly fetchNetwork: Network
  readonly groupNetwork: Network
  /** Wakes the application thread while it waits in the consumer. */
  readonly alarm: Alarm
  phase: ConsumerPhase
  /** The partitions that this member owns, in the order in which they are fetched. */
  readonly positions: Positions
  /** Version of the metadata that the positions have been compared with. */
  seenMetadata: number
  /** Whether an OffsetFetch is under way. */
  lookingUpOffsets: boolean
  offsetsRetryAtUs: number
  readonly fetcher: Fetcher
  readonly membership: Membership
  readonly coordinator: CoordinatorLink
  leaving: Leaving | null
  /** When a close stops waiting; infinite before it begins. */
  closeDeadlineMs: number
  readonly heartbeats: Heartbeats
  readonly commits: Commits
  closeRequested: boolean
  /** A handler is at work; what happens inside of it waits for its end. */
  busy: boolean
  /** Something did happen, so what was looked at before has to be looked at again. */
  again: boolean
  /** Polls that returned records. */
  polls: number
}
