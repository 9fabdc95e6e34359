import { expect, test } from 'vitest'
import {
  isProducingDone,
  producerProcess,
} from '../../../../../model/kafka/clients/producer/process.ts'
import type {
  LoadCommand,
  OrderEvent,
  ProducingOptions,
  ProducingService,
  ProducingTimer,
} from '../../../../../model/kafka/clients/producer/service.ts'
import type { Load } from '../../../../../model/kafka/clients/producer/load.ts'
import { producerConfig } from '../../../../../model/kafka/config/producer-config.ts'
import type { ToProducer } from '../../../../../model/kafka/messages.ts'
import { type DataRecord, recordsOf } from '../../../../../model/record.ts'
import { History, Outcome } from '../../../../../model/history.ts'
import { HandHeld } from '../../hand-held-context.ts'
import { CALM, TinyCluster, type TinyOptions } from '../tiny-cluster.ts'
import { ORDERS, topics } from './hosted-producer.ts'

const SECOND = 1_000_000
/** When the load begins, on the clock of the run. */
const START_US = SECOND

type Held = HandHeld<ProducingService, ToProducer | LoadCommand, ProducingTimer, never>

interface World {
  readonly held: Held
  readonly cluster: TinyCluster
  readonly history: History
}

interface Options {
  readonly load?: Partial<Load>
  readonly properties?: Readonly<Record<string, string | number | boolean>>
  readonly resendOnTimeout?: boolean
  readonly cluster?: Partial<TinyOptions>
}

function start(options: Options = {}): World {
  const clock = { us: 0, beginUs: Infinity }
  const history = new History(() => clock.us)
  const producing: ProducingOptions = {
    topic: ORDERS,
    topics,
    brokers: [1, 2, 3],
    config: producerConfig(options.properties ?? {}),
    load: {
      arrival: 'steady',
      points: [{ atUs: 0, perSecond: 10 }],
      endUs: 5 * SECOND,
      keys: { kind: 'fixed', count: 4 },
      recordBytes: 100,
      ...options.load,
    },
    resendOnTimeout: options.resendOnTimeout ?? false,
    history,
    elapsedUs: () => (clock.us >= clock.beginUs ? clock.us - clock.beginUs : -1),
  }
  const held: Held = new HandHeld(producerProcess(producing), { name: 'order-service-1' })
  Object.defineProperty(clock, 'us', { get: () => held.context.nowUs })
  const cluster = new TinyCluster(held, {
    seed: 1,
    brokers: 3,
    topics,
    partitions: 3,
    trouble: CALM,
    calmUs: 0,
    ...options.cluster,
  })
  cluster.at(START_US, () => {
    clock.beginUs = START_US
    command(held, 'start')
  })
  return { held, cluster, history }
}

function command(held: Held, word: LoadCommand['command']): void {
  const connection = held.context.accept('runner')
  held.deliver(connection, { type: 'LoadCommand', command: word })
}

function outcomes({ history }: World): number[] {
  return [...history.sends.column('outcome')]
}

function logged({ cluster }: World): DataRecord[][] {
  return [...cluster.partitions.values()].map(({ entries }) =>
    entries.flatMap(({ batch }) => [...recordsOf(batch)]),
  )
}

test('a service sends its load and writes each send into the history', () => {
  const world = start()
  world.cluster.runUntil(10 * SECOND)

  const { history } = world

  expect(history.sends.length).toBe(50)
  expect(outcomes(world).every((outcome) => outcome === Outcome.ok)).toBe(true)
  expect(isProducingDone(world.held.state)).toBe(true)
})

test('an ok send names the place at which its record stands in the log', () => {
  const world = start()
  world.cluster.runUntil(10 * SECOND)

  const { sends } = world.history

  for (let row = 0; row < sends.length; row += 1) {
    const { entries } = world.cluster.partition(sends.get('partition', row))
    const offset = sends.get('offset', row)
    const entry = entries.findLast(({ baseOffset }) => baseOffset <= offset)
    const found = entry && recordsOf(entry.batch)[offset - entry.baseOffset]
    expect(found?.stream).toBe(sends.get('stream', row))
    expect(found?.index).toBe(sends.get('index', row))
  }
})

test('the records of a key are one stream, dense from 0', () => {
  const world = start()
  world.cluster.runUntil(10 * SECOND)

  const { streams, streamLengths } = world.history

  expect(streams.length).toBe(4)
  expect(streamLengths.reduce((sum, length) => sum + length, 0)).toBe(50)
  expect(new Set(streams.map(({ key }) => key)).size).toBe(4)
})

test('the events of an order follow each other by the gap, under one key', () => {
  const world = start({
    load: {
      points: [{ atUs: 0, perSecond: 2 }],
      keys: { kind: 'per-order', events: 3, gapUs: 400_000 },
    },
  })
  world.cluster.runUntil(10 * SECOND)
  const ofFirst = logged(world)
    .flat()
    .filter(({ value }) => (value as OrderEvent).order === 0)

  const events = ofFirst.map(({ value }) => (value as OrderEvent).event)

  expect(events).toEqual([0, 1, 2])
  expect(new Set(ofFirst.map(({ key }) => key)).size).toBe(1)
  expect((ofFirst[1]?.timestampMs ?? 0) - (ofFirst[0]?.timestampMs ?? 0)).toBe(400)
  expect(world.history.sends.length).toBe(30)
})

test('a load that stops after so many records sends no more', () => {
  const world = start({
    load: { stopAfterRecords: 7, keys: { kind: 'per-order', events: 3, gapUs: 100_000 } },
  })
  world.cluster.runUntil(10 * SECOND)

  const { length } = world.history.sends

  expect(length).toBe(7)
  expect(isProducingDone(world.held.state)).toBe(true)
})

test('a service that is told to stop sends no more, and every send gets its outcome', () => {
  const world = start({ properties: { 'linger.ms': 60_000, 'delivery.timeout.ms': 120_000 } })
  world.cluster.at(3 * SECOND, () => command(world.held, 'stop'))
  world.cluster.runUntil(10 * SECOND)

  const sends = outcomes(world)

  expect(sends.length).toBeLessThan(25)
  expect(sends.every((outcome) => outcome === Outcome.ok)).toBe(true)
  expect(isProducingDone(world.held.state)).toBe(true)
})

test('what arrived while the process was paused is sent when it goes on', () => {
  const world = start()
  world.cluster.runUntil(2 * SECOND)
  world.held.context.nowUs = 4 * SECOND
  world.cluster.runUntil(10 * SECOND)

  const { length } = world.history.sends

  expect(length).toBe(50)
})

test('what was sent late says how late', () => {
  const world = start()
  world.cluster.runUntil(2 * SECOND)
  world.held.context.nowUs = 4 * SECOND
  world.cluster.runUntil(10 * SECOND)

  const late = [...world.history.sends.column('lateUs')].filter((us) => us > 0)

  expect(late.length).toBeGreaterThanOrEqual(19)
  expect(Math.max(...late)).toBeGreaterThan(1.8 * SECOND)
  expect(late.every((us) => us > 1 && us <= 2 * SECOND)).toBe(true)
})

test('what was sent in time is not late', () => {
  const world = start()
  world.cluster.runUntil(10 * SECOND)

  expect(new Set(world.history.sends.column('lateUs'))).toEqual(new Set([0]))
})

const loop = { users: 5, think: { p50Us: 100_000, p99Us: 100_000 } }

test('users of a closed loop have one record on its way, and think before the next', () => {
  const world = start({ load: { points: [], closed: loop } })
  world.cluster.runUntil(10 * SECOND)

  const { sends } = world.history
  const invoked = [...sends.column('invokedUs')]
  const ended = [...sends.column('endedUs')]
  const open = invoked.map((us, row) => row + 1 - ended.filter((end) => end < us).length)
  expect(Math.max(...open)).toBeLessThanOrEqual(5)
  // Five users, each 100 ms and the time of a send after its last.
  expect(sends.length).toBeGreaterThan(200)
  expect(sends.length).toBeLessThan(250)
  expect(isProducingDone(world.held.state)).toBe(true)
})

test('users wait for a slow cluster, where an open load would go on', () => {
  const world = start({
    load: { points: [], closed: loop },
    properties: { 'linger.ms': 900 },
  })
  world.cluster.runUntil(10 * SECOND)

  expect(world.history.sends.length).toBeLessThan(40)
})

test('users end when the load is told to stop', () => {
  const world = start({ load: { points: [], closed: loop } })
  world.cluster.at(3 * SECOND, () => command(world.held, 'stop'))
  world.cluster.runUntil(10 * SECOND)

  expect(world.history.sends.length).toBeLessThan(110)
  expect(outcomes(world).every((outcome) => outcome === Outcome.ok)).toBe(true)
  expect(isProducingDone(world.held.state)).toBe(true)
})

test('users whose sends fail come again', () => {
  const world = start({
    load: { points: [], closed: { users: 2, think: { p50Us: 0, p99Us: 0 } }, endUs: SECOND },
    properties: { 'max.request.size': 50 },
  })
  world.cluster.runUntil(10 * SECOND)

  const { length } = world.history.sends
  expect(length).toBeGreaterThan(1_000)
  expect(length).toBeLessThan(2_100)
  expect(outcomes(world).every((outcome) => outcome === Outcome.failed)).toBe(true)
})

test('records have the sizes of their distribution', () => {
  const world = start({
    load: { sizes: { kind: 'list', bytes: [100, 5_000], weights: [1, 1] }, recordBytes: 2_550 },
  })
  world.cluster.runUntil(10 * SECOND)

  const bytes = logged(world)
    .flat()
    .map((record) => record.bytes)
  expect(new Set(bytes)).toEqual(new Set([100, 5_000]))
})

test('a restarted service goes on with its load in streams of its own', () => {
  const world = start()
  world.cluster.runUntil(2 * SECOND)
  world.held.context.nowUs = 4 * SECOND
  world.held.restart()
  world.cluster.runUntil(10 * SECOND)

  const { streams, sends } = world.history

  expect(new Set(streams.map(({ incarnation }) => incarnation))).toEqual(new Set([1, 2]))
  expect(sends.length).toBeGreaterThan(25)
  expect(sends.length).toBeLessThan(35)
})

test('a send that never left the process failed', () => {
  const world = start({ properties: { 'max.block.ms': 1000 } })
  for (const broker of [1, 2, 3]) world.cluster.takeDown(broker)
  world.cluster.runUntil(10 * SECOND)

  const sends = outcomes(world)

  expect(sends.length).toBe(50)
  expect(sends.every((outcome) => outcome === Outcome.failed)).toBe(true)
})

test('a send whose batch was on the wire and timed out is unknown', () => {
  const world = start({
    properties: { 'request.timeout.ms': 1000, 'delivery.timeout.ms': 2000 },
    cluster: { trouble: { ...CALM, slow: 0.3 }, calmUs: 60 * SECOND },
  })
  world.cluster.runUntil(60 * SECOND)
  const { sends } = world.history

  const unknown = outcomes(world).filter((outcome) => outcome === Outcome.unknown).length

  expect(unknown).toBeGreaterThan(0)
  expect(
    unknown + count(outcomes(world), Outcome.ok) + count(outcomes(world), Outcome.failed),
  ).toBe(sends.length)
})

test('an application that resends what timed out doubles records although its producer is idempotent', () => {
  const world = start({
    properties: { 'request.timeout.ms': 1000, 'delivery.timeout.ms': 2000 },
    resendOnTimeout: true,
    cluster: { trouble: { ...CALM, answerLost: 0.5 }, calmUs: 6 * SECOND, seed: 5 },
  })
  world.cluster.runUntil(60 * SECOND)
  const ids = logged(world)
    .flat()
    .map(({ stream, index }) => `${stream}/${index}`)
  const { sends } = world.history

  const resends = [...sends.column('attempt')].filter((attempt) => attempt > 0).length

  expect(resends).toBeGreaterThan(0)
  expect(new Set(ids).size).toBe(50)
  expect(ids.length).toBeGreaterThan(50)
})

test('a resend is a new send of the same message', () => {
  const world = start({
    properties: { 'max.block.ms': 1500 },
    resendOnTimeout: true,
    load: { stopAfterRecords: 1 },
  })
  for (const broker of [1, 2, 3]) world.cluster.takeDown(broker)
  world.cluster.at(4 * SECOND, () => world.cluster.down.clear())
  world.cluster.runUntil(20 * SECOND)
  const { sends } = world.history

  const rows = [...sends.column('attempt')].map((attempt, row) => ({
    attempt,
    index: sends.get('index', row),
    outcome: sends.get('outcome', row),
  }))

  expect(rows.slice(0, 2)).toEqual([
    { attempt: 0, index: 0, outcome: Outcome.failed },
    { attempt: 1, index: 0, outcome: rows[1]?.outcome },
  ])
  expect(rows.at(-1)?.outcome).toBe(Outcome.ok)
})

function count(list: readonly number[], wanted: number): number {
  return list.filter((one) => one === wanted).length
}
