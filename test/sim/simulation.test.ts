import { expect, test } from 'vitest'
import type { Behaviour, Body, Connection } from '../../sim/process.ts'
import { Simulation } from '../../sim/simulation.ts'

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

function world(seed: number, log: string[]): Simulation {
  const simulation = new Simulation({ seed, delayBetween: () => ({ baseUs: 100, jitterUs: 20 }) })
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
  simulation.cutOneWay(['b'], ['a'])
  simulation.runUntil(20_500)
  expect(log).toHaveLength(before)
  simulation.healOneWay(['b'], ['a'])
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
