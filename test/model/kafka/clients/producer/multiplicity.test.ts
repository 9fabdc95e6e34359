import { expect, test } from 'vitest'
import {
  type ClientShape,
  recordShare,
} from '../../../../../model/kafka/clients/producer/multiplicity.ts'
import { plainCase } from '../../../../../scenarios/explore/cases.ts'
import { run } from '../../../../../scenarios/run.ts'
import { parseScenario } from '../../../../../scenarios/schema/load.ts'

const CLIENTS = 20

interface Example {
  readonly keys: number | 'none'
  readonly linger: number
  readonly rate: number
  readonly batchSize: number
}

function shapeOf({ keys, linger, batchSize }: Example): ClientShape {
  return {
    clients: CLIENTS,
    lingerMs: linger,
    batchSize,
    recordBytes: 100,
    keyed: keys !== 'none',
    partitions: 6,
    brokers: 3,
  }
}

/** Batches and requests a record, as so many single producers make them. */
async function measured(example: Example): Promise<{ batches: number; requests: number }> {
  const { scenario } = await parseScenario({
    name: 'clients',
    system: 'kafka',
    duration: '5s',
    timeouts: 'brisk',
    cluster: { brokers: 3, zookeeper: 1 },
    topics: [{ name: 'orders', partitions: 6, replicationFactor: 3 }],
    producers: [
      {
        name: 'shops',
        count: CLIENTS,
        topic: 'orders',
        keys: example.keys,
        recordBytes: '100B',
        load: { rate: `${example.rate}/s` },
        config: { 'linger.ms': example.linger, 'batch.size': example.batchSize },
      },
    ],
  })
  const { history, logs } = run(plainCase(scenario, 3))
  let batches = 0
  let records = 0
  for (const { batch } of logs.uncommitted.flatMap(({ entries }) => entries)) {
    if (batch.producerId < 0) continue
    batches += 1
    records += batch.count
  }
  // What one answer told was one request.
  const requests = new Set<string>()
  const { data, length } = history.sends
  for (let row = 0; row < length; row += 1) {
    requests.add(`${data.process[row]} at ${data.endedUs[row]}`)
  }
  return { batches: batches / records, requests: requests.size / length }
}

test.each([
  { keys: 2000, linger: 20, rate: 2000, batchSize: 16_384 },
  { keys: 2000, linger: 50, rate: 4000, batchSize: 16_384 },
  { keys: 2000, linger: 0, rate: 600, batchSize: 16_384 },
  { keys: 'none', linger: 20, rate: 2000, batchSize: 16_384 },
  { keys: 'none', linger: 50, rate: 4000, batchSize: 16_384 },
] as const)(
  'where linger ends batches, 20 producers make what the formula says to 2 %: $keys keys, $linger ms',
  async (example) => {
    const real = await measured(example)

    const share = recordShare(shapeOf(example), example.rate, 1 / 6)
    expect(Math.abs(share.batches / real.batches - 1)).toBeLessThan(0.02)
    expect(Math.abs(share.requests / real.requests - 1)).toBeLessThan(0.02)
  },
)

test.each([
  { keys: 2000, linger: 100, rate: 8000, batchSize: 500 },
  { keys: 'none', linger: 50, rate: 6000, batchSize: 1_000 },
] as const)(
  'where batch.size ends them, batches are right to 10 % and requests to 20 %: $keys keys',
  async (example) => {
    const real = await measured(example)

    const share = recordShare(shapeOf(example), example.rate, 1 / 6)
    expect(Math.abs(share.batches / real.batches - 1)).toBeLessThan(0.1)
    expect(Math.abs(share.requests / real.requests - 1)).toBeLessThan(0.2)
  },
)

test('a client that sends next to nothing has a batch and a request for each record', () => {
  const share = recordShare(
    { ...shapeOf({ keys: 2000, linger: 5, rate: 1, batchSize: 16_384 }), clients: 20_000 },
    1_000,
    1 / 6,
  )

  expect(share.batches).toBeGreaterThan(0.999)
  expect(share.requests).toBeGreaterThan(0.999)
})

test('no batch holds more records than batch.size lets it', () => {
  const example = { keys: 2000, linger: 10_000, rate: 100_000, batchSize: 1_061 } as const

  expect(recordShare(shapeOf(example), example.rate, 1 / 6).batches).toBeGreaterThanOrEqual(0.1)
})
