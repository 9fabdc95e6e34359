import { expect, test } from 'vitest'
import type { Behaviour, Body, Connection } from '../../sim/process.ts'
import { Simulation } from '../../sim/simulation.ts'
import type { TraceEvent, TraceSink } from '../../sim/trace.ts'

interface Ping extends Body {
  readonly type: 'Ping'
  readonly n: number
}
interface Pong extends Body {
  readonly type: 'Pong'
  readonly n: number
}

interface Client {
  readonly seen: string[]
  connection: Connection | null
  sent: number
}

function client(to: string, log: string[]): Behaviour<Client, Pong, 'next'> {
  return {
    stations: { app: { servers: 1 } },
    start(_disk, context) {
      const self: Client = { seen: log, connection: null, sent: 0 }
      self.connection = context.connect(to)
      context.setTimer('next', 0, 1000)
      return self
    },
    receive: {
      Pong(self, message, _connection, context) {
        self.seen.push(`${context.monotonicUs()} pong ${message.n}`)
      },
    },
    expire: {
      next(self, _key, context) {
        context.send(self.connection as Connection, { type: 'Ping', n: self.sent } as Ping, 100)
        self.sent += 1
        context.setTimer('next', 0, 1000)
      },
    },
    closed(self, _connection, reason, context) {
      self.seen.push(`${context.monotonicUs()} closed ${reason}`)
      self.connection = context.connect(to)
    },
  }
}

const server: Behaviour<{ count: number }, Ping> = {
  stations: { io: { servers: 1 } },
  start: () => ({ count: 0 }),
  receive: {
    Ping(self, message, connection, context) {
      self.count += 1
      context.send(connection, { type: 'Pong', n: message.n } as Pong, 100)
    },
  },
  expire: {},
}

function world(seed: number, log: string[], sink?: TraceSink): Simulation {
  const simulation = new Simulation({
    seed,
    delayBetween: () => ({ baseUs: 100, jitterUs: 20 }),
    ...(sink === undefined ? {} : { sink }),
  })
  for (const name of ['a', 'b']) {
    simulation.addHost({ name, zone: 'z', cores: 1, nicBytesPerUs: 0, wallStartMs: 0, disks: [] })
  }
  simulation.addProcess({ name: 'server', host: 'a', behaviour: server })
  simulation.addProcess({ name: 'client', host: 'b', behaviour: client('server', log) })
  simulation.start('server')
  simulation.start('client')
  return simulation
}

test('the same seed gives the same trace hash and another seed another one', () => {
  const hash = (seed: number): string => {
    const simulation = world(seed, [])
    simulation.runUntil(50_000)
    return simulation.kernel.hash()
  }

  expect(hash(7)).toBe(hash(7))
  expect(hash(7)).not.toBe(hash(8))
})

test('a ping is answered after one round trip', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(3_900)

  expect(log).toHaveLength(3)
  expect(log[0]).toMatch(/^1[23]\d\d pong 0$/)
})

test('a crash closes the connection and a restart is reached again', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(5_500)
  simulation.crash('server')
  simulation.runUntil(6_500)
  simulation.start('server')
  simulation.runUntil(10_000)

  expect(log.filter((line) => line.includes('closed fin'))).toHaveLength(1)
  expect(log.filter((line) => line.includes('closed refused')).length).toBeGreaterThan(0)
  expect(log.at(-1)).toContain('pong')
})

test('a cut holds what was sent, and a heal delivers it at the next retransmission', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(5_500)
  const before = log.length
  simulation.links.cutOneWay(['b'], ['a'])
  simulation.runUntil(20_500)
  expect(log).toHaveLength(before)
  simulation.links.healOneWay(['b'], ['a'])
  simulation.runUntil(250_000)

  const pongs = log.slice(before).map((line) => Number(line.split(' ')[2]))
  expect(pongs[0]).toBe(5)
  expect(pongs).toEqual(pongs.map((_pong, index) => 5 + index))
  expect(Number(log[before]?.split(' ')[0])).toBeGreaterThan(180_000)
})

test('a power loss is silent until the host is back and resets the connection', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(5_500)
  simulation.powerLoss('a')
  simulation.runUntil(100_000)
  expect(log.some((line) => line.includes('closed'))).toBe(false)
  simulation.powerOn('a')
  simulation.start('server')
  simulation.runUntil(1_000_000)

  expect(log.some((line) => line.includes('closed reset'))).toBe(true)
  expect(log.at(-1)).toContain('pong')
})

test('a paused process answers after it goes on', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(5_500)
  const before = log.length
  simulation.pause('server')
  simulation.runUntil(50_500)
  expect(log).toHaveLength(before)
  simulation.resume('server')
  simulation.runUntil(51_400)

  expect(log.length - before).toBeGreaterThan(40)
})

test('a pause in the middle of a handler that ends before any handler runs leaves nobody paused', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(5_500)
  simulation.pause('server', 0)
  simulation.resume('server')
  simulation.runUntil(9_900)

  expect(log.at(-1)).toContain('pong 8')
})

test('a crash in the middle of a handler loses the effects beyond the cut', () => {
  const log: string[] = []
  const simulation = world(1, log)

  simulation.runUntil(5_500)
  simulation.crash('server', 0)
  simulation.runUntil(6_500)

  expect(log.filter((line) => line.includes('pong')).at(-1)).toContain('pong 4')
  expect(log.some((line) => line.includes('closed fin'))).toBe(true)
})

const worker: Behaviour<{ count: number }, never, 'go', 'worked'> = {
  stations: { app: { servers: 1 } },
  start(_disk, context) {
    context.setTimer('go', 0, 1000)
    return { count: 0 }
  },
  receive: {},
  expire: { go: (_self, _key, context) => context.work(2000, 'worked', 0) },
  done: {
    worked(self, _key, _outcome, context) {
      self.count += 1
      context.work(2000, 'worked', 0)
    },
  },
}

test.each([undefined, 0, 1, 2])(
  'work goes on after a pause that strikes with %s effects to go',
  (effects) => {
    const simulation = new Simulation({ seed: 1, delayBetween: () => ({ baseUs: 1, jitterUs: 0 }) })
    const disks = [] as const
    simulation.addHost({ name: 'a', zone: 'z', cores: 1, nicBytesPerUs: 0, wallStartMs: 0, disks })
    simulation.addProcess({ name: 'worker', host: 'a', behaviour: worker })
    simulation.start('worker')

    simulation.runUntil(10_000)
    simulation.pause('worker', effects)
    simulation.runUntil(100_000)
    const paused = simulation.stateOf<{ count: number }>('worker')?.count ?? 0
    simulation.resume('worker')
    simulation.runUntil(120_000)

    expect(paused).toBeLessThan(6)
    expect(simulation.stateOf<{ count: number }>('worker')?.count).toBeGreaterThan(paused + 8)
  },
)

/** Exits or is crashed; tells when it was started. */
function mortal(lifeUs: number): Behaviour<object, never, 'die'> {
  return {
    stations: { app: { servers: 1 } },
    start(_disk, context) {
      context.setTimer('die', 0, lifeUs)
      return {}
    },
    receive: {},
    expire: { die: (_self, _key, context) => context.exit('tired') },
  }
}

interface Supervised {
  readonly simulation: Simulation
  /** When it was started and why it stopped, in ms. */
  readonly life: string[]
}

function supervised(lifeUs: number): Supervised {
  const life: string[] = []
  const simulation: Simulation = new Simulation({
    seed: 1,
    delayBetween: () => ({ baseUs: 1, jitterUs: 0 }),
    listener: {
      started: (_name, incarnation) =>
        life.push(`start ${incarnation} at ${simulation.nowUs / 1000}`),
      stopped: (_name, _incarnation, reason) =>
        life.push(`${reason} at ${simulation.nowUs / 1000}`),
    },
  })
  simulation.addHost({
    name: 'a',
    zone: 'z',
    cores: 0,
    nicBytesPerUs: 0,
    wallStartMs: 0,
    disks: [],
  })
  const restart = { afterUs: 1_000_000, backoff: 2, maxUs: 5_000_000 }
  simulation.addProcess({ name: 'a', host: 'a', behaviour: mortal(lifeUs), restart })
  simulation.start('a')
  return { simulation, life }
}

test('a supervisor starts again what ended by itself, later each time in a row, up to its bound', () => {
  const { simulation, life } = supervised(10_000)

  simulation.runUntil(23_000_000)

  expect(life.filter((line) => line.startsWith('start'))).toEqual([
    'start 1 at 0',
    'start 2 at 1010',
    'start 3 at 3020',
    'start 4 at 7030',
    'start 5 at 12040',
    'start 6 at 17050',
    'start 7 at 22060',
  ])
  expect(life).toContain('tired at 10')
})

test('a supervisor begins anew with its waiting after a life of more than a minute', () => {
  const { simulation, life } = supervised(61_000_000)

  simulation.runUntil(190_000_000)

  expect(life.filter((line) => line.startsWith('start'))).toEqual([
    'start 1 at 0',
    'start 2 at 62000',
    'start 3 at 124000',
    'start 4 at 186000',
  ])
})

test('a supervisor starts again what crashed, but not what is held down', () => {
  const { simulation, life } = supervised(3_600_000_000)

  simulation.runUntil(500_000)
  simulation.crash('a')
  simulation.runUntil(5_000_000)
  simulation.holdDown('a')
  simulation.crash('a')
  simulation.runUntil(60_000_000)
  const before = life.length
  simulation.letUp('a')

  expect(life.slice(0, before)).toEqual([
    'start 1 at 0',
    'crash at 500',
    'start 2 at 1500',
    'crash at 5000',
  ])
  expect(life.at(-1)).toBe('start 3 at 60000')
})

test('a process starts only after its host has power again', () => {
  const { simulation, life } = supervised(3_600_000_000)

  simulation.powerLoss('a')
  simulation.runUntil(30_000_000)
  simulation.start('a')
  simulation.powerOn('a')
  simulation.runUntil(60_000_000)

  expect(life).toEqual(['start 1 at 0', 'power-loss at 0', 'start 2 at 31000'])
})

test('a run does not depend on the order in which hosts and processes are added', () => {
  const hash = (names: readonly string[]): string => {
    const simulation = new Simulation({
      seed: 5,
      delayBetween: () => ({ baseUs: 90, jitterUs: 30 }),
    })
    for (const name of names) {
      simulation.addHost({ name, zone: 'z', cores: 1, nicBytesPerUs: 0, wallStartMs: 0, disks: [] })
    }
    for (const name of names) {
      const behaviour = name === 'server' ? server : client('server', [])
      simulation.addProcess({ name, host: name, behaviour })
    }
    for (const name of ['server', 'client-1', 'client-2']) simulation.start(name)
    simulation.runUntil(100_000)
    return simulation.kernel.hash()
  }

  expect(hash(['client-2', 'server', 'client-1'])).toBe(hash(['server', 'client-1', 'client-2']))
})

test('a trace sink is told of every event that is counted, and changes none', () => {
  const events: TraceEvent[] = []
  const traced = world(3, [], { event: (event) => events.push(event), probe: () => {} })
  const plain = world(3, [])

  traced.runUntil(20_000)
  plain.runUntil(20_000)

  expect(traced.kernel.hash()).toBe(plain.kernel.hash())
  expect(events.filter(({ name }) => name === 'Ping').length).toBeGreaterThan(15)
  for (const event of events) expect(event.cause).toBeLessThan(Math.max(1, event.sequence))
  const answer = events.find(({ name }) => name === 'Pong')
  const cause = events.find(({ sequence }) => sequence === answer?.cause)
  expect(cause?.name).toBe('Ping')
})

test('a world that is released holds nobody, and nothing happens in it any more', () => {
  const log: string[] = []
  const simulation = new Simulation({ seed: 1, delayBetween: () => ({ baseUs: 100, jitterUs: 0 }) })
  for (const name of ['a', 'b'])
    simulation.addHost({ name, zone: 'z', cores: 1, nicBytesPerUs: 0, wallStartMs: 0, disks: [] })
  simulation.addProcess({ name: 'a', host: 'a', behaviour: client('b', log) })
  simulation.addProcess({ name: 'b', host: 'b', behaviour: client('a', log) })
  simulation.start('a')
  const { events } = simulation.kernel

  simulation.release()
  simulation.runUntil(1_000_000)

  expect(simulation.processNames()).toEqual([])
  expect(simulation.hostNames()).toEqual([])
  expect(simulation.kernel.pending).toBe(0)
  expect(simulation.kernel.events).toBe(events)
})
