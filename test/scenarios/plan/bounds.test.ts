import { describe, expect, test } from 'vitest'
import { meanWorkSeconds, ruleOutOf } from '../../../scenarios/plan/bounds.ts'
import { fluid } from '../../../scenarios/plan/fluid.ts'
import type { Setting } from '../../../scenarios/plan/plan-answer.ts'
import { ownSetting } from '../../../scenarios/plan/setting.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { PlanEntry, ScenarioFile } from '../../../scenarios/schema/surface.ts'

const file: ScenarioFile = {
  system: 'kafka',
  duration: '10m',
  cluster: { brokers: 4, hardware: 'small', config: { 'min.insync.replicas': 2 } },
  hardware: { small: { cores: 4, nic: '10MB/s' } },
  topics: [{ name: 'orders', partitions: 12, replicationFactor: 3 }],
  producers: [
    {
      name: 'shop',
      topic: 'orders',
      recordBytes: '1kB',
      // 20,000 records a second for a minute around the peak, 1,000 before and after it.
      load: {
        stages: [
          { for: '4m', rate: '1k/s' },
          { for: '1m', rate: '20k/s' },
          { for: '5m', rate: '1k/s' },
        ],
      },
      config: { acks: 'all' },
    },
  ],
  consumers: [{ group: 'payment', members: 4, topics: ['orders'], work: '1ms' }],
}

async function ruledOut(plan: PlanEntry, some: Partial<Setting>): Promise<string | null> {
  const { scenario } = await parseScenario({ ...file, plan })
  if (scenario.plan === undefined) throw new Error('The plan is gone.')
  return ruleOutOf(scenario, scenario.plan)({ ...ownSetting(scenario), ...some })
}

describe('what arithmetic rules out', () => {
  test('is a cluster whose cards cannot carry the peak in time', async () => {
    const plan = { thresholds: { 'latency{phase:produce}': ['p(99)<500ms'] } }

    // In-sync copies make 40 MB/s of 20: two brokers carry 20, four carry 40.
    expect(await ruledOut(plan, { brokers: 3 })).toMatch(
      /^the network cards of 3 brokers carry 30 MB\/s in, the peak needs 40 MB\/s: latency\{phase:produce\} p\(99\)<500ms would be \d+ s at best$/,
    )
    expect(await ruledOut(plan, { brokers: 4 })).toBeNull()
  })

  test('is not a cluster that may be late', async () => {
    const plan = { thresholds: { 'latency{phase:produce}': ['p(99)<1h'] } }

    expect(await ruledOut(plan, { brokers: 3 })).toBeNull()
  })

  test('is a group that cannot work off the peak in time', async () => {
    const plan = { thresholds: { 'lateness{group:payment}': ['max<30s'] } }
    const groups = (members: number): Partial<Setting> => ({
      groups: [{ group: 'payment', members }],
    })

    // 12 members do 12,000/s; a minute of 20,000/s leaves them 40 s behind, and 14 would have no
    // partition.
    expect(await ruledOut(plan, groups(12))).toMatch(
      /^12 members of payment work off 12000 records\/s, the peak brings 20000: lateness\{group:payment\} max<30s would be 40 s at best$/,
    )
    expect(await ruledOut(plan, groups(14))).toContain('12 members of payment')
    const topics = [{ topic: 'orders', partitions: 24 }]
    expect(await ruledOut(plan, { ...groups(14), topics })).toBeNull()
  })

  test('is a cluster that is busier at the peak than the plan wants', async () => {
    const plan = { thresholds: { lateness: ['max<1h'] }, utilisation: '80%' }

    // Three copies of 20 MB/s come in: 60 of 70 MB/s are more than 80 %.
    expect(await ruledOut(plan, { brokers: 7 })).toContain('more than 80 % of it')
    expect(await ruledOut(plan, { brokers: 8 })).toBeNull()
  })

  test('is a topic with fewer replicas than must be in sync', async () => {
    const plan = { thresholds: { lateness: ['max<1h'] } }

    expect(await ruledOut(plan, { replicationFactor: 1 })).toBe(
      'orders has min.insync.replicas 2 and only 1 replicas',
    )
  })
})

describe('a fluid queue', () => {
  test('waits for as long as the work that stands before it', () => {
    const steps = [
      ...Array(10).fill({ work: 2, records: 10 }),
      ...Array(10).fill({ work: 0, records: 0 }),
    ]

    const answer = fluid(steps, 1)

    expect(answer.delayMax).toBe(10)
    expect(answer.delayMean).toBe(5)
    expect(answer.backlogMax).toBe(50)
    expect(answer.delayAt(0.5)).toBe(4.5)
  })

  test('does not wait below full use', () => {
    const { delayMax, delayMean } = fluid(Array(5).fill({ work: 0.9, records: 1 }), 1)

    expect([delayMax, delayMean]).toEqual([0, 0])
  })
})

test('the mean of a log-normal time lies above its median', () => {
  expect(meanWorkSeconds({ p50Us: 1_000, p99Us: 1_000 })).toBe(0.001)
  expect(meanWorkSeconds({ p50Us: 1_000, p99Us: 4_000 })).toBeCloseTo(0.001194, 6)
  expect(meanWorkSeconds({ p50Us: 1, p99Us: 2, meanUs: 5_000 })).toBe(0.005)
})
