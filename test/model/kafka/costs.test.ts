import { expect, test } from 'vitest'
import { type Circumstances, isFree, responseUs, servicesOf } from '../../../model/kafka/costs.ts'
import type { FetchRequest, FetchResponse, ProduceRequest } from '../../../model/kafka/messages.ts'
import type { Batch } from '../../../model/record.ts'

const free = {
  requestCpuNs: 0,
  partitionCpuNs: 0,
  batchCpuNs: 0,
  recordCpuNs: 0,
  kibibyteCpuNs: 0,
  checksumCpuNs: 0,
  sendCpuNs: 0,
  tlsCpuNs: 0,
  codecPercent: 0,
  controllerCpuNs: 0,
}
const costs = {
  ...free,
  requestCpuNs: 50_000,
  batchCpuNs: 10_000,
  recordCpuNs: 1_000,
  kibibyteCpuNs: 2_000,
}

const usual: Circumstances = {
  codec: () => 'producer',
  writeDelayUs: () => 0,
  operationsAnswered: () => 0,
}

function batch(count: number, bytes: number): Batch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    control: 'none',
    count,
    bytes,
    maxTimestampMs: 0,
    content: { kind: 'explicit', records: [] },
  }
}

function produce(...batches: readonly Batch[]): ProduceRequest {
  return {
    type: 'ProduceRequest',
    correlationId: 1,
    clientId: 'p',
    apiVersion: 11,
    acks: -1,
    timeoutMs: 30_000,
    transactionalId: null,
    partitions: batches.map((one, partition) => ({ partition, batch: one })),
  }
}

test('a produce request costs its request, its batches, its records and its bytes', () => {
  const [network, io] = servicesOf(costs, produce(batch(10, 1024), batch(5, 2048)))

  expect(network?.station).toBe('network')
  expect(network?.us).toBeGreaterThanOrEqual(6)
  expect(io).toMatchObject({ station: 'io', us: 50 + 20 + 15 + 6, waitUs: 0 })
})

test('a counted batch pays for the requests and batches that it stands for', () => {
  const counted: Batch = {
    ...batch(100, 10_240),
    content: { kind: 'counted', ranges: [], requests: 20, batches: 40 },
  }

  const [, io] = servicesOf(costs, produce(counted))

  expect(io?.workUs).toBe(20 * 50 + 40 * 10 + 100 + 20)
  expect(io?.us).toBeCloseTo((io?.workUs ?? 0) / 20, 9)
})

test('a leader reads what is compressed, and writes it anew where the topic has another codec', () => {
  const dear = { ...costs, codecPercent: 100 }
  const plain = batch(10, 61 + 4_800)
  const packed: Batch = { ...plain, codec: 'lz4' }

  const [, asItIs] = servicesOf(dear, produce(plain))
  const [, read] = servicesOf(dear, produce(packed))
  const [, anew] = servicesOf(dear, produce(packed), { ...usual, codec: () => 'zstd' })

  // 10,000 raw bytes: 400 ns for each 1024 to read, 4,500 to write.
  expect((read?.us ?? 0) - (asItIs?.us ?? 0)).toBeCloseTo((400 * 10_000) / 1024 / 1000, 6)
  expect((anew?.us ?? 0) - (read?.us ?? 0)).toBeCloseTo((4_500 * 10_000) / 1024 / 1000, 6)
})

test('a fetch pays for each partition that it asks for', () => {
  const partition = { currentLeaderEpoch: 1, fetchOffset: 0, lastFetchedEpoch: 1 }
  const row = { ...partition, partition: 0, logStartOffset: 0, maxBytes: 1 }
  const fetch = (count: number): FetchRequest => ({
    type: 'FetchRequest',
    correlationId: 1,
    clientId: 'c',
    apiVersion: 17,
    replicaId: -1,
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 1_000,
    replicaEpoch: -1,
    isolation: 'read_uncommitted',
    partitions: Array.from({ length: count }, () => row),
  })
  const dear = { ...costs, partitionCpuNs: 3_000 }

  const [, one] = servicesOf(dear, fetch(1))
  const [, many] = servicesOf(dear, fetch(11))

  expect((many?.us ?? 0) - (one?.us ?? 0)).toBeCloseTo(30, 9)
})

test('a response is sent from the page cache, unless it has to be encrypted', () => {
  const plain = { ...free, sendCpuNs: 100, kibibyteCpuNs: 200 }
  const response: FetchResponse = { type: 'FetchResponse', correlationId: 1, partitions: [] }

  expect(responseUs(plain, response, 10_240)).toBeCloseTo(1, 9)
  expect(responseUs({ ...plain, tlsCpuNs: 1_000 }, response, 10_240)).toBeCloseTo(12, 9)
})

test('twice the records of a batch cost more on the handler thread', () => {
  const [, few] = servicesOf(costs, produce(batch(100, 10_000)))
  const [, many] = servicesOf(costs, produce(batch(200, 20_000)))

  expect(many?.us).toBeGreaterThan(few?.us ?? Infinity)
})

test('a profile of zeros is free', () => {
  expect(isFree(free)).toBe(true)
  expect(isFree(costs)).toBe(false)
})

test('the controller works for all answers of a batch once the last one is there', () => {
  const reply = { type: 'ZooKeeperReply', xid: 1, result: { error: 'OK', zxid: 1 } } as const
  const dear = { ...costs, controllerCpuNs: 100_000 }

  expect(servicesOf(dear, reply, usual)).toEqual([])
  expect(servicesOf(dear, reply, { ...usual, operationsAnswered: () => 25 })).toEqual([
    { station: 'controllerEvent', us: 2_500 },
  ])
})
