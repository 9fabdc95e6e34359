/**
 * The broker properties of Kafka 3.9 that the model acts on (KB 7, KC 5), and with them the
 * whole list of broker names.
 *
 * A sentence says what the property does here and names the rule behind it.
 */

import { knownBrokerProperties } from './broker-properties-known.ts'
import { listOf, type Property, type PropertyList, simulated } from './property.ts'

/** Kafka writes 2^63 - 1 for "never". */
const NEVER = Number.MAX_SAFE_INTEGER
const positive = { least: 1 }
const positiveMs = { unit: 'ms', least: 1 } as const
const ms = { unit: 'ms' } as const
const bytes = { unit: 'bytes' } as const

const topics: readonly Property[] = [
  simulated('num.partitions', 1, positive, 'Partitions of a topic that does not say how many.'),
  simulated('default.replication.factor', 1, positive, 'Replicas of a topic that does not say.'),
  simulated('min.insync.replicas', 1, positive, 'Below it acks=all is refused (KB P3, P7, P11).'),
  simulated(
    'unclean.leader.election.enable',
    false,
    {},
    'Whether a replica outside the ISR may lead when no other is left (KB C7).',
  ),
  simulated(
    'message.max.bytes',
    1_048_588,
    { unit: 'bytes', least: 0 },
    'A larger batch is refused (KB P4).',
  ),
]

const log: readonly Property[] = [
  simulated(
    'compression.type',
    'producer',
    { words: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] },
    'What batches stand compressed with where their topic does not say (KB 8).',
  ),
  simulated(
    'log.segment.bytes',
    1_073_741_824,
    { unit: 'bytes', least: 14 },
    'A full segment rolls and is flushed (KB L6, L7).',
  ),
  simulated(
    'log.roll.ms',
    null,
    { type: 'long', ...positiveMs },
    'A segment of this age rolls; overrides log.roll.hours (KB L6).',
  ),
  simulated('log.roll.hours', 168, { unit: 'h', least: 1 }, 'A segment of this age rolls (KB L6).'),
  simulated(
    'log.roll.jitter.ms',
    null,
    { type: 'long', unit: 'ms', least: 0 },
    'Spreads the rolls by age; overrides log.roll.jitter.hours (KB L6).',
  ),
  simulated(
    'log.roll.jitter.hours',
    0,
    { unit: 'h', least: 0 },
    'Spreads the rolls by age (KB L6).',
  ),
  simulated(
    'log.flush.interval.messages',
    NEVER,
    positive,
    'Records after which a partition is flushed (KB L8).',
  ),
  simulated(
    'log.flush.interval.ms',
    null,
    { type: 'long', ...ms },
    'Age of unflushed records at which a partition is flushed (KB L8).',
  ),
  simulated(
    'log.flush.scheduler.interval.ms',
    NEVER,
    ms,
    'How often the flusher looks for partitions to flush (KB L8).',
  ),
  simulated(
    'log.flush.offset.checkpoint.interval.ms',
    60_000,
    { unit: 'ms', least: 0 },
    'How often recovery points are written (KB L10, L13).',
  ),
  simulated(
    'log.initial.task.delay.ms',
    30_000,
    { unit: 'ms', least: 0 },
    'Before the first checkpoint and the first look at retention (KB L21).',
  ),
  simulated(
    'log.cleanup.policy',
    'delete',
    { type: 'list' },
    'Only with delete in it are old segments deleted; nothing is compacted (KB L21).',
  ),
  simulated(
    'log.retention.ms',
    null,
    { type: 'long', unit: 'ms', least: -1 },
    'Segments whose newest record is older are deleted; overrides minutes and hours (KB L21).',
  ),
  simulated(
    'log.retention.minutes',
    null,
    { type: 'int', unit: 'min', least: -1 },
    'The same in minutes; overrides log.retention.hours (KB L21).',
  ),
  simulated('log.retention.hours', 168, { unit: 'h', least: -1 }, 'The same in hours (KB L21).'),
  simulated(
    'log.retention.check.interval.ms',
    300_000,
    positiveMs,
    'How often a broker looks for segments to delete (KB L21).',
  ),
  simulated(
    'log.message.timestamp.before.max.ms',
    NEVER,
    { unit: 'ms', least: 0 },
    'A batch whose newest record is older is refused (KB P4, HZ S01).',
  ),
  simulated(
    'log.message.timestamp.after.max.ms',
    NEVER,
    { unit: 'ms', least: 0 },
    'A batch whose newest record is further in the future is refused (KB P4).',
  ),
]

const replication: readonly Property[] = [
  simulated(
    'replica.lag.time.max.ms',
    30_000,
    ms,
    'A follower that has not caught up for so long leaves the ISR (KB F19, P8).',
  ),
  simulated(
    'replica.fetch.wait.max.ms',
    500,
    ms,
    'How long a leader holds an empty follower fetch (KB F8, F13).',
  ),
  simulated(
    'replica.fetch.min.bytes',
    1,
    bytes,
    'Bytes that complete a held follower fetch (KB F13).',
  ),
  simulated(
    'replica.fetch.max.bytes',
    1_048_576,
    { unit: 'bytes', least: 0 },
    'Bytes of one partition in a follower fetch (KB F4).',
  ),
  simulated(
    'replica.fetch.response.max.bytes',
    10_485_760,
    { unit: 'bytes', least: 0 },
    'Bytes of one follower fetch (KB F4).',
  ),
  simulated(
    'replica.fetch.backoff.ms',
    1_000,
    { unit: 'ms', least: 0 },
    'Pause of a fetcher after an error (KB F16).',
  ),
  simulated('num.replica.fetchers', 1, {}, 'Fetcher threads towards each leading broker (KB F12).'),
  simulated(
    'replica.socket.timeout.ms',
    30_000,
    ms,
    'How long a fetcher waits for an answer (KB F12).',
  ),
  simulated(
    'replica.high.watermark.checkpoint.interval.ms',
    5_000,
    ms,
    'How often high watermarks are written (KB L10).',
  ),
]

const coordination: readonly Property[] = [
  simulated(
    'controller.socket.timeout.ms',
    30_000,
    ms,
    'How long controller and brokers wait for each other before they ask again (KB C15, F22).',
  ),
  simulated(
    'controlled.shutdown.enable',
    true,
    {},
    'Whether a broker has its leaderships moved before it ends in good order (KB C12).',
  ),
  simulated('controlled.shutdown.max.retries', 3, positive, 'How often it asks (KB C12).'),
  simulated('controlled.shutdown.retry.backoff.ms', 5_000, ms, 'Between two attempts (KB C12).'),
  simulated(
    'zookeeper.session.timeout.ms',
    18_000,
    ms,
    'Asked of the ensemble; a broker silent for so long is dead to the controller (KB Z1).',
  ),
  simulated(
    'zookeeper.connection.timeout.ms',
    null,
    { type: 'long', ...ms },
    'How long a starting broker waits for the ensemble; the session timeout unless set.',
  ),
  simulated(
    'zookeeper.max.in.flight.requests',
    10,
    positive,
    'Requests a broker sends to the ensemble before it waits (KB Z7).',
  ),
  simulated(
    'auto.leader.rebalance.enable',
    true,
    {},
    'Whether the controller gives leadership back to preferred replicas (KB C13).',
  ),
  simulated(
    'leader.imbalance.check.interval.seconds',
    300,
    { type: 'long', least: 1 },
    'How often it looks for brokers that lead too little (KB C13).',
  ),
  simulated(
    'leader.imbalance.per.broker.percentage',
    10,
    { least: 0 },
    'Share of the partitions it is preferred for that may be led elsewhere (KB C13).',
  ),
]

const requests: readonly Property[] = [
  simulated('num.network.threads', 3, positive, 'Servers of the network station (KB 8).'),
  simulated('num.io.threads', 8, positive, 'Servers of the request handler station (KB 8).'),
  simulated('queued.max.requests', 500, positive, 'Bound of the request queue (KB 8).'),
  simulated(
    'socket.send.buffer.bytes',
    102_400,
    bytes,
    'Bytes that wait in a connection towards the client (KB 8).',
  ),
  simulated(
    'socket.receive.buffer.bytes',
    102_400,
    bytes,
    'Bytes that wait in a connection towards the broker (KB 8).',
  ),
  simulated(
    'fetch.max.bytes',
    57_671_680,
    { unit: 'bytes', least: 1_024 },
    'Bytes of one fetch response, whatever the client asks (KB F4).',
  ),
]

const producers: readonly Property[] = [
  simulated(
    'producer.id.expiration.ms',
    86_400_000,
    positiveMs,
    'How long a partition remembers an idle producer (KB P17).',
  ),
  simulated(
    'producer.id.expiration.check.interval.ms',
    600_000,
    positiveMs,
    'How often idle producers are forgotten (KB P17).',
  ),
]

const groups: readonly Property[] = [
  simulated(
    'offsets.topic.replication.factor',
    3,
    positive,
    'Replicas of the partitions that keep groups and their commits (KC 3.1).',
  ),
  simulated(
    'offsets.topic.num.partitions',
    50,
    positive,
    'Partitions that keep groups, so how many coordinators there can be (KC 3.1).',
  ),
  simulated(
    'offsets.load.buffer.size',
    5_242_880,
    { unit: 'bytes', least: 1 },
    'What a new coordinator reads at a time from its log (KC 3.5).',
  ),
  simulated(
    'offsets.commit.timeout.ms',
    5_000,
    positiveMs,
    'How long a commit waits to be replicated (KC 3.4).',
  ),
  simulated(
    'offsets.commit.required.acks',
    -1,
    { type: 'int', least: -1, most: 1 },
    'What a commit waits for: nothing, the leader, or the whole ISR (KC 3.4).',
  ),
  simulated(
    'group.initial.rebalance.delay.ms',
    3_000,
    ms,
    'How long an empty group waits for more members (KC 3.2).',
  ),
  simulated(
    'group.min.session.timeout.ms',
    6_000,
    ms,
    'A member that asks for less is refused (KC 3.3).',
  ),
  simulated(
    'group.max.session.timeout.ms',
    1_800_000,
    ms,
    'A member that asks for more is refused (KC 3.3).',
  ),
  simulated('group.max.size', 2_147_483_647, positive, 'One member more is refused (KC 3.3).'),
]

/** Every broker property of Kafka 3.9, by name. */
export const brokerProperties: PropertyList = listOf(
  topics,
  log,
  replication,
  coordination,
  requests,
  producers,
  groups,
  knownBrokerProperties,
)
