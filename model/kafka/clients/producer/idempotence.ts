/**
 * The idempotent producer's book of sequences (KC 1.8).
 *
 * Follows TransactionManager of Kafka 3.9 without transactions: a batch is numbered when it is
 * first drained and keeps its number for retries; a gap that cannot close is got over by raising
 * the epoch, which renumbers the pending batches of the partitions that asked for it and lets the
 * others begin anew. That renumbering can append a batch twice that was appended before (HZ P04).
 */

import { invariant } from '../../../../sim/invariant.ts'
import type { Context } from '../../../../sim/process.ts'
import { NO_PRODUCER_ID, sequenceAfter } from '../../../record.ts'
import type { KafkaError } from '../../errors.ts'
import type { InitProducerIdRequest, InitProducerIdResponse } from '../../messages.ts'
import { backoffMs } from '../deadlines.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  leastLoadedBroker,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { hasSequence, lastSequence, setSequence } from './batch.ts'
import { isRetriable } from '../errors.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import type { Idempotence, PartitionQueue, Producer, ProducerBatch, SendError } from './state.ts'

/** An epoch is a signed 16-bit number; after the last one a new producer id is asked for. */
const LAST_EPOCH = 32_767

/** Version of InitProducerIdRequest in 3.9. */
const API_VERSION = 5

export function createIdempotence(): Idempotence {
  return {
    producerId: NO_PRODUCER_ID,
    epoch: -1,
    bumpRequired: false,
    requestInFlight: false,
    retryAtMs: -Infinity,
    unresolved: false,
  }
}

/**
 * The first part of a sender iteration: settles open sequences, raises the epoch, asks for a
 * producer id. Returns how long to wait before it has to run again.
 */
export function prepareSequences(producer: Producer, book: Idempotence, context: Context): number {
  resolveSequences(producer)
  if (book.bumpRequired) bumpEpoch(producer, book, context)
  return book.producerId === NO_PRODUCER_ID ? requestProducerId(producer, book, context) : Infinity
}

/** True if the head of a queue must not be drained now; it then blocks the rest of its broker. */
export function isDrainForbidden(
  queue: PartitionQueue,
  book: Idempotence,
  context: Context,
): boolean {
  const { sequence } = queue
  const head = queue.batches[0] as ProducerBatch
  if (context.guard(Guard.validProducerId, book.producerId === NO_PRODUCER_ID)) return true
  const [lowest] = sequence.pending
  if (hasSequence(head)) return context.guard(Guard.retryPending, lowest !== head)
  const overtakes = lowest !== undefined && isStale(queue, book)
  if (context.guard(Guard.staleEpochInFlight, overtakes)) return true
  return context.guard(Guard.unresolvedSequence, sequence.unresolved !== -1)
}

/** Numbers a batch at its first drain. */
export function assignSequence(batch: ProducerBatch, book: Idempotence, context: Context): void {
  if (book.producerId === NO_PRODUCER_ID) return
  const { queue } = batch
  const { sequence } = queue
  if (isStale(queue, book) && sequence.pending.length === 0) {
    const bumped = sequence.producerId !== NO_PRODUCER_ID
    if (!bumped || context.guard(Guard.resetSequencesOnBump, bumped)) restartSequence(queue, book)
    else adoptEpoch(queue, book)
  }
  setSequence(batch, book.producerId, book.epoch, sequence.nextSequence)
  sequence.nextSequence = sequenceAfter(sequence.nextSequence, batch.count)
  sequence.pending.push(batch)
}

/** A sequenced batch was acknowledged, be it after the application was told of a timeout. */
export function onSequenceAcked(batch: ProducerBatch, baseOffset: number): void {
  if (!hasSequence(batch)) return
  const { sequence } = batch.queue
  const last = lastSequence(batch)
  if (last > sequence.lastAckedSequence) sequence.lastAckedSequence = last
  const lastOffset = baseOffset + batch.count - 1
  if (baseOffset >= 0 && lastOffset > sequence.lastAckedOffset)
    sequence.lastAckedOffset = lastOffset
  forget(batch)
}

/** A batch failed for good. Its numbers stay unused, so the gap has to be closed by a bump. */
export function onSequenceFailed(
  book: Idempotence,
  batch: ProducerBatch,
  error: SendError,
  adjust: boolean,
): void {
  if (!hasSequence(batch)) return
  forget(batch)
  const broken = error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || error === 'UNKNOWN_PRODUCER_ID'
  if (broken || adjust) requestBump(batch.queue, book)
}

/**
 * An expired batch that was retried may or may not be in the log: nothing new is numbered until
 * that is known.
 */
export function markUnresolved(book: Idempotence, batch: ProducerBatch): void {
  if (!hasSequence(batch) || batch.attempts === 0) return
  book.unresolved = true
  const { sequence } = batch.queue
  const next = sequenceAfter(lastSequence(batch), 1)
  if (next > sequence.unresolved) sequence.unresolved = next
}

/** True if a batch with this error is to be sent again; asks for a bump where a gap is certain. */
export function mayRetrySequence(
  book: Idempotence,
  batch: ProducerBatch,
  error: KafkaError,
  logStartOffset: number,
): boolean {
  if (error === 'UNKNOWN_PRODUCER_ID') {
    if (logStartOffset !== -1 && !batch.reopened) requestBump(batch.queue, book)
    return true
  }
  if (error !== 'OUT_OF_ORDER_SEQUENCE_NUMBER') return isRetriable(error)
  const { sequence } = batch.queue
  const resolved = sequence.unresolved === -1
  const isNext = batch.baseSequence === sequenceAfter(sequence.lastAckedSequence, 1)
  // An earlier batch is still outstanding; once it is in, this one will be accepted.
  if (resolved && (batch.reopened || !isNext)) return true
  if (resolved || batch.baseSequence === sequence.unresolved) requestBump(batch.queue, book)
  return true
}

/** Puts a batch back: in the order of sequence, or at the very front if it has none (KC 1.7). */
export function putBack(batch: ProducerBatch): void {
  const { batches } = batch.queue
  let place = 0
  if (hasSequence(batch)) {
    while (isBefore(batches[place], batch)) place += 1
  }
  batches.splice(place, 0, batch)
}

/** Takes a batch out of the book that its pieces replace. */
export function replacePending(batch: ProducerBatch, pieces: readonly ProducerBatch[]): void {
  if (!hasSequence(batch)) return
  const { pending } = batch.queue.sequence
  const place = pending.indexOf(batch)
  if (place !== -1) pending.splice(place, 1, ...pieces)
}

export function onInitProducerIdSettled(
  producer: Producer,
  book: Idempotence,
  exchange: Exchange,
  context: Context,
): void {
  book.requestInFlight = false
  const response = exchange.response as InitProducerIdResponse | null
  if (response === null || response.error !== 'NONE') {
    const pauseMs = backoffMs(producer.retryBackoff, 0, producer.backoffStream)
    book.retryAtMs = context.wallMs() + pauseMs
    return
  }
  invariant(response.producerId >= 0, 'a broker gives out producer ids from 0 on')
  book.producerId = response.producerId
  book.epoch = response.producerEpoch
  rewriteSequences(producer, book)
}

function resolveSequences(producer: Producer): void {
  const book = producer.idempotence as Idempotence
  if (!book.unresolved) return
  book.unresolved = false
  for (const queue of producer.queues) {
    const { sequence } = queue
    if (sequence.unresolved === -1) continue
    if (sequence.pending.length > 0) {
      book.unresolved = true
      continue
    }
    sequence.unresolved = -1
    // Later batches were accepted, so the expired one is in the log after all.
    if (sequence.nextSequence === sequenceAfter(sequence.lastAckedSequence, 1)) continue
    requestBump(queue, book)
  }
}

function requestBump(queue: PartitionQueue, book: Idempotence): void {
  book.bumpRequired = true
  queue.sequence.rewrite = true
}

function bumpEpoch(producer: Producer, book: Idempotence, context: Context): void {
  book.bumpRequired = false
  context.probe(Probe.epochBumped)
  if (book.epoch === LAST_EPOCH) {
    book.producerId = NO_PRODUCER_ID
    book.epoch = -1
    return
  }
  if (book.producerId === NO_PRODUCER_ID) return
  book.epoch += 1
  rewriteSequences(producer, book)
}

function rewriteSequences(producer: Producer, book: Idempotence): void {
  for (const queue of producer.queues) {
    if (!queue.sequence.rewrite) continue
    queue.sequence.unresolved = -1
    restartSequence(queue, book)
  }
}

/** Numbers the pending batches of a partition from 0 under the producer's current id and epoch. */
function restartSequence(queue: PartitionQueue, book: Idempotence): void {
  const { sequence } = queue
  adoptEpoch(queue, book)
  sequence.rewrite = false
  sequence.lastAckedSequence = -1
  let next = 0
  for (const batch of sequence.pending) {
    setSequence(batch, book.producerId, book.epoch, next)
    batch.reopened = true
    next = sequenceAfter(next, batch.count)
  }
  sequence.nextSequence = next
}

function adoptEpoch(queue: PartitionQueue, book: Idempotence): void {
  queue.sequence.producerId = book.producerId
  queue.sequence.producerEpoch = book.epoch
}

function isStale(queue: PartitionQueue, book: Idempotence): boolean {
  const { sequence } = queue
  return sequence.producerId !== book.producerId || sequence.producerEpoch !== book.epoch
}

function forget(batch: ProducerBatch): void {
  const { pending } = batch.queue.sequence
  const place = pending.indexOf(batch)
  // As a rule the first is acknowledged first, and a splice makes an array of what it takes.
  if (place === 0) pending.shift()
  else if (place !== -1) pending.splice(place, 1)
}

function isBefore(waiting: ProducerBatch | undefined, batch: ProducerBatch): boolean {
  return waiting !== undefined && hasSequence(waiting) && waiting.baseSequence < batch.baseSequence
}

function requestProducerId(producer: Producer, book: Idempotence, context: Context): number {
  // A producer that never sends needs none.
  if (book.requestInFlight || producer.incomplete === 0) return Infinity
  const waitMs = book.retryAtMs - context.wallMs()
  if (waitMs > 0) return waitMs
  const { network, metadata } = producer
  const broker = leastLoadedBroker(network, metadata.brokers, context)
  if (broker === undefined) return network.options.reconnectBackoff.initialMs
  if (!isReady(network, broker, context)) return connectionDelayMs(network, broker, context)
  const request: InitProducerIdRequest = {
    type: 'InitProducerIdRequest',
    correlationId: nextCorrelationId(network),
    clientId: network.options.clientId,
    apiVersion: API_VERSION,
    transactionalId: null,
    transactionTimeoutMs: 0,
    producerId: NO_PRODUCER_ID,
    producerEpoch: -1,
  }
  book.requestInFlight = true
  sendRequest(network, createExchange(network, broker, request), context)
  return Infinity
}
