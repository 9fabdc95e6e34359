/**
 * The topic properties of Kafka 3.9 that the model acts on, and with them all topic names.
 *
 * The default is the one Kafka documents; a topic that does not set a property really takes
 * the broker's value for it (`topicConfig`).
 */

import { listOf, type Property, type PropertyList, simulated } from './property.ts'
import { knownTopicProperties } from './topic-properties-known.ts'

const NEVER = Number.MAX_SAFE_INTEGER

const log: readonly Property[] = [
  simulated(
    'min.insync.replicas',
    1,
    { least: 1 },
    'Below it acks=all is refused (KB P3, P7, P11).',
  ),
  simulated(
    'unclean.leader.election.enable',
    false,
    {},
    'Whether a replica outside the ISR may lead when no other is left (KB C7).',
  ),
  simulated(
    'max.message.bytes',
    1_048_588,
    { unit: 'bytes', least: 0 },
    'A larger batch is refused (KB P4).',
  ),
  simulated(
    'compression.type',
    'producer',
    { words: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] },
    'What batches stand compressed with in the log; a leader writes others anew (KB 8).',
  ),
  simulated(
    'segment.bytes',
    1_073_741_824,
    { unit: 'bytes', least: 14 },
    'A full segment rolls and is flushed (KB L6, L7).',
  ),
  simulated(
    'segment.ms',
    604_800_000,
    { unit: 'ms', least: 1 },
    'A segment of this age rolls (KB L6).',
  ),
  simulated('segment.jitter.ms', 0, { unit: 'ms', least: 0 }, 'Spreads the rolls by age (KB L6).'),
  simulated(
    'flush.messages',
    NEVER,
    { least: 1 },
    'Records after which a partition is flushed (KB L8).',
  ),
  simulated(
    'flush.ms',
    NEVER,
    { unit: 'ms', least: 0 },
    'Age of unflushed records at which a partition is flushed (KB L8).',
  ),
  simulated(
    'cleanup.policy',
    'delete',
    { type: 'list' },
    'Only with delete in it are old segments deleted; nothing is compacted (KB L21).',
  ),
  simulated(
    'retention.ms',
    604_800_000,
    { unit: 'ms', least: -1 },
    'Segments whose newest record is older are deleted; -1: never (KB L21).',
  ),
  simulated(
    'message.timestamp.before.max.ms',
    NEVER,
    { unit: 'ms', least: 0 },
    'A batch whose newest record is older is refused (KB P4, HZ S01).',
  ),
  simulated(
    'message.timestamp.after.max.ms',
    NEVER,
    { unit: 'ms', least: 0 },
    'A batch whose newest record is further in the future is refused (KB P4).',
  ),
]

/** Every topic property of Kafka 3.9, by name. */
export const topicProperties: PropertyList = listOf(log, knownTopicProperties)
