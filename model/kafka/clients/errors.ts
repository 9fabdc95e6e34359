/**
 * How the Java client classes errors: which can pass, and which say that its metadata is old (KC
 * 1.7).
 */

import type { KafkaError } from '../errors.ts'
import type { SendError } from './producer/state.ts'

/** RetriableException: it can pass. */
const retriable: ReadonlySet<SendError> = new Set<KafkaError>([
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_CONTROLLER',
  'CONCURRENT_TRANSACTIONS',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_ID',
])

/** InvalidMetadataException: what the client knows of the cluster is old. */
const invalidMetadata: ReadonlySet<SendError> = new Set<KafkaError>([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
])

export function isRetriable(error: SendError): boolean {
  return retriable.has(error)
}

export function isInvalidMetadata(error: SendError): boolean {
  return error !== 'NONE' && invalidMetadata.has(error)
}

/** A TimeoutException, after which many an application sends the same again. */
export function isTimeout(error: SendError): boolean {
  return (
    error === 'DELIVERY_TIMEOUT' ||
    error === 'REQUEST_TIMED_OUT' ||
    error === 'METADATA_TIMEOUT' ||
    error === 'BUFFER_EXHAUSTED'
  )
}
