/**
 * What a broker of the model reads from its configuration, as numbers and words of its own.
 *
 * Field names are Kafka's dotted names in camel case; values keep Kafka's unit, which the name
 * says. Defaults are those of KB 7. Left out: every property that this model does not act on.
 */

import { brokerProperties } from './broker-properties.ts'
import { createReader, type Properties, type Reader } from './reader.ts'

export interface BrokerConfig {
  // Topics that do not say otherwise.
  readonly numPartitions: number
  readonly defaultReplicationFactor: number
  readonly minInsyncReplicas: number
  readonly uncleanLeaderElectionEnable: boolean
  readonly messageMaxBytes: number

  // Log (KB 1.3, 1.4). `log.roll.ms` and `log.flush.interval.ms` are already resolved from the
  // coarser properties that they override.
  readonly compressionType: string
  readonly logSegmentBytes: number
  readonly logRollMs: number
  readonly logRollJitterMs: number
  readonly logFlushIntervalMessages: number
  readonly logFlushIntervalMs: number
  readonly logFlushSchedulerIntervalMs: number
  readonly logFlushOffsetCheckpointIntervalMs: number
  readonly logInitialTaskDelayMs: number

  // Retention (KB L21, P4). `log.retention.ms` is resolved as Kafka does; −1: for ever.
  readonly logCleanupPolicy: readonly string[]
  readonly logRetentionMs: number
  readonly logRetentionCheckIntervalMs: number
  readonly logMessageTimestampBeforeMaxMs: number
  readonly logMessageTimestampAfterMaxMs: number

  // Replication (KB 3).
  readonly replicaLagTimeMaxMs: number
  readonly replicaFetchWaitMaxMs: number
  readonly replicaFetchMinBytes: number
  readonly replicaFetchMaxBytes: number
  readonly replicaFetchResponseMaxBytes: number
  readonly replicaFetchBackoffMs: number
  readonly replicaSocketTimeoutMs: number
  readonly replicaHighWatermarkCheckpointIntervalMs: number
  readonly numReplicaFetchers: number

  // Controller and ZooKeeper (KB 4, KB 5).
  readonly controllerSocketTimeoutMs: number
  readonly controlledShutdownEnable: boolean
  readonly controlledShutdownMaxRetries: number
  readonly controlledShutdownRetryBackoffMs: number
  readonly zookeeperSessionTimeoutMs: number
  /** Falls back to the session timeout when it is not set. */
  readonly zookeeperConnectionTimeoutMs: number
  readonly zookeeperMaxInFlightRequests: number
  readonly autoLeaderRebalanceEnable: boolean
  readonly leaderImbalanceCheckIntervalSeconds: number
  readonly leaderImbalancePerBrokerPercentage: number

  // Requests (KB 8).
  readonly numNetworkThreads: number
  readonly numIoThreads: number
  readonly queuedMaxRequests: number
  readonly socketSendBufferBytes: number
  readonly socketReceiveBufferBytes: number
  readonly fetchMaxBytes: number

  // Idempotent producers (KB 2.4).
  readonly producerIdExpirationMs: number
  readonly producerIdExpirationCheckIntervalMs: number

  // Group coordinator (KC 3).
  readonly offsetsTopicReplicationFactor: number
  readonly offsetsTopicNumPartitions: number
  readonly offsetsCommitTimeoutMs: number
  readonly offsetsLoadBufferSize: number
  readonly offsetsCommitRequiredAcks: -1 | 0 | 1
  readonly groupInitialRebalanceDelayMs: number
  readonly groupMinSessionTimeoutMs: number
  readonly groupMaxSessionTimeoutMs: number
  readonly groupMaxSize: number
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Reads a broker's properties; throws `ConfigException` on a value out of range. */
export function brokerConfig(properties: Properties): BrokerConfig {
  const read = createReader(brokerProperties, properties)
  const config: BrokerConfig = {
    numPartitions: read.int('num.partitions'),
    defaultReplicationFactor: read.int('default.replication.factor'),
    minInsyncReplicas: read.int('min.insync.replicas'),
    uncleanLeaderElectionEnable: read.boolean('unclean.leader.election.enable'),
    messageMaxBytes: read.int('message.max.bytes'),

    compressionType: read.string('compression.type'),
    logSegmentBytes: read.int('log.segment.bytes'),
    logRollMs: read.optional('log.roll.ms') ?? read.int('log.roll.hours') * HOUR_MS,
    logRollJitterMs:
      read.optional('log.roll.jitter.ms') ?? read.int('log.roll.jitter.hours') * HOUR_MS,
    logFlushIntervalMessages: read.int('log.flush.interval.messages'),
    logFlushIntervalMs:
      read.optional('log.flush.interval.ms') ?? read.int('log.flush.scheduler.interval.ms'),
    logFlushSchedulerIntervalMs: read.int('log.flush.scheduler.interval.ms'),
    logFlushOffsetCheckpointIntervalMs: read.int('log.flush.offset.checkpoint.interval.ms'),
    logInitialTaskDelayMs: read.int('log.initial.task.delay.ms'),

    logCleanupPolicy: read.list('log.cleanup.policy'),
    logRetentionMs: retentionMs(read),
    logRetentionCheckIntervalMs: read.int('log.retention.check.interval.ms'),
    logMessageTimestampBeforeMaxMs: read.int('log.message.timestamp.before.max.ms'),
    logMessageTimestampAfterMaxMs: read.int('log.message.timestamp.after.max.ms'),

    replicaLagTimeMaxMs: read.int('replica.lag.time.max.ms'),
    replicaFetchWaitMaxMs: read.int('replica.fetch.wait.max.ms'),
    replicaFetchMinBytes: read.int('replica.fetch.min.bytes'),
    replicaFetchMaxBytes: read.int('replica.fetch.max.bytes'),
    replicaFetchResponseMaxBytes: read.int('replica.fetch.response.max.bytes'),
    replicaFetchBackoffMs: read.int('replica.fetch.backoff.ms'),
    replicaSocketTimeoutMs: read.int('replica.socket.timeout.ms'),
    replicaHighWatermarkCheckpointIntervalMs: read.int(
      'replica.high.watermark.checkpoint.interval.ms',
    ),
    numReplicaFetchers: read.int('num.replica.fetchers'),

    controllerSocketTimeoutMs: read.int('controller.socket.timeout.ms'),
    controlledShutdownEnable: read.boolean('controlled.shutdown.enable'),
    controlledShutdownMaxRetries: read.int('controlled.shutdown.max.retries'),
    controlledShutdownRetryBackoffMs: read.int('controlled.shutdown.retry.backoff.ms'),
    zookeeperSessionTimeoutMs: read.int('zookeeper.session.timeout.ms'),
    zookeeperConnectionTimeoutMs:
      read.optional('zookeeper.connection.timeout.ms') ?? read.int('zookeeper.session.timeout.ms'),
    zookeeperMaxInFlightRequests: read.int('zookeeper.max.in.flight.requests'),
    autoLeaderRebalanceEnable: read.boolean('auto.leader.rebalance.enable'),
    leaderImbalanceCheckIntervalSeconds: read.int('leader.imbalance.check.interval.seconds'),
    leaderImbalancePerBrokerPercentage: read.int('leader.imbalance.per.broker.percentage'),

    numNetworkThreads: read.int('num.network.threads'),
    numIoThreads: read.int('num.io.threads'),
    queuedMaxRequests: read.int('queued.max.requests'),
    socketSendBufferBytes: read.int('socket.send.buffer.bytes'),
    socketReceiveBufferBytes: read.int('socket.receive.buffer.bytes'),
    fetchMaxBytes: read.int('fetch.max.bytes'),

    producerIdExpirationMs: read.int('producer.id.expiration.ms'),
    producerIdExpirationCheckIntervalMs: read.int('producer.id.expiration.check.interval.ms'),

    offsetsTopicReplicationFactor: read.int('offsets.topic.replication.factor'),
    offsetsTopicNumPartitions: read.int('offsets.topic.num.partitions'),
    offsetsCommitTimeoutMs: read.int('offsets.commit.timeout.ms'),
    offsetsLoadBufferSize: read.int('offsets.load.buffer.size'),
    offsetsCommitRequiredAcks: read.int('offsets.commit.required.acks') as -1 | 0 | 1,
    groupInitialRebalanceDelayMs: read.int('group.initial.rebalance.delay.ms'),
    groupMinSessionTimeoutMs: read.int('group.min.session.timeout.ms'),
    groupMaxSessionTimeoutMs: read.int('group.max.session.timeout.ms'),
    groupMaxSize: read.int('group.max.size'),
  }
  refuseContradictions(config, read.refuse)
  return config
}

/** log.retention.ms, else .minutes, else .hours: the finest that is given counts. */
function retentionMs(read: Reader): number {
  const ms = read.optional('log.retention.ms')
  const minutes = read.optional('log.retention.minutes')
  const found =
    ms ?? (minutes === undefined ? read.int('log.retention.hours') * HOUR_MS : minutes * MINUTE_MS)
  return found < 0 ? -1 : found
}

function refuseContradictions(
  config: BrokerConfig,
  refuse: (name: string, sentence: string) => never,
): void {
  if (config.replicaFetchWaitMaxMs > config.replicaSocketTimeoutMs) {
    refuse(
      'replica.socket.timeout.ms',
      'must be at least replica.fetch.wait.max.ms, or every idle follower fetch times out',
    )
  }
  if (config.replicaFetchWaitMaxMs > config.replicaLagTimeMaxMs) {
    refuse(
      'replica.fetch.wait.max.ms',
      'must be at most replica.lag.time.max.ms, or the ISR shrinks whenever nobody writes',
    )
  }
  if (config.groupMinSessionTimeoutMs > config.groupMaxSessionTimeoutMs) {
    refuse('group.min.session.timeout.ms', 'must be at most group.max.session.timeout.ms')
  }
}
