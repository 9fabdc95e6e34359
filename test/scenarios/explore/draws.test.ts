import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Draw, drawBounds } from '../../../scenarios/explore/draw.ts'
import { draw, type Draws, resolve } from '../../../scenarios/explore/draws.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario, Swarm } from '../../../scenarios/schema/scenario.ts'
import { swarmFamilies, swarmOperations } from '../../../scenarios/schema/swarm-words.ts'
import {
  faultKinds,
  operationKinds,
  type Target,
  type TimelineEntry,
} from '../../../scenarios/schema/timeline.ts'
import { stream } from '../../../sim/random.ts'

const families = swarmFamilies

const swarm: Swarm = {
  families,
  operations: swarmOperations,
  faults: { min: 2, max: 8 },
  budget: 'within',
}

let flagship: Scenario
/** Nothing to strike but servers: no topics' clients, no services. */
let bare: Scenario

beforeAll(async () => {
  flagship = { ...(await loadScenario('double-eleven')).scenario, swarm }
  bare = { ...flagship, producers: [], consumers: [], services: [], topics: [], timeline: [] }
})

/** Everything that many runs draw. */
function drawnFrom(scenario: Scenario): readonly TimelineEntry[] {
  const random = stream(1, 'draws')
  return Array.from({ length: 2500 }, (_none, n) =>
    resolve(draw(swarm, random, n), scenario),
  ).flat()
}

const anyNumber = fc.nat()
const entry: fc.Arbitrary<Draw> = fc.record({
  family: anyNumber,
  kind: anyNumber,
  target: anyNumber,
  other: anyNumber,
  detail: anyNumber,
  at: anyNumber,
  length: anyNumber,
  breadth: anyNumber,
  moment: anyNumber,
})
const draws: fc.Arbitrary<Draws> = fc.record({
  bias: anyNumber,
  familiesOff: anyNumber,
  weights: fc.array(anyNumber, { maxLength: 12 }),
  knobs: fc.array(anyNumber, { maxLength: 12 }),
  background: entry,
  entries: fc.array(entry, { maxLength: 20 }),
})

/** What a target names that the scenario does not have, or null. */
function unheardOf(target: Target, scenario: Scenario): string | null {
  const { cluster, topics, consumers, producers, services } = scenario
  const partitionExists = (topic: string, partition: number): boolean =>
    topic === '__consumer_offsets' ||
    topics.some(({ name, partitions }) => name === topic && partition < partitions)
  const groupOf = (name: string): Scenario['consumers'][number] | undefined =>
    consumers.find(({ group }) => group === name)
  const known = ((): boolean => {
    switch (target.of) {
      case 'broker':
        return cluster.brokers.some(({ id }) => id === target.id)
      case 'zookeeper':
        return cluster.zookeeper.some(({ id }) => id === target.id)
      case 'leader':
      case 'follower':
        return partitionExists(target.topic, target.partition)
      case 'coordinator':
      case 'group':
      case 'half':
        return groupOf(target.group) !== undefined
      case 'member':
        return target.index >= 1 && target.index <= (groupOf(target.group)?.members ?? 0)
      case 'producer':
        return producers.some(
          ({ name, count }) => name === target.name && target.index >= 1 && target.index <= count,
        )
      case 'service':
        return services.some(({ name }) => name === target.name)
      default:
        return true
    }
  })()
  return known ? null : JSON.stringify(target)
}

/** What is wrong with a drawn entry, in words. */
function faultsOf(entry: TimelineEntry, scenario: Scenario): string[] {
  const wrong: string[] = []
  const at = entry.atUs ?? entry.on?.afterUs ?? -1
  if (entry.on !== undefined && entry.on.nth < 1) wrong.push(`nth ${entry.on.nth}`)
  if (!Number.isInteger(at) || at < 0 || at >= scenario.durationUs) wrong.push(`at ${at}`)
  if (entry.atUs !== undefined && entry.on !== undefined) wrong.push('two times')
  if ('forUs' in entry && !(Number.isInteger(entry.forUs) && (entry.forUs as number) > 0))
    wrong.push(`for ${entry.forUs}`)
  const targets = [
    ...('target' in entry ? [entry.target] : []),
    ...('between' in entry ? [entry.between, entry.and] : []),
  ]
  wrong.push(...targets.flatMap((target) => unheardOf(target, scenario) ?? []))
  if ('topic' in entry && !scenario.topics.some(({ name }) => name === entry.topic))
    wrong.push(`topic ${entry.topic}`)
  if ('group' in entry && !scenario.consumers.some(({ group }) => group === entry.group))
    wrong.push(`group ${entry.group}`)
  return wrong
}

describe('resolving draws', () => {
  test.each(['flagship', 'bare'])(
    'makes a timeline of any numbers, for the %s scenario',
    (which) => {
      const scenario = which === 'flagship' ? flagship : bare
      fc.assert(
        fc.property(draws, (drawn) => {
          const own = scenario.timeline.length

          const timeline = resolve(drawn, scenario)

          expect(timeline.slice(0, own)).toEqual(scenario.timeline)
          expect(timeline.slice(own).flatMap((entry) => faultsOf(entry, scenario))).toEqual([])
          // One draw is a fault or a roll over all brokers; a bias adds a few of its own.
          const most = scenario.cluster.brokers.length * drawn.entries.length + 4
          expect(timeline.length - own).toBeLessThanOrEqual(most)
        }),
        { numRuns: 500, seed: 1 },
      )
    },
  )

  test('is pure: the same numbers give the same timeline', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        expect(resolve(drawn, flagship)).toEqual(resolve(structuredClone(drawn), flagship))
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('orders what it drew by its time', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const times = resolve(drawn, flagship)
          .slice(flagship.timeline.length)
          .map(({ atUs, on }) => atUs ?? on?.afterUs ?? -1)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('gives each entry by itself: leaving one out leaves the others as they are', () => {
    fc.assert(
      fc.property(draws, fc.nat(), (drawn, which) => {
        fc.pre(drawn.entries.length > 0)
        const gone = which % drawn.entries.length
        const fewer = { ...drawn, entries: drawn.entries.filter((_one, index) => index !== gone) }

        const rest = resolve(fewer, flagship)
        const whole = resolve(drawn, flagship).map((entry) => JSON.stringify(entry))

        for (const entry of rest) expect(whole).toContain(JSON.stringify(entry))
        expect(rest.length).toBeGreaterThanOrEqual(whole.length - flagship.cluster.brokers.length)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test('reaches every family and operation', () => {
    const expendable = { ...flagship, swarm: { ...swarm, topics: ['payments'] }, timeline: [] }

    const kinds = new Set(drawnFrom(expendable).map(({ kind }) => kind))

    expect([...kinds].sort(byText)).toEqual([...faultKinds, ...operationKinds].sort(byText))
  })

  test('deletes and creates no topic with load, unless the swarm names it', () => {
    const about = (scenario: Scenario): readonly string[] => [
      ...new Set(
        drawnFrom({ ...scenario, timeline: [] }).flatMap((entry) =>
          entry.kind === 'delete-topic' || entry.kind === 'create-topic' ? [entry.topic] : [],
        ),
      ),
    ]
    const [first] = flagship.topics
    if (first === undefined) throw new Error('there is no topic')
    const idle = { ...flagship, topics: [...flagship.topics, { ...first, name: 'idle' }] }

    expect(about(flagship)).toEqual([])
    expect(about(idle)).toEqual(['idle'])
    expect(about({ ...idle, swarm: { ...swarm, topics: ['orders'] } })).toEqual(['orders'])
  })

  test('draws nothing for a scenario without a swarm', () => {
    const { swarm: _swarm, ...calm } = flagship

    const drawn = draw(swarm, stream(1, 'draws'), 0)

    expect(resolve(drawn, calm)).toEqual(flagship.timeline)
  })
})

describe('drawing', () => {
  test('stays inside the bounds that shrinking starts from', () => {
    const random = stream(2, 'draws')
    const entries = Array.from({ length: 6000 }, () => draw(swarm, random, 0)).flatMap(
      ({ entries: drawn }) => drawn,
    )

    for (const [field, bound] of Object.entries(drawBounds)) {
      const values = entries.map((entry) => entry[field as keyof typeof entry])
      const least = values.reduce((a, b) => Math.min(a, b))
      const most = values.reduce((a, b) => Math.max(a, b))
      expect(least).toBe(0)
      expect(most).toBeGreaterThan(bound * 0.99)
      expect(most).toBeLessThanOrEqual(bound)
    }
  })

  test('draws as many entries as the swarm asks for', () => {
    const random = stream(3, 'draws')
    const counts = new Set(Array.from({ length: 300 }, () => draw(swarm, random, 0).entries.length))

    expect([...counts].sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8])
  })

  test('leaves each family out of about half of the runs', () => {
    const random = stream(4, 'draws')
    const offs = Array.from({ length: 1000 }, () => draw(swarm, random, 0).familiesOff)

    families.forEach((_family, index) => {
      const without = offs.filter((off) => (off & (1 << index)) !== 0).length
      expect(without).toBeGreaterThan(430)
      expect(without).toBeLessThan(570)
    })
  })
})

function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}
