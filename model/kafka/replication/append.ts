/**
 * Appending to the local log of a leader: the checks before it and the work right after (KB P2–P6).
 *
 * Clients and coordinators come through the same door; only clients are compared by sequence. If
 * the topic is configured to flush, the thread that appended waits for the platter before anything
 * is acknowledged (KB L8, HZ D05).
 */

import { type Batch, type LogEntry, type PartitionId, realBytesOf } from '../../record.ts'
import type { AppendWaiter, Broker, BrokerContext } from '../broker-state.ts'
import { batchInLog } from '../compression.ts'
import type { TopicConfig } from '../config/topic-config.ts'
import type { KafkaError } from '../errors.ts'
import type { ProduceRequest } from '../messages.ts'
import { cachedPartition } from '../metadata-cache.ts'
import { checkFetches } from './fetch-purgatory.ts'
import { flushBeforeAnswer, isFlushDue, rollInBackground } from './flush.ts'
import { Guard } from './guards.ts'
import { raiseHighWatermark } from './high-watermark.ts'
import { failDirectory } from './offline.ts'
import { Probe } from './probes.ts'
import { answer, awaitReplication, checkProduces, tellCoordinators } from './produce-purgatory.ts'
import type { DelayedPartition, Partition, PendingAppend } from './state.ts'

/** A batch on its way into one partition. */
export type Append = ProduceRequest['partitions'][number]

/** Bounds of this size and more are none: Kafka's default is the largest long. */
const NEVER_MS = 1e15

/** What every set of appends begins with: never pushed to. */
const NO_ROWS: DelayedPartition[] = []
const NO_PARTITIONS: Partition[] = []

/** A set of appends with one waiter and one acknowledgement. */
export class Appending implements PendingAppend {
  readonly waiter: AppendWaiter
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: number
  partitions: DelayedPartition[] = NO_ROWS
  appended: Partition[] = NO_PARTITIONS
  unsynced: Partition[] = NO_PARTITIONS
  missing = 0
  deadlineUs = 0
  done = false

  constructor(waiter: AppendWaiter, acks: -1 | 0 | 1, timeoutMs: number) {
    this.waiter = waiter
    this.acks = acks
    this.timeoutMs = timeoutMs
  }

  // Most requests have one batch, and an array that is pushed to takes room for many.

  note(row: DelayedPartition): void {
    if (this.partitions.length === 0) this.partitions = [row]
    else this.partitions.push(row)
  }

  noteAppended(partition: Partition): void {
    if (this.appended.length === 0) this.appended = [partition]
    else this.appended.push(partition)
  }

  noteUnsynced(partition: Partition): void {
    if (this.unsynced.length === 0) this.unsynced = [partition]
    else this.unsynced.push(partition)
  }
}

/** Appends one batch, or notes why not. */
export function appendTo(
  self: Broker,
  pending: Appending,
  append: Append,
  context: BrokerContext,
): void {
  const partition = self.replicas.partitions.get(append.partition)
  const error = refusal(self, pending, append, context)
  if (error !== 'NONE' || partition === undefined) {
    pending.note(refused(append.partition, error))
    return
  }
  const { batch } = append
  if (isClients(pending) && isNotNext(pending, partition, batch, context)) return
  const { log, config } = partition
  const baseOffset = log.endOffset
  const entry: LogEntry = {
    baseOffset,
    leaderEpoch: partition.leaderEpoch,
    batch:
      config.compressionType === 'producer' ? batch : batchInLog(batch, config.compressionType),
  }
  if (log.rollsBefore(entry, config)) rollInBackground(self, partition, context)
  if (log.append(entry) !== 'ok') {
    failDirectory(self, partition.directory, context)
    pending.note(refused(partition.id, 'KAFKA_STORAGE_ERROR'))
    return
  }
  const { facts, id } = self.options
  facts?.appended(id, partition.id, baseOffset, entry.leaderEpoch, entry.batch, true)
  context.probe(Probe.produceAppended, partition.id)
  pending.note(accepted(partition.id, baseOffset, log.endOffset))
  pending.noteAppended(partition)
  if (isFlushDue(partition)) pending.noteUnsynced(partition)
}

function isClients({ waiter }: PendingAppend): boolean {
  return waiter.kind === 'response'
}

/**
 * True if a batch is not written: a duplicate, which is acknowledged again, or one out of order.
 */
function isNotNext(
  pending: Appending,
  partition: Partition,
  batch: Batch,
  context: BrokerContext,
): boolean {
  const known = partition.log.producers.duplicateOf(batch)
  if (known !== undefined) context.probe(Probe.produceDuplicateDetected, partition.id)
  if (known !== undefined && context.guard(Guard.duplicate, true)) {
    pending.note(accepted(partition.id, known.baseOffset, known.nextOffset))
    return true
  }
  const disorder = sequenceError(partition, batch, context)
  if (disorder === 'NONE') return false
  pending.note(refused(partition.id, disorder))
  return true
}

/** After all appends of a request: sync what has to be synced, then acknowledge. */
export function finishAppends(self: Broker, pending: Appending, context: BrokerContext): void {
  if (pending.unsynced.length > 0) flushBeforeAnswer(self, pending, context)
  else acknowledge(self, pending, context)
}

/** KB P6, P10: raise the watermark, answer or wait, then look who was waiting for the data. */
export function acknowledge(self: Broker, pending: PendingAppend, context: BrokerContext): void {
  let rose = false
  for (const partition of pending.appended) {
    if (raiseHighWatermark(self, partition, context)) rose = true
  }
  if (pending.acks === -1) awaitAll(self, pending, context)
  else settleAtOnce(self, pending, context)
  for (const partition of pending.appended) {
    checkProduces(self, partition, context)
    checkFetches(self, partition, rose, context)
  }
  tellCoordinators(self, context)
}

function awaitAll(self: Broker, pending: PendingAppend, context: BrokerContext): void {
  let missing = 0
  for (const row of pending.partitions) if (row.pending) missing += 1
  if (missing === 0) {
    answer(self, pending.waiter, pending.partitions, context)
    return
  }
  pending.missing = missing
  pending.deadlineUs = context.monotonicUs() + pending.timeoutMs * 1000
  awaitReplication(self, pending, context)
}

/** acks=1 answers now; acks=0 has no answer, so an error ends the connection. */
function settleAtOnce(self: Broker, pending: PendingAppend, context: BrokerContext): void {
  for (const row of pending.partitions) {
    row.pending = false
    // The directory may have failed while the thread waited for its sync.
    const offline = self.replicas.partitions.get(row.partition)?.role === 'offline'
    if (offline && row.error === 'NONE') row.error = 'KAFKA_STORAGE_ERROR'
  }
  if (pending.acks === 1 || pending.waiter.kind === 'group') {
    answer(self, pending.waiter, pending.partitions, context)
    return
  }
  const { connection } = pending.waiter
  const failed = pending.partitions.some((row) => row.error !== 'NONE')
  if (failed) context.close(connection)
  else context.unmute(connection)
}

function refusal(
  self: Broker,
  pending: PendingAppend,
  append: Append,
  context: BrokerContext,
): KafkaError {
  const partition = self.replicas.partitions.get(append.partition)
  if (partition === undefined || partition.role === 'none') {
    const unheardOf = cachedPartition(self.metadata, append.partition) === undefined
    if (context.guard(Guard.producePartition, unheardOf)) return 'UNKNOWN_TOPIC_OR_PARTITION'
    return 'NOT_LEADER_OR_FOLLOWER'
  }
  if (partition.role === 'offline') return 'KAFKA_STORAGE_ERROR'
  if (context.guard(Guard.produceLeader, partition.role !== 'leader')) {
    return 'NOT_LEADER_OR_FOLLOWER'
  }
  const tooFew = pending.acks === -1 && partition.isr.length < partition.minIsr
  if (tooFew) context.probe(Probe.produceNotEnoughReplicas, partition.id)
  if (context.guard(Guard.minIsr, tooFew)) return 'NOT_ENOUGH_REPLICAS'
  return batchError(partition, pending, append.batch, context)
}

function batchError(
  partition: Partition,
  pending: PendingAppend,
  batch: Batch,
  context: BrokerContext,
): KafkaError {
  // A counted batch stands for several of a real client; each of them has to fit.
  const bytes = realBytesOf(batch)
  if (context.guard(Guard.messageSize, bytes > partition.config.maxMessageBytes)) {
    return 'MESSAGE_TOO_LARGE'
  }
  if (isClients(pending)) {
    if (context.guard(Guard.controlBatch, batch.control !== 'none')) return 'INVALID_RECORD'
    const unnumbered = batch.producerId >= 0 && batch.baseSequence < 0
    if (context.guard(Guard.sequencePresent, unnumbered)) return 'INVALID_RECORD'
    const outOfTime = isOutOfTime(partition.config, batch, context)
    if (context.guard(Guard.timestampBounds, outOfTime)) return 'INVALID_TIMESTAMP'
  }
  if (context.guard(Guard.segmentSize, bytes > partition.config.segmentBytes)) {
    return 'RECORD_LIST_TOO_LARGE'
  }
  return 'NONE'
}

/** KB P4; both bounds are infinite by default. A batch is judged by its newest record alone. */
function isOutOfTime(config: TopicConfig, batch: Batch, context: BrokerContext): boolean {
  const { timestampBeforeMaxMs, timestampAfterMaxMs } = config
  if (timestampBeforeMaxMs >= NEVER_MS && timestampAfterMaxMs >= NEVER_MS) return false
  const ageMs = context.wallMs() - batch.maxTimestampMs
  return ageMs > timestampBeforeMaxMs || -ageMs > timestampAfterMaxMs
}

/** KB P15, 3 and 5–7. */
function sequenceError(partition: Partition, batch: Batch, context: BrokerContext): KafkaError {
  if (batch.producerId < 0) return 'NONE'
  const check = partition.log.producers.check(batch)
  if (check === 'next') return 'NONE'
  if (check === 'stale-epoch') {
    return context.guard(Guard.producerEpoch, true) ? 'INVALID_PRODUCER_EPOCH' : 'NONE'
  }
  context.probe(Probe.produceOutOfOrder, partition.id)
  const guard = check === 'epoch-start' ? Guard.producerEpochStart : Guard.producerSequence
  return context.guard(guard, true) ? 'OUT_OF_ORDER_SEQUENCE_NUMBER' : 'NONE'
}

function accepted(
  partition: PartitionId,
  baseOffset: number,
  nextOffset: number,
): DelayedPartition {
  return {
    partition,
    error: 'NONE',
    baseOffset,
    requiredOffset: nextOffset,
    pending: true,
  }
}

function refused(partition: PartitionId, error: KafkaError): DelayedPartition {
  return {
    partition,
    error,
    baseOffset: -1,
    requiredOffset: -1,
    pending: false,
  }
}
