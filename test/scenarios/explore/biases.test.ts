import { beforeAll, describe, expect, test } from 'vitest'
import { biases, biasOf, portfolioOf } from '../../../scenarios/explore/biases.ts'
import { exploredCase, freshDraws } from '../../../scenarios/explore/cases.ts'
import { biasNameOf, type Draws } from '../../../scenarios/explore/draws.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'
import type { BiasName, Scenario, Swarm } from '../../../scenarios/schema/scenario.ts'
import { biasNames } from '../../../scenarios/schema/swarm-words.ts'
import type { TimelineEntry } from '../../../scenarios/schema/timeline.ts'
import { mixSeed } from '../../../sim/mix.ts'

let flagship: Scenario

beforeAll(async () => {
  flagship = (await loadScenario('double-eleven')).scenario
})

function swarmWith(changes: Partial<Swarm>): Swarm {
  return { ...(flagship.swarm as Swarm), ...changes }
}

/** Timelines of runs under one bias, without the scenario's own. */
function drawnUnder(bias: BiasName): TimelineEntry[][] {
  const scenario = { ...flagship, timeline: [], swarm: swarmWith({ biases: [bias] }) }
  return Array.from({ length: 60 }, (_none, index) => [
    ...exploredCase(scenario, 1, index).timeline,
  ])
}

describe('the portfolio', () => {
  test('holds every bias where the swarm has the families for it', () => {
    expect(portfolioOf(flagship.swarm as Swarm)).toEqual(biasNames)
  })

  test('leaves out what needs families that the swarm has not', () => {
    const names = portfolioOf(swarmWith({ families: ['crash', 'cut'] }))

    expect(names).toEqual(['uniform', 'weights', 'one-broker', 'bursts', 'moments', 'correlated'])
  })

  test('is what the scenario names, and never empty', () => {
    expect(portfolioOf(swarmWith({ biases: ['bursts', 'uniform'] }))).toEqual(['bursts', 'uniform'])
    expect(portfolioOf(swarmWith({ families: ['cut'], biases: ['pauses'] }))).toEqual(['uniform'])
  })

  test('gives runs each bias in turn, by their seed alone', () => {
    const swarm = flagship.swarm as Swarm
    const counts = new Map<number, number>()
    for (let index = 0; index < 1000; index += 1) {
      const bias = biasOf(swarm, mixSeed(5, index))
      expect(biasOf(structuredClone(swarm), mixSeed(5, index))).toBe(bias)
      counts.set(bias, (counts.get(bias) ?? 0) + 1)
    }

    expect(counts.size).toBe(biasNames.length)
    for (const count of counts.values()) expect(count).toBeGreaterThan(60)
  })

  test('is told by its name of each draw', () => {
    const names = new Set<BiasName | null>()
    for (let index = 0; index < 200; index += 1) {
      names.add(biasNameOf(freshDraws(flagship, 1, index) as Draws, flagship))
    }

    expect(names.size).toBe(biasNames.length)
  })
})

describe('a bias', () => {
  test('of one broker aims at the same broker in all of a run', () => {
    for (const timeline of drawnUnder('one-broker')) {
      const ids = JSON.stringify(timeline.filter((entry) => entry.kind !== 'restart')).matchAll(
        /"of":"broker","id":(\d+)/g,
      )
      expect(new Set([...ids].map(([, id]) => id)).size).toBeLessThanOrEqual(1)
    }
  })

  test('of bursts puts everything within a session or so', () => {
    for (const timeline of drawnUnder('bursts')) {
      const times = timeline.flatMap(({ atUs, kind }) =>
        atUs === undefined || kind === 'restart' ? [] : [atUs],
      )
      if (times.length === 0) continue
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(flagship.durationUs / 4)
    }
  })

  test('of moments lets most entries wait for a probe', () => {
    const entries = drawnUnder('moments').flat()
    const waiting = entries.filter(({ on }) => on !== undefined)

    expect(waiting.length / entries.length).toBeGreaterThan(0.6)
  })

  test('of pauses pauses more than anything else', () => {
    const entries = drawnUnder('pauses').flat()
    const pauses = entries.filter(({ kind }) => kind === 'pause')

    expect(pauses.length / entries.length).toBeGreaterThan(0.4)
  })

  test('of a held replica holds what the controller sends while leaders die', () => {
    for (const timeline of drawnUnder('held-leader-and-isr')) {
      expect(timeline.some(({ kind }) => kind === 'hold')).toBe(true)
      expect(timeline.filter(({ kind }) => kind === 'crash').length).toBeGreaterThan(1)
    }
  })

  test('of correlated faults strikes racks, replica sets and all brokers in turn', () => {
    const text = JSON.stringify(drawnUnder('correlated'))

    for (const word of ['"of":"rack"', '"of":"list"', '"of":"half"']) expect(text).toContain(word)
  })

  test('has a sentence that says what it does', () => {
    for (const name of biasNames) expect(biases[name].sentence).not.toBe('')
  })
})
