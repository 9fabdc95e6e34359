import { expect, test } from 'vitest'
import {
  atLeast,
  costOf,
  ownSetting,
  pricedSettings,
  settingsOf,
  storedBytes,
} from '../../../scenarios/plan/setting.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { PlanEntry } from '../../../scenarios/schema/surface.ts'
import { settingWith } from './made-up.ts'

async function scenarioOf(plan: PlanEntry): Promise<Scenario> {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '100s',
    cluster: { brokers: 3 },
    topics: [
      {
        name: 'orders',
        partitions: 6,
        replicationFactor: 3,
        config: { 'retention.ms': 1_000_000 },
      },
      { name: 'logs', partitions: 2, replicationFactor: 2, config: { 'retention.ms': -1 } },
    ],
    producers: [
      { name: 'shop', topic: 'orders', recordBytes: '1kB', load: { rate: '100/s' } },
      { name: 'web', topic: 'logs', recordBytes: '1kB', load: { rate: '100/s' } },
    ],
    consumers: [{ group: 'payment', members: 2, topics: ['orders'] }],
    thresholds: { lateness: ['max<30s'] },
    plan,
  })
  return scenario
}

test('every combination whose replicas find a broker is a setting', async () => {
  const { plan } = await scenarioOf({
    search: { brokers: [2, 3], partitions: { orders: [6, 12] }, replicationFactor: [2, 3] },
  })

  const settings = settingsOf(plan?.search ?? (undefined as never))

  expect(settings).toHaveLength(6)
  expect(settings.every(({ brokers, replicationFactor }) => replicationFactor <= brokers)).toBe(
    true,
  )
  expect(settings[0]).toMatchObject({ partitions: 8, consumers: 2 })
})

test('the setting of the scenario itself is one of them', async () => {
  const scenario = await scenarioOf({})

  expect(settingsOf(scenario.plan?.search ?? (undefined as never))).toEqual([ownSetting(scenario)])
})

test('the disks hold what the retention keeps, and what is kept for ever has no price', async () => {
  const scenario = await scenarioOf({})

  // 100 kB/s for 1,000 s, in each of three replicas.
  expect(storedBytes(scenario)).toEqual([0, 0, 0, 1e8])
})

test('a setting costs its brokers, its disk and its consumers', () => {
  const prices = {
    currency: 'EUR',
    perHour: { small: 0.5 },
    perGigabyteMonth: 0.073,
    perConsumerHour: 0.01,
  }
  const setting = settingWith({ brokers: 4, consumers: 10 })

  const { perHour, items } = costOf(setting, [0, 0, 0, 1e12], prices)

  expect(items.map(({ what, perHour: each }) => [what, Number(each.toFixed(4))])).toEqual([
    ['4 × small', 2],
    ['3000 GB of disk', 0.3],
    ['10 consumers', 0.1],
  ])
  expect(perHour).toBeCloseTo(2.4, 9)
})

test('settings are in the order of cost, and of size where the cost is the same', async () => {
  const scenario = await scenarioOf({})
  const settings = [
    settingWith({ brokers: 5, hardware: 'small' }),
    settingWith({ brokers: 3, hardware: 'large' }),
    settingWith({ brokers: 5, hardware: 'small', 'linger.ms': 5 }),
  ]
  const prices = { currency: 'EUR', perGigabyteMonth: 0, perConsumerHour: 0 }

  const priced = pricedSettings(settings, scenario, { ...prices, perHour: { small: 1, large: 2 } })
  const unpriced = pricedSettings(settings, scenario, null)

  const shown = (all: typeof priced): readonly unknown[] =>
    all.map(({ setting, rank }) => [rank, setting.brokers, setting['linger.ms']])
  expect(shown(priced)).toEqual([
    [0, 5, 0],
    [1, 5, 5],
    [2, 3, 0],
  ])
  expect(shown(unpriced)).toEqual([
    [0, 3, 0],
    [1, 5, 0],
    [2, 5, 5],
  ])
})

test('more brokers and consumers are at least as much, other batches are not compared', () => {
  const small = settingWith({ brokers: 3, consumers: 4 })

  expect(atLeast(settingWith({ brokers: 4, consumers: 4 }), small)).toBe(true)
  expect(atLeast(settingWith({ brokers: 4, consumers: 3 }), small)).toBe(false)
  expect(atLeast(settingWith({ brokers: 9, consumers: 9, 'linger.ms': 5 }), small)).toBe(false)
  expect(atLeast(settingWith({ brokers: 9, consumers: 9, partitions: 24 }), small)).toBe(false)
})
