import { expect, test } from 'vitest'
import { openMessagingJson } from '../../../reports/json/openmessaging.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { judge } from '../../../scenarios/judge.ts'
import { periodsOf } from '../../../scenarios/measures/periods.ts'
import { run } from '../../../scenarios/run.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'

const latencies = ['Avg', '50pct', '75pct', '95pct', '99pct', '999pct', '9999pct', 'Max']
const kinds = ['publishLatency', 'publishDelayLatency', 'endToEndLatency']

/** The fields of the benchmark's result file, as its own class has them. */
const fields = [
  'workload driver messageSize topics partitions producersPerTopic consumersPerTopic'.split(' '),
  'publishRate publishErrorRate consumeRate backlog'.split(' '),
  kinds.flatMap((kind) => latencies.map((one) => kind + one)),
  kinds.flatMap((kind) => latencies.map((one) => `aggregated${capital(kind)}${one}`)),
  kinds.map((kind) => `aggregated${capital(kind)}Quantiles`),
].flat()

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

async function answer(): Promise<Record<string, unknown>> {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '25s',
    measureFrom: '5s',
    topics: [{ name: 'orders', partitions: 4 }],
    producers: [
      {
        name: 'shop',
        count: 2,
        topic: 'orders',
        recordBytes: '1KiB',
        load: { rate: '100/s', arrival: 'steady' },
      },
    ],
    consumers: [
      { group: 'payment', members: 3, topics: ['orders'] },
      { group: 'stock', topics: ['orders'] },
    ],
    timeline: [{ at: '16s', pause: 'shop-1', for: '3s' }],
    checks: ['no-loss'],
  })
  const result = run(plainCase(scenario, 1))
  // As a reader of the file gets it.
  return JSON.parse(JSON.stringify(openMessagingJson(judge(result), periodsOf(result)))) as Record<
    string,
    unknown
  >
}

test('the export has every field of the benchmark’s result, and no other', async () => {
  expect(Object.keys(await answer()).sort()).toEqual([...fields].sort())
})

test('a run is told by periods of ten seconds and as a whole', async () => {
  const told = await answer()

  expect(told).toMatchObject({
    driver: 'Kafka',
    messageSize: 1_024,
    topics: 1,
    partitions: 4,
    producersPerTopic: 2,
    consumersPerTopic: 3,
    publishErrorRate: [0, 0],
  })
  expect((told['publishRate'] as number[]).map(Math.round)).toEqual([100, 100])
  expect((told['consumeRate'] as number[]).map(Math.round)).toEqual([200, 200])
  expect((told['backlog'] as number[]).every((waiting) => waiting < 20)).toBe(true)
  for (const kind of kinds) {
    for (const one of latencies) expect(told[kind + one]).toHaveLength(2)
  }
})

test('what a pause held up is late in the publish delay, in µs, and in latencies, in ms', async () => {
  const told = await answer()
  const [before = 0, after = 0] = told['publishDelayLatencyMax'] as number[]

  expect(before).toBeLessThan(100)
  expect(after).toBeGreaterThan(2_900_000)
  expect(told['aggregatedPublishDelayLatencyMax']).toBe(after)
  expect(told['aggregatedPublishLatencyMax']).toBeGreaterThan(2_900)
  expect(told['aggregatedPublishLatencyMax']).toBeLessThan(4_000)
})

test('quantiles go up to the greatest value', async () => {
  const told = await answer()
  const quantiles = Object.entries(
    told['aggregatedPublishLatencyQuantiles'] as Record<string, number>,
  )
    .map(([percent, ms]) => [Number(percent), ms] as const)
    .sort(([left], [right]) => left - right)

  expect(quantiles[0]?.[0]).toBe(0)
  expect(quantiles.at(-1)).toEqual([100, told['aggregatedPublishLatencyMax']])
  expect(quantiles.every(([, ms], at) => ms >= (quantiles[at - 1]?.[1] ?? 0))).toBe(true)
  expect(quantiles.length).toBeGreaterThan(50)
})
