/**
 * What a producer of the model reads from its configuration (KC 5, KC 1.7, KC 1.8).
 *
 * Idempotence is settled here as the Java client settles it: on by default, silently off when
 * another setting rules it out, an error when it was asked for. Left out: transactions,
 * levels of compression, interceptors.
 */

import type { Codec } from '../../record.ts'
import { codecNamed } from '../compression.ts'
import { producerProperties } from './producer-properties.ts'
import { createReader, type Properties, type Reader } from './reader.ts'

export interface ProducerConfig {
  readonly acks: 0 | 1 | -1
  /** Already settled against acks, retries and the in-flight limit. */
  readonly enableIdempotence: boolean
  readonly retries: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  /** Already raised where only the default was too small. */
  readonly deliveryTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly maxInFlightRequestsPerConnection: number
  readonly batchSize: number
  readonly compressionType: Codec | null
  readonly lingerMs: number
  readonly bufferMemory: number
  readonly maxBlockMs: number
  readonly maxRequestSize: number
  readonly partitionerIgnoreKeys: boolean
  readonly partitionerAdaptivePartitioningEnable: boolean
  readonly partitionerAvailabilityTimeoutMs: number
  readonly metadataMaxAgeMs: number
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
  readonly socketConnectionSetupTimeoutMs: number
  readonly socketConnectionSetupTimeoutMaxMs: number
}

/** A partition remembers five batches of a producer, so with more in flight order is not kept. */
const IDEMPOTENT_IN_FLIGHT_LIMIT = 5

/** Reads a producer's properties; throws `ConfigException` as the Java client would. */
export function producerConfig(properties: Properties): ProducerConfig {
  const read = createReader(producerProperties, properties)
  const acks = readAcks(read)
  const retries = read.int('retries')
  const inFlight = read.int('max.in.flight.requests.per.connection')
  return {
    acks,
    enableIdempotence: readIdempotence(read, acks, retries, inFlight),
    retries,
    retryBackoffMs: read.int('retry.backoff.ms'),
    retryBackoffMaxMs: read.int('retry.backoff.max.ms'),
    deliveryTimeoutMs: readDeliveryTimeout(read),
    requestTimeoutMs: read.int('request.timeout.ms'),
    maxInFlightRequestsPerConnection: inFlight,
    batchSize: read.int('batch.size'),
    compressionType: codecNamed(read.string('compression.type')),
    lingerMs: read.int('linger.ms'),
    bufferMemory: read.int('buffer.memory'),
    maxBlockMs: read.int('max.block.ms'),
    maxRequestSize: read.int('max.request.size'),
    partitionerIgnoreKeys: read.boolean('partitioner.ignore.keys'),
    partitionerAdaptivePartitioningEnable: read.boolean('partitioner.adaptive.partitioning.enable'),
    partitionerAvailabilityTimeoutMs: read.int('partitioner.availability.timeout.ms'),
    metadataMaxAgeMs: read.int('metadata.max.age.ms'),
    reconnectBackoffMs: read.int('reconnect.backoff.ms'),
    reconnectBackoffMaxMs: read.int('reconnect.backoff.max.ms'),
    socketConnectionSetupTimeoutMs: read.int('socket.connection.setup.timeout.ms'),
    socketConnectionSetupTimeoutMaxMs: read.int('socket.connection.setup.timeout.max.ms'),
  }
}

function readAcks(read: Reader): 0 | 1 | -1 {
  const word = read.string('acks')
  if (word === '0') return 0
  return word === '1' ? 1 : -1
}

function readIdempotence(read: Reader, acks: number, retries: number, inFlight: number): boolean {
  const wanted = read.boolean('enable.idempotence')
  const explicit = read.has('enable.idempotence')
  if (!wanted) return false
  if (acks !== -1) {
    if (explicit) read.refuse('acks', 'must be all, since enable.idempotence is true')
    return false
  }
  if (retries === 0) {
    if (explicit) read.refuse('retries', 'must be more than 0, since enable.idempotence is true')
    return false
  }
  if (inFlight > IDEMPOTENT_IN_FLIGHT_LIMIT) {
    if (explicit) {
      read.refuse(
        'max.in.flight.requests.per.connection',
        `must be at most ${IDEMPOTENT_IN_FLIGHT_LIMIT}, since enable.idempotence is true`,
      )
    }
    return false
  }
  return true
}

function readDeliveryTimeout(read: Reader): number {
  const delivery = read.int('delivery.timeout.ms')
  const least = read.int('linger.ms') + read.int('request.timeout.ms')
  if (delivery >= least) return delivery
  if (read.has('delivery.timeout.ms')) {
    read.refuse(
      'delivery.timeout.ms',
      `must be at least linger.ms + request.timeout.ms, which is ${least}`,
    )
  }
  return least
}
