/**
 * The producer properties of Kafka 3.9 that the model acts on (KC 5), and with them all
 * producer names.
 */

import { knownProducerProperties } from './producer-properties-known.ts'
import { listOf, type Property, type PropertyList, simulated } from './property.ts'

const ms = { unit: 'ms', least: 0 } as const
const bytes = { unit: 'bytes', least: 0 } as const

const delivery: readonly Property[] = [
  simulated(
    'acks',
    'all',
    { words: ['all', '-1', '0', '1'] },
    'What a send waits for: nothing, the leader, or the whole ISR (KB P10).',
  ),
  simulated(
    'enable.idempotence',
    true,
    {},
    'Whether brokers recognise a batch that is sent twice (KC 1.8).',
  ),
  simulated(
    'retries',
    2_147_483_647,
    { least: 0, most: 2_147_483_647 },
    'How often a batch is sent again; the delivery timeout bounds it first (KC 1.7).',
  ),
  simulated('retry.backoff.ms', 100, ms, 'First pause before a batch is sent again (KC 1.3).'),
  simulated('retry.backoff.max.ms', 1_000, ms, 'Longest pause between attempts (KC 1.3).'),
  simulated(
    'delivery.timeout.ms',
    120_000,
    ms,
    'From send to outcome: after it a batch is given up (KC 1.7).',
  ),
  simulated(
    'request.timeout.ms',
    30_000,
    ms,
    'How long a request waits before its connection is closed (KC 1.6).',
  ),
  simulated(
    'max.in.flight.requests.per.connection',
    5,
    { least: 1 },
    'Unanswered requests towards one broker (KC 1.6, 1.7).',
  ),
]

const batching: readonly Property[] = [
  simulated('batch.size', 16_384, bytes, 'Bytes at which a batch is full (KC 1.2, 1.3).'),
  simulated(
    'compression.type',
    'none',
    { words: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
    'What batches are compressed with: how many bytes they have, and work at both ends (KB 8).',
  ),
  simulated('linger.ms', 0, ms, 'How long a batch waits for more records (KC 1.3).'),
  simulated('buffer.memory', 33_554_432, bytes, 'Bytes of unsent batches; then send blocks.'),
  simulated('max.block.ms', 60_000, ms, 'How long send waits for room or metadata (KC 1.2).'),
  simulated('max.request.size', 1_048_576, bytes, 'Bytes of one produce request (KC 1.5).'),
  simulated(
    'partitioner.ignore.keys',
    false,
    {},
    'Whether records with a key are spread like records without (KC 1.4).',
  ),
  simulated(
    'partitioner.adaptive.partitioning.enable',
    true,
    {},
    'Whether records without a key prefer partitions with short queues (KC 1.4).',
  ),
  simulated(
    'partitioner.availability.timeout.ms',
    0,
    ms,
    'A partition whose broker is not drained for so long is avoided; 0: never (KC 1.4).',
  ),
]

const connections: readonly Property[] = [
  simulated('metadata.max.age.ms', 300_000, ms, 'Age at which metadata is asked anew (KC 1.6).'),
  simulated('reconnect.backoff.ms', 50, ms, 'First pause before a new connection (KC 1.6).'),
  simulated('reconnect.backoff.max.ms', 1_000, ms, 'Longest pause between connections (KC 1.6).'),
  simulated(
    'socket.connection.setup.timeout.ms',
    10_000,
    { unit: 'ms' },
    'First limit of a handshake (KC 1.6).',
  ),
  simulated(
    'socket.connection.setup.timeout.max.ms',
    30_000,
    { unit: 'ms' },
    'Longest limit of a handshake (KC 1.6).',
  ),
]

/** Every producer property of Kafka 3.9, by name. */
export const producerProperties: PropertyList = listOf(
  delivery,
  batching,
  connections,
  knownProducerProperties,
)
