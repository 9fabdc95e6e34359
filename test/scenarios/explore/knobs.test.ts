import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { KNOB_BOUND, withKnobs } from '../../../scenarios/explore/knobs.ts'
import { run } from '../../../scenarios/run.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { swarmKnobs } from '../../../scenarios/schema/swarm-words.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  const plain = await tenSeconds()
  if (plain.swarm === undefined) throw new Error('it has a swarm')
  scenario = { ...plain, timeline: [], swarm: { ...plain.swarm, knobs: swarmKnobs } }
})

const settings = fc.array(fc.nat({ max: KNOB_BOUND }), {
  minLength: swarmKnobs.length,
  maxLength: swarmKnobs.length,
})

test('knobs at zero leave the scenario as it is', () => {
  expect(withKnobs(scenario, [])).toBe(scenario)
  expect(withKnobs(scenario, [0, 0, 0])).toBe(scenario)
})

test('no setting weakens what the scenario promises', () => {
  fc.assert(
    fc.property(settings, (drawn) => {
      const { cluster, topics, consumers } = withKnobs(scenario, drawn)

      expect(cluster.brokers.length).toBeGreaterThanOrEqual(scenario.cluster.brokers.length)
      expect(cluster.zookeeper.length % 2).toBe(1)
      expect(Number(cluster.config['min.insync.replicas'])).toBeGreaterThanOrEqual(2)
      for (const [at, topic] of topics.entries()) {
        const before = scenario.topics[at]
        expect(topic.partitions).toBeGreaterThanOrEqual(before?.partitions ?? 0)
        expect(topic.replicationFactor).toBeGreaterThanOrEqual(before?.replicationFactor ?? 0)
        expect(topic.replicationFactor).toBeLessThanOrEqual(cluster.brokers.length)
        expect(Number(cluster.config['min.insync.replicas'])).toBeLessThan(topic.replicationFactor)
      }
      expect(consumers[0]?.members).toBeGreaterThanOrEqual(2)
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('every knob turned, the cluster still runs', () => {
  const turned = withKnobs(
    scenario,
    swarmKnobs.map(() => 1),
  )

  expect(turned).not.toEqual(scenario)
  expect(run(plainCase(turned, 1)).ended).toBe('drained')
})
