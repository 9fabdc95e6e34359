import { describe, expect, it } from 'vitest'
import type { MetadataResponse } from '../../../model/kafka/messages.ts'
import {
  isAlive,
  leaderOf,
  partitionCount,
  startMetadataCache,
  updateCache,
  type MetadataCache,
} from '../../../model/kafka/metadata-cache.ts'
import { partitionId } from '../../../model/record.ts'
import { Replicas } from './replication/hand-held-replicas.ts'

function update(
  cache: MetadataCache,
  liveBrokers: readonly number[],
  leaders: Readonly<Record<number, number>> = {},
): void {
  updateCache(cache, {
    type: 'UpdateMetadataRequest',
    correlationId: 0,
    clientId: 'controller',
    apiVersion: 8,
    controllerId: 2,
    controllerEpoch: 1,
    brokerEpoch: 7,
    liveBrokers,
    partitions: Object.entries(leaders).map(([partition, leader]) => ({
      partition: partitionId(2, Number(partition)),
      state: { leader, leaderEpoch: 3, isr: [1, 2], partitionEpoch: 5, controllerEpoch: 1 },
      replicas: [1, 2],
    })),
  })
}

function described(replicas: Replicas, topics: readonly string[] | null): MetadataResponse {
  replicas.hand.deliver(replicas.consumer, {
    type: 'MetadataRequest',
    correlationId: 4,
    clientId: 'payment',
    apiVersion: 12,
    topics,
  })
  return replicas.context.lastOf<MetadataResponse>('MetadataResponse')
}

describe('the metadata cache', () => {
  it('replaces the living brokers and patches the partitions', () => {
    const cache = startMetadataCache()

    update(cache, [3, 1], { 0: 1, 1: 3 })
    update(cache, [2, 1], { 1: 2 })

    expect(cache.alive).toEqual([1, 2])
    expect([1, 2, 3].map((broker) => isAlive(cache, broker))).toEqual([true, true, false])
    expect([0, 1].map((number) => leaderOf(cache, partitionId(2, number)))).toEqual([1, 2])
  })

  it('forgets a topic that is being deleted', () => {
    const cache = startMetadataCache()
    update(cache, [1], { 0: 1 })

    update(cache, [1], { 0: -2 })

    expect(partitionCount(cache, 2)).toBe(0)
    expect(leaderOf(cache, partitionId(2, 0))).toBe(-1)
  })
})

describe('a broker that is asked for metadata', () => {
  it('describes the topics that it has heard of', () => {
    const replicas = new Replicas()
    update(replicas.hand.state.metadata, [1, 2], { 0: 1, 1: 2 })

    const response = described(replicas, null)

    expect(response).toMatchObject({ correlationId: 4, brokers: [1, 2], controllerId: 2 })
    expect(response.topics.map(({ name, error, partitions }) => [name, error, partitions])).toEqual(
      [
        [
          'orders',
          'NONE',
          [
            { partition: 8192, leader: 1, leaderEpoch: 3, replicas: [1, 2], isr: [1, 2] },
            { partition: 8193, leader: 2, leaderEpoch: 3, replicas: [1, 2], isr: [1, 2] },
          ],
        ],
      ],
    )
    expect(replicas.consumer.muted).toBe(false)
  })

  it('names no leader that it does not believe alive', () => {
    const replicas = new Replicas()
    update(replicas.hand.state.metadata, [1], { 0: 2 })

    expect(described(replicas, ['orders']).topics[0]?.partitions[0]?.leader).toBe(-1)
  })

  it('knows nothing after a restart until its controller has told it', () => {
    const replicas = new Replicas()
    update(replicas.hand.state.metadata, [1], { 0: 1 })
    replicas.hand.restart()

    expect(described(replicas, ['orders']).topics[0]?.error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})
