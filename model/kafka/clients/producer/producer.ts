/**
 * A producer that any process can carry: started with its options, driven by the host's events.
 *
 * The host routes its connections to `network.ts` and the timers of `ProducerTimer` to the
 * functions here; results come back through the listener.
 */

import type { Context } from '../../../../sim/process.ts'
import { createAlarm, wakeIn, woken } from '../deadlines.ts'
import { createMetadata, onMetadataSettled, requestUpdate } from '../metadata.ts'
import {
  type Exchange,
  type NetworkListener,
  type NetworkOptions,
  startNetwork,
} from '../network.ts'
import { accept, rejectBlocked } from './accumulator.ts'
import { createIdempotence, onInitProducerIdSettled } from './idempotence.ts'
import { onProduceSettled } from './response.ts'
import { reject } from './result.ts'
import { resumeSender, runSender } from './sender.ts'
import type {
  Idempotence,
  Outgoing,
  Producer,
  ProducerListener,
  ProducerOptions,
  SendResult,
} from './state.ts'

export interface ProducerOwner<Owner> {
  readonly owner: Owner
  readonly listener: ProducerListener<Owner>
}

export function startProducer<Owner>(
  options: ProducerOptions,
  { owner, listener }: ProducerOwner<Owner>,
  context: Context,
): Producer<Owner> {
  const { config, key } = options
  const retryBackoff = { initialMs: config.retryBackoffMs, maxMs: config.retryBackoffMaxMs }
  const producer: Producer<Owner> = {
    owner,
    listener,
    options,
    retryBackoff,
    // Its owner is this very producer, so it comes second.
    network: undefined as never,
    metadata: createMetadata({
      bootstrap: options.brokers,
      topics: options.topics,
      allTopics: false,
      maxAgeMs: config.metadataMaxAgeMs,
      retryBackoff,
    }),
    topics: [],
    queues: [],
    busy: [],
    brokers: [],
    blocked: [],
    idempotence: config.enableIdempotence ? createIdempotence() : null,
    partitionerStream: context.random(`partitioner-${key}`),
    backoffStream: context.random(`producer-backoff-${key}`),
    alarm: createAlarm('runSender', key),
    result: emptyResult(),
    circumstances: {
      lingerMs: config.lingerMs,
      batchSize: config.batchSize,
      nowMs: -Infinity,
      urgent: false,
    },
    memoryFree: config.bufferMemory * (options.clients ?? 1),
    exhausted: false,
    nextBatchId: 0,
    incomplete: 0,
    flush: null,
    state: 'open',
  }
  producer.network = startNetwork(
    networkOptions(options),
    { owner: producer, listener: networkListener },
    context,
  )
  return producer
}

/**
 * Gives a record to the producer. Its result comes through the listener, possibly before this
 * returns.
 */
export function send(producer: Producer, outgoing: Outgoing, context: Context): void {
  if (producer.state !== 'open') {
    reject(producer, outgoing, 'PRODUCER_CLOSED', context)
    return
  }
  wakeIn(producer.alarm, accept(producer, outgoing, context), context)
}

/** Makes everything sendable that was sent so far; the listener hears when it has completed. */
export function flush(producer: Producer, context: Context): void {
  if (isQuiet(producer)) {
    producer.listener.flushed(producer.owner, context)
    return
  }
  producer.flush = { upTo: producer.nextBatchId - 1, blocked: producer.blocked.length }
  wakeIn(producer.alarm, 0, context)
}

/** Takes no more records, sends what is there, and ends when all of it has completed. */
export function closeProducer(producer: Producer, context: Context): void {
  if (producer.state !== 'open') return
  producer.state = 'closing'
  rejectBlocked(producer, context)
  wakeIn(producer.alarm, 0, context)
}

/** True if every send has been told its result. */
export function isQuiet(producer: Producer): boolean {
  return producer.incomplete === 0 && producer.blocked.length === 0
}

/** For the host process: the timer `runSender` with this producer's key fired. */
export function onRunSender(producer: Producer, context: Context): void {
  woken(producer.alarm)
  runSender(producer, context)
}

const networkListener: NetworkListener<Producer> = {
  settled: onSettled,
  connected: (producer, _broker, context) => runSender(producer, context),
  disconnected(producer, _broker, context) {
    requestUpdate(producer.metadata)
    runSender(producer, context)
  },
}

function onSettled(producer: Producer, exchange: Exchange, context: Context): void {
  // A broken connection settles all its requests first; the sender goes on once, after them.
  const answered = exchange.outcome === 'answered'
  switch (exchange.request.type) {
    case 'ProduceRequest':
      onProduceSettled(producer, exchange, context)
      if (answered) resumeSender(producer, context)
      return
    case 'MetadataRequest':
      onMetadataSettled(producer.metadata, producer.network, exchange, context)
      break
    default:
      onInitProducerIdSettled(producer, producer.idempotence as Idempotence, exchange, context)
  }
  if (answered) runSender(producer, context)
}

function networkOptions({ clientId, key, config }: ProducerOptions): NetworkOptions {
  return {
    clientId,
    key,
    inFlightMax: config.maxInFlightRequestsPerConnection,
    requestTimeoutMs: config.requestTimeoutMs,
    reconnectBackoff: {
      initialMs: config.reconnectBackoffMs,
      maxMs: config.reconnectBackoffMaxMs,
    },
    setupTimeout: {
      initialMs: config.socketConnectionSetupTimeoutMs,
      maxMs: config.socketConnectionSetupTimeoutMaxMs,
    },
  }
}

function emptyResult(): SendResult {
  return {
    record: { stream: -1, index: -1, key: null, value: null, bytes: 0, timestampMs: 0 },
    error: 'NONE',
    partition: -1,
    offset: -1,
    mayBeWritten: false,
  }
}
