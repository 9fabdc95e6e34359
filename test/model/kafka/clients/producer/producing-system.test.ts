import { expect, test } from 'vitest'
import { Outcome } from '../../../../../model/history.ts'
import { ProducingWorld, type ProducingWorldOptions, SECOND } from './producing-world.ts'

type Torment = (run: ProducingWorld) => void

function produce(options: ProducingWorldOptions, torment: Torment = () => {}): ProducingWorld {
  const run = new ProducingWorld(options)
  run.begin()
  torment(run)
  run.finish()
  return run
}

const crashes: Torment = (run) => {
  run.at(5, () => void run.world.crash('broker-1'))
  run.at(12, () => void run.world.crash('broker-2'))
}

const resets: Torment = (run) => {
  for (let second = 2; second < 18; second += 1) {
    run.at(
      second,
      () => void run.world.links.resetConnections(['orders-1'], ['broker-1', 'broker-2']),
    )
  }
}

const cuts: Torment = (run) => {
  const producers = ['orders-1', 'orders-2']
  run.at(5, () => run.world.links.cutOneWay(['broker-1'], producers))
  run.at(9, () => run.world.links.healOneWay(['broker-1'], producers))
}

function lost(run: ProducingWorld): string[] {
  const stored = new Set(run.logs().flat())
  return run.sent(Outcome.ok).filter((record) => !stored.has(record))
}

function duplicates(run: ProducingWorld): number {
  const stored = run.logs().flat()
  return stored.length - new Set(stored).size
}

/** Records that stand behind a later one of their stream, at their first place in the log. */
function disorder(run: ProducingWorld): number {
  const newest = new Map<string, number>()
  let found = 0
  for (const log of run.logs()) {
    for (const record of new Set(log)) {
      const [stream, index] = record.split('/').map(Number) as [number, number]
      const name = String(stream)
      if (index < (newest.get(name) ?? -1)) found += 1
      newest.set(name, Math.max(index, newest.get(name) ?? -1))
    }
  }
  return found
}

test('in peace every record is acknowledged, and stands once and in order in the logs', () => {
  const run = produce({ seed: 1 })

  expect(run.done).toBe(true)
  expect(run.history.sends.length).toBeGreaterThan(1400)
  expect(run.sent(Outcome.ok).length).toBe(run.history.sends.length)
  expect(run.logs().flat().length).toBe(run.history.sends.length)
  expect(disorder(run)).toBe(0)
  expect(run.probes('producer.retried')).toBe(0)
})

test.each([1, 2, 3, 4])(
  'through crashes of leaders nothing acknowledged is lost, doubled or reordered (seed %i)',
  (seed) => {
    const run = produce({ seed }, crashes)

    expect(run.done).toBe(true)
    expect(lost(run)).toEqual([])
    expect(duplicates(run)).toBe(0)
    expect(disorder(run)).toBe(0)
    expect(run.probes('producer.retried')).toBeGreaterThan(0)
  },
)

test('through broken connections an idempotent producer stores each record once and in order', () => {
  const run = produce({ seed: 1 }, resets)

  expect(run.done).toBe(true)
  expect(lost(run)).toEqual([])
  expect(duplicates(run)).toBe(0)
  expect(disorder(run)).toBe(0)
  expect(run.probes('producer.retried')).toBeGreaterThan(0)
})

test('answers that do not come through are timed out and asked for again', () => {
  const run = produce({ seed: 1 }, cuts)

  expect(run.done).toBe(true)
  expect(run.probes('producer.timedOut')).toBeGreaterThan(0)
  expect(lost(run)).toEqual([])
  expect(duplicates(run)).toBe(0)
})

test('without idempotence the same cut doubles records (HZ P01)', () => {
  const run = produce({ seed: 1, properties: { 'enable.idempotence': false } }, cuts)

  expect(run.done).toBe(true)
  expect(lost(run)).toEqual([])
  expect(duplicates(run)).toBeGreaterThan(0)
})

test('an application that resends what timed out doubles it, although the producer is idempotent', () => {
  const properties = { 'delivery.timeout.ms': 2000, 'request.timeout.ms': 1500 }
  const run = produce({ seed: 1, properties, resendOnTimeout: true }, cuts)

  expect(run.done).toBe(true)
  expect(run.probes('producer.batchExpired')).toBeGreaterThan(0)
  expect(duplicates(run)).toBeGreaterThan(0)
})

test('what a producer was told failed stands in no log', () => {
  const properties = { 'delivery.timeout.ms': 2000, 'request.timeout.ms': 1500 }
  const run = produce({ seed: 1, properties }, (world) => {
    crashes(world)
    cuts(world)
  })
  const stored = new Set(run.logs().flat())

  const returned = run.sent(Outcome.failed).filter((record) => stored.has(record))

  expect(run.done).toBe(true)
  expect(returned).toEqual([])
})

test('a step of the wall clock times out what is in flight, and nothing is lost or doubled', () => {
  const run = produce({ seed: 1 }, (world) => {
    world.at(8, () => {
      world.world.links.holdOneWay(['broker-1'], ['orders-1'])
      world.world.stepClock('orders-1', 10 * SECOND)
    })
    world.at(8.5, () => world.world.links.releaseOneWay(['broker-1'], ['orders-1']))
  })

  expect(run.done).toBe(true)
  expect(lost(run)).toEqual([])
  expect(duplicates(run)).toBe(0)
})

test('a producing service that crashes leaves its open sends open and goes on as another', () => {
  const run = produce({ seed: 1 }, (world) => {
    world.at(5, () => void world.world.crash('orders-1'))
  })
  const { streams } = run.history

  const incarnations = new Set(
    streams.filter(({ producer }) => producer === 'orders-1').map(({ incarnation }) => incarnation),
  )

  expect(run.done).toBe(true)
  expect(incarnations).toEqual(new Set([1, 2]))
  expect(lost(run)).toEqual([])
})

test('the same seed gives the same history, another seed another', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => produce({ seed }, crashes).history.hash())

  expect(again).toBe(first)
  expect(other).not.toBe(first)
})
