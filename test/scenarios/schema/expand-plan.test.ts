import { describe, expect, test } from 'vitest'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import { parseScenario, parseScenarioText } from '../../../scenarios/schema/load.ts'
import type { Plan } from '../../../scenarios/schema/plan.ts'
import type { PlanEntry, ScenarioFile } from '../../../scenarios/schema/surface.ts'

const base: ScenarioFile = {
  system: 'kafka',
  duration: '60s',
  cluster: { brokers: 3, racks: 3 },
  topics: [{ name: 'orders', partitions: 6, replicationFactor: 3 }],
  producers: [
    { name: 'shop', topic: 'orders', load: { rate: '100/s' }, config: { 'linger.ms': 5 } },
  ],
  consumers: [{ group: 'payment', members: 2, topics: ['orders'] }],
  thresholds: { 'lateness{group:payment}': ['max<30s'] },
}

async function planOf(plan: PlanEntry, rest: Partial<ScenarioFile> = {}): Promise<Plan> {
  const { scenario } = await parseScenario({ ...base, ...rest, plan })
  if (scenario.plan === undefined) throw new Error('The plan is gone.')
  return scenario.plan
}

async function refusal(
  plan: unknown,
  rest: Partial<ScenarioFile> = {},
): Promise<readonly string[]> {
  try {
    await parseScenario({ ...base, ...rest, plan })
  } catch (error) {
    if (error instanceof InputError) return error.lines
    throw error
  }
  return []
}

describe('a plan', () => {
  test('that says nothing searches nothing and holds the thresholds of the scenario', async () => {
    const plan = await planOf({})

    expect(plan.search).toEqual({
      brokers: [3],
      hardware: ['ideal'],
      replicationFactor: [3],
      partitions: [{ topic: 'orders', values: [6] }],
      consumers: [{ group: 'payment', values: [2] }],
      batchBytes: [16_384],
      lingerMs: [5],
    })
    expect(plan.drills).toEqual([{ name: 'normal' }, { name: 'one-broker-down' }])
    expect(plan.thresholds.map(({ threshold, drill }) => [threshold.text.rule, drill])).toEqual([
      ['max<30s', null],
    ])
    expect(plan).toMatchObject({ seeds: 10, utilisation: null, prices: null })
  })

  test('takes ranges, lists and single values', async () => {
    const { search } = await planOf({
      search: {
        brokers: { min: 3, max: 9, step: 3 },
        partitions: { orders: [24, 12] },
        consumers: { payment: 4 },
        'batch.size': ['16KiB', 65_536],
        'linger.ms': { min: 0, max: 2 },
      },
    })

    expect(search.brokers).toEqual([3, 6, 9])
    expect(search.partitions).toEqual([{ topic: 'orders', values: [12, 24] }])
    expect(search.consumers).toEqual([{ group: 'payment', values: [4] }])
    expect(search.batchBytes).toEqual([16_384, 65_536])
    expect(search.lingerMs).toEqual([0, 1, 2])
  })

  test('has normal running first, and a threshold may be of one drill', async () => {
    const plan = await planOf({
      drills: [
        { 'consumer-outage': { group: 'payment', for: '5m' } },
        { 'rack-down': 'b' },
        'rack-down',
      ],
      thresholds: {
        'latency{phase:end-to-end,drill:normal}': ['p(99)<500ms'],
        'lateness{drill:rack-down}': ['max<1m'],
      },
    })

    expect(plan.drills).toEqual([
      { name: 'normal' },
      { name: 'consumer-outage', group: 'payment', forUs: 300_000_000 },
      { name: 'rack-down', rack: 'b' },
      { name: 'rack-down', rack: null },
    ])
    expect(plan.thresholds.map(({ threshold, drill }) => [threshold.text.measure, drill])).toEqual([
      ['latency{phase:end-to-end}', 'normal'],
      ['lateness', 'rack-down'],
    ])
  })

  test('takes prices as they stand, or from a list beside it', async () => {
    const prices = { currency: 'EUR', perHour: { ideal: 0.5 }, perGigabyteMonth: 0.1 }

    const plan = await planOf({ prices })

    expect(plan.prices).toEqual({ ...prices, perConsumerHour: 0 })
  })

  test.each<[unknown, string]>([
    [
      { search: { brokers: { min: 9, max: 3 } } },
      'scenario: plan.search.brokers: min 9 is greater than max 3: there is nothing between them',
    ],
    [
      { search: { brokers: [1, 2] } },
      'scenario: plan.search.replicationFactor: replicationFactor 3 needs 3 brokers, and the search goes up to 2',
    ],
    [
      { search: { brokers: { min: 1, max: 300 }, 'linger.ms': { min: 0, max: 100 } } },
      'scenario: plan.search: has 30300 candidates: a search takes 20000, widen a step',
    ],
    [{ serach: {} }, 'scenario: plan: unknown key "serach", did you mean "search"?'],
    [
      { search: { broker: 3 } },
      'scenario: plan.search: unknown key "broker", did you mean "brokers"?',
    ],
    [{ search: { brokers: 0 } }, 'scenario: plan.search.brokers: needs a number of at least 1'],
    [
      { search: { partitions: { order: 3 } } },
      'scenario: plan.search.partitions: there is no topic "order", did you mean "orders"?',
    ],
    [
      { search: { consumers: { paymnet: 3 } } },
      'scenario: plan.search.consumers: there is no group "paymnet", did you mean "payment"?',
    ],
    [{ search: { hardware: 'z1' } }, 'scenario: plan.search.hardware: there is no hardware "z1"'],
    [
      { drills: [{ 'consumer-outage': { group: 'paymant', for: '5m' } }] },
      'scenario: plan.drills[0].consumer-outage.group: there is no group "paymant", did you mean "payment"?',
    ],
    [
      { racks: 1, drills: ['rack-down'] },
      'scenario: plan.drills[0]: takes the whole cluster down: it stands in one rack, set racks: 3 in plan:',
    ],
    [
      { thresholds: { 'lateness{drill:norml}': ['max<1s'] } },
      'scenario: plan.thresholds: there is no drill "norml", did you mean "normal"?',
    ],
    [
      { thresholds: { latenes: ['max<1s'] } },
      'scenario: plan.thresholds.latenes[0]: there is no measure "latenes", did you mean "lateness"?',
    ],
    [
      { thresholds: { 'lateness{group:pay}': ['max<1s'] } },
      'scenario: plan.thresholds: there is no group "pay"',
    ],
    [
      { window: { peak: '2h' } },
      'scenario: plan.window.peak: lies beyond the end of the load, 60s',
    ],
    [
      { prices: { currency: 'EUR', perHour: { m5: 1 } } },
      'scenario: plan.prices: has no price for the hardware "ideal": add it under perHour',
    ],
  ])('%j is refused with one line', async (plan, line) => {
    const lines = await refusal(plan)

    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(line)
  })

  test('without any threshold is refused', async () => {
    expect(await refusal({}, { thresholds: {} })).toEqual([
      'scenario: plan: has no thresholds, and any cluster would do: write some under plan: or in the scenario',
    ])
  })

  test('is refused where it stands in the file', async () => {
    const text = 'system: kafka\nduration: 1s\ntopics: [{ name: t }]\nplan:\n  seeds: 0\n'

    await expect(parseScenarioText(text, 'my.yaml')).rejects.toThrow('my.yaml:5:10: needs a number')
  })
})
