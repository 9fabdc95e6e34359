import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Guard } from '../../model/zookeeper/guards.ts'
import { Probe } from '../../model/zookeeper/probes.ts'
import { InvariantError } from '../../sim/invariant.ts'
import type { Behaviour, Body, Connection, Context } from '../../sim/process.ts'
import { Simulation } from '../../sim/simulation.ts'

interface Work<Type extends string> extends Body {
  readonly type: Type
  readonly n: number
  readonly us: number
}
type Task =
  Work<'Task'> | Work<'Errand'> | Work<'Flash'> | Work<'Freeze'> | Work<'Toil'> | Work<'Read'>

/** What a worker has finished: kind, number, true time. */
type Ledger = string[]

interface Worker {
  readonly ledger: Ledger
}

type WorkerBehaviour = Behaviour<Worker, Task, 'tick', 'served' | 'worked' | 'read' | 'thawed'>

interface WorkerOptions {
  readonly ledger: Ledger
  readonly now: () => number
  readonly servers?: number
  readonly queueMax?: number
}

/** Tasks cost their time; errands pass two stations; a freeze holds its server. */
function worker({ ledger, now, servers = 1, queueMax }: WorkerOptions): WorkerBehaviour {
  const note = (what: string, n: number): void => void ledger.push(`${what} ${n} at ${now()}`)
  return {
    stations: {
      handler: { servers, ...(queueMax === undefined ? {} : { queueMax }) },
      network: { servers: 1 },
      disk: { servers: 1 },
    },
    threads: { Errand: 'network', tick: 'network', served: 'disk' },
    start(_disk, context) {
      context.random('start')
      return { ledger }
    },
    cost: (_self, task) =>
      task.type === 'Errand'
        ? [
            { station: 'network', us: 10 },
            { station: 'handler', us: task.us },
          ]
        : task.type === 'Toil' || task.type === 'Read'
          ? []
          : [{ station: 'handler', us: task.us }],
    receive: {
      Toil: (_self, task, _connection, context) => context.work(task.us, 'worked', task.n),
      Read: (_self, task, _connection, context) => context.block(task.us, 'read', task.n),
      Task(_self, task, _connection, context) {
        context.probe(Probe.leaderElected)
        note('task', task.n)
      },
      Errand(_self, task, _connection, context) {
        note('errand', task.n)
        context.serve('disk', 1_000, 'served', task.n)
      },
      Flash(_self, task, _connection, context) {
        context.serve('disk', 0, 'served', task.n)
        note('flash', task.n)
      },
      Freeze(_self, task, _connection, context) {
        note('freeze', task.n)
        context.hold('thawed', task.n)
        context.setTimer('tick', task.n, 5_000)
      },
    },
    expire: {
      tick: (_self, key, context) => context.release('thawed', key),
    },
    done: {
      served: (_self, key) => note('served', key),
      worked: (_self, key) => note('worked', key),
      read: (_self, key) => note('read', key),
      thawed: (_self, key) => note('thawed', key),
    },
  }
}

const boss: Behaviour<{ readonly context: Context<never>; readonly to: Connection }, never> = {
  stations: { app: { servers: 1 } },
  start: (_disk, context) => ({ context, to: context.connect('worker') }),
  receive: {},
  expire: {},
}

interface Workshop {
  readonly world: Simulation
  readonly ledger: Ledger
  /** Sends a task of each of these lengths, all at once, each on its own connection. */
  give(type: Task['type'], ...lengths: number[]): void
}

/** A worker and a boss, at 10 ms. */
function workshop(
  options: { servers?: number; queueMax?: number; cores?: number; oneConnection?: boolean } = {},
): Workshop {
  const ledger: Ledger = []
  const world = new Simulation({ seed: 1, delayBetween: () => ({ baseUs: 100, jitterUs: 0 }) })
  const { cores = 0, oneConnection = false, ...shape } = options
  for (const name of ['worker', 'boss']) {
    world.addHost({ name, zone: 'z', cores, nicBytesPerUs: 0, wallStartMs: 0, disks: [] })
  }
  const behaviour = worker({ ledger, now: () => world.nowUs, ...shape })
  world.addProcess({ name: 'worker', host: 'worker', behaviour })
  world.addProcess({ name: 'boss', host: 'boss', behaviour: boss })
  world.start('worker')
  world.start('boss')
  world.runUntil(10_000)
  let n = 0
  return {
    world,
    ledger,
    give(type, ...lengths) {
      const { context, to } = world.stateOf<{ context: Context<never>; to: Connection }>(
        'boss',
      ) as { context: Context<never>; to: Connection }
      for (const us of lengths) {
        context.send(oneConnection ? to : context.connect('worker'), { type, n, us } as Task, 100)
        n += 1
      }
    },
  }
}

/** Handshake and one way: what reaches a worker from a fresh connection. */
const ARRIVAL_US = 10_300

function times(ledger: Ledger, what: string): number[] {
  return ledger
    .filter((line) => line.startsWith(`${what} `))
    .map((line) => Number(line.split(' at ')[1]))
    .sort((a, b) => a - b)
}

describe('a station', () => {
  test('runs a handler at the end of its service', () => {
    const shop = workshop()

    shop.give('Task', 1_000)
    shop.world.runUntil(100_000)

    expect(shop.ledger).toEqual([`task 0 at ${ARRIVAL_US + 1_000}`])
  })

  test('serves one after the other with one server, and at the same time with several', () => {
    const one = workshop({ servers: 1 })
    const three = workshop({ servers: 3 })

    one.give('Task', 1_000, 1_000, 1_000)
    three.give('Task', 1_000, 1_000, 1_000)
    one.world.runUntil(100_000)
    three.world.runUntil(100_000)

    expect(times(one.ledger, 'task').map((at) => at - ARRIVAL_US)).toEqual([1_000, 2_000, 3_000])
    expect(times(three.ledger, 'task').map((at) => at - ARRIVAL_US)).toEqual([1_000, 1_000, 1_000])
  })

  test('is slowed by too few cores and by a slow CPU', () => {
    const crowded = workshop({ servers: 2, cores: 1 })
    const slow = workshop()
    slow.world.host('worker').cpuSlowness = 4

    crowded.give('Task', 1_000, 1_000)
    slow.give('Task', 1_000)
    crowded.world.runUntil(100_000)
    slow.world.runUntil(100_000)

    expect(times(crowded.ledger, 'task').map((at) => at - ARRIVAL_US)).toEqual([1_000, 2_000])
    expect(times(slow.ledger, 'task').map((at) => at - ARRIVAL_US)).toEqual([4_000])
  })

  test('passes an input on to the second stage, and does long work elsewhere', () => {
    const shop = workshop()

    shop.give('Errand', 500)
    shop.world.runUntil(100_000)

    expect(shop.ledger).toEqual([
      `errand 0 at ${ARRIVAL_US + 510}`,
      `served 0 at ${ARRIVAL_US + 1_510}`,
    ])
  })

  test('does what takes no time after the handler that asked for it, at the same instant', () => {
    const shop = workshop()

    shop.give('Flash', 500)
    shop.world.runUntil(100_000)

    expect(shop.ledger).toEqual([
      `flash 0 at ${ARRIVAL_US + 500}`,
      `served 0 at ${ARRIVAL_US + 500}`,
    ])
  })

  test('keeps the first stage free while the second is busy', () => {
    const shop = workshop({ servers: 1 })

    shop.give('Errand', 1_000, 1_000)
    shop.world.runUntil(100_000)

    // The second waits for the handler thread, not for the network thread.
    expect(times(shop.ledger, 'errand').map((at) => at - ARRIVAL_US)).toEqual([1_010, 2_010])
  })

  test('gives a held server back only when it is released', () => {
    const shop = workshop({ servers: 1 })

    shop.give('Freeze', 0)
    shop.world.runUntil(11_000)
    shop.give('Task', 100)
    shop.world.runUntil(100_000)

    const [thawed] = times(shop.ledger, 'thawed')
    const [task] = times(shop.ledger, 'task')
    expect(thawed).toBe(ARRIVAL_US + 5_000)
    expect(task).toBe(ARRIVAL_US + 5_100)
  })

  test('leaves other servers to others while one is held', () => {
    const shop = workshop({ servers: 2 })

    shop.give('Freeze', 0)
    shop.world.runUntil(11_000)
    shop.give('Task', 100)
    shop.world.runUntil(100_000)

    expect(times(shop.ledger, 'task')[0]).toBe(11_400)
  })

  test('that is full leaves messages unread in their connections, and reads them later', () => {
    const shop = workshop({ servers: 1, queueMax: 2 })

    shop.give('Task', 1_000, 1_000, 1_000, 1_000, 1_000, 1_000)
    shop.world.runUntil(ARRIVAL_US + 500)
    const handler = shop.world.process('worker')?.load()[0]
    shop.world.runUntil(100_000)

    expect(handler).toEqual({ station: 'handler', busy: 1, waiting: 2 })
    expect(times(shop.ledger, 'task')).toHaveLength(6)
  })

  test('reads the next message of a connection only after the one before was handled', () => {
    const shop = workshop({ servers: 8, oneConnection: true })

    shop.give('Task', 1_000, 1_000, 1_000)
    shop.world.runUntil(100_000)

    expect(times(shop.ledger, 'task').map((at) => at - 10_100)).toEqual([1_000, 2_000, 3_000])
  })

  test('does every piece of work once, in no more time than it takes, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (lengths, servers) => {
          const shop = workshop({ servers })

          shop.give('Task', ...lengths)
          shop.world.runUntil(1_000_000)

          const ends = times(shop.ledger, 'task')
          const total = lengths.reduce((sum, us) => sum + us, 0)
          const longest = Math.max(...lengths)
          expect(ends).toHaveLength(lengths.length)
          const last = (ends.at(-1) as number) - ARRIVAL_US
          expect(last).toBeGreaterThanOrEqual(Math.max(longest, total / servers - 1))
          expect(last).toBeLessThanOrEqual(total / servers + longest)
        },
      ),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('a handler that works on', () => {
  test('takes the CPU of its host, of which there may be little', () => {
    const shop = workshop({ servers: 4, cores: 1 })
    shop.world.host('worker').cpuSlowness = 3

    shop.give('Toil', 1_000, 1_000)
    shop.world.runUntil(100_000)

    const ends = times(shop.ledger, 'worked')
    expect((ends[1] as number) - (ends[0] as number)).toBe(3_000)
    expect(ends[0]).toBeGreaterThanOrEqual(ARRIVAL_US + 3_000)
  })

  test('takes none of it while it is blocked', () => {
    const shop = workshop({ servers: 4, cores: 1 })

    shop.give('Read', 1_000, 1_000)
    shop.world.runUntil(100_000)

    expect(times(shop.ledger, 'read')).toEqual([ARRIVAL_US + 1_000, ARRIVAL_US + 1_000])
  })
})

describe('a process that is paused', () => {
  test('finishes what waited, in its order, after it goes on', () => {
    const shop = workshop()

    shop.give('Task', 1_000, 1_000, 1_000)
    shop.world.runUntil(ARRIVAL_US + 500)
    shop.world.pause('worker')
    shop.world.runUntil(50_000)
    const before = shop.ledger.length
    shop.world.resume('worker')
    shop.world.runUntil(100_000)

    expect(before).toBe(0)
    expect(times(shop.ledger, 'task')).toEqual([50_500, 51_500, 52_500])
  })

  test.each<[Task['type'], string]>([
    ['Task', 'task'],
    ['Toil', 'worked'],
  ])('has as much left to do of a %s afterwards, however often it pauses', (type, done) => {
    const shop = workshop()

    shop.give(type, 40_000)
    for (const pauseUs of [20_000, 40_000, 60_000]) {
      shop.world.runUntil(pauseUs)
      shop.world.pause('worker')
      shop.world.runUntil(pauseUs + 10_000)
      shop.world.resume('worker')
    }
    shop.world.runUntil(200_000)

    expect(times(shop.ledger, done)).toEqual([ARRIVAL_US + 40_000 + 30_000])
  })

  test('finds what it was blocked for done', () => {
    const shop = workshop()

    shop.give('Read', 1_000)
    shop.world.runUntil(ARRIVAL_US + 500)
    shop.world.pause('worker')
    shop.world.runUntil(50_000)
    shop.world.resume('worker')
    shop.world.runUntil(60_000)

    expect(times(shop.ledger, 'read')).toEqual([50_000])
  })

  test.each([0, 1, 2, 3])(
    'finishes what waited if the pause struck in the middle of a handler, with %i effects to go',
    (effects) => {
      const shop = workshop()

      shop.give('Task', 1_000, 1_000, 1_000)
      shop.world.runUntil(ARRIVAL_US + 500)
      shop.world.pause('worker', effects)
      shop.world.runUntil(50_000)
      shop.world.resume('worker')
      shop.world.runUntil(100_000)

      expect(shop.ledger).toHaveLength(3)
    },
  )

  test.each([0, 1])('keeps a hold over a pause that strikes after %i effects', (effects) => {
    const shop = workshop()

    shop.world.pause('worker', effects)
    shop.give('Freeze', 0)
    shop.world.runUntil(50_000)
    shop.world.resume('worker')
    shop.world.runUntil(54_000)
    shop.give('Task', 0)
    shop.world.runUntil(100_000)

    expect(times(shop.ledger, 'thawed')).toHaveLength(1)
    expect(times(shop.ledger, 'task')[0]).toBeGreaterThanOrEqual(
      times(shop.ledger, 'thawed')[0] as number,
    )
  })

  test('leaves none of what waited behind if it is paused again by what it does first', () => {
    const shop = workshop({ servers: 4 })

    shop.give('Task', 1_000, 1_000, 1_000)
    shop.world.runUntil(ARRIVAL_US + 500)
    shop.world.pause('worker')
    shop.world.runUntil(50_000)
    const disarm = shop.world.triggers.arm(Probe.leaderElected, () => shop.world.pause('worker'))
    shop.world.resume('worker')
    disarm()
    shop.world.runUntil(60_000)
    shop.world.resume('worker')
    shop.world.runUntil(100_000)

    expect(shop.ledger).toHaveLength(3)
  })
})

describe('a process that crashes', () => {
  test('drops what waited and what was being served', () => {
    const shop = workshop()

    shop.give('Task', 1_000, 1_000, 1_000)
    shop.world.runUntil(ARRIVAL_US + 1_500)
    shop.world.crash('worker')
    shop.world.start('worker')
    shop.world.runUntil(100_000)

    expect(times(shop.ledger, 'task')).toEqual([ARRIVAL_US + 1_000])
  })

  test('lets no timer of its former life go off', () => {
    const shop = workshop()

    shop.give('Freeze', 0)
    shop.world.runUntil(ARRIVAL_US + 500)
    shop.world.crash('worker')
    shop.world.start('worker')
    shop.world.runUntil(100_000)

    expect(times(shop.ledger, 'thawed')).toEqual([])
  })

  test('draws on in its streams after a restart', () => {
    const shop = workshop()
    const draw = (): number =>
      (shop.world.process('worker') as unknown as Context).random('start').next()

    const first = draw()
    shop.world.crash('worker')
    shop.world.start('worker')
    const second = draw()

    const fresh = workshop()
    const again = (): number =>
      (fresh.world.process('worker') as unknown as Context).random('start').next()
    expect([again(), again()]).toEqual([first, second])
  })
})

describe('effects', () => {
  interface Chain {
    readonly to: Connection
  }

  /**
   * Writes ten entries, sends ten notes, passes ten moments and is refused ten times in one
   * handler.
   */
  function chatterbox(): Behaviour<Chain, never, 'speak'> {
    return {
      stations: { app: { servers: 1 } },
      start(_disk, context) {
        context.setTimer('speak', 0, 10_000)
        return { to: context.connect('worker') }
      },
      receive: {},
      expire: {
        speak(self, _key, context) {
          for (let n = 0; n < 10; n += 1) {
            context.disks[0]?.append('log', n, 10)
            context.send(self.to, { type: 'Task', n, us: 0 } as Task, 10)
            context.probe(Probe.leaderLostQuorum)
            context.guard(Guard.voteOrder, true)
          }
        },
      },
    }
  }

  function chat(): { readonly world: Simulation; readonly ledger: Ledger } {
    const ledger: Ledger = []
    const world = new Simulation({ seed: 1, delayBetween: () => ({ baseUs: 100, jitterUs: 0 }) })
    const disk = { dir: 'd', syncUs: 0, bytesPerUs: 0, writeBackUs: Infinity, tornShare: 0 }
    for (const name of ['worker', 'talker']) {
      const disks = name === 'talker' ? [disk] : []
      world.addHost({ name, zone: 'z', cores: 0, nicBytesPerUs: 0, wallStartMs: 0, disks })
    }
    const behaviour = worker({ ledger, now: () => world.nowUs })
    world.addProcess({ name: 'worker', host: 'worker', behaviour })
    world.addProcess({ name: 'talker', host: 'talker', behaviour: chatterbox() })
    world.start('worker')
    world.start('talker')
    return { world, ledger }
  }

  test.each(Array.from({ length: 21 }, (_none, effects) => effects))(
    'happen up to the cut when a crash strikes after %i of them, and not beyond',
    (effects) => {
      const { world, ledger } = chat()

      world.runUntil(5_000)
      world.crash('talker', effects)
      world.runUntil(100_000)

      expect(world.host('talker').disks[0]?.length('log')).toBe(Math.ceil(effects / 2))
      expect(ledger).toHaveLength(Math.floor(effects / 2))
      expect(world.process('talker')?.phase).toBe('down')
    },
  )

  test.each([0, 1, 2, 7, 19, 20])(
    'beyond the cut of a crash, here %i, pass no moments and count no refusals',
    (effects) => {
      const { world } = chat()
      let moments = 0
      world.triggers.arm(Probe.leaderLostQuorum, () => void (moments += 1))

      world.runUntil(5_000)
      world.crash('talker', effects)
      world.runUntil(100_000)

      const refusals = Object.values(world.guardsByName()).reduce((sum, count) => sum + count, 0)
      expect([moments, refusals]).toEqual([Math.floor(effects / 2), Math.floor(effects / 2)])
    },
  )

  test.each([0, 1, 2, 7, 19, 20])(
    'beyond the cut of a pause, here %i, happen in their order when the process goes on',
    (effects) => {
      const { world, ledger } = chat()

      world.runUntil(5_000)
      world.pause('talker', effects)
      world.runUntil(50_000)
      const before = ledger.length
      world.resume('talker')
      world.runUntil(100_000)

      expect(before).toBe(Math.floor(effects / 2))
      expect(ledger.map((line) => line.split(' ')[1])).toEqual('0123456789'.split(''))
      expect(world.host('talker').disks[0]?.entries('log')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    },
  )
})

test('a message that no handler is there for is a defect of the model', () => {
  const shop = workshop()

  shop.give('Nothing' as never, 0)

  expect(() => shop.world.runUntil(100_000)).toThrow(InvariantError)
})
