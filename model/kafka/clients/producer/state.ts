/**
 * The state of one producer: an accumulator of batches by partition and what the sender knows.
 *
 * Follows KafkaProducer, RecordAccumulator and Sender of Kafka 3.9 (KC 1.1). A producer is a
 * component: it runs inside a process of its own (`process.ts`) or inside a consumer's. Left out:
 * transactions, compression, interceptors, headers.
 */

import type { Stream } from '../../../../sim/random.ts'
import type { Context } from '../../../../sim/process.ts'
import type { Batch, Codec, DataRecord, PartitionId, TopicId } from '../../../record.ts'
import type { ProducerConfig } from '../../config/producer-config.ts'
import type { KafkaError } from '../../errors.ts'
import type { StickyPartition } from '../../partitioner.ts'
import type { Topics } from '../../topics.ts'
import type { Alarm, BackoffConfig } from '../deadlines.ts'
import type { Metadata } from '../metadata.ts'
import type { Network, NetworkTimer } from '../network.ts'

export interface ProducerOptions {
  /** Header field of every request. */
  readonly clientId: string
  /** Tells this producer's timers and random streams from those of others in the same process. */
  readonly key: number
  readonly config: ProducerConfig
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
  /** A batch that was cut before is cut in half (`producer.split=halves`). */
  readonly halves?: boolean
  /** How many real clients it stands for: each has its own `buffer.memory`. Absent: one. */
  readonly clients?: number
}

/** What many real clients would have done with a range of counted records. */
export interface Multiplicity {
  /** Batches they fill with it, and the requests that carry those: shares, seldom whole. */
  readonly batches: number
  readonly requests: number
  /**
   * How long its first record has waited already; the last one has not, and the rest lie between.
   */
  readonly waitedMs: number
}

/** What an application gives to `send`: a range of one stream, and of one record as a rule. */
export interface Outgoing {
  readonly topic: TopicId
  /** −1: let the partitioner choose. */
  readonly partition: number
  /** The record; of a counted range its first one, with the bytes of all of them. */
  readonly record: DataRecord
  /** Records of the stream from the record's index on. */
  readonly count: number
  /** Of a counted range; null: the record is explicit, and its count 1. */
  readonly counted: Multiplicity | null
  /** `murmur2` of the record's key; 0 without one. */
  readonly keyHash: number
  /** For the application: comes back with the result. */
  readonly token: number
  /** The one behind it in its batch: a chain costs a batch no array while it fills. */
  next: Outgoing | null
}

/** Errors that the client makes itself, beside those a broker answered with. */
export type SendError =
  | KafkaError
  /** TimeoutException: `delivery.timeout.ms` has passed since the batch was created. */
  | 'DELIVERY_TIMEOUT'
  /** TimeoutException: no metadata of the topic within `max.block.ms`. */
  | 'METADATA_TIMEOUT'
  /** BufferExhaustedException, a TimeoutException: no memory within `max.block.ms`. */
  | 'BUFFER_EXHAUSTED'
  | 'RECORD_TOO_LARGE'
  | 'PRODUCER_CLOSED'

/** How one send ended. The object is used again: read it, do not keep it. */
export interface SendResult {
  record: DataRecord
  error: SendError
  /** −1 where none was chosen. */
  partition: PartitionId
  /** −1 where the producer does not know it. */
  offset: number
  /** True if the record was ever given to the network: an error is then no proof of absence. */
  mayBeWritten: boolean
}

/** What the owner of a producer hears. A method may send again at once. */
export interface ProducerListener<Owner> {
  completed(owner: Owner, token: number, result: SendResult, context: Context): void
  /** All that was appended before `flush` has completed. */
  flushed(owner: Owner, context: Context): void
  /** All that was appended before `closeProducer` has completed. */
  closed(owner: Owner, context: Context): void
}

/** A batch on its way from `send` to its result. */
export interface ProducerBatch {
  /** Grows in the order of creation; pieces of a split batch share it. */
  readonly id: number
  readonly queue: PartitionQueue
  readonly createdMs: number
  /** Its sends, in order. */
  first: Outgoing | null
  last: Outgoing | null
  count: number
  /**
   * Size on the wire, header included; of a counted batch the headers of all that it stands for.
   */
  bytes: number
  /** Batches and requests of real clients that a counted one stands for; 0: it is explicit. */
  batches: number
  requests: number
  readonly codec: Codec | null
  /** What it holds of `buffer.memory`; 0 for pieces of a split batch. */
  allocatedBytes: number
  /** No more records: it was drained, or one did not fit. */
  closed: boolean
  /** Times it was put back, and when that last happened; at first when it was created. */
  attempts: number
  lastAttemptMs: number
  /** The pause before its next attempt. */
  pauseMs: number
  /** Newest leader epoch known when it was looked at, and `attempts` when that last changed. */
  leaderEpoch: number
  attemptsAtLeaderChange: number
  /** −1 before its first drain, and always without idempotence. */
  producerId: number
  producerEpoch: number
  baseSequence: number
  /** Its sequence was rewritten after an epoch bump. */
  reopened: boolean
  /** What the application was told; set once (KC 1.1). */
  told: 'nothing' | 'ok' | 'failed'
  /** It was given to the network at least once. */
  written: boolean
  /** What goes over the wire: made at the first drain, again after its sequence was rewritten. */
  wire: Batch | null
}

/** What an idempotent producer tracks of one partition (KC 1.8). */
export interface SequenceState {
  /** Of the batches that are sequenced now; behind the producer's own after a bump. */
  producerId: number
  producerEpoch: number
  nextSequence: number
  /** −1: none since the sequence began. */
  lastAckedSequence: number
  lastAckedOffset: number
  /**
   * Sequenced batches without a result, in the order of sequence, whether sent or waiting for a
   * retry.
   */
  readonly pending: ProducerBatch[]
  /** The sequence after an expired retry whose fate is open; −1: none. */
  unresolved: number
  /** Its pending batches are to be renumbered at the next bump. */
  rewrite: boolean
}

/** The deque of one partition. */
export interface PartitionQueue {
  readonly partition: PartitionId
  readonly topic: TopicId
  /** Waiting batches, the next to be drained first. */
  readonly batches: ProducerBatch[]
  /** Drained and not answered, in the order of sending. */
  readonly sent: ProducerBatch[]
  /** It is listed as busy. */
  busy: boolean
  /** With one request in flight: a batch of it is out (KC 1.5). */
  muted: boolean
  readonly sequence: SequenceState
  /** The newest acknowledged batch and its offset, to notice when order was lost. */
  ackedBatch: number
  ackedOffset: number
}

export interface TopicState {
  /** By partition number; undefined before the first record. */
  readonly queues: (PartitionQueue | undefined)[]
  /** Number of partitions that have a queue. */
  queueCount: number
  readonly sticky: StickyPartition
}

/** What the sender keeps of one broker between its iterations. */
export interface BrokerState {
  readonly broker: number
  /** Queues with batches that this broker leads, in the order of partitions; of this iteration. */
  readonly queues: PartitionQueue[]
  ready: boolean
  /** What goes to it in this iteration. */
  drained: readonly ProducerBatch[]
  /** The partition that the next drain starts at. */
  drainFrom: PartitionId
  /** When it last had something to send, and when it last took something. */
  readyMs: number
  drainedMs: number
}

/** A send that waits for metadata or memory. */
export interface BlockedSend {
  readonly outgoing: Outgoing
  readonly sinceMs: number
}

/** All that was sent before `flush`: batches up to one, and sends that had no batch yet. */
export interface Flush {
  upTo: number
  blocked: number
}

/** What the sender judges queues by (`readiness.ts`); of this iteration. */
export interface Circumstances {
  readonly lingerMs: number
  readonly batchSize: number
  nowMs: number
  /** A send waits for memory, the producer closes, or a flush is on: nothing waits for linger. */
  urgent: boolean
}

export interface Idempotence {
  /** Some partition may have a sequence after an expired retry whose fate is open. */
  unresolved: boolean
  /** −1: none yet, or to be asked for anew. */
  producerId: number
  epoch: number
  bumpRequired: boolean
  requestInFlight: boolean
  /** No InitProducerId before this time. */
  retryAtMs: number
}

export interface Producer<Owner = unknown> {
  readonly owner: Owner
  readonly listener: ProducerListener<Owner>
  readonly options: ProducerOptions
  readonly retryBackoff: BackoffConfig
  network: Network
  readonly metadata: Metadata
  readonly topics: (TopicState | undefined)[]
  /** All queues in the order of partitions. */
  readonly queues: PartitionQueue[]
  /** Those that have batches, waiting or sent, in the same order; some may have none any more. */
  readonly busy: PartitionQueue[]
  /** By broker id. */
  readonly brokers: (BrokerState | undefined)[]
  readonly blocked: BlockedSend[]
  readonly idempotence: Idempotence | null
  readonly partitionerStream: Stream
  readonly backoffStream: Stream
  readonly alarm: Alarm
  readonly result: SendResult
  readonly circumstances: Circumstances
  memoryFree: number
  /** Some send waits for memory: everything is sendable. */
  exhausted: boolean
  nextBatchId: number
  /** Batches without a result. */
  incomplete: number
  /** What a flush waits for; null: none is on. */
  flush: Flush | null
  state: 'open' | 'closing' | 'closed'
}

/** Timers a host process has to give to its producers; keys are those of their options. */
export type ProducerTimer = 'runSender' | NetworkTimer

export function createQueue(partition: PartitionId, topic: TopicId): PartitionQueue {
  return {
    partition,
    topic,
    batches: [],
    sent: [],
    busy: false,
    muted: false,
    sequence: {
      producerId: -1,
      producerEpoch: -1,
      nextSequence: 0,
      lastAckedSequence: -1,
      lastAckedOffset: -1,
      pending: [],
      unresolved: -1,
      rewrite: false,
    },
    ackedBatch: -1,
    ackedOffset: -1,
  }
}

export const NOTHING_DRAINED: readonly ProducerBatch[] = []

/** The state of a broker, made at first use. */
export function brokerState(producer: Producer, broker: number): BrokerState {
  let found = producer.brokers[broker]
  if (found === undefined) {
    found = {
      broker,
      queues: [],
      ready: false,
      drained: NOTHING_DRAINED,
      drainFrom: 0,
      // Infinite, not 0: a field that began as a small integer is slow to hold a time.
      readyMs: -Infinity,
      drainedMs: -Infinity,
    }
    while (producer.brokers.length < broker) producer.brokers.push(undefined)
    producer.brokers[broker] = found
  }
  return found
}
