import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Setting } from '../../../scenarios/plan/plan-answer.ts'
import { type Found, search } from '../../../scenarios/plan/search.ts'
import { drills, type MadeUp, madeUp, pricedOf, range, settingWith, type World } from './made-up.ts'

interface Options {
  readonly seeds?: number
  readonly ruleOut?: (setting: Setting) => string | null
}

async function found(
  world: World,
  settings: readonly Setting[],
  { seeds = 3, ruleOut = () => null }: Options = {},
): Promise<Found & MadeUp> {
  const simulation = madeUp(world)
  const { simulate } = simulation
  const candidates = pricedOf(settings)
  const answer = await search({ candidates, ruleOut, drills, seeds, change: {}, simulate })
  return { ...answer, ...simulation }
}

const byBrokers = range(3, 30).map((brokers) => settingWith({ brokers }))
/** A broker carries 100, and one is down in the second drill. */
const plain: World = {
  traffic: 950,
  carries: ({ brokers }, drill) => (brokers - drill) * 100,
}

function states({ tried }: Found, state: string): readonly number[] {
  return tried.filter((one) => one.state === state).map(({ priced }) => priced.setting.brokers)
}

describe('the search', () => {
  test('finds the cheapest that holds in every drill', async () => {
    const { answer } = await found(plain, byBrokers)

    expect(answer?.priced.setting.brokers).toBe(11)
  })

  test('names the next cheaper one and what it misses', async () => {
    const { nextCheaper } = await found(plain, byBrokers)

    expect(nextCheaper?.priced.setting.brokers).toBe(10)
    expect(nextCheaper?.failed).toEqual(['one-broker-down: latency p(99)<500ms'])
  })

  test('halves a column and does not walk through it', async () => {
    const { trials } = await found(plain, byBrokers, { seeds: 1 })

    expect(trials.length).toBeLessThan(byBrokers.length)
  })

  test('gives the answer as many seeds as were asked for, in every drill', async () => {
    const { answer } = await found(plain, byBrokers, { seeds: 5 })

    expect(answer?.samples.map(({ length }) => length)).toEqual([5, 5])
  })

  test('gives every setting the same seeds', async () => {
    const { trials } = await found(plain, byBrokers)

    expect(trials.every(({ index }) => index < 3)).toBe(true)
    expect(trials.filter(({ setting }) => setting.brokers === 10)[0]?.index).toBe(0)
  })

  test('takes the next one where a later seed breaks what the first held', async () => {
    const unlucky: World = {
      ...plain,
      carries: (setting, drill, index) =>
        plain.carries(setting, drill, index) - (index === 2 && setting.brokers === 11 ? 200 : 0),
    }

    const { answer, nextCheaper } = await found(unlucky, byBrokers)

    expect(answer?.priced.setting.brokers).toBe(12)
    expect(nextCheaper?.priced.setting.brokers).toBe(11)
    expect(nextCheaper?.failed).toContain('normal: latency p(99)<500ms')
  })

  test('simulates nothing that arithmetic rules out, and says why', async () => {
    const ruleOut = ({ brokers }: Setting): string | null =>
      brokers < 8 ? 'its network is too small' : null

    const { tried, trials, answer } = await found(plain, byBrokers, { ruleOut })

    expect(trials.every(({ setting }) => setting.brokers >= 8)).toBe(true)
    expect(tried[0]).toMatchObject({ state: 'ruled-out', by: 'its network is too small' })
    expect(answer?.priced.setting.brokers).toBe(11)
  })

  test('compares batches and linger by simulation, for more is not always better', async () => {
    // Linger helps up to 10 ms and hurts beyond.
    const settings = range(3, 12).flatMap((brokers) =>
      [0, 5, 10, 50].map((linger) => settingWith({ brokers, 'linger.ms': linger })),
    )
    const best: Readonly<Record<number, number>> = { 0: 100, 5: 160, 10: 190, 50: 90 }
    const world: World = {
      traffic: 950,
      carries: (setting, drill) => (setting.brokers - drill) * (best[setting['linger.ms']] ?? 0),
    }

    const { answer } = await found(world, settings)

    expect(answer?.priced.setting).toMatchObject({ brokers: 6, 'linger.ms': 10 })
  })

  test('trades consumers against brokers by their cost', async () => {
    const settings = range(3, 12).flatMap((brokers) =>
      range(1, 20).map((consumers) => settingWith({ brokers, consumers })),
    )
    const world: World = { ...plain, traffic: 750, worksOff: ({ consumers }) => consumers * 60 }

    const { answer } = await found(world, settings)

    expect(answer?.priced.setting).toMatchObject({ brokers: 9, consumers: 13 })
  })

  test('answers nothing where nothing holds', async () => {
    const { answer, nextCheaper, tried } = await found({ ...plain, traffic: 9_000 }, byBrokers)

    expect(answer).toBeNull()
    expect(nextCheaper).toBeNull()
    expect(tried.every(({ state }) => state === 'missed' || state === 'ruled-out')).toBe(true)
  })

  test('finds out that a cheaper one holds of which it had been concluded that it cannot', async () => {
    // With a linger of 50 ms ten brokers hold, and no other number of them does.
    const settings = range(3, 30).flatMap((brokers) =>
      [0, 50].map((linger) => settingWith({ brokers, 'linger.ms': linger })),
    )
    const odd: World = {
      traffic: 950,
      carries: (setting, drill) => {
        if (setting['linger.ms'] === 0) return plain.carries(setting, drill, 0)
        return setting.brokers === 10 ? 2_000 : 0
      },
    }

    const { answer, surprises } = await found(odd, settings)

    expect(answer?.priced.setting).toMatchObject({ brokers: 10, 'linger.ms': 50 })
    expect(surprises).toBe(1)
  })

  test('tries more than the next cheaper one after all', async () => {
    // With a linger of 50 ms eight brokers hold, and no other number of them does.
    const settings = range(3, 30).flatMap((brokers) =>
      [0, 50].map((linger) => settingWith({ brokers, 'linger.ms': linger })),
    )
    const odd: World = {
      traffic: 950,
      carries: (setting, drill) => {
        if (setting['linger.ms'] === 0) return plain.carries(setting, drill, 0)
        return setting.brokers === 8 ? 2_000 : 0
      },
    }

    const { answer } = await found(odd, settings)

    expect(answer?.priced.setting).toMatchObject({ brokers: 8, 'linger.ms': 50 })
  })

  test('agrees with a walk through all of them, whatever carries how much', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 50, max: 2_500 }),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 10, max: 200 }),
        async (traffic, broker, consumer) => {
          const settings = range(3, 15).flatMap((brokers) =>
            range(1, 8).map((consumers) => settingWith({ brokers, consumers })),
          )
          const world: World = {
            traffic,
            carries: ({ brokers }, drill) => (brokers - drill) * broker,
            worksOff: ({ consumers }) => consumers * consumer,
          }
          const holds = ({ brokers, consumers }: Setting): boolean =>
            (brokers - 1) * broker >= traffic && consumers * consumer >= traffic
          const wanted = pricedOf(settings).find(({ setting }) => holds(setting))?.setting ?? null

          const { answer } = await found(world, settings)

          expect(answer?.priced.setting ?? null).toEqual(wanted)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('leaves what is dearer than the answer alone', async () => {
    const answer = await found(plain, byBrokers)

    expect(states(answer, 'open').every((brokers) => brokers > 11)).toBe(true)
    expect(states(answer, 'open').length).toBeGreaterThan(10)
  })
})
