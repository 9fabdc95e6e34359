import { expect, test } from 'vitest'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { SwarmEntry } from '../../../scenarios/schema/surface.ts'

async function swarmOf(swarm: SwarmEntry): Promise<Scenario['swarm']> {
  const topics = [{ name: 'orders', partitions: 1, replicationFactor: 1 }]
  const producers = [{ name: 'order-service', topic: 'orders', load: { rate: '1/s' } }]
  const head = { name: 'a', question: 'Is a swarm read?', problem: 'loss' } as const
  const file = { ...head, system: 'kafka', duration: '10s', topics, producers, swarm } as const
  return (await parseScenario(file)).scenario.swarm
}

test('a swarm keeps the durations, knobs and biases that are written', async () => {
  const swarm = await swarmOf({
    families: ['crash'],
    budget: 'edge',
    durations: { min: '20ms', max: '9s' },
    knobs: ['brokers', 'linger.ms'],
    biases: ['bursts'],
  })

  expect(swarm).toMatchObject({
    budget: 'edge',
    durations: { minUs: 20_000, maxUs: 9_000_000 },
    knobs: ['brokers', 'linger.ms'],
    biases: ['bursts'],
  })
})

test('a swarm says nothing of what is not written', async () => {
  const swarm = await swarmOf({ families: ['crash'] })

  for (const key of ['durations', 'knobs', 'biases']) expect(swarm).not.toHaveProperty(key)
})

test.each([
  [{ durations: { min: '9s', max: '1s' } }, 'is less than min'],
  [{ durations: { min: '0s', max: '1s' } }, 'has to be more than nothing'],
  [{ biases: ['brust'] }, 'biases'],
  [{ knobs: ['acks'] }, 'knobs'],
])('%j is refused with its place', async (written, why) => {
  const swarm = { families: ['crash'], ...written } as SwarmEntry

  await expect(swarmOf(swarm)).rejects.toThrow(why)
})
