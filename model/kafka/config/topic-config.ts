/**
 * What a partition reads from its topic's configuration.
 *
 * A topic property that is not set falls back to the broker property that Kafka names for it
 * (KB 7, names in brackets). Left out: compaction and deletion by size, which
 * this model does not run.
 */

import type { BrokerConfig } from './broker-config.ts'
import { createReader, type Properties } from './reader.ts'
import { topicProperties } from './topic-properties.ts'

export interface TopicConfig {
  readonly minInsyncReplicas: number
  readonly uncleanLeaderElectionEnable: boolean
  readonly maxMessageBytes: number
  /** `producer`: as the batch came. */
  readonly compressionType: string
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly flushMessages: number
  readonly flushMs: number
  /** cleanup.policy has `delete` in it. */
  readonly deletes: boolean
  /** −1: for ever. */
  readonly retentionMs: number
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
}

/** Reads a topic's own properties over the broker's defaults for topics. */
export function topicConfig(properties: Properties, broker: BrokerConfig): TopicConfig {
  const read = createReader(topicProperties, properties)
  return {
    minInsyncReplicas: read.given('min.insync.replicas') ?? broker.minInsyncReplicas,
    uncleanLeaderElectionEnable: read.has('unclean.leader.election.enable')
      ? read.boolean('unclean.leader.election.enable')
      : broker.uncleanLeaderElectionEnable,
    maxMessageBytes: read.given('max.message.bytes') ?? broker.messageMaxBytes,
    compressionType: read.has('compression.type')
      ? read.string('compression.type')
      : broker.compressionType,
    segmentBytes: read.given('segment.bytes') ?? broker.logSegmentBytes,
    segmentMs: read.given('segment.ms') ?? broker.logRollMs,
    segmentJitterMs: read.given('segment.jitter.ms') ?? broker.logRollJitterMs,
    flushMessages: read.given('flush.messages') ?? broker.logFlushIntervalMessages,
    flushMs: read.given('flush.ms') ?? broker.logFlushIntervalMs,
    deletes: read.has('cleanup.policy')
      ? read.list('cleanup.policy').includes('delete')
      : broker.logCleanupPolicy.includes('delete'),
    retentionMs: read.given('retention.ms') ?? broker.logRetentionMs,
    timestampBeforeMaxMs:
      read.given('message.timestamp.before.max.ms') ?? broker.logMessageTimestampBeforeMaxMs,
    timestampAfterMaxMs:
      read.given('message.timestamp.after.max.ms') ?? broker.logMessageTimestampAfterMaxMs,
  }
}
