import { expect, test } from 'vitest'
import { expand } from '../../../scenarios/schema/expand.ts'
import type { ProducerEntry, ScenarioFile } from '../../../scenarios/schema/surface.ts'

function expanded(producer: Partial<ProducerEntry>, more: Partial<ScenarioFile> = {}) {
  return expand({
    system: 'kafka',
    duration: '10s',
    topics: [{ name: 'orders', partitions: 6 }],
    producers: [{ name: 'shops', topic: 'orders', load: { rate: '100/s' }, ...producer }],
    ...more,
  })
}

function findings(producer: Partial<ProducerEntry>, more: Partial<ScenarioFile> = {}): string[] {
  return expanded(producer, more).findings.map(({ path, message }) => {
    return `${path.join('.')}: ${message}`
  })
}

function consumer(more: object): Partial<ScenarioFile> {
  return { consumers: [{ group: 'payment', topics: ['orders'], ...more }] }
}

test('a producer is no fleet unless one of its words is there', () => {
  expect(expanded({}).scenario.producers[0]?.fleet).toBeUndefined()
})

test('a fleet counts its records in slots of its own choice', () => {
  expect(expanded({ clients: 20_000 }).scenario.producers[0]?.fleet).toEqual({
    clients: 20_000,
    records: 'counted',
    slotUs: 0,
  })
})

test('a fleet may be explicit and have slots of a length', () => {
  const { scenario } = expanded({ records: 'explicit', slot: '20ms' })

  expect(scenario.producers[0]?.fleet).toEqual({ clients: 1, records: 'explicit', slotUs: 20_000 })
})

test('counted records are more than a run has time for one by one', () => {
  expect(findings({ load: { rate: '30M/s' } })).toHaveLength(1)
  expect(findings({ clients: 100, load: { rate: '30M/s' } })).toEqual([])
})

test.each([
  [{ clients: 5, keys: 'per-order' }, 'producers.0.keys: a fleet has buckets of keys'],
  [{ clients: 5, pattern: 'resend' }, 'producers.0.pattern: a fleet does not send again'],
  [
    { clients: 5, load: { users: 9 } },
    'producers.0.load.users: the clients of a fleet do not wait',
  ],
  [{ slot: '20s' }, 'producers.0.slot: is from 1ms to 10s, or auto'],
] as const)('%j is refused in one line', (producer, line) => {
  const found = findings(producer)

  expect(found).toHaveLength(1)
  expect(found[0]).toContain(line)
})

const mend = 'the records of orders are counted: set producers.shops.records=explicit'

test.each([
  [{ pattern: 'idempotent-mark-after' }, 'consumers.0.pattern', 'marks single records'],
  [{ effects: 'per-order' }, 'consumers.0.effects', 'looks at single keys'],
  [{ services: ['bank'] }, 'consumers.0.services', 'called for single records'],
  [{ produces: 'orders' }, 'consumers.0.produces', 'derived from single ones'],
  [{ deadLetter: 'orders' }, 'consumers.0.deadLetter', 'put aside'],
])('a group with %j cannot read counted records', (words, path, why) => {
  const found = findings({ clients: 5 }, { ...consumer(words), services: [{ name: 'bank' }] })

  expect(found).toHaveLength(1)
  expect(found[0]).toContain(path)
  expect(found[0]).toContain(why)
  expect(found[0]).toContain(mend)
})

test('the same group reads explicit records of a fleet', () => {
  expect(findings({ records: 'explicit' }, consumer({ effects: 'per-order' }))).toEqual([])
})

test('a compacted topic takes no counted records, whoever compacts it', () => {
  const topics = [{ name: 'orders', config: { 'cleanup.policy': 'compact' } }]
  const cluster = { config: { 'log.cleanup.policy': 'compact,delete' } }

  expect(findings({ clients: 5 }, { topics })).toEqual([
    expect.stringContaining('producers.0.records: orders is compacted'),
  ])
  expect(findings({ clients: 5 }, { cluster })).toHaveLength(1)
  expect(findings({ records: 'explicit' }, { topics })).toEqual([])
})

test.each([
  [{ at: '1s', poison: 'orders' }, 'timeline.0.poison: single records are poisoned'],
  [
    { at: '1s', 'add-partitions': { topic: 'orders', to: 9 } },
    'timeline.0.add-partitions: the clients of shops are a fleet',
  ],
])('%j has no place beside a fleet', (entry, line) => {
  const found = findings({ clients: 5 }, { ...consumer({}), timeline: [entry] })

  expect(found).toHaveLength(1)
  expect(found[0]).toContain(line)
})
