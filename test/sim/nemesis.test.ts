import { describe, expect, test } from 'vitest'
import { Probe } from '../../model/zookeeper/probes.ts'
import { type Deed, Nemesis, type NemesisEntry } from '../../sim/nemesis.ts'
import type { Behaviour } from '../../sim/process.ts'
import { Simulation } from '../../sim/simulation.ts'

/** Passes a probe each second; the subject is the number of the second. */
const metronome: Behaviour<{ count: number }, never, 'beat'> = {
  stations: { app: { servers: 1 } },
  start(_disk, context) {
    context.setTimer('beat', 0, 1_000_000)
    return { count: 0 }
  },
  receive: {},
  expire: {
    beat(self, _key, context) {
      self.count += 1
      context.probe(Probe.leaderElected, self.count)
      context.setTimer('beat', 0, 1_000_000)
    },
  },
}

interface Stage {
  readonly world: Simulation
  /** What struck and ended, with the time in ms. */
  readonly deeds: string[]
  nemesis(...entries: Partial<NemesisEntry>[]): Nemesis
}

function stage(): Stage {
  const world = new Simulation({ seed: 1, delayBetween: () => ({ baseUs: 1, jitterUs: 0 }) })
  world.addHost({ name: 'a', zone: 'z', cores: 0, nicBytesPerUs: 0, wallStartMs: 0, disks: [] })
  world.addProcess({ name: 'a', host: 'a', behaviour: metronome })
  world.start('a')
  const deeds: string[] = []
  const lasting = (name: string): Deed => {
    deeds.push(`${name} at ${world.nowUs / 1000}`)
    const end = (): void => void deeds.push(`${name} ends at ${world.nowUs / 1000}`)
    return { refused: null, resolved: ['a'], end }
  }
  return {
    world,
    deeds,
    nemesis(...entries) {
      const whole = entries.map((entry, index): NemesisEntry => {
        const name = entry.name ?? `entry-${index}`
        const rest = { atUs: null, on: null, forUs: null, act: () => lasting(name) }
        return { ...rest, ...entry, name }
      })
      const nemesis = new Nemesis(world, whole)
      nemesis.start()
      return nemesis
    },
  }
}

const trigger = { probe: Probe.leaderElected, subject: null, nth: 1, fromUs: 0 }

describe('an entry with a time', () => {
  test('strikes then, ends after its duration, and says so', () => {
    const { world, deeds, nemesis } = stage()
    const one = nemesis({ name: 'cut', atUs: 2_000_000, forUs: 3_000_000 })

    world.runUntil(4_000_000)
    const lasting = one.lasting
    world.runUntil(10_000_000)

    expect(deeds).toEqual(['cut at 2000', 'cut ends at 5000'])
    expect(lasting).toBe(1)
    expect(one.lasting).toBe(0)
    expect(one.records).toEqual([
      { atUs: 2_000_000, untilUs: 5_000_000, refused: null, resolved: ['a'] },
    ])
  })

  test('that is refused does nothing, and its reason is kept', () => {
    const { world, deeds, nemesis } = stage()
    const one = nemesis({ atUs: 1_000_000, act: () => ({ refused: 'over the budget' }) })

    world.runUntil(5_000_000)
    one.heal()

    expect(deeds).toEqual([])
    expect(one.records[0]).toEqual({
      atUs: 1_000_000,
      untilUs: null,
      refused: 'over the budget',
      resolved: null,
    })
  })

  test('whose damage stays has no end', () => {
    const { world, nemesis } = stage()
    const deed: Deed = { refused: null, resolved: ['a'], end: null }
    const one = nemesis({ atUs: 1_000_000, forUs: 1_000_000, act: () => deed })

    world.runUntil(5_000_000)
    one.heal()

    expect(one.records[0]?.untilUs).toBeNull()
  })
})

describe('an entry with a trigger', () => {
  test('strikes at its probe', () => {
    const { world, deeds, nemesis } = stage()
    nemesis({ name: 'crash', on: trigger })

    world.runUntil(5_000_000)

    expect(deeds).toEqual(['crash at 1000'])
  })

  test('waits for the nth time, from its time on', () => {
    const { world, deeds, nemesis } = stage()
    nemesis({ name: 'late', on: { ...trigger, nth: 3, fromUs: 2_500_000 } })

    world.runUntil(10_000_000)

    expect(deeds).toEqual(['late at 5000'])
  })

  test('waits for its subject', () => {
    const { world, deeds, nemesis } = stage()
    nemesis({ name: 'fourth', on: { ...trigger, subject: 4 } })

    world.runUntil(10_000_000)

    expect(deeds).toEqual(['fourth at 4000'])
  })

  test('can kill at the place of its probe: what the handler does after it never happens', () => {
    const { world, nemesis } = stage()
    const act = (): Deed => {
      world.crash('a')
      return { refused: null, resolved: ['a'], end: null }
    }
    nemesis({ on: { ...trigger, nth: 2 }, act })

    world.runUntil(10_000_000)

    expect(world.process('a')?.phase).toBe('down')
    expect(world.probesByName()['zk.leaderElected']).toBe(2)
  })
})

describe('the heal', () => {
  test('ends every fault that lasts, each once', () => {
    const { world, deeds, nemesis } = stage()
    const all = nemesis(
      { name: 'long', atUs: 1_000_000 },
      { name: 'short', atUs: 1_000_000, forUs: 1_000_000 },
      { name: 'later', atUs: 2_500_000, forUs: 60_000_000 },
    )

    world.runUntil(3_000_000)
    all.heal()
    world.runUntil(100_000_000)

    expect(deeds.filter((line) => line.includes('ends'))).toEqual([
      'short ends at 2000',
      'long ends at 3000',
      'later ends at 3000',
    ])
    expect(all.lasting).toBe(0)
    expect(all.records.map(({ untilUs }) => untilUs)).toEqual([3_000_000, 2_000_000, 3_000_000])
  })

  test('lets nothing strike any more, by time or by trigger', () => {
    const { world, deeds, nemesis } = stage()
    const all = nemesis(
      { name: 'timed', atUs: 5_000_000 },
      { name: 'triggered', on: { ...trigger, nth: 4 } },
    )

    world.runUntil(3_000_000)
    all.heal()
    world.runUntil(100_000_000)

    expect(deeds).toEqual([])
    expect(all.records.every(({ atUs }) => atUs === null)).toBe(true)
  })
})
