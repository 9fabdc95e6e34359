import { describe, expect, test } from 'vitest'
import { type WallOptions, wallsOf } from '../../../scenarios/plan/walls.ts'
import { drills, madeUp, settingWith, type World } from './made-up.ts'

const world: World = {
  traffic: 1_000,
  carries: ({ brokers }, drill) => (brokers - drill) * 200,
  worksOff: ({ consumers }) => consumers * 100,
}

function options(some: Partial<WallOptions> = {}): WallOptions & { runs(): number } {
  const { simulate, trials } = madeUp(world)
  return {
    setting: settingWith({ brokers: 10, consumers: 25 }),
    drills,
    simulate,
    seeds: 2,
    from: 0.1,
    to: 4,
    resolution: 0.02,
    precision: 'all',
    ...some,
    runs: () => trials.length,
  }
}

describe('walls', () => {
  test('come in their order, each between a factor that holds and one that breaks', async () => {
    const { breaks } = await wallsOf(options())

    // Nine brokers carry 1.8 times, ten 2.0 times, the consumers 2.5 times the traffic.
    const told = breaks.map(({ drill, what }) => `${drills[drill]} ${what}`)
    expect(told).toEqual([
      'one-broker-down latency p(99)<500ms',
      'normal latency p(99)<500ms',
      'normal lateness max<30s',
      'one-broker-down lateness max<30s',
    ])
    for (const [at, wall] of [1.8, 2, 2.5, 2.5].entries()) {
      const { holds = 0, breaks: broke = 0 } = breaks[at] ?? {}
      expect(holds).toBeLessThanOrEqual(wall)
      expect(broke).toBeGreaterThan(wall)
      expect(broke - holds).toBeLessThanOrEqual(0.02 * holds + 1e-9)
    }
  })

  test('say up to which peak everything holds', async () => {
    const { peak } = await wallsOf(options())

    expect(peak.factor).toBeGreaterThan(1.76)
    expect(peak.factor).toBeLessThanOrEqual(1.8)
  })

  test('are halved to for the first of each drill alone where that is enough', async () => {
    const all = options()
    const first = options({ precision: 'first' })

    await wallsOf(all)
    const { breaks } = await wallsOf(first)

    expect(first.runs()).toBeLessThan(all.runs())
    expect(breaks[0]?.breaks).toBeGreaterThan(1.8)
  })

  test('are not there where nothing breaks', async () => {
    const { breaks, peak } = await wallsOf(options({ to: 1.5 }))

    expect(breaks).toEqual([])
    expect(peak.factor).toBe(1.5)
  })

  test('have no peak where even the least breaks', async () => {
    const { peak } = await wallsOf(options({ setting: settingWith({ brokers: 1, consumers: 25 }) }))

    expect(peak.factor).toBeNull()
  })
})
