import { describe, expect, test } from 'vitest'
import { type HostFault, strike } from '../../sim/faults.ts'
import type { Connection } from '../../sim/process.ts'
import { stream } from '../../sim/random.ts'
import { puppets, type PuppetWorld } from './puppets.ts'

/** Strikes with the draws of `seed`; gives what ends the fault. */
function struck({ world }: PuppetWorld, fault: HostFault, seed = 1): () => void {
  return strike(world, fault, stream(seed, 'nemesis')) ?? (() => {})
}

function connected(): PuppetWorld & { readonly to: Connection } {
  const two = puppets(['a', 'b'])
  const to = two.puppet('a').context.connect('b')
  two.world.runUntil(10_000)
  return { ...two, to }
}

describe('a fault that ends', () => {
  test.each([1, 2, 3, 4, 5, 6])('leaves a crashed process running again, seed %i', (seed) => {
    const two = connected()

    const end = struck(two, { kind: 'crash', hosts: ['b'] }, seed)
    two.tell('a', two.to, 0)
    two.world.runUntil(1_000_000)
    const phase = two.world.process('b')?.phase
    end()

    expect(phase).toBe('down')
    expect(two.world.process('b')?.phase).toBe('running')
    expect(two.world.process('b')?.incarnation).toBe(2)
  })

  test('starts a process anew even if it sat idle through the whole crash', () => {
    const incarnations = [1, 2, 3, 4, 5, 6].map((seed) => {
      const two = connected()
      const end = struck(two, { kind: 'crash', hosts: ['b'] }, seed)
      two.world.runUntil(1_000_000)
      end()
      return two.world.process('b')?.incarnation
    })

    expect(incarnations).toEqual([2, 2, 2, 2, 2, 2])
  })

  test('gives power and process back after a power loss', () => {
    const two = connected()

    const end = struck(two, { kind: 'power-loss', hosts: ['b'] })
    two.world.runUntil(1_000_000)
    const up = two.world.host('b').up
    end()

    expect(up).toBe(false)
    expect(two.world.host('b').up).toBe(true)
    expect(two.world.process('b')?.phase).toBe('running')
  })

  test.each([1, 2, 3, 4, 5, 6])('lets a paused process go on as it was, seed %i', (seed) => {
    const two = connected()

    const end = struck(two, { kind: 'pause', hosts: ['b'] }, seed)
    two.tell('a', two.to, 0, 3)
    two.world.runUntil(1_000_000)
    const during = two.notes('b').length
    end()
    two.world.runUntil(2_000_000)

    expect(during).toBeLessThanOrEqual(1)
    expect(two.notes('b')).toEqual([0, 1, 2])
    expect(two.world.process('b')?.incarnation).toBe(1)
  })

  test('joins what was cut', () => {
    const two = connected()
    const directions = [{ from: ['a'], to: ['b'] }]

    const end = struck(two, { kind: 'cut', directions })
    two.tell('a', two.to, 0)
    two.world.runUntil(1_000_000)
    const during = two.notes('b')
    end()
    two.world.runUntil(5_000_000)

    expect(during).toEqual([])
    expect(two.notes('b')).toEqual([0])
  })

  test('gives a link, a disk and a CPU their speed back', () => {
    const { world } = puppets(['a', 'b'])
    const host = world.host('a')
    const faults: HostFault[] = [
      { kind: 'slow-cpu', hosts: ['a'], factor: 8 },
      { kind: 'slow-cpu', hosts: ['a'], factor: 3 },
    ]

    const ends = faults.map((fault) => strike(world, fault, stream(1, 'x')))
    const during = host.cpuSlowness
    ends.forEach((end) => end?.())

    expect(during).toBe(24)
    expect(host.cpuSlowness).toBe(1)
  })

  test('sets a drifting clock right, but not the time it has lost', () => {
    const { world } = puppets(['a'])
    const { clock } = world.host('a')

    const end = strike(world, { kind: 'clock-drift', hosts: ['a'], ppm: 1000 }, stream(1, 'x'))
    world.runUntil(1_000_000)
    end?.()
    world.runUntil(2_000_000)

    expect(clock.drift).toBe(0)
    expect(Math.abs(clock.monotonicUs(2_000_000) - 2_001_000)).toBeLessThanOrEqual(1)
  })
})

describe('a fault that is over at once', () => {
  test('has no end: a step of the clock, a reset', () => {
    const two = connected()

    const step = strike(
      two.world,
      { kind: 'clock-step', hosts: ['a'], byUs: 60_000_000 },
      stream(1, 'x'),
    )
    const reset = strike(two.world, { kind: 'reset', between: ['a'], and: ['b'] }, stream(1, 'x'))
    two.world.runUntil(20_000)

    expect(step).toBeNull()
    expect(reset).toBeNull()
    expect(two.world.host('a').clock.wallMs(20_000)).toBe(60_020)
    expect(two.closings('a')).toEqual(['reset'])
  })
})
