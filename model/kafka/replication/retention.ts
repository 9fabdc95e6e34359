/**
 * Retention: whole segments are deleted, oldest first, when their newest record is old enough by
 * the broker's wall clock (KB L21, HZ S01).
 *
 * How old a record is, its own timestamp says, and that is the producer's clock: a record of a
 * clock that is behind is old when it comes. Leader and follower judge each by itself. Left out:
 * deletion by size, the delay before the files go, and the task itself where all topics keep their
 * records for a day and more: no run lasts as long.
 */

import type { Broker, BrokerContext, BrokerOptions } from '../broker-state.ts'
import type { TopicConfig } from '../config/topic-config.ts'
import { rollInBackground } from './flush.ts'
import { failDirectory } from './offline.ts'
import { isOffsetsPartition } from './partition.ts'
import { Probe } from './probes.ts'
import type { Partition } from './state.ts'

const DAY_MS = 86_400_000

/** Whether anything could be old enough within a run. */
export function mayExpire({ topics, topicConfig }: BrokerOptions): boolean {
  return topics.names().some((name) => expires(topicConfig(name)))
}

function expires({ deletes, retentionMs }: TopicConfig): boolean {
  return deletes && retentionMs >= 0 && retentionMs < DAY_MS
}

/** Starts the task, where no topic needed it before this one was altered. */
export function expireOldRecords(self: Broker, altered: TopicConfig, context: BrokerContext): void {
  if (!expires(altered) || self.replicas.checksRetention) return
  self.replicas.checksRetention = true
  context.setTimer('checkRetention', 0, self.options.config.logRetentionCheckIntervalMs * 1000)
}

/** Timer `checkRetention`: log.retention.check.interval.ms. */
export function deleteExpired(self: Broker, context: BrokerContext): void {
  const nowMs = context.wallMs()
  for (const partition of self.replicas.partitions.values()) {
    const { config, directory } = partition
    if (directory.offline || !config.deletes || isOffsetsPartition(self, partition.id)) continue
    if (config.retentionMs >= 0) deleteBefore(self, partition, nowMs - config.retentionMs, context)
  }
}

function deleteBefore(
  self: Broker,
  partition: Partition,
  timestampMs: number,
  context: BrokerContext,
): void {
  const { log } = partition
  const count = log.segmentsBefore(timestampMs)
  if (count === 0) return
  // A log always has an active segment.
  if (count === log.segments.length) rollInBackground(self, partition, context)
  const outcome = log.deleteSegments(count)
  context.probe(Probe.logSegmentsDeleted, partition.id)
  const { facts, id } = self.options
  facts?.trimmed(id, partition.id, log.startOffset)
  if (outcome !== 'ok') failDirectory(self, partition.directory, context)
}
