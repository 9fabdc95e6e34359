/**
 * Records, batches and log entries: what producers write and logs keep.
 *
 * A record's identity is (stream, index), dense in its stream; a stream is what one producer
 * incarnation sends of one key to one topic. A batch is the unit of append, replication,
 * truncation, duplicate detection and fetch (KB L5); its fields are those of record batch v2
 * (KB 1.2). Batches and records are immutable; what differs between replicas (offset, leader
 * epoch) lives in the log entry.
 */

/** Dense number of a topic in a run, given in the order of creation. */
export type TopicId = number

/** A topic's partition as one small integer; see `partitionId`. */
export type PartitionId = number

/** Partitions a topic can have; the price of packing both numbers into one. */
export const PARTITIONS_MAX = 4096

// By bits, so that an id is a small integer to the engine too wherever its parts come from: one
// that is kept as a floating-point number is slow as a key and as an index.

const PARTITION_BITS = 12

export function partitionId(topic: TopicId, partition: number): PartitionId {
  return (topic << PARTITION_BITS) | partition
}

export function topicOf(id: PartitionId): TopicId {
  return id >> PARTITION_BITS
}

export function partitionOf(id: PartitionId): number {
  return id & (PARTITIONS_MAX - 1)
}

/**
 * Dense number of a stream in a run; −1 for records of the system itself (offset commits, markers).
 */
export type StreamId = number

export interface DataRecord {
  readonly stream: StreamId
  readonly index: number
  readonly key: string | null
  /** Opaque to logs and brokers; a workload's event, or a coordinator's own record. */
  readonly value: unknown
  readonly bytes: number
  /** CreateTime by the producer's wall clock, in ms. */
  readonly timestampMs: number
}

/** `count` records of one stream from `index` on. */
export interface RecordRange {
  readonly stream: StreamId
  readonly index: number
  readonly count: number
}

export type Content =
  | { readonly kind: 'explicit'; readonly records: readonly DataRecord[] }
  | {
      readonly kind: 'counted'
      readonly ranges: readonly RecordRange[]
      /**
       * Requests and batches of real clients that this one stands for, for the cost model. Shares
       * of them: two that fill one real batch have half of it each, so neither number need be
       * whole.
       */
      readonly requests: number
      readonly batches: number
    }
  | { readonly kind: 'opaque'; readonly ranges: readonly RecordRange[]; readonly payload: unknown }

/** A record batch v2 as its sender made it. */
export interface Batch {
  /** −1 without idempotence. */
  readonly producerId: number
  readonly producerEpoch: number
  /** −1 without idempotence. */
  readonly baseSequence: number
  readonly transactional: boolean
  readonly control: 'none' | 'commit' | 'abort'
  /** Number of records; lastOffsetDelta is `count − 1`. */
  readonly count: number
  /** Size on the wire and on disk, header included. */
  readonly bytes: number
  readonly maxTimestampMs: number
  readonly content: Content
  /** How its records are compressed; absent: they are not. */
  readonly codec?: Codec
}

export type Codec = 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** A batch at its place in one replica's log. */
export interface LogEntry {
  readonly baseOffset: number
  readonly leaderEpoch: number
  readonly batch: Batch
  /** What was read is not what was written: the checksum of the batch fails (KB 1.2). */
  readonly corrupt?: true
}

/** Bytes of the header of a record batch v2 (KB 1.2). */
export const BATCH_HEADER_BYTES = 61

export const NO_PRODUCER_ID = -1
export const NO_SEQUENCE = -1

/** The offset after the last record of an entry. */
export function nextOffsetOf(entry: LogEntry): number {
  return entry.baseOffset + entry.batch.count
}

/** The sequence number `count` after `sequence`, wrapping from 2^31 − 1 to 0 (KB 1.2). */
export function sequenceAfter(sequence: number, count: number): number {
  const next = sequence + count
  return next > 0x7fffffff ? next - 0x80000000 : next
}

/** The sequence number of a batch's last record. */
export function lastSequenceOf(batch: Batch): number {
  return sequenceAfter(batch.baseSequence, batch.count - 1)
}

/** Bytes of a batch; of one of the real clients' batches that a counted one stands for. */
export function realBytesOf({ bytes, content }: Batch): number {
  return content.kind === 'counted' ? bytes / content.batches : bytes
}

/** The explicit records of a batch; empty for counted and opaque ones. */
export function recordsOf(batch: Batch): readonly DataRecord[] {
  return batch.content.kind === 'explicit' ? batch.content.records : NO_RECORDS
}

const NO_RECORDS: readonly DataRecord[] = []
