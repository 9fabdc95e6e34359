/**
 * The sender thread: one iteration of it, in the order of Sender.runOnce of Kafka 3.9 (KC 1.5).
 *
 * It runs when a batch was begun or filled, when an answer came or a connection changed, and when
 * the earliest of linger, back-off, delivery timeout and metadata refresh is due: one timer in all.
 * Unlike the real one it goes on expiring batches while it waits for a producer id (KC I7).
 */

import type { Context } from '../../../../sim/process.ts'
import type { ProduceRequest } from '../../messages.ts'
import { wakeIn } from '../deadlines.ts'
import { isUpdateDue, partitionMetadata, refresh, requestUpdate } from '../metadata.ts'
import {
  connectionDelayMs,
  createExchange,
  disconnect,
  expireRequests,
  isReady,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { blockedDelayMs, resumeBlocked } from './accumulator.ts'
import { wireOf } from './batch.ts'
import { drain } from './drain.ts'
import { Guard } from './guards.ts'
import { prepareSequences } from './idempotence.ts'
import { noteLeaderEpoch, unreadyMs } from './readiness.ts'
import { expireBatches } from './response.ts'
import {
  brokerState,
  NOTHING_DRAINED,
  type PartitionQueue,
  type Producer,
  type ProducerBatch,
} from './state.ts'

/** Version of ProduceRequest in 3.9. */
const API_VERSION = 11

/** Runs the sender until it has nothing to do at this moment. */
export function runSender(producer: Producer, context: Context): void {
  expireRequests(producer.network, context)
  while (producer.state !== 'closed' && iterate(producer, context));
}

/**
 * After an answer: as `runSender`, unless an iteration would find nothing. Deadlines of what is
 * still in flight were set when it was sent.
 */
export function resumeSender(producer: Producer, context: Context): void {
  const { blocked, flush, metadata, state } = producer
  const quiet = blocked.length === 0 && flush === null && state === 'open'
  if (quiet && !metadata.updateRequested && !isAnyWaiting(producer)) return
  runSender(producer, context)
}

function isAnyWaiting({ busy }: Producer): boolean {
  for (let at = 0; at < busy.length; at += 1) {
    if ((busy[at] as PartitionQueue).batches.length > 0) return true
  }
  return false
}

/** One iteration. True if another one can send more at once. */
function iterate(producer: Producer, context: Context): boolean {
  resumeBlocked(producer, context)
  const nowMs = context.wallMs()
  let waitMs = Infinity
  if (producer.idempotence !== null) {
    waitMs = prepareSequences(producer, producer.idempotence, context)
  }
  waitMs = Math.min(waitMs, markReady(producer, nowMs, context))
  waitMs = Math.min(waitMs, refresh(producer.metadata, producer.network, context))
  waitMs = Math.min(waitMs, keepConnected(producer, nowMs, context))
  const drained = drainAll(producer, context)
  waitMs = Math.min(waitMs, expireBatches(producer, nowMs, context))
  if (drained) shipAll(producer, context)
  settleWaiters(producer, context)
  waitMs = Math.min(waitMs, blockedDelayMs(producer, nowMs))
  wakeIn(producer.alarm, waitMs, context)
  return drained && hasMore(producer)
}

/** A request takes one batch a partition; and what it wrote may have made room. */
function hasMore(producer: Producer): boolean {
  if (producer.blocked.length > 0) return true
  for (const broker of producer.brokers) {
    if (broker === undefined || !broker.ready) continue
    for (const queue of broker.queues) if (queue.batches.length > 0) return true
  }
  return false
}

/** Step 1: which brokers have something to send. Returns how long until another one may. */
function markReady(producer: Producer, nowMs: number, context: Context): number {
  for (const broker of producer.brokers) {
    if (broker === undefined) continue
    broker.ready = false
    // Not by setting the length: an array cut to 0 gives its room away, and is soon filled again.
    while (broker.queues.length > 0) broker.queues.pop()
  }
  noteCircumstances(producer, nowMs)
  const { busy } = producer
  let waitMs = Infinity
  let kept = 0
  for (let at = 0; at < busy.length; at += 1) {
    const queue = busy[at] as PartitionQueue
    const waits = queue.batches.length > 0
    queue.busy = waits || queue.sent.length > 0
    if (queue.busy) busy[kept++] = queue
    if (waits) waitMs = Math.min(waitMs, markQueue(producer, queue, context))
  }
  while (busy.length > kept) busy.pop()
  return waitMs
}

function noteCircumstances(producer: Producer, nowMs: number): void {
  const { circumstances, exhausted, flush, state } = producer
  circumstances.nowMs = nowMs
  circumstances.urgent = exhausted || flush !== null || state === 'closing'
}

function markQueue(producer: Producer, queue: PartitionQueue, context: Context): number {
  const known = partitionMetadata(producer.metadata, queue.partition)
  if (known === undefined || known.leader < 0) {
    requestUpdate(producer.metadata)
    return Infinity
  }
  const broker = brokerState(producer, known.leader)
  broker.queues.push(queue)
  if (context.guard(Guard.mutedPartition, queue.muted)) return Infinity
  const head = queue.batches[0] as ProducerBatch
  noteLeaderEpoch(head, known.leaderEpoch)
  const waitMs = unreadyMs(queue, producer.circumstances)
  if (waitMs > 0) return waitMs
  broker.ready = true
  return Infinity
}

/** Step 2: drops brokers whose connection takes nothing now. Returns how long until one may. */
function keepConnected(producer: Producer, nowMs: number, context: Context): number {
  const { network } = producer
  const updateDue = isUpdateDue(producer.metadata, nowMs)
  let waitMs = Infinity
  for (const broker of producer.brokers) {
    if (broker === undefined || !broker.ready) continue
    broker.readyMs = nowMs
    if (!isReady(network, broker.broker, context) || updateDue) {
      broker.ready = false
      waitMs = Math.min(waitMs, connectionDelayMs(network, broker.broker, context))
    } else {
      broker.drainedMs = nowMs
    }
  }
  return waitMs
}

/**
 * Steps 3 to 5: all brokers are drained before anything is sent or expired. True if any had
 * something.
 */
function drainAll(producer: Producer, context: Context): boolean {
  const { maxInFlightRequestsPerConnection } = producer.options.config
  let any = false
  for (const broker of producer.brokers) {
    if (broker === undefined || !broker.ready) continue
    broker.drained = drain(producer, broker, context)
    for (const batch of broker.drained) {
      any = true
      batch.queue.sent.push(batch)
      batch.queue.muted = maxInFlightRequestsPerConnection === 1
      // What expires in this very iteration goes out all the same.
      batch.written = true
    }
  }
  return any
}

/** Step 7: one request a broker. */
function shipAll(producer: Producer, context: Context): void {
  for (const broker of producer.brokers) {
    if (broker === undefined || broker.drained.length === 0) continue
    const batches = broker.drained
    broker.drained = NOTHING_DRAINED
    ship(producer, broker.broker, batches, context)
  }
}

function ship(
  producer: Producer,
  broker: number,
  batches: readonly ProducerBatch[],
  context: Context,
): void {
  const { network, options } = producer
  const request: ProduceRequest = {
    type: 'ProduceRequest',
    correlationId: nextCorrelationId(network),
    clientId: options.clientId,
    apiVersion: API_VERSION,
    acks: options.config.acks,
    timeoutMs: options.config.requestTimeoutMs,
    transactionalId: null,
    partitions: batches.length === 1 ? [rowOf(batches[0] as ProducerBatch)] : batches.map(rowOf),
  }
  sendRequest(network, createExchange(network, broker, request, batches), context)
}

function rowOf(batch: ProducerBatch): ProduceRequest['partitions'][number] {
  return { partition: batch.queue.partition, batch: wireOf(batch) }
}

/** Tells a flush or a close that waited for what is now complete. */
function settleWaiters(producer: Producer, context: Context): void {
  const { flush } = producer
  if (flush !== null && flush.blocked === 0 && !isIncomplete(producer, flush.upTo)) {
    producer.flush = null
    producer.listener.flushed(producer.owner, context)
  }
  if (producer.state === 'closing' && producer.incomplete === 0) {
    producer.state = 'closed'
    for (const link of producer.network.links) {
      if (link !== undefined) disconnect(producer.network, link.broker, context)
    }
    producer.listener.closed(producer.owner, context)
  }
}

function isIncomplete(producer: Producer, upTo: number): boolean {
  for (const { batches, sent } of producer.busy) {
    for (const batch of batches) if (batch.id <= upTo) return true
    for (const batch of sent) if (batch.id <= upTo && batch.told === 'nothing') return true
  }
  return false
}
