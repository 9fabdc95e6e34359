/**
 * What the sender does with the answer to each batch (KC 1.7), and with batches that got none in
 * time.
 *
 * Follows Sender.completeBatch of Kafka 3.9. A request that ended without an answer counts as
 * answered with REQUEST_TIMED_OUT or NETWORK_EXCEPTION for each of its batches: they can be in the
 * log all the same.
 */

import { invariant } from '../../../../sim/invariant.ts'
import type { Context } from '../../../../sim/process.ts'
import type { KafkaError } from '../../errors.ts'
import type { ProducePartitionResponse, ProduceResponse } from '../../messages.ts'
import { backoffMs } from '../deadlines.ts'
import { applyLeaderHint, requestUpdate } from '../metadata.ts'
import type { Exchange } from '../network.ts'
import { hasSeveral, realBytes, split } from './batch.ts'
import { isInvalidMetadata, isRetriable } from '../errors.ts'
import { Guard } from './guards.ts'
import {
  markUnresolved,
  mayRetrySequence,
  onSequenceAcked,
  onSequenceFailed,
  putBack,
  replacePending,
} from './idempotence.ts'
import { Probe } from './probes.ts'
import { hasReachedDeliveryTimeout } from './readiness.ts'
import { finish, release } from './result.ts'
import type { PartitionQueue, Producer, ProducerBatch, SendError } from './state.ts'

/** The part of an answer that one batch hears. */
interface Answer {
  readonly error: KafkaError
  readonly baseOffset: number
  readonly logStartOffset: number
}

const TIMED_OUT: Answer = { error: 'REQUEST_TIMED_OUT', baseOffset: -1, logStartOffset: -1 }
const DISCONNECTED: Answer = { error: 'NETWORK_EXCEPTION', baseOffset: -1, logStartOffset: -1 }
/** acks=0: success as soon as the bytes are written, at an offset nobody knows. */
const WRITTEN: Answer = { error: 'NONE', baseOffset: -1, logStartOffset: -1 }

/** A produce request ended, with an answer or without. */
export function onProduceSettled(producer: Producer, exchange: Exchange, context: Context): void {
  const batches = exchange.token as readonly ProducerBatch[]
  if (exchange.outcome === 'timed-out') context.probe(Probe.timedOut)
  const response = exchange.response as ProduceResponse | null
  for (let index = 0; index < batches.length; index += 1) {
    const batch = batches[index] as ProducerBatch
    const answer =
      response === null ? unanswered(exchange) : answerTo(response, batch.queue.partition, index)
    complete(producer, batch, answer, context)
  }
  if (response !== null) applyHints(producer, response)
}

/**
 * Fails what has waited for `delivery.timeout.ms`, sent or not. Returns how long until this has to
 * be looked at again: at once if something expired, because that may let other batches go.
 */
export function expireBatches(producer: Producer, nowMs: number, context: Context): number {
  const nextMs = nextExpiryMs(producer)
  if (nextMs > nowMs) return nextMs - nowMs
  return expireDue(producer, nowMs, context)
}

/** When the first batch runs out of time; as a rule all that an iteration needs to know. */
function nextExpiryMs(producer: Producer): number {
  const { deliveryTimeoutMs } = producer.options.config
  let oldestMs = Infinity
  for (const { batches, sent } of producer.busy) {
    const head = batches[0]
    if (head !== undefined && head.createdMs < oldestMs) oldestMs = head.createdMs
    for (const { createdMs, told } of sent) {
      if (told === 'nothing' && createdMs < oldestMs) oldestMs = createdMs
    }
  }
  return oldestMs + deliveryTimeoutMs
}

function expireDue(producer: Producer, nowMs: number, context: Context): number {
  const expired: ProducerBatch[] = []
  let nextMs = Infinity
  for (const queue of producer.busy) {
    if (queue.sent.length === 0 && queue.batches.length === 0) continue
    nextMs = Math.min(nextMs, collectSent(producer, queue, expired, context))
    nextMs = Math.min(nextMs, collectWaiting(producer, queue, expired, context))
  }
  // Told only now: a listener may send, which changes the queues.
  for (const batch of expired) expire(producer, batch, context)
  return expired.length > 0 ? 0 : nextMs - nowMs
}

/** Sent batches stay in their list until the answer: the network still has them. */
function collectSent(
  producer: Producer,
  { sent }: PartitionQueue,
  expired: ProducerBatch[],
  context: Context,
): number {
  let nextMs = Infinity
  for (const batch of sent) {
    if (batch.told !== 'nothing') continue
    const dueMs = batch.createdMs + producer.options.config.deliveryTimeoutMs
    const late = dueMs <= context.wallMs()
    if (context.guard(Guard.deliveryTimeout, late)) expired.push(batch)
    else if (!late && dueMs < nextMs) nextMs = dueMs
  }
  return nextMs
}

/** Of the waiting ones only the head counts: the others were begun after it. */
function collectWaiting(
  producer: Producer,
  { batches }: PartitionQueue,
  expired: ProducerBatch[],
  context: Context,
): number {
  for (let head = batches[0]; head !== undefined; head = batches[0]) {
    const dueMs = head.createdMs + producer.options.config.deliveryTimeoutMs
    const late = dueMs <= context.wallMs()
    if (!context.guard(Guard.deliveryTimeout, late)) return late ? Infinity : dueMs
    batches.shift()
    expired.push(head)
  }
  return Infinity
}

function expire(producer: Producer, batch: ProducerBatch, context: Context): void {
  context.probe(Probe.batchExpired, batch.queue.partition)
  if (producer.idempotence !== null) {
    onSequenceFailed(producer.idempotence, batch, 'DELIVERY_TIMEOUT', false)
    markUnresolved(producer.idempotence, batch)
  }
  finish(producer, batch, { error: 'DELIVERY_TIMEOUT', baseOffset: -1 }, context)
}

function unanswered(exchange: Exchange): Answer {
  if (exchange.outcome === 'written') return WRITTEN
  return exchange.outcome === 'timed-out' ? TIMED_OUT : DISCONNECTED
}

function answerTo(response: ProduceResponse, partition: number, index: number): Answer {
  const expected = response.partitions[index]
  return expected?.partition === partition ? expected : rowOf(response, partition)
}

function rowOf(response: ProduceResponse, partition: number): Answer {
  const found = response.partitions.find((one) => one.partition === partition)
  invariant(found !== undefined, 'a produce response names each partition of its request')
  return found
}

function complete(
  producer: Producer,
  batch: ProducerBatch,
  answer: Answer,
  context: Context,
): void {
  const { error } = answer
  const { queue } = batch
  const place = queue.sent.indexOf(batch)
  // Answers come in the order of sending, and a splice makes an array of what it takes.
  if (place === 0) queue.sent.shift()
  else if (place !== -1) queue.sent.splice(place, 1)
  if (error === 'NONE') {
    succeed(producer, batch, answer.baseOffset, context)
  } else if (isSplittable(batch, error)) {
    splitAndPutBack(producer, batch, context)
  } else if (canRetry(producer, batch, answer, context)) {
    retry(producer, batch, context)
  } else if (error === 'DUPLICATE_SEQUENCE_NUMBER') {
    context.probe(Probe.duplicateAcked, queue.partition)
    succeed(producer, batch, -1, context)
  } else {
    fail(producer, batch, error, context)
  }
  if (isInvalidMetadata(error)) requestUpdate(producer.metadata)
  queue.muted = false
}

function succeed(
  producer: Producer,
  batch: ProducerBatch,
  baseOffset: number,
  context: Context,
): void {
  if (producer.idempotence !== null) onSequenceAcked(batch, baseOffset)
  finish(producer, batch, { error: 'NONE', baseOffset }, context)
}

function fail(producer: Producer, batch: ProducerBatch, error: SendError, context: Context): void {
  if (batch.told === 'nothing' && producer.idempotence !== null) {
    const adjust = batch.attempts < producer.options.config.retries
    onSequenceFailed(producer.idempotence, batch, error, adjust)
  }
  finish(producer, batch, { error, baseOffset: -1 }, context)
}

function canRetry(
  producer: Producer,
  batch: ProducerBatch,
  answer: Answer,
  context: Context,
): boolean {
  const { deliveryTimeoutMs, retries } = producer.options.config
  if (batch.told !== 'nothing') return false
  const late = hasReachedDeliveryTimeout(batch, context.wallMs(), deliveryTimeoutMs)
  if (context.guard(Guard.deliveryTimeout, late)) return false
  if (context.guard(Guard.retriesLimit, batch.attempts >= retries)) return false
  const retriable =
    producer.idempotence === null
      ? isRetriable(answer.error)
      : mayRetrySequence(producer.idempotence, batch, answer.error, answer.logStartOffset)
  return !context.guard(Guard.retriableError, !retriable)
}

function retry(producer: Producer, batch: ProducerBatch, context: Context): void {
  batch.pauseMs = backoffMs(producer.retryBackoff, batch.attempts, producer.backoffStream)
  batch.attempts += 1
  batch.lastAttemptMs = Math.max(batch.lastAttemptMs, context.wallMs())
  context.probe(Probe.retried, batch.queue.partition)
  putBack(batch)
}

function isSplittable(batch: ProducerBatch, error: KafkaError): boolean {
  return error === 'MESSAGE_TOO_LARGE' && hasSeveral(batch) && batch.told === 'nothing'
}

/**
 * Kafka 3.9 cuts by batch.size alone: a batch that fits it and is too large for the broker comes
 * back as it was, until its delivery timeout.
 */
function pieceBytes({ options }: Producer, batch: ProducerBatch): number {
  const wasCut = batch.allocatedBytes === 0
  if (options.halves !== true || !wasCut) return options.config.batchSize
  return Math.floor(realBytes(batch) / 2)
}

function splitAndPutBack(producer: Producer, batch: ProducerBatch, context: Context): void {
  const pieces = split(batch, pieceBytes(producer, batch))
  context.probe(Probe.batchSplit, batch.queue.partition)
  replacePending(batch, pieces)
  for (let last = pieces.length - 1; last >= 0; last -= 1) {
    producer.incomplete += 1
    putBack(pieces[last] as ProducerBatch)
  }
  release(producer, batch)
}

function applyHints(producer: Producer, response: ProduceResponse): void {
  for (const partition of response.partitions) {
    if (hasHint(partition)) {
      const { currentLeader, currentLeaderEpoch } = partition
      applyLeaderHint(producer.metadata, partition.partition, currentLeader, currentLeaderEpoch)
    }
  }
}

function hasHint({ error, currentLeader }: ProducePartitionResponse): boolean {
  const moved = error === 'NOT_LEADER_OR_FOLLOWER' || error === 'FENCED_LEADER_EPOCH'
  return moved && currentLeader >= 0
}
