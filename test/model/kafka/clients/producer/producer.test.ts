import { expect, test } from 'vitest'
import { closeProducer, flush } from '../../../../../model/kafka/clients/producer/producer.ts'
import { Guard } from '../../../../../model/kafka/clients/producer/guards.ts'
import { Probe } from '../../../../../model/kafka/clients/producer/probes.ts'
import { producerConfig } from '../../../../../model/kafka/config/producer-config.ts'
import type { ProduceRequest } from '../../../../../model/kafka/messages.ts'
import { partitionId, recordsOf } from '../../../../../model/record.ts'
import { partitionOfKey } from '../../../../../model/kafka/partitioner.ts'
import { CALM, TinyCluster, type TinyOptions } from '../tiny-cluster.ts'
import {
  type Completion,
  type HeldProducer,
  holdProducer,
  type HoldOptions,
  ORDERS,
  sendRecord,
  topics,
} from './hosted-producer.ts'

const SECOND = 1_000_000

interface World {
  readonly held: HeldProducer
  readonly cluster: TinyCluster
}

function start(
  properties: HoldOptions['properties'] = {},
  options: Partial<TinyOptions> & Pick<HoldOptions, 'guardsOff'> = {},
): World {
  const held = holdProducer({ properties: properties ?? {}, guardsOff: options.guardsOff ?? [] })
  const cluster = new TinyCluster(held, {
    seed: 1,
    brokers: 3,
    topics,
    partitions: 3,
    trouble: CALM,
    calmUs: 0,
    ...options,
  })
  return { held, cluster }
}

/** A world whose producer is connected, numbered and has an empty accumulator. */
function warm(
  properties: HoldOptions['properties'] = {},
  options: Parameters<typeof start>[1] = {},
): World {
  const world = start(properties, options)
  for (let partition = 0; partition < 3; partition += 1) {
    sendRecord(world.held, -1 - partition, null, { partition })
  }
  flush(world.held.state, world.held.context)
  world.cluster.runUntil(SECOND)
  world.held.state.owner.completions.length = 0
  world.held.state.owner.flushes = 0
  world.cluster.requests.length = 0
  return world
}

function completions({ held }: World): readonly Completion[] {
  return held.state.owner.completions
}

function produced({ cluster }: World): ProduceRequest[] {
  return cluster.requests.filter((request) => request.type === 'ProduceRequest')
}

function tokens(request: ProduceRequest): number[] {
  return request.partitions.flatMap(({ batch }) => recordsOf(batch).map(({ index }) => index))
}

test('a record goes to the partition of its key and comes back with its offset', () => {
  const world = start()
  sendRecord(world.held, 5, 'order-17')
  world.cluster.runUntil(SECOND)

  const [completion] = completions(world)

  expect(completion).toMatchObject({
    token: 5,
    error: 'NONE',
    partition: partitionId(ORDERS, partitionOfKey('order-17', 3)),
    offset: 0,
  })
})

test('an explicit partition is taken as it is', () => {
  const world = start()
  sendRecord(world.held, 5, 'order-17', { partition: 2 })
  world.cluster.runUntil(SECOND)

  const [completion] = completions(world)

  expect(completion?.partition).toBe(partitionId(ORDERS, 2))
})

test('records of one linger share a batch', () => {
  const world = warm({ 'linger.ms': 5 })
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(SECOND + 4000)
  sendRecord(world.held, 2, null, { partition: 0 })
  world.cluster.runUntil(2 * SECOND)

  const requests = produced(world)

  expect(requests.map(tokens)).toEqual([[1, 2]])
})

test('without linger a record goes out at once', () => {
  const world = warm()
  sendRecord(world.held, 1, null, { partition: 0 })
  world.held.advance(0)

  const { sent } = world.held.context

  expect(sent.map(({ message }) => message.type)).toEqual(['ProduceRequest'])
})

test('a full batch does not wait for its linger', () => {
  const world = warm({ 'linger.ms': 500, 'batch.size': 400 })
  for (let token = 0; token < 4; token += 1) sendRecord(world.held, token, null, { partition: 0 })
  world.cluster.runUntil(SECOND + 100_000)

  const requests = produced(world)

  expect(requests.map(tokens)).toEqual([[0, 1, 2]])
})

test('what is not ready itself rides along with a request to its broker', () => {
  const world = warm({ 'linger.ms': 500, 'batch.size': 400 })
  world.cluster.moveLeader(partitionId(ORDERS, 1), 1)
  sendRecord(world.held, 8, null, { partition: 1 })
  flush(world.held.state, world.held.context)
  world.cluster.runUntil(2 * SECOND)
  world.cluster.requests.length = 0
  sendRecord(world.held, 9, null, { partition: 1 })
  for (let token = 0; token < 4; token += 1) sendRecord(world.held, token, null, { partition: 0 })
  world.cluster.runUntil(2 * SECOND + 100_000)

  const [request] = produced(world)

  expect(request?.partitions.map(({ partition }) => partition).sort((a, b) => a - b)).toEqual([
    partitionId(ORDERS, 0),
    partitionId(ORDERS, 1),
  ])
})

test('a request takes one batch of a partition, the next request the next', () => {
  const world = warm({ 'batch.size': 200 })
  for (let token = 0; token < 3; token += 1) sendRecord(world.held, token, null, { partition: 0 })
  world.cluster.runUntil(2 * SECOND)

  const requests = produced(world)

  expect(requests.map(tokens)).toEqual([[0], [1], [2]])
})

test('a request ends where max.request.size does', () => {
  const world = warm({ 'max.request.size': 500, 'linger.ms': 5 })
  for (let partition = 0; partition < 3; partition += 1) {
    world.cluster.moveLeader(partitionId(ORDERS, partition), 1)
  }
  for (let partition = 0; partition < 3; partition += 1) {
    sendRecord(world.held, partition, null, { partition, bytes: 150 })
  }
  world.cluster.runUntil(2 * SECOND)
  world.cluster.requests.length = 0
  for (let partition = 0; partition < 3; partition += 1) {
    sendRecord(world.held, 10 + partition, null, { partition, bytes: 150 })
  }
  world.cluster.runUntil(3 * SECOND)

  const requests = produced(world)

  expect(requests.map(({ partitions }) => partitions.length)).toEqual([2, 1])
})

test('with one request in flight the second batch waits for the first answer', () => {
  const world = warm({ 'max.in.flight.requests.per.connection': 1, 'batch.size': 200 })
  for (let token = 0; token < 3; token += 1) sendRecord(world.held, token, null, { partition: 0 })
  world.held.advance(0)

  const { sent } = world.held.context

  expect(sent.length).toBe(1)
})

test('a muted partition does not send to its new leader before the answer of the old one', () => {
  const world = warm({ 'max.in.flight.requests.per.connection': 1, 'batch.size': 200 })
  const partition = partitionId(ORDERS, 0)
  sendRecord(world.held, 0, null, { partition: 0 })
  world.held.advance(0)
  const { metadata } = world.held.state
  metadata.topics[ORDERS] = (metadata.topics[ORDERS] ?? []).map((known) =>
    known.partition === partition ? { ...known, leader: 2, leaderEpoch: 1 } : known,
  )
  sendRecord(world.held, 1, null, { partition: 0 })
  world.held.advance(0)

  const { sent, breaches } = world.held.context

  expect(sent.length).toBe(1)
  expect(breaches).toContain(Guard.mutedPartition)
})

test('acks=0 succeeds as soon as the bytes are written, at no known offset', () => {
  const world = warm({ acks: '0' })
  sendRecord(world.held, 1, null, { partition: 0 })
  world.held.advance(0)

  const [completion] = completions(world)

  expect(completion).toMatchObject({ token: 1, error: 'NONE', offset: -1 })
})

test('a record larger than max.request.size is refused by send', () => {
  const world = start({ 'max.request.size': 1000 })
  sendRecord(world.held, 1, null, { bytes: 1000 })

  const [completion] = completions(world)

  expect(completion).toMatchObject({ error: 'RECORD_TOO_LARGE', mayBeWritten: false })
})

test('without metadata send gives up after max.block.ms, and the record never left', () => {
  const world = start({ 'max.block.ms': 2000 })
  for (const broker of [1, 2, 3]) world.cluster.takeDown(broker)
  sendRecord(world.held, 1, 'key')
  world.cluster.runUntil(3 * SECOND)

  const [completion] = completions(world)

  expect(completion).toMatchObject({ error: 'METADATA_TIMEOUT', mayBeWritten: false })
  expect(completion?.atUs).toBeGreaterThanOrEqual(2 * SECOND)
  expect(completion?.atUs).toBeLessThan(2 * SECOND + 1000)
})

test('a full buffer blocks sends in their order until memory comes back', () => {
  const world = warm({ 'buffer.memory': 400, 'batch.size': 200 })
  for (let token = 0; token < 6; token += 1) sendRecord(world.held, token, null, { partition: 0 })
  const blocked = world.held.state.blocked.length
  world.cluster.runUntil(2 * SECOND)

  const requests = produced(world)

  expect(blocked).toBe(4)
  expect(requests.flatMap(tokens)).toEqual([0, 1, 2, 3, 4, 5])
  expect(world.held.context.probes.some(({ probe }) => probe === Probe.bufferExhausted)).toBe(true)
})

test('a send that finds no memory within max.block.ms fails and never left', () => {
  const world = warm({ 'buffer.memory': 400, 'batch.size': 400, 'max.block.ms': 2000 })
  for (const broker of [1, 2, 3]) world.cluster.takeDown(broker)
  sendRecord(world.held, 1, null, { partition: 0 })
  sendRecord(world.held, 2, null, { partition: 1 })
  world.cluster.runUntil(4 * SECOND)

  const [completion] = completions(world)

  expect(completion).toMatchObject({ token: 2, error: 'BUFFER_EXHAUSTED', mayBeWritten: false })
})

test('a batch that was never sent fails at its delivery timeout and never left', () => {
  const world = warm({ 'delivery.timeout.ms': 3000, 'request.timeout.ms': 1000 })
  for (const broker of [1, 2, 3]) world.cluster.takeDown(broker)
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(6 * SECOND)

  const [completion] = completions(world)

  expect(completion).toMatchObject({ error: 'DELIVERY_TIMEOUT', mayBeWritten: false })
  expect(completion?.atUs).toBeGreaterThanOrEqual(4 * SECOND)
  expect(completion?.atUs).toBeLessThan(4 * SECOND + 1000)
})

test('a batch that was sent and expired may be in the log', () => {
  const slow = { trouble: { ...CALM, slow: 1 }, calmUs: 1e12 }
  const world = start({ 'delivery.timeout.ms': 8000, 'request.timeout.ms': 2000 }, slow)
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(60 * SECOND)

  const last = completions(world).at(-1)

  expect(last?.error).not.toBe('NONE')
})

test('an answer after the delivery timeout changes nothing the application was told', () => {
  const slow = { trouble: { ...CALM, slow: 1 }, calmUs: 1e12 }
  const properties = { 'delivery.timeout.ms': 8000, 'request.timeout.ms': 6000 }
  const world = start(properties, slow)
  world.cluster.runUntil(30 * SECOND)
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(60 * SECOND)
  world.cluster.takeDown(1)
  sendRecord(world.held, 2, null, { partition: 0 })
  world.cluster.at(64 * SECOND, () => world.cluster.down.delete(1))
  world.cluster.runUntil(90 * SECOND)

  const ofSecond = completions(world).filter(({ token }) => token === 2)

  expect(ofSecond.map(({ error, mayBeWritten }) => ({ error, mayBeWritten }))).toEqual([
    { error: 'DELIVERY_TIMEOUT', mayBeWritten: true },
  ])
  expect(world.held.context.probes.map(({ probe }) => probe)).toContain(Probe.ackedAfterTimeout)
})

test('a leader that moved is found by the hint of its answer, without a pause', () => {
  const world = warm()
  world.cluster.moveLeader(partitionId(ORDERS, 0), 2)
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(SECOND + 20_000)

  const [completion] = completions(world)

  expect(completion?.error).toBe('NONE')
})

test('a crashed leader is replaced after metadata names another', () => {
  const world = warm()
  world.cluster.takeDown(1)
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(2 * SECOND)
  world.cluster.moveLeader(partitionId(ORDERS, 0), 2)
  world.cluster.runUntil(5 * SECOND)

  const [completion] = completions(world)

  expect(completion?.error).toBe('NONE')
  expect(completion?.atUs).toBeLessThan(4 * SECOND)
})

test('an idempotent producer that lost an answer is told of its first append', () => {
  const lost = { trouble: { ...CALM, answerLost: 1 }, calmUs: SECOND + 100_000 }
  const world = start({}, { ...lost, seed: 3 })
  sendRecord(world.held, 1, null, { partition: 0 })
  world.cluster.runUntil(30 * SECOND)

  const { entries } = world.cluster.partition(partitionId(ORDERS, 0))

  expect(completions(world).map(({ error, offset }) => ({ error, offset }))).toEqual([
    { error: 'NONE', offset: 0 },
  ])
  expect(entries.length).toBe(1)
})

test('flush sends what lingers and tells when it is complete', () => {
  const world = warm({ 'linger.ms': 60_000, 'delivery.timeout.ms': 120_000 })
  sendRecord(world.held, 1, null, { partition: 0 })
  flush(world.held.state, world.held.context)
  const before = world.held.state.owner.flushes
  world.cluster.runUntil(2 * SECOND)

  const { flushes } = world.held.state.owner

  expect([before, flushes]).toEqual([0, 1])
  expect(completions(world).length).toBe(1)
})

test('a producer that closes sends what it has, takes nothing more, and says when it is done', () => {
  const world = warm({ 'linger.ms': 60_000, 'delivery.timeout.ms': 120_000 })
  sendRecord(world.held, 1, null, { partition: 0 })
  closeProducer(world.held.state, world.held.context)
  sendRecord(world.held, 2, null, { partition: 0 })
  world.cluster.runUntil(2 * SECOND)

  const told = completions(world).map(({ token, error }) => ({ token, error }))

  expect(told).toEqual([
    { token: 2, error: 'PRODUCER_CLOSED' },
    { token: 1, error: 'NONE' },
  ])
  expect(world.held.state.owner.closes).toBe(1)
})

test('an idle producer sleeps until its metadata is old', () => {
  const world = warm()
  world.cluster.runUntil(60 * SECOND)

  const wakeUps = [...world.held.context.timers.values()].map(({ atUs }) => atUs)

  expect(wakeUps.length).toBeGreaterThan(0)
  expect(Math.min(...wakeUps)).toBeGreaterThan(299 * SECOND)
})

test('a step back of the wall clock keeps a lingering batch waiting, as in the real client', () => {
  const world = warm({ 'linger.ms': 5 })
  sendRecord(world.held, 1, null, { partition: 0 })
  world.held.context.wallOffsetMs -= 1000
  world.cluster.runUntil(SECOND + 900_000)
  const early = completions(world).length
  world.cluster.runUntil(3 * SECOND)

  const late = completions(world).length

  expect([early, late]).toEqual([0, 1])
})

test('unkeyed records stay with one partition for a batch and then go to another', () => {
  const world = warm({ 'batch.size': 1000, 'linger.ms': 5 })
  for (let token = 0; token < 60; token += 1) sendRecord(world.held, token, null)
  world.cluster.runUntil(3 * SECOND)
  const runs: number[] = []
  const ordered = [...completions(world)].sort((one, other) => one.token - other.token)
  for (const [place, { partition }] of ordered.entries()) {
    if (place === 0 || partition !== ordered[place - 1]?.partition) runs.push(0)
    runs[runs.length - 1] = (runs.at(-1) as number) + 1
  }

  const longest = Math.max(...runs)

  expect(runs.length).toBeGreaterThan(2)
  expect(longest).toBeGreaterThan(5)
})

test('a configuration of the default is idempotent with five requests in flight', () => {
  const { enableIdempotence, maxInFlightRequestsPerConnection } = producerConfig({})

  expect({ enableIdempotence, maxInFlightRequestsPerConnection }).toEqual({
    enableIdempotence: true,
    maxInFlightRequestsPerConnection: 5,
  })
})
