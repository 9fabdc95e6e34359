/**
 * The application's side of a producer: `send` up to the append, and sends that have to wait (KC
 * 1.2).
 *
 * Follows KafkaProducer.doSend and RecordAccumulator.append of Kafka 3.9. A send that finds no
 * metadata or no memory waits its turn here, first in, first out, while its caller goes on: as if
 * each send had a thread of its own, blocked for up to `max.block.ms`. The key's hash, the order of
 * the deque and the accounting of memory are those of the real client.
 */

import type { Context } from '../../../../sim/process.ts'
import { BATCH_HEADER_BYTES, NO_PRODUCER_ID, partitionId, type TopicId } from '../../../record.ts'
import {
  choosePartition,
  createStickyPartition,
  isSwitchDue,
  partitionOfHash,
  switchTo,
} from '../../partitioner.ts'
import { addTopic, partitionCount, requestUpdate } from '../metadata.ts'
import { appendTo, createBatch, hasRoom, isFull, memoryOf, recordBytesOf } from './batch.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { reject } from './result.ts'
import {
  type BlockedSend,
  createQueue,
  type Outgoing,
  type PartitionQueue,
  type Producer,
  type ProducerBatch,
  type TopicState,
} from './state.ts'

/** What became of an attempt to append: `created` and `filled` are news for the sender. */
type Append = 'appended' | 'created' | 'filled' | 'no-metadata' | 'no-memory'

/**
 * Takes a record. Returns how long until the sender should look at it; infinite if it will anyway.
 */
export function accept(producer: Producer, outgoing: Outgoing, context: Context): number {
  const { maxRequestSize, bufferMemory } = producer.options.config
  const upperBound = BATCH_HEADER_BYTES + recordBytesOf(outgoing)
  const tooLarge = upperBound > maxRequestSize || upperBound > bufferMemory
  if (context.guard(Guard.maxRequestSize, tooLarge)) {
    reject(producer, outgoing, 'RECORD_TOO_LARGE', context)
    return Infinity
  }
  // Nobody overtakes a send that waits, or one thread's sends would change places.
  if (producer.blocked.length === 0) {
    const appended = tryAppend(producer, outgoing, context)
    if (!isBlocked(appended)) return wakeAfterMs(producer, appended, outgoing)
    noteBlocked(producer, appended, context)
  }
  producer.blocked.push({ outgoing, sinceMs: context.wallMs() })
  return 0
}

/**
 * A new batch need not be looked at before its linger, unless something else has to happen first.
 */
function wakeAfterMs(producer: Producer, appended: Append, { counted }: Outgoing): number {
  if (appended === 'appended') return Infinity
  if (appended === 'filled' || producer.flush !== null) return 0
  const unnumbered = producer.idempotence?.producerId === NO_PRODUCER_ID
  if (unnumbered) return 0
  const { lingerMs } = producer.options.config
  return counted === null ? lingerMs : Math.max(0, lingerMs - counted.waitedMs)
}

/**
 * Appends sends that waited, as far as metadata and memory allow, and fails those that waited too
 * long.
 */
export function resumeBlocked(producer: Producer, context: Context): void {
  const { blocked } = producer
  if (blocked.length === 0) return
  const deadlineMs = context.wallMs() - producer.options.config.maxBlockMs
  producer.exhausted = false
  let done = 0
  // A listener may send again, which puts more at the end.
  for (; done < blocked.length; done += 1) {
    const { outgoing, sinceMs } = blocked[done] as BlockedSend
    const appended = tryAppend(producer, outgoing, context)
    if (!isBlocked(appended)) continue
    if (sinceMs > deadlineMs) {
      producer.exhausted = appended === 'no-memory'
      break
    }
    const error = appended === 'no-memory' ? 'BUFFER_EXHAUSTED' : 'METADATA_TIMEOUT'
    reject(producer, outgoing, error, context)
  }
  blocked.splice(0, done)
  noteFlush(producer, done)
}

/** Sends that waited when a flush began belong to it with the batches they went to. */
function noteFlush({ flush, nextBatchId }: Producer, done: number): void {
  if (flush === null || flush.blocked === 0) return
  flush.blocked = Math.max(0, flush.blocked - done)
  flush.upTo = nextBatchId - 1
}

/** Fails all sends that wait. */
export function rejectBlocked(producer: Producer, context: Context): void {
  for (const { outgoing } of producer.blocked.splice(0)) {
    reject(producer, outgoing, 'PRODUCER_CLOSED', context)
  }
}

/** When the first waiting send has waited long enough. */
export function blockedDelayMs(producer: Producer, nowMs: number): number {
  const first = producer.blocked[0]
  if (first === undefined) return Infinity
  return Math.max(0, first.sinceMs + producer.options.config.maxBlockMs - nowMs)
}

function isBlocked(append: Append): append is 'no-metadata' | 'no-memory' {
  return append === 'no-metadata' || append === 'no-memory'
}

function noteBlocked(producer: Producer, why: Append, context: Context): void {
  if (why !== 'no-memory') return
  producer.exhausted = true
  context.probe(Probe.bufferExhausted)
}

function tryAppend(producer: Producer, outgoing: Outgoing, context: Context): Append {
  const { topic, record } = outgoing
  const queue = queueFor(producer, outgoing)
  if (queue === null) return 'no-metadata'
  const { batchSize, bufferMemory } = producer.options.config
  let filled = false
  const waiting = queue.batches.length
  if (waiting > 0) {
    const last = queue.batches[waiting - 1] as ProducerBatch
    if (hasRoom(last, outgoing, batchSize)) {
      if (outgoing.counted !== null) takeMemory(producer, last, memoryOf(outgoing, batchSize))
      appendTo(last, outgoing)
      countBytes(producer, topic, record.bytes, outgoing)
      return isFull(last, batchSize) ? 'filled' : 'appended'
    }
    filled = !last.closed
    last.closed = true
  }
  const bytes = memoryOf(outgoing, batchSize)
  const noRoom = producer.memoryFree < Math.min(bytes, bufferMemory)
  if (context.guard(Guard.bufferMemory, noRoom)) return 'no-memory'
  const createdMs = firstCameMs(outgoing, context)
  const batch = begin(producer, queue, createdMs)
  takeMemory(producer, batch, bytes)
  appendTo(batch, outgoing)
  countBytes(producer, topic, record.bytes + BATCH_HEADER_BYTES, outgoing)
  return filled ? 'filled' : 'created'
}

/** When the first record of a range came, by a clock of whole ms: linger counts from there. */
function firstCameMs({ counted }: Outgoing, context: Context): number {
  const nowMs = context.wallMs()
  return counted === null ? nowMs : Math.floor(nowMs - counted.waitedMs)
}

/** Without a second look: clients of a fleet whose batch is open already have their memory. */
function takeMemory(producer: Producer, batch: ProducerBatch, bytes: number): void {
  producer.memoryFree -= bytes
  batch.allocatedBytes += bytes
}

function begin(producer: Producer, queue: PartitionQueue, createdMs: number): ProducerBatch {
  const origin = {
    id: producer.nextBatchId,
    createdMs,
    allocatedBytes: 0,
    codec: producer.options.config.compressionType,
  }
  const batch = createBatch(queue, origin)
  producer.nextBatchId += 1
  producer.incomplete += 1
  queue.batches.push(batch)
  if (!queue.busy) listAsBusy(producer, queue)
  return batch
}

function listAsBusy({ busy }: Producer, queue: PartitionQueue): void {
  queue.busy = true
  let place = busy.length
  busy.push(queue)
  while (place > 0 && (busy[place - 1] as PartitionQueue).partition > queue.partition) {
    busy[place] = busy[place - 1] as PartitionQueue
    place -= 1
  }
  busy[place] = queue
}

/** The queue of the partition a record goes to; null while that is not known. */
function queueFor(producer: Producer, outgoing: Outgoing): PartitionQueue | null {
  const { topic, partition, record } = outgoing
  const partitions = partitionCount(producer.metadata, topic)
  if (partitions === 0 || partition >= partitions) {
    addTopic(producer.metadata, topic)
    requestUpdate(producer.metadata)
    return null
  }
  const state = topicState(producer, topic)
  if (partition >= 0) return queueOf(producer, state, topic, partition)
  const keyed = record.key !== null && !producer.options.config.partitionerIgnoreKeys
  const chosen = keyed
    ? partitionOfHash(outgoing.keyHash, partitions)
    : stickyPartition(producer, state, topic)
  return queueOf(producer, state, topic, chosen)
}

function topicState(producer: Producer, topic: TopicId): TopicState {
  let state = producer.topics[topic]
  if (state === undefined) {
    state = { queues: [], queueCount: 0, sticky: createStickyPartition() }
    while (producer.topics.length < topic) producer.topics.push(undefined)
    producer.topics[topic] = state
  }
  return state
}

function queueOf(
  producer: Producer,
  state: TopicState,
  topic: TopicId,
  partition: number,
): PartitionQueue {
  return state.queues[partition] ?? addQueue(producer, state, topic, partition)
}

// Apart, because a closure costs its function an object at each call.
function addQueue(
  producer: Producer,
  state: TopicState,
  topic: TopicId,
  partition: number,
): PartitionQueue {
  const queue = createQueue(partitionId(topic, partition), topic)
  while (state.queues.length < partition) state.queues.push(undefined)
  state.queues[partition] = queue
  state.queueCount += 1
  const place = producer.queues.findIndex((other) => other.partition > queue.partition)
  producer.queues.splice(place === -1 ? producer.queues.length : place, 0, queue)
  return queue
}

function stickyPartition(producer: Producer, state: TopicState, topic: TopicId): number {
  const { sticky, queues } = state
  const { batchSize } = producer.options.config
  const last = queues[sticky.partition]?.batches.at(-1)
  const lastBatchFull = last === undefined || isFull(last, batchSize)
  if (isSwitchDue(sticky, batchSize, lastBatchFull)) {
    switchTo(sticky, nextPartition(producer, state, topic))
  }
  return sticky.partition
}

/** Unkeyed bytes count for the next switch of the sticky partition. */
function countBytes(producer: Producer, topic: TopicId, bytes: number, outgoing: Outgoing): void {
  const keyed = outgoing.record.key !== null && !producer.options.config.partitionerIgnoreKeys
  if (keyed || outgoing.partition >= 0) return
  const state = producer.topics[topic]
  if (state !== undefined) state.sticky.producedBytes += bytes
}

function nextPartition(producer: Producer, state: TopicState, topic: TopicId): number {
  const known = producer.metadata.topics[topic] ?? []
  const { partitionerAdaptivePartitioningEnable } = producer.options.config
  const measured = partitionerAdaptivePartitioningEnable && state.queueCount >= known.length
  const available: number[] = []
  const queueSizes: number[] = []
  for (let partition = 0; partition < known.length; partition += 1) {
    const leader = known[partition]?.leader ?? -1
    if (leader < 0) continue
    available.push(partition)
    const size = state.queues[partition]?.batches.length ?? 0
    queueSizes.push(takesNoData(producer, leader) ? -1 : size)
  }
  const choice = {
    partitions: known.length,
    available,
    queueSizes: measured ? queueSizes : null,
  }
  return choosePartition(choice, producer.partitionerStream)
}

/** Ready but not drained for longer than `partitioner.availability.timeout.ms` (0: not asked). */
function takesNoData(producer: Producer, leader: number): boolean {
  const { partitionerAvailabilityTimeoutMs } = producer.options.config
  const broker = producer.brokers[leader]
  if (partitionerAvailabilityTimeoutMs <= 0 || broker === undefined) return false
  return broker.readyMs - broker.drainedMs > partitionerAvailabilityTimeoutMs
}
