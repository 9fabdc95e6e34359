import { expect, test } from 'vitest'
import { producerConfig } from '../../../../model/kafka/config/producer-config.ts'

test('a producer without properties is idempotent and waits for the whole ISR', () => {
  expect(producerConfig({})).toMatchObject({
    acks: -1,
    enableIdempotence: true,
    retries: 2_147_483_647,
    deliveryTimeoutMs: 120_000,
    maxInFlightRequestsPerConnection: 5,
    batchSize: 16_384,
    lingerMs: 0,
  })
})

test.each([
  ['all', -1],
  ['-1', -1],
  [-1, -1],
  ['1', 1],
  [1, 1],
  [0, 0],
])('acks=%s is %i', (acks, expected) => {
  expect(producerConfig({ acks }).acks).toBe(expected)
})

test.each([[{ acks: 1 }], [{ retries: 0 }], [{ 'max.in.flight.requests.per.connection': 6 }]])(
  'idempotence that nobody asked for is silently off with %j',
  (properties) => {
    expect(producerConfig(properties).enableIdempotence).toBe(false)
  },
)

test.each([
  [{ acks: 1 }, 'acks = 1: must be all'],
  [{ retries: 0 }, 'retries = 0: must be more than 0'],
  [{ 'max.in.flight.requests.per.connection': 6 }, 'must be at most 5'],
])('idempotence that somebody asked for refuses %j', (properties, sentence) => {
  const asked = { ...properties, 'enable.idempotence': true }

  expect(() => producerConfig(asked)).toThrow(sentence)
})

test('a delivery timeout that is too short is refused', () => {
  const properties = { 'delivery.timeout.ms': 30_000, 'linger.ms': 5 }

  expect(() => producerConfig(properties)).toThrow('at least linger.ms + request.timeout.ms')
})

test('the default delivery timeout is raised where another setting needs more', () => {
  expect(producerConfig({ 'request.timeout.ms': 200_000 }).deliveryTimeoutMs).toBe(200_000)
})
