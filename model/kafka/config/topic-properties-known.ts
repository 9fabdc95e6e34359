/**
 * The topic properties of Kafka 3.9 that change nothing here, each group with the reason.
 *
 * Names, types and defaults are facts of 3.9.0. The list is whole, so that a name outside of it
 * is a slip of the pen and not one of Kafka's.
 */

import { known, type Property } from './property.ts'

/** Kafka writes 2^63 - 1 for "never". */
const NEVER = Number.MAX_SAFE_INTEGER

const tiered = known('Logs stay on the disks of the brokers here.', [
  ['local.retention.bytes', 'long', -2],
  ['local.retention.ms', 'long', -2],
  ['remote.log.copy.disable', 'boolean', false],
  ['remote.log.delete.on.disable', 'boolean', false],
  ['remote.storage.enable', 'boolean', false],
])

const quotas = known('No quota holds anybody back here.', [
  ['follower.replication.throttled.replicas', 'list', ''],
  ['leader.replication.throttled.replicas', 'list', ''],
])

const retention = known('Nothing is deleted by size and nothing is compacted in this version.', [
  ['delete.retention.ms', 'long', 86_400_000],
  ['file.delete.delay.ms', 'long', 60_000],
  ['index.interval.bytes', 'int', 4_096],
  ['max.compaction.lag.ms', 'long', NEVER],
  ['min.cleanable.dirty.ratio', 'double', 0.5],
  ['min.compaction.lag.ms', 'long', 0],
  ['preallocate', 'boolean', false],
  ['retention.bytes', 'long', -1],
  ['segment.index.bytes', 'int', 10_485_760],
])

const records = known('Records keep their timestamps, and a codec has one level.', [
  ['compression.gzip.level', 'int', -1],
  ['compression.lz4.level', 'int', 9],
  ['compression.zstd.level', 'int', 3],
  ['message.downconversion.enable', 'boolean', true],
  ['message.format.version', 'string', '3.0-IV1'],
  ['message.timestamp.difference.max.ms', 'long', NEVER],
  ['message.timestamp.type', 'string', 'CreateTime'],
])

export const knownTopicProperties: readonly Property[] = [
  ...tiered,
  ...quotas,
  ...retention,
  ...records,
]
