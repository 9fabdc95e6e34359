/**
 * What a consumer of the model reads from its configuration (KC 5, KC 2).
 *
 * The group, the topics and the application come from the scenario, not from properties.
 * Left out: the consumer protocol of KIP-848, static membership, interceptors.
 */

import { consumerProperties } from './consumer-properties.ts'
import { createReader, type Properties } from './reader.ts'

export type Assignor = 'range' | 'roundrobin'

export interface ConsumerConfig {
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  readonly maxPollIntervalMs: number
  readonly maxPollRecords: number
  readonly fetchMinBytes: number
  readonly fetchMaxWaitMs: number
  readonly fetchMaxBytes: number
  readonly maxPartitionFetchBytes: number
  readonly enableAutoCommit: boolean
  readonly autoCommitIntervalMs: number
  readonly autoOffsetReset: 'latest' | 'earliest' | 'none'
  readonly isolationLevel: 'read_uncommitted' | 'read_committed'
  /** In the order of preference; cooperative assignors are left out, the rest stand. */
  readonly partitionAssignmentStrategy: readonly Assignor[]
  readonly defaultApiTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly metadataMaxAgeMs: number
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
  readonly socketConnectionSetupTimeoutMs: number
  readonly socketConnectionSetupTimeoutMaxMs: number
}

/** Reads a consumer's properties; throws `ConfigException` as the Java client would. */
export function consumerConfig(properties: Properties): ConsumerConfig {
  const read = createReader(consumerProperties, properties)
  const config: ConsumerConfig = {
    sessionTimeoutMs: read.int('session.timeout.ms'),
    heartbeatIntervalMs: read.int('heartbeat.interval.ms'),
    maxPollIntervalMs: read.int('max.poll.interval.ms'),
    maxPollRecords: read.int('max.poll.records'),
    fetchMinBytes: read.int('fetch.min.bytes'),
    fetchMaxWaitMs: read.int('fetch.max.wait.ms'),
    fetchMaxBytes: read.int('fetch.max.bytes'),
    maxPartitionFetchBytes: read.int('max.partition.fetch.bytes'),
    enableAutoCommit: read.boolean('enable.auto.commit'),
    autoCommitIntervalMs: read.int('auto.commit.interval.ms'),
    autoOffsetReset: read.oneOf('auto.offset.reset', ['latest', 'earliest', 'none']),
    isolationLevel: read.oneOf('isolation.level', ['read_uncommitted', 'read_committed']),
    partitionAssignmentStrategy: assignors(read.list('partition.assignment.strategy')),
    defaultApiTimeoutMs: read.int('default.api.timeout.ms'),
    requestTimeoutMs: read.int('request.timeout.ms'),
    retryBackoffMs: read.int('retry.backoff.ms'),
    retryBackoffMaxMs: read.int('retry.backoff.max.ms'),
    metadataMaxAgeMs: read.int('metadata.max.age.ms'),
    reconnectBackoffMs: read.int('reconnect.backoff.ms'),
    reconnectBackoffMaxMs: read.int('reconnect.backoff.max.ms'),
    socketConnectionSetupTimeoutMs: read.int('socket.connection.setup.timeout.ms'),
    socketConnectionSetupTimeoutMaxMs: read.int('socket.connection.setup.timeout.max.ms'),
  }
  if (config.partitionAssignmentStrategy.length === 0) {
    read.refuse('partition.assignment.strategy', 'must name the range or the round-robin assignor')
  }
  if (config.heartbeatIntervalMs >= config.sessionTimeoutMs) {
    read.refuse('heartbeat.interval.ms', 'must be less than session.timeout.ms')
  }
  return config
}

/** Kafka names an assignor by its class; the short names are the ones the protocol carries. */
function assignors(names: readonly string[]): readonly Assignor[] {
  const found: Assignor[] = []
  for (const name of names) {
    const short = name.slice(name.lastIndexOf('.') + 1)
    if (short === 'RangeAssignor' || short === 'range') found.push('range')
    if (short === 'RoundRobinAssignor' || short === 'roundrobin') found.push('roundrobin')
  }
  return found
}
