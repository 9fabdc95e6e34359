import { describe, expect, it } from 'vitest'
import type {
  FetchPartitionResponse,
  FetchRequest,
  ListOffsetsRequest,
  OffsetForLeaderEpochRequest,
  ToBroker,
} from '../../../../model/kafka/messages.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import { type LogEntry, partitionId, topicOf } from '../../../../model/record.ts'
import { batch, P0, Replicas, type ReplicasOptions } from './hand-held-replicas.ts'

/** Broker 1 follows broker 2 in epoch 1. */
function following(given: ReplicasOptions = {}): Replicas {
  const replicas = new Replicas(given)
  replicas.live(1, 2, 3)
  replicas.appoint(2)
  return replicas
}

function lastFetch(replicas: Replicas): FetchRequest {
  return replicas.context.lastOf<FetchRequest>('FetchRequest')
}

function entries(from: number, count: number, leaderEpoch = 1): readonly LogEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    baseOffset: from + index,
    leaderEpoch,
    batch: batch(),
  }))
}

function tell(replicas: Replicas, message: ToBroker, leader = 2): void {
  replicas.hand.deliver(replicas.hand.connectionTo(`broker-${leader}`), message)
}

function give(
  replicas: Replicas,
  row: Partial<FetchPartitionResponse>,
  correlationId = lastFetch(replicas).correlationId,
): void {
  const partition: FetchPartitionResponse = {
    partition: P0,
    error: 'NONE',
    highWatermark: 0,
    lastStableOffset: 0,
    logStartOffset: 0,
    divergingEpoch: null,
    abortedTransactions: [],
    entries: [],
    currentLeader: -1,
    currentLeaderEpoch: -1,
    ...row,
  }
  tell(replicas, { type: 'FetchResponse', correlationId, partitions: [partition] })
}

/** The question that was open when the role changed is answered; nobody wants the answer. */
function settle(replicas: Replicas): void {
  const { correlationId } = lastFetch(replicas)
  tell(replicas, { type: 'FetchResponse', correlationId, partitions: [] })
}

function tellOffset(replicas: Replicas, offset: number): void {
  const { correlationId } = replicas.context.lastOf<ListOffsetsRequest>('ListOffsetsRequest')
  const partitions = [{ partition: P0, error: 'NONE', offset, leaderEpoch: 1 }] as const
  tell(replicas, { type: 'ListOffsetsResponse', correlationId, partitions })
}

function tellEpoch(replicas: Replicas, leaderEpoch: number, endOffset: number): void {
  const { correlationId } = replicas.context.lastOf<OffsetForLeaderEpochRequest>(
    'OffsetForLeaderEpochRequest',
  )
  const partitions = [{ partition: P0, error: 'NONE', leaderEpoch, endOffset }] as const
  tell(replicas, { type: 'OffsetForLeaderEpochResponse', correlationId, partitions })
}

describe('a follower', () => {
  it('asks its leader for what follows its log, with the leader epoch', () => {
    const replicas = following()

    expect(lastFetch(replicas).partitions).toEqual([
      {
        partition: P0,
        fetchOffset: 0,
        logStartOffset: 0,
        currentLeaderEpoch: 1,
        lastFetchedEpoch: -1,
        maxBytes: 1_048_576,
      },
    ])
  })

  it('appends what it gets and takes the watermark as far as its log reaches', () => {
    const replicas = following()

    give(replicas, { entries: entries(0, 2), highWatermark: 9 })

    expect(replicas.partition().log.endOffset).toBe(2)
    expect(replicas.partition().log.highWatermark).toBe(2)
    expect(lastFetch(replicas).partitions[0]).toMatchObject({ fetchOffset: 2, lastFetchedEpoch: 1 })
  })

  it('lets its watermark fall with a new leader’s', () => {
    const replicas = following()
    give(replicas, { entries: entries(0, 4), highWatermark: 4 })

    give(replicas, { highWatermark: 3 })

    expect(replicas.partition().log.highWatermark).toBe(3)
  })

  it('has one request under way', () => {
    const replicas = following()

    replicas.hand.advance(5_000_000)

    expect(replicas.context.sentOf('FetchRequest')).toHaveLength(1)
  })

  it('asks last for what filled the last response, so that nothing starves', () => {
    const replicas = new Replicas({
      broker: { 'replica.fetch.max.bytes': 1000, 'replica.fetch.response.max.bytes': 1500 },
    })
    const other = partitionId(topicOf(P0), 1)
    replicas.live(1, 2, 3)
    replicas.appoint(2)
    replicas.appoint(2, { partition: other })
    settle(replicas)
    const order = (): readonly number[] =>
      lastFetch(replicas).partitions.map((row) => row.partition)
    const first = order()

    give(replicas, { entries: entries(0, 5) })
    const afterRoom = order()
    give(replicas, { entries: entries(5, 6) })

    expect([first, afterRoom, order()]).toEqual([
      [P0, other],
      [P0, other],
      [other, P0],
    ])
  })

  it('asks the same again with the same rows, where nothing has changed', () => {
    const replicas = following()
    const first = lastFetch(replicas).partitions

    tell(replicas, {
      type: 'FetchResponse',
      correlationId: lastFetch(replicas).correlationId,
      partitions: [],
    })

    expect(lastFetch(replicas).partitions).toBe(first)
  })

  it('ignores an answer to a question it no longer asks', () => {
    const replicas = following()
    const { correlationId } = lastFetch(replicas)
    replicas.appoint(2)

    give(replicas, { entries: entries(0, 2) }, correlationId)

    expect(replicas.partition().log.endOffset).toBe(0)
  })

  it('backs off when the connection breaks, and asks on a new one', () => {
    const replicas = following()

    replicas.hand.closed(replicas.hand.connectionTo('broker-2'), 'refused')
    replicas.hand.advance(999_000)
    const before = replicas.context.sentOf('FetchRequest').length
    replicas.hand.advance(1_000)

    expect(before).toBe(1)
    expect(replicas.context.sentOf('FetchRequest')).toHaveLength(2)
  })

  it('gives up a request that nobody answers for replica.socket.timeout.ms', () => {
    const replicas = following()
    const first = replicas.hand.connectionTo('broker-2')

    replicas.hand.advance(31_100_000)

    expect(first.ended).toBe('closed')
    expect(replicas.context.sentOf('FetchRequest')).toHaveLength(2)
  })

  it('stops a partition whose leader epoch is fenced, until the next leadership', () => {
    const replicas = following()

    give(replicas, { error: 'FENCED_LEADER_EPOCH' })
    replicas.hand.advance(10_000_000)
    const fenced = replicas.context.sentOf('FetchRequest').length
    replicas.appoint(2)

    expect(fenced).toBe(1)
    expect(replicas.context.sentOf('FetchRequest')).toHaveLength(2)
  })

  it('asks again after a pause where the leader does not know of its leadership yet', () => {
    const replicas = following()

    give(replicas, { error: 'UNKNOWN_LEADER_EPOCH' })
    const atOnce = replicas.context.sentOf('FetchRequest').length
    replicas.hand.advance(1_000_000)

    expect(atOnce).toBe(1)
    expect(replicas.context.sentOf('FetchRequest')).toHaveLength(2)
  })

  it('fails a partition whose data do not continue its log', () => {
    const replicas = following()
    give(replicas, { entries: entries(0, 3) })

    give(replicas, { entries: entries(1, 3) })

    expect(replicas.partition().phase).toBe('failed')
    expect(replicas.partition().log.endOffset).toBe(3)
  })

  it('follows nobody who is not alive; it keeps its role', () => {
    const replicas = following()
    replicas.live(1, 2)

    replicas.appoint(3)

    expect(replicas.partition()).toMatchObject({ role: 'follower', leader: 2, leaderEpoch: 1 })
  })

  it('closes the connection to a leader that has nothing left for it', () => {
    const replicas = following()

    replicas.appoint(3)

    expect(replicas.hand.connectionTo('broker-2').ended).toBe('closed')
    expect(replicas.hand.connectionTo('broker-3').ended).toBeNull()
  })

  it('waits for its own platter before it asks on, if the topic flushes', () => {
    const replicas = following({ topic: { 'flush.messages': '1' } })

    give(replicas, { entries: entries(0, 1) })
    const before = replicas.context.sentOf('FetchRequest').length
    replicas.hand.finishIo()

    expect(before).toBe(1)
    expect(replicas.context.sentOf('FetchRequest')).toHaveLength(2)
  })
})

describe('a follower whose log has parted from the leader’s', () => {
  it('cuts where the diverging epoch says and asks from there', () => {
    const replicas = following()
    give(replicas, { entries: entries(0, 8) })

    give(replicas, { divergingEpoch: { epoch: 1, endOffset: 5 } })

    expect(replicas.partition().log.endOffset).toBe(5)
    expect(lastFetch(replicas).partitions[0]).toMatchObject({ fetchOffset: 5, lastFetchedEpoch: 1 })
    expect(replicas.count(Probe.followerTruncated)).toBe(1)
  })

  it('asks for the end of its epoch first at level kip279', () => {
    const replicas = following({ protocols: { truncation: 'kip279' } })
    give(replicas, { entries: entries(0, 8), highWatermark: 2 })

    replicas.appoint(2)
    settle(replicas)
    const { partitions } = replicas.context.lastOf<OffsetForLeaderEpochRequest>(
      'OffsetForLeaderEpochRequest',
    )
    tellEpoch(replicas, 1, 5)

    expect(partitions).toEqual([{ partition: P0, currentLeaderEpoch: -1, leaderEpoch: 1 }])
    expect(replicas.partition().log.endOffset).toBe(5)
    expect(lastFetch(replicas).partitions[0]).toMatchObject({
      fetchOffset: 5,
      currentLeaderEpoch: -1,
    })
  })

  it('names the leader epoch in its question at level kip320', () => {
    const replicas = following({ protocols: { truncation: 'kip320' } })
    give(replicas, { entries: entries(0, 8) })

    replicas.appoint(2)
    settle(replicas)

    const question = replicas.context.lastOf<OffsetForLeaderEpochRequest>(
      'OffsetForLeaderEpochRequest',
    )
    expect(question.partitions[0]?.currentLeaderEpoch).toBe(2)
  })

  it('cuts to its own watermark at level hw, before it has asked anybody', () => {
    const replicas = following({ protocols: { truncation: 'hw' } })
    give(replicas, { entries: entries(0, 8), highWatermark: 6 })

    replicas.appoint(2)
    const { endOffset } = replicas.partition().log
    settle(replicas)

    expect(endOffset).toBe(6)
    expect(lastFetch(replicas).partitions[0]).toMatchObject({
      fetchOffset: 6,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
    })
  })

  it('tells that a former leader has cut its own records', () => {
    const replicas = new Replicas()
    replicas.live(1, 2, 3)
    replicas.appoint(1)
    replicas.produce(batch(), 1)
    replicas.appoint(2)

    give(replicas, { divergingEpoch: { epoch: 0, endOffset: 0 } })

    expect(replicas.partition().log.endOffset).toBe(0)
    expect(replicas.count(Probe.leaderTruncated)).toBe(1)
  })
})

describe('a follower that is out of range', () => {
  it('cuts to the leader’s end if it is ahead', () => {
    const replicas = following()
    give(replicas, { entries: entries(0, 8) })

    give(replicas, { error: 'OFFSET_OUT_OF_RANGE' })
    tellOffset(replicas, 5)

    expect(replicas.partition().log.endOffset).toBe(5)
    expect(lastFetch(replicas).partitions[0]?.fetchOffset).toBe(5)
    expect(replicas.count(Probe.followerOutOfRange)).toBe(1)
  })

  it('begins anew at the leader’s start if it is behind that', () => {
    const replicas = following()
    give(replicas, { entries: entries(0, 3) })

    give(replicas, { error: 'OFFSET_OUT_OF_RANGE' })
    tellOffset(replicas, 20)
    tellOffset(replicas, 10)

    expect(replicas.partition().log).toMatchObject({ startOffset: 10, endOffset: 10 })
    expect(lastFetch(replicas).partitions[0]?.fetchOffset).toBe(10)
  })

  it('drops its whole log at level reset-to-log-start when the leader has overtaken it meanwhile', () => {
    const replicas = following({ protocols: { followerOutOfRange: 'reset-to-log-start' } })
    give(replicas, { entries: entries(0, 8) })

    give(replicas, { error: 'OFFSET_OUT_OF_RANGE' })
    tellOffset(replicas, 9)
    tellOffset(replicas, 0)

    expect(replicas.partition().log.endOffset).toBe(0)
  })

  it('ends the broker at level halt', () => {
    const replicas = following({ protocols: { followerOutOfRange: 'halt' } })
    give(replicas, { entries: entries(0, 8) })

    give(replicas, { error: 'OFFSET_OUT_OF_RANGE' })
    tellOffset(replicas, 5)

    expect(replicas.context.exits).toEqual(['log truncation is not allowed for orders-0'])
  })

  it('without its guard on continuity appends what overlaps', () => {
    const replicas = following({ guardsOff: [Guard.offsetsContinue] })
    give(replicas, { entries: entries(0, 3) })

    give(replicas, { entries: entries(1, 3) })

    expect(replicas.partition().phase).toBe('fetching')
  })
})
