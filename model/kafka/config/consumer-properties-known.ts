/**
 * The consumer properties of Kafka 3.9 that change nothing here, with the reason.
 *
 * Names, types and defaults are facts of 3.9.0. The list is whole, so that a name outside of it
 * is a slip of the pen and not one of Kafka's.
 */

import { known, type Property } from './property.ts'
import { clientSecurityProperties } from './security-properties.ts'

const scenario = known(
  'The scenario says who the client is, where it connects and what it reads.',
  [
    ['allow.auto.create.topics', 'boolean', true],
    ['bootstrap.servers', 'list', ''],
    ['client.dns.lookup', 'string', 'use_all_dns_ips'],
    ['client.id', 'string', ''],
    ['client.rack', 'string', ''],
    ['exclude.internal.topics', 'boolean', true],
    ['group.id', 'string', null],
    ['interceptor.classes', 'list', ''],
    ['key.deserializer', 'class', null],
    ['value.deserializer', 'class', null],
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

const membership = known('Only the classic group protocol with dynamic members is simulated.', [
  ['group.instance.id', 'string', null],
  ['group.protocol', 'string', 'classic'],
  ['group.remote.assignor', 'string', null],
  ['internal.leave.group.on.close', 'boolean', true],
  ['internal.throw.on.fetch.stable.offset.unsupported', 'boolean', false],
])

const checksums = known(
  'Checksums are always looked at; the guard consumer.checksum is the switch.',
  [['check.crcs', 'boolean', true]],
)

const idle = known('Idle connections stay.', [['connections.max.idle.ms', 'long', 540_000]])

const transport = known('Sockets are those of the simulated network; brokers keep their names.', [
  ['metadata.recovery.strategy', 'string', 'none'],
  ['receive.buffer.bytes', 'int', 65_536],
  ['send.buffer.bytes', 'int', 131_072],
])

export const knownConsumerProperties: readonly Property[] = [
  ...scenario,
  ...metrics,
  ...membership,
  ...checksums,
  ...idle,
  ...transport,
  ...clientSecurityProperties,
]
