import { beforeAll, describe, expect, test } from 'vitest'
import { freshDraws } from '../../../scenarios/explore/cases.ts'
import { GENERATION, Generations, type Planned } from '../../../scenarios/explore/generations.ts'
import { ISLANDS, ownsRun, shardOf } from '../../../scenarios/explore/shard.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { plantedRun } from '../../reports/planted-exploration.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

/** A generation in which each run reached something of its own. */
function learnt(of: (index: number) => boolean): Generations {
  const generations = new Generations(scenario, 1)
  const runs = Array.from({ length: GENERATION }, (_none, index) => index).filter(of)
  generations.learn(
    runs.map((index) => plantedRun(index, { reached: { crash: [`probe.of${index}`] } })),
  )
  return generations
}

function plans(generations: Generations): Planned[] {
  return Array.from({ length: GENERATION }, (_none, n) => generations.plan(GENERATION + n))
}

describe('generations', () => {
  test('let the first draw by itself, and about half of the next descend', () => {
    const generations = learnt(() => true)

    const descended = plans(generations).filter(({ parent }) => parent !== null)

    expect(generations.plan(5)).toEqual({ index: 5, draws: null, parent: null })
    expect(descended.length).toBeGreaterThan(GENERATION / 3)
    expect(descended.length).toBeLessThan((GENERATION * 2) / 3)
    for (const { index, parent } of descended) expect((index - (parent ?? 0)) % ISLANDS).toBe(0)
  })

  test('give draws near those of the parent', () => {
    const [one] = plans(learnt(() => true)).filter(({ parent }) => parent !== null)
    const parent = freshDraws(scenario, 1, one?.parent ?? 0)

    expect(one?.draws?.bias).toBe(parent?.bias)
    expect(one?.draws).not.toEqual(parent)
  })

  test('plan nothing from runs that reached nothing new', () => {
    const generations = new Generations(scenario, 1)
    generations.learn(Array.from({ length: GENERATION }, (_n, i) => plantedRun(i, { reached: {} })))

    expect(plans(generations).every(({ draws }) => draws === null)).toBe(true)
  })

  test('are the same for a shard as for the whole', () => {
    const shard = { index: 1, of: 4 }
    const own = learnt((index) => ownsRun(shard, index))
    const whole = learnt(() => true)

    const mine = (one: Planned): boolean => ownsRun(shard, one.index)
    expect(plans(own).filter(mine)).toEqual(plans(whole).filter(mine))
  })

  test('know news from what an earlier generation reached', () => {
    const generations = learnt(() => true)

    const news = generations.news({ index: GENERATION, reached: { crash: ['probe.of0', 'new'] } })

    expect(news).toEqual({ crash: ['new'] })
  })
})

describe('shards', () => {
  test('divide the runs without a rest', () => {
    for (const of of [1, 2, 3, 5, 16]) {
      for (let index = 0; index < 100; index += 1) {
        const owners = Array.from({ length: of }, (_none, part) =>
          ownsRun({ index: part, of }, index),
        )
        expect(owners.filter(Boolean)).toHaveLength(1)
      }
    }
  })

  test.each(['1/4', '16/16'])('are written as %s', (text) => {
    expect(shardOf(text)).not.toBeNull()
  })

  test.each(['0/4', '5/4', '1/17', '4', 'a/b'])('are not written as %s', (text) => {
    expect(shardOf(text)).toBeNull()
  })
})
