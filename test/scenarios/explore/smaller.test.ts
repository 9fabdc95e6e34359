import { beforeAll, describe, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import {
  plainerConfigs,
  smallerScenarios,
  soonerGivenUp,
} from '../../../scenarios/explore/smaller.ts'
import { run } from '../../../scenarios/run.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { TimelineEntry } from '../../../scenarios/schema/timeline.ts'

let flagship: Scenario
let churn: Scenario

beforeAll(async () => {
  flagship = (await loadScenario('double-eleven')).scenario
  churn = (await loadScenario('group-churn')).scenario
})

function size(scenario: Scenario): number[] {
  const { cluster, topics, producers, consumers, services, durationUs } = scenario
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
  return [
    cluster.brokers.length,
    cluster.zookeeper.length,
    topics.length,
    sum(topics.map(({ partitions }) => partitions)),
    sum(topics.map(({ replicationFactor }) => replicationFactor)),
    producers.length,
    sum(producers.map(({ count }) => count)),
    sum(producers.map(({ keys }) => (keys.kind === 'fixed' ? keys.count : 0))),
    consumers.length,
    sum(consumers.map(({ members }) => members)),
    services.length,
    durationUs,
    sum(producers.map(({ load }) => Math.max(...load.points.map(({ perSecond }) => perSecond)))),
  ]
}

describe('a smaller scenario', () => {
  test('is smaller in something and larger in nothing', () => {
    const before = size(flagship)

    const candidates = [...smallerScenarios(flagship, [])].map(size)

    expect(candidates.length).toBeGreaterThan(5)
    for (const after of candidates) {
      expect(after.every((value, index) => value <= (before[index] as number))).toBe(true)
      expect(after.some((value, index) => value < (before[index] as number))).toBe(true)
    }
  })

  test('still has what the timeline names', () => {
    const timeline: TimelineEntry[] = [
      { kind: 'crash', target: { of: 'leader', topic: 'orders', partition: 7 }, atUs: 0 },
      { kind: 'pause', target: { of: 'group', group: 'analytics' }, atUs: 0 },
      { kind: 'crash', target: { of: 'broker', id: 5 }, atUs: 0 },
    ]

    for (const { topics, consumers, cluster } of smallerScenarios(flagship, timeline)) {
      expect(topics.find(({ name }) => name === 'orders')?.partitions).toBeGreaterThan(7)
      expect(consumers.map(({ group }) => group)).toContain('analytics')
      expect(cluster.brokers.map(({ id }) => id)).toContain(5)
    }
  })

  test('lasts beyond the last entry of the timeline', () => {
    const timeline: TimelineEntry[] = [
      { kind: 'crash', target: { of: 'controller' }, atUs: 20_000_000, forUs: 10_000_000 },
    ]

    for (const { durationUs } of smallerScenarios(churn, timeline))
      expect(durationUs).toBeGreaterThan(30_000_000)
  })

  test('has brokers enough for every replica', () => {
    for (const { cluster, topics } of smallerScenarios(flagship, [])) {
      const factor = Math.max(...topics.map(({ replicationFactor }) => replicationFactor))
      expect(cluster.brokers.length).toBeGreaterThanOrEqual(factor)
    }
  })

  test('is without any one broker that nothing names', () => {
    const timeline: TimelineEntry[] = [{ kind: 'crash', target: { of: 'broker', id: 5 }, atUs: 0 }]
    const all = flagship.cluster.brokers.map(({ id }) => id)

    const gone = [...smallerScenarios(flagship, timeline)].flatMap(({ cluster }) => {
      const left = new Set(cluster.brokers.map(({ id }) => id))
      return all.filter((id) => !left.has(id))
    })

    expect(gone).toEqual(all.filter((id) => id !== 5).toReversed())
  })

  test('keeps the brokers on which its partitions are placed', () => {
    const [topic] = churn.topics
    if (topic === undefined) throw new Error('there is no topic')
    const replicas = Array.from({ length: topic.partitions }, () => [3])
    const topics = [{ ...topic, replicationFactor: 1, replicas }]

    const left = [...smallerScenarios({ ...churn, topics }, [])].map(({ cluster }) =>
      cluster.brokers.map(({ id }) => id),
    )

    expect(left.some((ids) => ids.length < churn.cluster.brokers.length)).toBe(true)
    for (const ids of left) expect(ids).toContain(3)
  })

  test('waits less for a run that cannot settle, and never longer', () => {
    const limits = (drainLimitUs: number): number[] =>
      [...soonerGivenUp({ ...churn, drainLimitUs })].map((one) => one.drainLimitUs)

    expect(limits(900_000_000)).toEqual([30_000_000, 60_000_000, 120_000_000])
    expect(limits(60_000_000)).toEqual([30_000_000])
    expect(limits(1_000_000)).toEqual([])
  })

  test('can be run', () => {
    const base = { ...churn, durationUs: 4_000_000, timeline: [] }

    const ends = [...smallerScenarios(base, [])].map((smaller) => run(plainCase(smaller, 1)).ended)

    expect(new Set(ends)).toEqual(new Set(['drained']))
  })

  test('has Kafka’s own value for one property, or for all of the brokers', () => {
    const count = (scenario: Scenario): number =>
      Object.keys(scenario.cluster.config).length +
      scenario.producers.reduce((sum, { config }) => sum + Object.keys(config).length, 0)

    const plainer = [...plainerConfigs(churn)].map(count)

    expect(plainer.length).toBeGreaterThan(3)
    for (const left of plainer) expect(left).toBeLessThan(count(churn))
  })
})
