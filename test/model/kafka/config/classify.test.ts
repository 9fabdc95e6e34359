import { expect, test } from 'vitest'
import { classify } from '../../../../model/kafka/config/classify.ts'

test.each([
  ['broker', 'min.insync.replicas', 'simulated'],
  ['broker', 'log.retention.hours', 'simulated'],
  ['broker', 'log.retention.bytes', 'known'],
  ['broker', 'listener.name.internal.ssl.keystore.location', 'known'],
  ['broker', 'log.retention.houres', 'unknown'],
  ['broker', 'acks', 'unknown'],
  ['topic', 'retention.bytes', 'known'],
  ['topic', 'log.segment.bytes', 'unknown'],
  ['producer', 'linger.ms', 'simulated'],
  ['producer', 'compression.gzip.level', 'known'],
  ['consumer', 'group.instance.id', 'known'],
  ['zookeeper', 'tickTime', 'simulated'],
  ['zookeeper', 'server.1', 'known'],
  ['zookeeper', 'tiktime', 'unknown'],
] as const)('for a %s, %s is %s', (kind, name, expected) => {
  expect(classify(kind, name).class).toBe(expected)
})
