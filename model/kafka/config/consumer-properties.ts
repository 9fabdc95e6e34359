/**
 * The consumer properties of Kafka 3.9 that the model acts on (KC 5), and with them all
 * consumer names.
 */

import { knownConsumerProperties } from './consumer-properties-known.ts'
import { listOf, type Property, type PropertyList, simulated } from './property.ts'

const ms = { unit: 'ms', least: 0 } as const
const bytes = { unit: 'bytes', least: 0 } as const

const membership: readonly Property[] = [
  simulated(
    'session.timeout.ms',
    45_000,
    { unit: 'ms' },
    'A member silent for so long is removed from its group (KC 3.3).',
  ),
  simulated('heartbeat.interval.ms', 3_000, { unit: 'ms' }, 'Pause between heartbeats (KC 2).'),
  simulated(
    'max.poll.interval.ms',
    300_000,
    { unit: 'ms', least: 1 },
    'A member that does not poll for so long leaves; also the rebalance timeout (KC 2).',
  ),
  simulated(
    'partition.assignment.strategy',
    'range,cooperative-sticky',
    { type: 'list' },
    'Who gets which partition: range and round-robin are simulated (KC 2).',
  ),
]

const fetching: readonly Property[] = [
  simulated('max.poll.records', 500, { least: 1 }, 'Records that one poll returns (KC 2).'),
  simulated('fetch.min.bytes', 1, bytes, 'Bytes that complete a held fetch (KB F8).'),
  simulated('fetch.max.wait.ms', 500, ms, 'How long a broker holds a fetch (KB F8).'),
  simulated('fetch.max.bytes', 52_428_800, bytes, 'Bytes of one fetch (KB F4).'),
  simulated('max.partition.fetch.bytes', 1_048_576, bytes, 'Bytes of one partition in a fetch.'),
  simulated(
    'auto.offset.reset',
    'latest',
    { words: ['latest', 'earliest', 'none'] },
    'Where a partition without a valid commit begins (KC 2).',
  ),
  simulated(
    'isolation.level',
    'read_uncommitted',
    { words: ['read_uncommitted', 'read_committed'] },
    'How far a fetch reads: to the high watermark or to the last stable offset (KB F4).',
  ),
]

const committing: readonly Property[] = [
  simulated('enable.auto.commit', true, {}, 'Whether poll commits by itself (KC 2).'),
  simulated('auto.commit.interval.ms', 5_000, ms, 'Pause between commits of poll (KC 2).'),
  simulated('default.api.timeout.ms', 60_000, ms, 'How long commitSync goes on trying (KC 2).'),
]

const connections: readonly Property[] = [
  simulated('request.timeout.ms', 30_000, ms, 'How long a request waits for its answer.'),
  simulated('retry.backoff.ms', 100, ms, 'First pause before a request is sent again.'),
  simulated('retry.backoff.max.ms', 1_000, ms, 'Longest pause between attempts.'),
  simulated('metadata.max.age.ms', 300_000, ms, 'Age at which metadata is asked anew.'),
  simulated('reconnect.backoff.ms', 50, ms, 'First pause before a new connection.'),
  simulated('reconnect.backoff.max.ms', 1_000, ms, 'Longest pause between connections.'),
  simulated(
    'socket.connection.setup.timeout.ms',
    10_000,
    { unit: 'ms' },
    'First limit of a handshake.',
  ),
  simulated(
    'socket.connection.setup.timeout.max.ms',
    30_000,
    { unit: 'ms' },
    'Longest limit of a handshake.',
  ),
]

/** Every consumer property of Kafka 3.9, by name. */
export const consumerProperties: PropertyList = listOf(
  membership,
  fetching,
  committing,
  connections,
  knownConsumerProperties,
)
