import { expect, test } from 'vitest'
import { consumerConfig } from '../../../../model/kafka/config/consumer-config.ts'

test('a consumer without properties has the values of Kafka 3.9', () => {
  expect(consumerConfig({})).toMatchObject({
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 3_000,
    maxPollIntervalMs: 300_000,
    maxPollRecords: 500,
    enableAutoCommit: true,
    autoOffsetReset: 'latest',
    isolationLevel: 'read_uncommitted',
    partitionAssignmentStrategy: ['range'],
  })
})

test('assignors are found by class or by short name, in their order', () => {
  const property = 'partition.assignment.strategy'
  const java = 'org.apache.kafka.clients.consumer.RoundRobinAssignor, range'

  expect(consumerConfig({ [property]: java }).partitionAssignmentStrategy).toEqual([
    'roundrobin',
    'range',
  ])
})

test('a consumer with no assignor that is simulated is refused', () => {
  const properties = { 'partition.assignment.strategy': 'cooperative-sticky' }

  expect(() => consumerConfig(properties)).toThrow('the range or the round-robin assignor')
})

test('a heartbeat that is no shorter than the session is refused', () => {
  const properties = { 'heartbeat.interval.ms': 6_000, 'session.timeout.ms': 6_000 }

  expect(() => consumerConfig(properties)).toThrow('must be less than session.timeout.ms')
})
