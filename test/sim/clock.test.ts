import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HostClock } from '../../sim/clock.ts'
import type { Behaviour } from '../../sim/process.ts'
import { Simulation } from '../../sim/simulation.ts'

const change = fc.record({
  afterUs: fc.nat({ max: 1_000_000 }),
  drift: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  stepUs: fc.integer({ min: -5_000_000, max: 5_000_000 }),
})

describe('the monotonic clock', () => {
  test('never goes back, whatever drifts and steps', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const clock = new HostClock(1_600_000_000_000)
        let now = 0
        let before = clock.monotonicUs(0)
        for (const { afterUs, drift, stepUs } of changes) {
          now += afterUs
          const reading = clock.monotonicUs(now)
          expect(reading).toBeGreaterThanOrEqual(before)
          clock.setDrift(now, drift)
          clock.step(stepUs)
          expect(clock.monotonicUs(now)).toBe(reading)
          before = reading
        }
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test('runs ahead or behind by its drift', () => {
    const clock = new HostClock(0)

    clock.setDrift(1_000_000, 0.001)

    expect(clock.monotonicUs(2_000_000)).toBe(2_001_000)
    clock.setDrift(2_000_000, -0.001)
    expect(clock.monotonicUs(3_000_000)).toBe(3_000_000)
  })

  test('has reached the end of a delay when its true time is over, and not long before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.double({ min: -0.05, max: 0.05, noNaN: true }),
        (delayUs, drift) => {
          const clock = new HostClock(0)
          clock.setDrift(0, drift)
          const trueUs = clock.trueDelay(delayUs)
          expect(clock.monotonicUs(trueUs)).toBeGreaterThanOrEqual(delayUs - 1)
          expect(clock.monotonicUs(trueUs)).toBeLessThanOrEqual(delayUs + 2)
        },
      ),
      { numRuns: 300, seed: 1 },
    )
  })
})

describe('the wall clock', () => {
  test('shows a step and a drift at the very time of its last reading', () => {
    const clock = new HostClock(1_000_000)
    const before = clock.wallMs(5_000_000)

    clock.step(3_000_000)
    const stepped = clock.wallMs(5_000_000)
    clock.setDrift(5_000_000, 0.5)

    expect(before).toBe(1_005_000)
    expect(stepped).toBe(1_008_000)
    expect(clock.wallMs(5_000_000)).toBe(1_008_000)
    expect(clock.wallMs(7_000_000)).toBe(1_011_000)
  })

  test('starts where it is told, and is moved by steps', () => {
    const clock = new HostClock(1_605_023_400_000)

    expect(clock.wallMs(2_500)).toBe(1_605_023_400_002)
    clock.step(-60_000_000)
    expect(clock.wallMs(2_500)).toBe(1_605_023_340_002)
  })
})

interface Sleeper {
  readonly woke: number[]
}

const sleeper: Behaviour<Sleeper, never, 'wake'> = {
  stations: { app: { servers: 1 } },
  start(_disk, context) {
    context.setTimer('wake', 0, 1_000_000)
    return { woke: [] }
  },
  receive: {},
  expire: {
    wake(self, _key, context) {
      self.woke.push(context.monotonicUs())
      context.setTimer('wake', 0, 1_000_000)
    },
  },
}

/** One sleeper that wakes after each second of its clock. */
function bedroom(): Simulation {
  const world = new Simulation({ seed: 1, delayBetween: () => ({ baseUs: 1, jitterUs: 0 }) })
  world.addHost({ name: 'a', zone: 'z', cores: 0, nicBytesPerUs: 0, wallStartMs: 0, disks: [] })
  world.addProcess({ name: 'sleeper', host: 'a', behaviour: sleeper })
  world.start('sleeper')
  return world
}

function wakings(world: Simulation): readonly number[] {
  return world.stateOf<Sleeper>('sleeper')?.woke ?? []
}

describe('timers', () => {
  test('run on the clock that drifts, also those that were set before', () => {
    const world = bedroom()

    world.runUntil(500_000)
    world.setDrift('a', 1)
    world.runUntil(751_000)
    const once = wakings(world).length
    world.runUntil(1_252_000)

    // Half a second was left; the clock runs twice as fast now.
    expect(once).toBe(1)
    expect(wakings(world)).toHaveLength(2)
  })

  test('come late on a slow clock', () => {
    const world = bedroom()

    world.setDrift('a', -0.5)
    world.runUntil(1_900_000)
    const before = wakings(world).length
    world.runUntil(2_010_000)

    expect(before).toBe(0)
    expect(wakings(world)).toHaveLength(1)
  })

  test('are on time again when the drift ends', () => {
    const world = bedroom()

    world.setDrift('a', 1)
    world.runUntil(250_000)
    world.setDrift('a', 0)
    world.runUntil(749_000)
    const before = wakings(world).length
    world.runUntil(751_000)

    expect(before).toBe(0)
    expect(wakings(world)).toHaveLength(1)
  })

  test('do not notice that the wall clock is stepped', () => {
    const still = bedroom()
    const stepped = bedroom()

    for (const world of [still, stepped]) world.runUntil(500_000)
    stepped.stepClock('a', 3_600_000_000)
    for (const world of [still, stepped]) world.runUntil(10_000_000)

    expect(wakings(stepped)).toEqual(wakings(still))
    expect(stepped.kernel.hash()).toBe(still.kernel.hash())
  })
})
