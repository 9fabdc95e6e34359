/**
 * Records to and from brokers: produce, fetch, the offsets of a log, and what an idempotent
 * producer asks before it begins.
 */

import type { Batch, LogEntry, PartitionId } from '../../record.ts'
import type { KafkaError } from '../errors.ts'
import type { Request, Response } from './header.ts'

// Produce (KB 2).

export interface ProduceRequest extends Request {
  readonly type: 'ProduceRequest'
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: number
  readonly transactionalId: string | null
  readonly partitions: readonly { readonly partition: PartitionId; readonly batch: Batch }[]
}

export interface ProducePartitionResponse {
  readonly partition: PartitionId
  readonly error: KafkaError
  /** −1 on errors. */
  readonly baseOffset: number
  readonly logAppendTimeMs: number
  readonly logStartOffset: number
  /** Hint with NOT_LEADER_OR_FOLLOWER: −1 if unknown. */
  readonly currentLeader: number
  readonly currentLeaderEpoch: number
}

export interface ProduceResponse extends Response {
  readonly type: 'ProduceResponse'
  readonly partitions: readonly ProducePartitionResponse[]
}

// Fetch (KB 3), by followers and consumers.

export interface FetchPartition {
  readonly partition: PartitionId
  readonly fetchOffset: number
  readonly logStartOffset: number
  /** −1: not known, no check (KB F1). */
  readonly currentLeaderEpoch: number
  /** −1: not known. Followers on truncate-on-fetch and consumers send it (KB V4). */
  readonly lastFetchedEpoch: number
  readonly maxBytes: number
}

export interface FetchRequest extends Request {
  readonly type: 'FetchRequest'
  /** Broker id of a follower, −1 for a consumer. */
  readonly replicaId: number
  /** Broker epoch of the follower, −1 for consumers. */
  readonly replicaEpoch: number
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolation: 'read_uncommitted' | 'read_committed'
  readonly partitions: readonly FetchPartition[]
}

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

export interface FetchPartitionResponse {
  readonly partition: PartitionId
  readonly error: KafkaError
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** Whole batches; the first may start below the fetch offset (KB L5). */
  readonly entries: readonly LogEntry[]
  readonly currentLeader: number
  readonly currentLeaderEpoch: number
}

export interface FetchResponse extends Response {
  readonly type: 'FetchResponse'
  readonly partitions: readonly FetchPartitionResponse[]
}

// Offsets of a log (KB F9, F24; V1–V3).

export interface ListOffsetsRequest extends Request {
  readonly type: 'ListOffsetsRequest'
  readonly replicaId: number
  readonly isolation: 'read_uncommitted' | 'read_committed'
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly currentLeaderEpoch: number
    readonly timestamp: 'earliest' | 'latest' | number
  }[]
}

export interface ListOffsetsResponse extends Response {
  readonly type: 'ListOffsetsResponse'
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly error: KafkaError
    readonly offset: number
    readonly leaderEpoch: number
  }[]
}

export interface OffsetForLeaderEpochRequest extends Request {
  readonly type: 'OffsetForLeaderEpochRequest'
  readonly replicaId: number
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly currentLeaderEpoch: number
    readonly leaderEpoch: number
  }[]
}

export interface OffsetForLeaderEpochResponse extends Response {
  readonly type: 'OffsetForLeaderEpochResponse'
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly error: KafkaError
    /** −1: undefined. */
    readonly leaderEpoch: number
    readonly endOffset: number
  }[]
}

// Producers.

export interface InitProducerIdRequest extends Request {
  readonly type: 'InitProducerIdRequest'
  readonly transactionalId: string | null
  readonly transactionTimeoutMs: number
  readonly producerId: number
  readonly producerEpoch: number
}

export interface InitProducerIdResponse extends Response {
  readonly type: 'InitProducerIdResponse'
  readonly error: KafkaError
  readonly producerId: number
  readonly producerEpoch: number
}
