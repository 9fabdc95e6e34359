import { expect, test } from 'vitest'
import { exploredCase } from '../../../scenarios/explore/cases.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { SwarmTarget } from '../../../scenarios/schema/scenario.ts'
import type { ScenarioFile } from '../../../scenarios/schema/surface.ts'

type Family = NonNullable<ScenarioFile['swarm']>['families'][number]

/** Who is struck in 60 drawn runs: `leader`, or `leader–follower` for the ends of a link. */
async function struckBy(family: Family, targets?: SwarmTarget[]): Promise<readonly string[]> {
  const swarm = { families: [family], faults: { min: 4, max: 4 } }
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '20s',
    topics: [{ name: 'orders', replicationFactor: 3 }],
    consumers: [{ group: 'payment', members: 2, topics: ['orders'] }],
    swarm: targets === undefined ? swarm : { ...swarm, targets, biases: ['uniform', 'correlated'] },
  })
  const found = new Set<string>()
  for (let index = 0; index < 60; index += 1) {
    for (const entry of exploredCase(scenario, 1, index).timeline) {
      if ('between' in entry) found.add(`${entry.between.of}–${entry.and.of}`)
      else if ('target' in entry) found.add(entry.target.of)
    }
  }
  return [...found].sort()
}

test('without targets every role is struck, alone and together', async () => {
  const struck = await struckBy('crash')

  expect(struck).toEqual(expect.arrayContaining(['leader', 'member', 'zookeeper', 'rack']))
})

test('with targets nobody else is struck', async () => {
  expect(await struckBy('pause', ['controller', 'member'])).toEqual(['controller', 'member'])
  expect(await struckBy('power-loss', ['replicas'])).toEqual(['list'])
})

test('a link is struck whose ends are both among the targets', async () => {
  expect(await struckBy('cut', ['leader', 'all-zookeeper'])).toEqual(['leader–all-zookeeper'])
  expect(await struckBy('cut', ['follower', 'leader'])).toEqual(['leader–follower'])
  expect(await struckBy('cut', ['zookeeper-leader', 'all-zookeeper'])).toEqual([
    'zookeeper-leader–all-zookeeper',
  ])
})
