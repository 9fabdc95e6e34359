/**
 * The producer properties of Kafka 3.9 that change nothing here, with the reason.
 *
 * Names, types and defaults are facts of 3.9.0. The list is whole, so that a name outside of it
 * is a slip of the pen and not one of Kafka's.
 */

import { known, type Property } from './property.ts'
import { clientSecurityProperties } from './security-properties.ts'

const scenario = known(
  'The scenario says who the client is, where it connects and what it sends.',
  [
    ['bootstrap.servers', 'list', ''],
    ['client.dns.lookup', 'string', 'use_all_dns_ips'],
    ['client.id', 'string', ''],
    ['interceptor.classes', 'list', ''],
    ['key.serializer', 'class', null],
    ['partitioner.class', 'class', null],
    ['value.serializer', 'class', null],
  ],
)

const metrics = known('The simulation measures for itself.', [
  ['auto.include.jmx.reporter', 'boolean', true],
  ['enable.metrics.push', 'boolean', true],
  ['metric.reporters', 'list', ''],
  ['metrics.num.samples', 'int', 2],
  ['metrics.recording.level', 'string', 'INFO'],
  ['metrics.sample.window.ms', 'long', 30_000],
])

const transactions = known('Transactions are not in this version.', [
  ['transaction.timeout.ms', 'int', 60_000],
  ['transactional.id', 'string', null],
])

const records = known('A codec has one level here.', [
  ['compression.gzip.level', 'int', -1],
  ['compression.lz4.level', 'int', 9],
  ['compression.zstd.level', 'int', 3],
])

const transport = known('Sockets are those of the simulated network; brokers keep their names.', [
  ['metadata.recovery.strategy', 'string', 'none'],
  ['receive.buffer.bytes', 'int', 32_768],
  ['send.buffer.bytes', 'int', 131_072],
])

const idle = known('What is idle stays: connections, and topics that were asked for once.', [
  ['connections.max.idle.ms', 'long', 540_000],
  ['metadata.max.idle.ms', 'long', 300_000],
])

export const knownProducerProperties: readonly Property[] = [
  ...scenario,
  ...metrics,
  ...transactions,
  ...records,
  ...transport,
  ...idle,
  ...clientSecurityProperties,
]
