import { expect, test } from 'vitest'
import { elementsOf } from '../../../scenarios/explore/elements.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'

test('elements are what a story names, each instance for itself', async () => {
  const { scenario } = await loadScenario('leader-crash-acks-one')
  const { cluster, topics } = scenario
  const [producer] = scenario.producers
  if (producer === undefined) throw new Error('there is no producer')
  const one = { ...scenario, producers: [{ ...producer, count: 2 }], consumers: [], services: [] }
  const crash = { kind: 'crash', target: { of: 'controller' }, atUs: 0 } as const

  const { brokers, zookeeper } = cluster
  const deployed = brokers.length + zookeeper.length + topics.length + 2

  expect(elementsOf({ scenario: one, timeline: [] })).toBe(deployed)
  expect(elementsOf({ scenario: one, timeline: [crash, crash] })).toBe(deployed + 2)
})
