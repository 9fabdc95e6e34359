import { expect, test } from 'vitest'
import { isFree, servicesOf } from '../../../model/kafka/costs.ts'
import type { ProduceRequest } from '../../../model/kafka/messages.ts'
import type { Batch } from '../../../model/record.ts'

const costs = { requestCpuNs: 50_000, batchCpuNs: 10_000, recordCpuNs: 1_000, kibibyteCpuNs: 2_000 }

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
    content: { kind: 'counted', ranges: [], requests: 1, batches: 1 },
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
  expect(io).toEqual({ station: 'io', us: 50 + 20 + 15 + 6 })
})

test('twice the records of a batch cost more on the handler thread', () => {
  const [, few] = servicesOf(costs, produce(batch(100, 10_000)))
  const [, many] = servicesOf(costs, produce(batch(200, 20_000)))

  expect(many?.us).toBeGreaterThan(few?.us ?? Infinity)
})

test('a profile of zeros is free', () => {
  const free = { requestCpuNs: 0, batchCpuNs: 0, recordCpuNs: 0, kibibyteCpuNs: 0 }

  expect(isFree(free)).toBe(true)
  expect(isFree(costs)).toBe(false)
})
