import { expect, test } from 'vitest'
import { propertyLists } from '../../../../model/kafka/config/classify.ts'
import { known, listOf, rangeSentence, simulated } from '../../../../model/kafka/config/property.ts'
import { validate } from '../../../../model/kafka/config/reader.ts'

test('the lists hold every name of Kafka 3.9', () => {
  const sizes = Object.entries(propertyLists).map(([kind, list]) => [kind, list.size])

  expect(Object.fromEntries(sizes)).toEqual({
    broker: 331,
    topic: 36,
    producer: 95,
    consumer: 98,
    zookeeper: 71,
  })
})

test('every default is a value that the product would start with', () => {
  for (const list of Object.values(propertyLists)) {
    for (const property of list.values()) {
      const value = property.default
      if (value === null) continue
      expect(() => validate(property, value)).not.toThrow()
    }
  }
})

test('every property says in a sentence what it does or why it does nothing', () => {
  for (const list of Object.values(propertyLists)) {
    for (const property of list.values()) expect(property.sentence).toMatch(/^[A-Z].*\.$/)
  }
})

test('defaults are those of the specification', () => {
  const { broker, producer, consumer, topic } = propertyLists

  expect(broker.get('replica.lag.time.max.ms')?.default).toBe(30_000)
  expect(broker.get('zookeeper.session.timeout.ms')?.default).toBe(18_000)
  expect(broker.get('message.max.bytes')?.default).toBe(1_048_588)
  expect(broker.get('transaction.max.timeout.ms')?.default).toBe(900_000)
  expect(topic.get('retention.ms')?.default).toBe(604_800_000)
  expect(producer.get('acks')?.default).toBe('all')
  expect(producer.get('delivery.timeout.ms')?.default).toBe(120_000)
  expect(consumer.get('session.timeout.ms')?.default).toBe(45_000)
  expect(consumer.get('auto.offset.reset')?.default).toBe('latest')
})

test('a name that stands twice in a list is refused', () => {
  const row = simulated('a', 1, {}, 'One.')

  expect(() => listOf([row], [row])).toThrow('twice')
})

test('the unit of a property without effect follows from its name', () => {
  const [ms, bytes, none] = known('Nothing.', [
    ['a.timeout.ms', 'long', 1],
    ['a.max.bytes', 'int', 1],
    ['a.class', 'class', null],
  ])

  expect([ms?.unit, bytes?.unit, none?.unit]).toEqual(['ms', 'bytes', undefined])
})

test('a range is said in words', () => {
  expect(rangeSentence(simulated('a', 1, { least: 1, most: 5 }, 'A.'))).toBe(
    'must be between 1 and 5',
  )
  expect(rangeSentence(simulated('a', 1, { least: 1 }, 'A.'))).toBe('must be at least 1')
  expect(rangeSentence(simulated('a', 1, { most: 5 }, 'A.'))).toBe('must be at most 5')
})
