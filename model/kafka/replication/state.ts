/**
 * What a broker's replica manager holds: its replicas, the waiting requests, the fetchers that copy
 * from other leaders, and the channel to the controller for ISR changes (KB 1–3).
 *
 * Everything here is memory and lost in a crash; what lasts stands in the log directories. Remote
 * replicas are a dense array by their place in the assignment, because the watermark is computed
 * from them on every fetch.
 */

import type { Connection } from '../../../sim/process.ts'
import type { Disk } from '../../../sim/disk.ts'
import type { PartitionId } from '../../record.ts'
import type { ZooKeeperOperation } from '../../zookeeper/messages.ts'
import type { AppendWaiter, Broker, BrokerContext, CoordinatorAppend } from '../broker-state.ts'
import type { TopicConfig } from '../config/topic-config.ts'
import type { StateNode } from '../controller/znodes.ts'
import type { KafkaError } from '../errors.ts'
import type { FetchPartition, FetchRequest } from '../messages.ts'
import type { Deadlines, Waiting } from './deadlines.ts'
import type { Log } from './log.ts'
import type { PartitionTable } from './partition-table.ts'
import type { Truncation } from './truncation.ts'

/** Keys of `fetch` and `timeOutFetch` are indexes of fetchers; of the others 0. */
export type ReplicaTimer =
  | 'expireFetches'
  | 'expireProduces'
  | 'shrinkIsr'
  | 'checkpointHighWatermarks'
  | 'checkpointRecoveryPoints'
  | 'expireProducerIds'
  | 'checkRetention'
  | 'flushLogs'
  | 'fetch'
  | 'timeOutFetch'
  | 'sendAlterPartition'
  | 'timeOutAlterPartition'
  | 'propagateIsr'

/** `flushed` is waited for by the thread that appended, `rolled` by nobody. Keys are tickets. */
export type ReplicaIo = 'flushed' | 'rolled' | 'closedLogs'

/** `none`: a log without a role, after a restart or a StopReplica. */
export type Role = 'none' | 'leader' | 'follower' | 'offline'

/** What a leader knows of another replica (KB L2). */
export interface RemoteReplica {
  readonly broker: number
  /** Offset of the fetch that is being handled. */
  fetchOffset: number
  /** Its last fetch offset; −1 until it has fetched in this leadership (KB F18). */
  endOffset: number
  /** The leader's LEO and the wall clock at its last fetch. */
  lastFetchLeaderEnd: number
  lastFetchMs: number
  lastCaughtUpMs: number
  /** Member of the committed ISR. */
  inIsr: boolean
  /** Member of the maximal ISR: committed, or about to be added or removed (KB P8). */
  inMaximalIsr: boolean
  /** Its fetch that waits for data, if any. */
  parked: DelayedFetch | null
  /** What the last response told it, so that an unchanged watermark is not told again (KB F10). */
  toldHighWatermark: number
  toldLogStart: number
  toldConnection: number
}

/** An ISR change that is not confirmed yet (KB F21). */
export interface PendingIsr {
  readonly kind: 'expand' | 'shrink'
  readonly isr: readonly number[]
  readonly leaderEpoch: number
  readonly partitionEpoch: number
}

/** Where a follower stands with one partition (KB F12–F16). */
export type FetchPhase =
  | 'stopped'
  /** The place of divergence has to be asked for first (KB V1–V3). */
  | 'truncating'
  /** The leader did not have the offset: its end, then its start are asked for (KB F24). */
  | 'seeking-end'
  | 'seeking-start'
  | 'fetching'
  /** Given up until the next leadership change. */
  | 'failed'

/** One replica of this broker. */
export interface Partition {
  readonly id: PartitionId
  /** `orders-3`. */
  readonly name: string
  /** As in force now: administrators may alter it. */
  config: TopicConfig
  readonly directory: LogDirectory
  readonly log: Log

  role: Role
  /** −1: none or not known. */
  leader: number
  leaderEpoch: number
  partitionEpoch: number
  controllerEpoch: number
  replicas: readonly number[]

  // As leader.
  /** The last leader epoch in which this broker led, since its start; −1 for none. */
  ledEpoch: number
  /** LEO when this leadership began. */
  epochStartOffset: number
  /** min.insync.replicas, but no more than there are replicas (KB P3). */
  minIsr: number
  /** Committed ISR; empty on a follower. */
  isr: readonly number[]
  pendingIsr: PendingIsr | null
  remotes: RemoteReplica[]
  /** Requests that wait for the high watermark. */
  readonly produces: DelayedProduce[]
  /** Fetches of consumers that wait for data; husks are reused. */
  readonly fetches: DelayedFetch[]

  // As follower.
  fetcher: Fetcher | null
  phase: FetchPhase
  fetchOffset: number
  lastFetchedEpoch: number
  /** High watermark when this following began: where V1 and V2 fall back to. */
  initialFetchOffset: number
  /** Offset, or epoch, that the request under way names; −1 if it does not name this partition. */
  asked: number
  /** Leader's end, between the two questions of F24. */
  leaderEnd: number
  delayedUntilUs: number
  /** The row that stands for this partition in fetch requests, reused while nothing changes. */
  fetchRow: FetchPartition | null
}

export interface LogDirectory {
  readonly disk: Disk
  offline: boolean
  readonly partitions: Partition[]
  /** True once a high watermark here differs from its checkpoint. */
  checkpointDue: boolean
}

/** Why a fetcher waits: for what it asked. */
export type FetcherRequest = 'fetch' | 'epochs' | 'end-offsets' | 'start-offsets'

/** One fetcher thread: copies from one leader, one request at a time (KB F12). */
export interface Fetcher {
  readonly part: 'fetcher'
  readonly index: number
  /** The leader's broker id. */
  readonly leader: number
  connection: Connection | null
  readonly partitions: Partition[]
  /** Correlation id of the request under way; −1: none. */
  inFlight: number
  asking: FetcherRequest
  sentUs: number
  /** True while the timer that watches the request under way is set. */
  watched: boolean
  /** Not before this time, after a failure. */
  backOffUntilUs: number
  /** Rows of the last fetch request; null when one of them has changed. */
  rows: readonly FetchPartition[] | null
  /**
   * When a partition that the rows leave out is delayed no longer; infinite if they leave out none.
   */
  rowsUntilUs: number
}

/** A fetch in purgatory (KB F5, F6), or one that is answered at once. */
export interface DelayedFetch extends Waiting {
  readonly request: FetchRequest
  readonly connection: Connection
  readonly deadlineUs: number
  done: boolean
  /** Bytes that the response may still take, while it is put together. */
  budget: number
  /** True until a partition has given data: the first gives one batch whatever its size (KB F4). */
  gaveNothing: boolean
}

/** One partition of a produce that waits for replication (KB P11). */
export interface DelayedPartition {
  readonly partition: PartitionId
  error: KafkaError
  readonly baseOffset: number
  readonly requiredOffset: number
  pending: boolean
}

/** A produce in purgatory. */
export interface DelayedProduce extends Waiting {
  readonly waiter: AppendWaiter
  readonly partitions: readonly DelayedPartition[]
  /** Partitions still pending. */
  missing: number
  readonly deadlineUs: number
  done: boolean
}

/** The one AlterPartition channel of a broker (KB F22). */
export interface AlterPartitionChannel {
  readonly part: 'alterPartition'
  connection: Connection | null
  controller: number
  /** Partitions whose pending change has not been sent. */
  readonly unsent: Map<PartitionId, PendingIsr>
  /** What the request under way asks for; empty without one. */
  readonly sent: Map<PartitionId, PendingIsr>
  /** Correlation id of the request under way; −1: none. */
  inFlight: number
}

/** A change that the leader writes into ZooKeeper itself, or its look at what stands there. */
export interface IsrWrite {
  readonly partition: PartitionId
  readonly change: PendingIsr
  readonly node: StateNode
  readonly operation: ZooKeeperOperation
}

/** A sync that somebody waits for; see flush.ts. */
export interface Flush {
  readonly partition: Partition
  readonly upTo: number
}

/** What replication tells other parts; broker.ts puts them in, because they import replication. */
export interface ReplicaHooks {
  /** A clean stop has synced and marked every log. */
  readonly logsClosed: (self: Broker, context: BrokerContext) => void
  readonly directoryFailed: (self: Broker, context: BrokerContext) => void
  /** This broker now leads this partition of `__consumer_offsets`. */
  readonly offsetsPartitionLed: (
    self: Broker,
    partition: PartitionId,
    leaderEpoch: number,
    context: BrokerContext,
  ) => void
  readonly offsetsPartitionResigned: (
    self: Broker,
    partition: PartitionId,
    context: BrokerContext,
  ) => void
  readonly coordinatorAppended: (
    self: Broker,
    result: CoordinatorAppend,
    context: BrokerContext,
  ) => void
}

export interface ReplicaManager {
  readonly hooks: ReplicaHooks
  readonly truncation: Truncation
  readonly directories: readonly LogDirectory[]
  readonly partitions: PartitionTable
  /** Highest controller epoch heard of, in memory only (KB C17). */
  controllerEpoch: number
  readonly delayedFetches: Deadlines<DelayedFetch>
  readonly delayedProduces: Deadlines<DelayedProduce>
  /** Outcomes of coordinators' appends that have not been told yet. */
  readonly coordinatorAppends: CoordinatorAppend[]
  readonly fetchers: Fetcher[]
  readonly alterPartition: AlterPartitionChannel
  /** By token (isr-by-znode.ts). */
  readonly isrWrites: Map<number, IsrWrite>
  nextIsrToken: number
  /** Changes that the controller has not been told of, and when the last was made and told. */
  readonly isrChanges: Set<PartitionId>
  lastIsrChangeUs: number
  lastIsrWordUs: number
  /** Syncs under way, by ticket. */
  readonly flushes: Map<number, Flush>
  /** What goes on when the held flush with this ticket is over. */
  readonly afterFlush: Map<number, AfterFlush>
  nextTicket: number
  nextCorrelationId: number
  /** Logs that a clean stop still syncs. */
  closing: number
  /** The task that deletes old segments runs (retention.ts). */
  checksRetention: boolean
}

/** Work that an fsync on the append path interrupts (KB L8): a thread is held meanwhile. */
export type AfterFlush =
  | { readonly kind: 'produce'; readonly append: PendingAppend }
  | { readonly kind: 'fetcher'; readonly fetcher: Fetcher }

/** A produce from its first append on: with acks=all it becomes the one that waits. */
export interface PendingAppend extends DelayedProduce {
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: number
  deadlineUs: number
  /** Replicas whose log grew, and which still have to be synced first. */
  readonly appended: readonly Partition[]
  readonly unsynced: Partition[]
}
