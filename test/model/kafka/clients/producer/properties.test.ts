import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Guard } from '../../../../../model/kafka/clients/producer/guards.ts'
import { Probe } from '../../../../../model/kafka/clients/producer/probes.ts'
import { type DataRecord, recordsOf } from '../../../../../model/record.ts'
import { CALM, TinyCluster, type Trouble } from '../tiny-cluster.ts'
import {
  type HeldProducer,
  holdProducer,
  type HoldOptions,
  sendRecord,
  topics,
} from './hosted-producer.ts'

const LOAD_US = 3_000_000
const CALM_US = 20_000_000
const END_US = 200_000_000

interface Run {
  readonly held: HeldProducer
  readonly cluster: TinyCluster
  /** Send time of each token. */
  readonly sentUs: readonly number[]
  memoryLeast: number
}

const TROUBLED: Trouble = {
  requestLost: 0.05,
  answerLost: 0.05,
  leaderMoves: 0.05,
  refused: 0.05,
  refusedAfterAppend: 0.03,
  slow: 0.02,
}

function run(seed: number, options: HoldOptions & { readonly trouble?: Trouble }): Run {
  const held = holdProducer(options)
  const cluster = new TinyCluster(held, {
    seed,
    brokers: 3,
    topics,
    partitions: 4,
    trouble: options.trouble ?? TROUBLED,
    calmUs: CALM_US,
  })
  const sentUs: number[] = []
  const result: Run = { held, cluster, sentUs, memoryLeast: Infinity }
  cluster.watch = () => {
    result.memoryLeast = Math.min(result.memoryLeast, held.state.memoryFree)
  }
  for (let token = 0; token < 150; token += 1) {
    cluster.at(token * (LOAD_US / 150), () => {
      sentUs.push(held.context.nowUs)
      sendRecord(held, token, `key-${token % 7}`)
    })
  }
  cluster.runUntil(END_US)
  return result
}

/** The tokens in each partition's log, in the order of offsets. */
function logs({ cluster }: Run): number[][] {
  return [...cluster.partitions.values()].map(({ entries }) =>
    entries.flatMap(({ batch }) => recordsOf(batch).map(({ index }: DataRecord) => index)),
  )
}

function tokenAt({ cluster }: Run, partition: number, offset: number): number | undefined {
  const { entries } = cluster.partition(partition)
  const entry = entries.findLast(({ baseOffset }) => baseOffset <= offset)
  if (entry === undefined) return undefined
  return recordsOf(entry.batch)[offset - entry.baseOffset]?.index
}

function hasBumped({ held }: Run): boolean {
  return held.context.probes.some(({ probe }) => probe === Probe.epochBumped)
}

function hasDuplicates(log: readonly number[]): boolean {
  return new Set(log).size !== log.length
}

function isAscending(log: readonly number[]): boolean {
  return log.every((token, place) => place === 0 || (log[place - 1] as number) < token)
}

const seeds = fc.integer({ min: 0, max: 1_000_000 })
const runs = { seed: 2020, numRuns: 40 }
const linger = { 'linger.ms': 5, 'batch.size': 400 }

test('every send is told one result, at the latest a delivery timeout later (I2, I7)', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const properties = {
        ...linger,
        'delivery.timeout.ms': 4000,
        'request.timeout.ms': 1500,
      }
      const done = run(seed, { properties })

      const { completions } = done.held.state.owner
      expect(completions.map(({ token }) => token).sort((a, b) => a - b)).toEqual(
        done.sentUs.map((_, token) => token),
      )
      for (const { token, atUs } of completions) {
        expect(atUs - (done.sentUs[token] as number)).toBeLessThanOrEqual(4_002_000)
      }
    }),
    runs,
  )
})

test('what is told ok stands where the producer said, and what is told failed is nowhere (I1)', () => {
  fc.assert(
    fc.property(seeds, fc.boolean(), (seed, idempotent) => {
      const properties = {
        ...linger,
        'enable.idempotence': idempotent,
        'delivery.timeout.ms': 4000,
        'request.timeout.ms': 1500,
      }
      const done = run(seed, { properties })

      const everywhere = new Set(logs(done).flat())
      const { completions } = done.held.state.owner
      const misplaced = completions.filter(
        ({ token, error, partition, offset }) =>
          error === 'NONE' && tokenAt(done, partition, offset) !== token,
      )
      const returned = completions.filter(
        ({ token, error, mayBeWritten }) =>
          error !== 'NONE' && !mayBeWritten && everywhere.has(token),
      )
      expect(misplaced).toEqual([])
      expect(returned).toEqual([])
    }),
    runs,
  )
})

test('an idempotent producer that never bumped its epoch appends each record once and in order (I3, I5)', () => {
  let settled = 0
  fc.assert(
    fc.property(seeds, (seed) => {
      const done = run(seed, { properties: linger })

      if (hasBumped(done)) return
      settled += 1
      for (const log of logs(done)) {
        expect(hasDuplicates(log)).toBe(false)
        expect(isAscending(log)).toBe(true)
      }
    }),
    runs,
  )
  expect(settled).toBeGreaterThan(30)
})

test('base sequences of an epoch are contiguous from 0 in each log, save where the broker knew no such id (I4)', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const properties = { ...linger, 'delivery.timeout.ms': 2000, 'request.timeout.ms': 700 }
      const done = run(seed, { properties })

      for (const { entries } of done.cluster.partitions.values()) {
        let epoch = -1
        let next = 0
        for (const [place, { batch }] of entries.entries()) {
          if (batch.producerEpoch !== epoch) next = place === 0 ? batch.baseSequence : 0
          expect(batch.baseSequence).toBe(next)
          epoch = batch.producerEpoch
          next += batch.count
        }
      }
    }),
    runs,
  )
})

test('no more requests are in flight on a connection than allowed, and no more memory is held (I6, I8)', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 5 }), (seed, limit) => {
      const properties = {
        ...linger,
        'max.in.flight.requests.per.connection': limit,
        'buffer.memory': 2000,
      }
      const done = run(seed, { properties })

      expect(done.cluster.inFlightMost).toBeLessThanOrEqual(limit)
      expect(done.memoryLeast).toBeGreaterThanOrEqual(0)
      expect(done.held.state.memoryFree).toBe(2000)
    }),
    runs,
  )
})

test('without idempotence one request in flight keeps the order, though not without duplicates', () => {
  let duplicated = 0
  fc.assert(
    fc.property(seeds, (seed) => {
      const properties = {
        ...linger,
        'enable.idempotence': false,
        'max.in.flight.requests.per.connection': 1,
      }
      const done = run(seed, { properties, trouble: { ...TROUBLED, slow: 0 } })

      for (const log of logs(done)) {
        if (hasDuplicates(log)) duplicated += 1
        expect(isAscending(firsts(log))).toBe(true)
      }
    }),
    runs,
  )
  expect(duplicated).toBeGreaterThan(0)
})

test('without idempotence five requests in flight lose the order of a partition (HZ P02)', () => {
  let reordered = 0
  for (let seed = 0; seed < 20; seed += 1) {
    const done = run(seed, { properties: { ...linger, 'enable.idempotence': false } })
    if (logs(done).some((log) => !isAscending(firsts(log)))) reordered += 1
  }

  expect(reordered).toBeGreaterThan(0)
})

test('with the guard of pending retries off, retries are refused as out of order', () => {
  let refused = 0
  for (let seed = 0; seed < 20; seed += 1) {
    const done = run(seed, { properties: linger, guardsOff: [Guard.retryPending] })
    if (done.held.context.breaches.includes(Guard.retryPending)) refused += 1
    expect(done.held.state.incomplete).toBe(0)
  }

  expect(refused).toBeGreaterThan(0)
})

test.each(Object.entries(Guard))('with guard %s off a run still ends', (_name, guard) => {
  for (let seed = 0; seed < 4; seed += 1) {
    const properties = {
      ...linger,
      'delivery.timeout.ms': 4000,
      'request.timeout.ms': 1500,
      'max.in.flight.requests.per.connection': 1 + (seed % 5),
      'enable.idempotence': seed !== 1,
    }
    const done = run(seed, { properties, guardsOff: [guard] })

    expect(done.held.context.nowUs).toBe(END_US)
  }
})

test('without trouble every record is acknowledged once, in order, without a retry', () => {
  const done = run(1, { properties: linger, trouble: CALM })

  expect(done.held.state.owner.completions.every(({ error }) => error === 'NONE')).toBe(true)
  expect(logs(done).every((log) => isAscending(log))).toBe(true)
  expect(done.held.context.probes).toEqual([])
})

/** A log without the repetitions of what stands before. */
function firsts(log: readonly number[]): number[] {
  return [...new Set(log)]
}
