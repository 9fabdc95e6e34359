import { describe, expect, test } from 'vitest'
import type { Setting } from '../../../scenarios/plan/plan-answer.ts'
import { ownSetting } from '../../../scenarios/plan/setting.ts'
import type { Change } from '../../../scenarios/plan/simulate.ts'
import { trialCase } from '../../../scenarios/plan/trial-case.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'

async function planned(): Promise<Scenario> {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '10m',
    cluster: { brokers: 3, racks: 3, hardware: 'small' },
    hardware: { small: { cores: 4, recordCpuNs: 100, nic: '10MB/s' }, large: { cores: 8 } },
    topics: [
      { name: 'orders', partitions: 6, replicationFactor: 3 },
      { name: 'logs', partitions: 2, replicationFactor: 1 },
    ],
    producers: [
      {
        name: 'shop',
        topic: 'orders',
        recordBytes: '1kB',
        load: {
          stages: [
            { for: '5m', to: '100/s' },
            { for: '5m', to: '0/s' },
          ],
        },
      },
    ],
    consumers: [{ group: 'payment', members: 2, topics: ['orders'], work: '10ms' }],
    timeline: [{ at: '1s', crash: 'broker 1', for: '2s' }],
    swarm: { families: ['crash'] },
    thresholds: { 'lateness{group:payment}': ['max<30s'] },
    plan: {
      thresholds: {
        lateness: ['max<10s'],
        'latency{drill:normal}': ['p(99)<1s'],
      },
      drills: [
        'one-broker-down',
        'rack-down',
        { 'consumer-outage': { group: 'payment', for: '1m' } },
      ],
      window: { before: '30s', after: '40s' },
      prices: { currency: 'EUR', perHour: { small: 1 } },
    },
  })
  return scenario
}

interface Some {
  readonly drill?: number
  readonly index?: number
  readonly change?: Change
  readonly setting?: Partial<Setting>
}

async function caseOf(some: Some = {}): Promise<ReturnType<typeof trialCase>> {
  const scenario = await planned()
  const { drill = 0, index = 0, change = {} } = some
  const setting = { ...ownSetting(scenario), ...some.setting }
  return trialCase(scenario, 9, { setting, drill, index, change, curves: false })
}

describe('the case of a trial', () => {
  test('has the window around the peak, and neither timeline, swarm nor plan', async () => {
    const { scenario, timeline } = await caseOf()

    expect(scenario.measureUntilUs).toBe(70_000_000)
    expect(scenario.producers[0]?.load.points).toEqual([
      { atUs: 0, perSecond: 90 },
      { atUs: 30_000_000, perSecond: 100 },
      { atUs: 30_000_000, perSecond: 100 },
      expect.objectContaining({ atUs: 70_500_000 }),
    ])
    expect(timeline).toEqual([])
    expect(scenario).not.toHaveProperty('plan')
    expect(scenario).not.toHaveProperty('swarm')
  })

  test('goes on after the window, of a fleet until each partition had its turn twice', async () => {
    const single = await caseOf()
    const scenario = await planned()
    const fleet = { clients: 100, records: 'counted', slotUs: 0 } as const
    const producers = scenario.producers.map((producer) => ({ ...producer, fleet }))
    const setting = { ...ownSetting(scenario), topics: [{ topic: 'orders', partitions: 60 }] }
    const trial = { setting, drill: 0, index: 0, change: {}, curves: false }
    const many = trialCase({ ...scenario, producers }, 9, trial)

    expect(single.scenario.durationUs).toBe(70_500_000)
    // 60 turns of one record at 86.67 records a second, twice.
    expect(many.scenario.durationUs).toBe(70_000_000 + 2 * 692_308)
    expect(many.scenario.measureUntilUs).toBe(70_000_000)
  })

  test('has the seed of its number, whatever the setting', async () => {
    const own = await caseOf()
    const other = await caseOf({ setting: { brokers: 5 }, drill: 1 })
    const next = await caseOf({ index: 1 })

    expect(other.seed).toBe(own.seed)
    expect(next.seed).not.toBe(own.seed)
  })

  test('has the drill at the peak', async () => {
    expect((await caseOf({ drill: 1 })).timeline).toEqual([
      { kind: 'crash', target: { of: 'leader', topic: 'orders', partition: 0 }, atUs: 30_000_000 },
    ])
    expect((await caseOf({ drill: 2 })).timeline).toEqual([
      { kind: 'crash', target: { of: 'rack', rack: 'c' }, atUs: 30_000_000 },
    ])
    const outage = await caseOf({ drill: 3 })
    expect(outage.timeline).toEqual([
      {
        kind: 'crash',
        target: { of: 'group', group: 'payment' },
        atUs: 30_000_000,
        forUs: 60_000_000,
      },
    ])
    expect(outage.scenario.measureUntilUs).toBe(130_000_000)
  })

  test('has the thresholds of its drill alone', async () => {
    const rules = async (drill: number): Promise<readonly string[]> =>
      (await caseOf({ drill })).scenario.thresholds.map(({ text }) => text.measure)

    expect(await rules(0)).toEqual(['lateness', 'latency'])
    expect(await rules(1)).toEqual(['lateness'])
  })

  test('has the setting: brokers over the racks, partitions, replicas, members, batches', async () => {
    const { scenario } = await caseOf({
      setting: {
        brokers: 5,
        hardware: 'large',
        replicationFactor: 2,
        'batch.size': 65_536,
        'linger.ms': 20,
        topics: [{ topic: 'orders', partitions: 60 }],
        groups: [{ group: 'payment', members: 30 }],
      },
    })

    expect(scenario.cluster.brokers.map(({ id, rack, hardware }) => [id, rack, hardware])).toEqual([
      [1, 'a', 'large'],
      [2, 'b', 'large'],
      [3, 'c', 'large'],
      [4, 'a', 'large'],
      [5, 'b', 'large'],
    ])
    expect(scenario.topics.map((one) => [one.partitions, one.replicationFactor])).toEqual([
      [60, 2],
      [2, 1],
    ])
    expect(scenario.consumers[0]?.members).toBe(30)
    expect(scenario.producers[0]?.config).toMatchObject({ 'batch.size': 65_536, 'linger.ms': 20 })
  })

  test('keeps the topic of commits on as many brokers as there are', async () => {
    const { scenario } = await caseOf({ setting: { brokers: 2, replicationFactor: 2 } })

    expect(scenario.cluster.config).toMatchObject({ 'offsets.topic.replication.factor': 2 })
  })

  test('has one doubted figure changed and the others as they are', async () => {
    const { scenario } = await caseOf({ change: { linger: 2, 'batch-bytes': 0.5 } })
    const dearer = await caseOf({ change: { 'record-cost': 2 } })
    const other = await caseOf({ change: { 'byte-cost': 2, 'request-cost': 2, 'page-cache': 2 } })
    const slow = await caseOf({ setting: { 'linger.ms': 10 }, change: { linger: 2 } })

    expect(scenario.producers[0]?.config).toMatchObject({ 'batch.size': 8_192, 'linger.ms': 0 })
    expect(slow.scenario.producers[0]?.config).toMatchObject({
      'batch.size': 16_384,
      'linger.ms': 20,
    })
    expect(dearer.scenario.hardware['small']?.recordCpuNs).toBe(200)
    expect(other.scenario.hardware['small']?.recordCpuNs).toBe(100)
  })

  test('has its figures changed', async () => {
    const { scenario } = await caseOf({
      change: {
        traffic: 2,
        'record-bytes': 1.5,
        'consumer-work': 0.5,
        'network-latency': 2,
        'processor-cost': 3,
        'network-bandwidth': 0.5,
      },
    })

    expect(scenario.producers[0]?.load.points[1]?.perSecond).toBe(200)
    expect(scenario.producers[0]?.recordBytes).toBe(1_500)
    expect(scenario.consumers[0]?.work).toEqual({ p50Us: 5_000, p99Us: 5_000 })
    expect(scenario.network.betweenRacks.baseUs).toBe(1_000)
    expect(scenario.hardware['small']).toMatchObject({
      recordCpuNs: 300,
      nicBytesPerSecond: 5e6,
      diskBytesPerSecond: 0,
    })
  })
})
