import { describe, expect, it } from 'vitest'
import type { FetchResponse } from '../../../../model/kafka/messages.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import { batch, leading, P1 } from './hand-held-replicas.ts'

describe('a consumer’s fetch', () => {
  it('reads only below the high watermark', () => {
    const replicas = leading()
    replicas.produce(batch(2), 1)
    replicas.produce(batch(1), 1)
    replicas.followerFetch(2, 2)
    replicas.followerFetch(3, 3)

    replicas.consumerFetch(0)

    expect(replicas.fetched()?.highWatermark).toBe(2)
    expect(replicas.fetched()?.entries.map(({ baseOffset }) => baseOffset)).toEqual([0])
  })

  it('without its guard reads what is not committed', () => {
    const replicas = leading({ guardsOff: [Guard.highWatermark] })
    replicas.produce(batch(), 1)

    replicas.consumerFetch(0)

    expect(replicas.fetched()?.entries).toHaveLength(1)
  })

  it('waits for fetch.max.wait.ms where there is nothing, and is then answered empty', () => {
    const replicas = leading()

    replicas.consumerFetch(0)
    replicas.hand.advance(499_000)
    const before = replicas.fetchResponses().length
    replicas.hand.advance(1_000)

    expect(before).toBe(0)
    expect(replicas.fetched()?.entries).toEqual([])
    expect(replicas.consumer.muted).toBe(false)
  })

  it('is answered as soon as the high watermark passes a record', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)
    replicas.consumerFetch(0)

    replicas.followerFetch(2, 1)
    const afterOne = replicas.fetchResponses().length
    replicas.followerFetch(3, 1)

    expect(afterOne).toBe(0)
    expect(replicas.fetched()?.entries).toHaveLength(1)
  })

  it('above the high watermark waits; where the log is taken to end there it is out of range', () => {
    const [waiting, refused] = [{}, { fetchAboveWatermark: 'out-of-range' } as const].map(
      (protocols) => {
        const replicas = leading({ protocols })
        replicas.produce(batch(2), 1)
        replicas.consumerFetch(1)
        return replicas
      },
    )

    expect(waiting?.fetchResponses()).toEqual([])
    expect(refused?.fetched()?.error).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('that wants more bytes waits for them', () => {
    const replicas = leading()
    replicas.live(1)
    replicas.appoint(1, { isr: [1] })
    replicas.consumerFetch(0, { minBytes: 250 })

    replicas.produce(batch(2), 1)
    const afterOne = replicas.fetchResponses().length
    replicas.produce(batch(1), 1)

    expect(afterOne).toBe(0)
    expect(replicas.fetched()?.entries).toHaveLength(2)
  })

  it('gets at least one batch, however small its limit is', () => {
    const replicas = leading()
    replicas.live(1)
    replicas.appoint(1, { isr: [1] })
    replicas.produce(batch(5), 1)
    replicas.produce(batch(5), 1)

    replicas.consumerFetch(0, { maxBytes: 10 })

    expect(replicas.fetched()?.entries).toHaveLength(1)
  })

  it.each([
    ['an older', 0, 'FENCED_LEADER_EPOCH'],
    ['a newer', 2, 'UNKNOWN_LEADER_EPOCH'],
    ['the same', 1, 'OFFSET_OUT_OF_RANGE'],
  ] as const)('that names %s leader epoch is judged by it', (_what, epoch, expected) => {
    const replicas = leading()

    replicas.consumerFetch(5, {
      partitions: [
        {
          partition: replicas.partition().id,
          fetchOffset: 5,
          logStartOffset: -1,
          currentLeaderEpoch: epoch,
          lastFetchedEpoch: -1,
          maxBytes: 100,
        },
      ],
    })

    expect(replicas.fetched()?.error).toBe(expected)
  })

  it('for a partition that nobody knows here is refused as unknown', () => {
    const replicas = leading()

    replicas.consumerFetch(0, {
      partitions: [
        {
          partition: P1,
          fetchOffset: 0,
          logStartOffset: -1,
          currentLeaderEpoch: -1,
          lastFetchedEpoch: -1,
          maxBytes: 100,
        },
      ],
    })

    expect(replicas.fetched()?.error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('that waits when the leader is deposed is answered by its former leader to the watermark', () => {
    const replicas = leading()
    replicas.consumerFetch(0)

    replicas.appoint(2)

    expect(replicas.fetched()).toMatchObject({ error: 'NONE', entries: [], highWatermark: 0 })
  })

  it('whose connection has gone costs nothing but an answer that nobody reads', () => {
    const replicas = leading()
    replicas.consumerFetch(0)

    replicas.hand.closed(replicas.consumer, 'reset')
    replicas.consumer.ended = 'reset'

    expect(() => replicas.hand.advance(1_000_000)).not.toThrow()
  })
})

describe('a follower’s fetch', () => {
  it('reads to the end of the log, and is told the watermark from before itself', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)
    replicas.followerFetch(3, 1)

    replicas.followerFetch(2, 0)
    const first = replicas.fetched()
    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 1)

    expect(first).toMatchObject({ highWatermark: 0, entries: [{ baseOffset: 0 }] })
    expect(replicas.partition().log.highWatermark).toBe(1)
    expect(replicas.fetched()).toMatchObject({ highWatermark: 0, entries: [{ baseOffset: 1 }] })
  })

  it('that waits is answered by the next append, with the watermark of that moment', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 1)
    replicas.followerFetch(3, 1)
    const waiting = replicas.fetchResponses().length

    replicas.produce(batch(), 1)

    expect(waiting).toBe(0)
    expect(replicas.fetchResponses()).toHaveLength(2)
    expect(replicas.fetched()).toMatchObject({ highWatermark: 1, entries: [{ baseOffset: 1 }] })
  })

  it('is not answered by a watermark alone; it hears of it when its wait is over', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 1)

    replicas.followerFetch(3, 1)
    const before = replicas.fetchResponses().length
    replicas.hand.advance(500_000)

    expect(before).toBe(0)
    expect(replicas.fetched()).toMatchObject({ highWatermark: 1, entries: [] })
  })

  it('hears of a partition only once what has not changed', () => {
    const replicas = leading()
    const told: FetchResponse['partitions'][number][] = []
    for (let round = 0; round < 3; round += 1) {
      replicas.followerFetch(2, 0)
      replicas.hand.advance(500_000)
      told.push(...replicas.context.lastOf<FetchResponse>('FetchResponse').partitions)
    }

    expect(told).toHaveLength(1)
  })

  it('by a broker that is no replica is refused', () => {
    const replicas = leading()

    replicas.followerFetch(4, 0)

    expect(replicas.fetched()?.error).toBe('UNKNOWN_LEADER_EPOCH')
  })

  it('at a broker that does not lead is refused', () => {
    const replicas = leading()
    replicas.appoint(2)

    replicas.followerFetch(3, 0)

    expect(replicas.fetched()?.error).toBe('NOT_LEADER_OR_FOLLOWER')
  })

  it('whose last epoch the leader ended earlier is told where, and nothing else happens', () => {
    const replicas = leading()
    replicas.produce(batch(4), 1)
    replicas.appoint(1)
    replicas.produce(batch(4), 1)

    replicas.followerFetch(2, 6, { lastFetchedEpoch: 1 })

    expect(replicas.fetched()).toMatchObject({
      error: 'NONE',
      entries: [],
      divergingEpoch: { epoch: 1, endOffset: 4 },
    })
    expect(replicas.partition().remotes[0]?.endOffset).toBe(-1)
    expect(replicas.count(Probe.fetchDiverged)).toBe(1)
  })

  it('with an epoch that the leader cannot place is out of range', () => {
    const replicas = leading()
    replicas.produce(batch(4), 1)

    replicas.followerFetch(2, 2, { lastFetchedEpoch: 9 })

    expect(replicas.fetched()?.error).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('without the guard on epochs goes on where it parted', () => {
    const replicas = leading({ guardsOff: [Guard.lastFetchedEpoch] })
    replicas.produce(batch(4), 1)
    replicas.appoint(1)
    replicas.produce(batch(2), 1)
    replicas.produce(batch(2), 1)

    replicas.followerFetch(2, 6, { lastFetchedEpoch: 1 })

    expect(replicas.fetched()?.entries.map(({ baseOffset }) => baseOffset)).toEqual([6])
  })
})
