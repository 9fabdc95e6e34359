import { beforeAll, describe, expect, test } from 'vitest'
import { exploredCase, plainCase } from '../../../scenarios/explore/cases.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

describe('a case of an exploration', () => {
  test('depends on seed and index alone, whatever was made before it', () => {
    const forward = Array.from({ length: 20 }, (_none, index) => exploredCase(scenario, 3, index))
    const backward = Array.from({ length: 20 }, (_none, n) => exploredCase(scenario, 3, 19 - n))

    expect(backward.reverse()).toEqual(forward)
    expect(exploredCase(structuredClone(scenario), 3, 7)).toEqual(forward[7])
  })

  test('differs from that of another index and of another seed', () => {
    const seeds = new Set<number>()
    const timelines = new Set<string>()
    for (let seed = 1; seed <= 5; seed += 1) {
      for (let index = 0; index < 40; index += 1) {
        const one = exploredCase(scenario, seed, index)
        seeds.add(one.seed)
        timelines.add(JSON.stringify(one.timeline))
      }
    }

    expect(seeds.size).toBe(200)
    expect(timelines.size).toBeGreaterThan(190)
  })

  test('runs to the end, although a threshold would end a run of its own', () => {
    const [threshold] = scenario.thresholds
    const abort = { delayUs: 0 }
    const measure = { text: { measure: 'backlog', rule: 'max<1' } }
    const hurried = { ...threshold, ...measure, abort } as Scenario['thresholds'][number]

    const one = exploredCase({ ...scenario, thresholds: [hurried] }, 3, 1)

    expect(one.scenario.thresholds).toEqual([{ ...threshold, ...measure }])
    expect(exploredCase(scenario, 3, 1).scenario.thresholds).toBe(scenario.thresholds)
  })

  test('is plain JSON', () => {
    const one = exploredCase(scenario, 3, 1)

    expect(JSON.parse(JSON.stringify(one))).toEqual(one)
  })

  test('keeps what was drawn, for shrinking on another day', () => {
    const one = exploredCase(scenario, 3, 1)

    expect(one.raw?.draws).toHaveLength(1)
    expect(one.timeline.length).toBeGreaterThan(scenario.timeline.length)
  })

  test('of a scenario without a swarm has the scenario’s own timeline and its own seed', () => {
    const { swarm: _swarm, ...calm } = scenario

    const one = exploredCase(calm, 3, 1)

    expect(one).toEqual(plainCase(calm, exploredCase(scenario, 3, 1).seed))
    expect(one.timeline).toEqual(scenario.timeline)
  })
})
