import { describe, expect, it } from 'vitest'
import type { FetchResponse, ProduceRequest } from '../../../model/kafka/messages.ts'
import { sizeOf } from '../../../model/kafka/message-size.ts'
import { batch, P0 } from './replication/hand-held-replicas.ts'

function produce(...counts: number[]): ProduceRequest {
  return {
    type: 'ProduceRequest',
    correlationId: 1,
    clientId: 'order-service',
    apiVersion: 9,
    acks: -1,
    timeoutMs: 1,
    transactionalId: null,
    partitions: counts.map((count) => ({ partition: P0, batch: batch(count) })),
  }
}

describe('the size of a message', () => {
  it('grows by the bytes of each batch and the fields of its partition', () => {
    const sizes = [produce(), produce(2), produce(2, 3)].map(sizeOf)

    expect(sizes.map((size) => size - (sizes[0] ?? 0))).toEqual([0, 209, 518])
  })

  it('of a fetch response counts what it carries', () => {
    const empty: FetchResponse = { type: 'FetchResponse', correlationId: 1, partitions: [] }
    const full: FetchResponse = {
      ...empty,
      partitions: [
        {
          partition: P0,
          error: 'NONE',
          highWatermark: 0,
          lastStableOffset: 0,
          logStartOffset: 0,
          divergingEpoch: null,
          abortedTransactions: [],
          entries: [{ baseOffset: 0, leaderEpoch: 0, batch: batch(7) }],
          currentLeader: -1,
          currentLeaderEpoch: -1,
        },
      ],
    }

    expect(sizeOf(full) - sizeOf(empty)).toBe(736)
  })
})
