import { describe, expect, test } from 'vitest'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import type { ListOffsetsRequest } from '../../../../../model/kafka/messages.ts'
import { entryAt, fetched, FIRST, MemberByHand, SECOND, probed } from './member-by-hand.ts'

describe('fetching', () => {
  test('returns records, moves the position and asks for the next ones before they are handled', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(8, 5)] }))

    expect(member.batches.map((batch) => batch.map(({ offset }) => offset))).toEqual([[10, 11, 12]])
    expect(member.batches[0]?.[0]).toMatchObject({ topic: 'orders', partition: 0, stream: 7 })
    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(13)
    const { deliveries } = member.history
    expect(deliveries.length).toBe(1)
    expect(deliveries.get('offset', 0)).toBe(10)
    expect(deliveries.get('count', 0)).toBe(3)
  })

  test('has one request under way to each broker', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    const sent = member.context.sent.filter(({ message }) => message.type === 'FetchRequest')

    expect(sent.map(({ connection }) => connection.peer).toSorted()).toEqual([
      'broker-1',
      'broker-2',
    ])
  })

  test('keeps what is above max.poll.records for the next poll and does not fetch it again', () => {
    const member = new MemberByHand({ config: { 'max.poll.records': 2 } })
    member.fetchFrom()

    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 3)] }))
    expect(member.has('FetchRequest', 1)).toBe(false)
    member.finishBatch()

    expect(member.batches.map((batch) => batch.length)).toEqual([2, 1])
    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(13)
  })

  test('buffers what arrives while the application works', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1)] }))

    member.answerFetch(2, fetched(SECOND, { entries: [entryAt(20, 1)] }))
    expect(member.batches).toHaveLength(1)
    member.finishBatch()

    expect(member.batches[1]?.[0]?.partitionId).toBe(SECOND)
  })

  test('never returns a control batch but moves behind it', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    const marker = entryAt(11, 1)
    const control = { ...marker, batch: { ...marker.batch, control: 'commit' as const } }

    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1), control, entryAt(12, 1)] }))

    expect(member.batches[0]?.map(({ offset }) => offset)).toEqual([10, 12])
  })

  test('passes aborted transactions over for read_committed', () => {
    const member = new MemberByHand({ config: { 'isolation.level': 'read_committed' } })
    member.fetchFrom()
    const open = entryAt(10, 2)
    const aborted = { ...open, batch: { ...open.batch, transactional: true, producerId: 4 } }
    const marker = entryAt(12, 1)
    const abort = {
      ...marker,
      batch: { ...marker.batch, control: 'abort' as const, producerId: 4 },
    }

    member.answerFetch(
      1,
      fetched(FIRST, {
        entries: [aborted, abort, entryAt(13, 1)],
        abortedTransactions: [{ producerId: 4, firstOffset: 10 }],
      }),
    )

    expect(member.batches[0]?.map(({ offset }) => offset)).toEqual([13])
  })

  test('drops what does not begin at the present position', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    const position = member.consumer.positions.get(FIRST)
    if (position !== undefined) position.offset = 12

    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 5)] }))

    expect(member.batches).toHaveLength(0)
    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(12)
    expect(probed(member, Probe.staleFetchDropped)).toBe(1)
  })

  test('resets a position that is out of range', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    member.answerFetch(1, fetched(FIRST, { error: 'OFFSET_OUT_OF_RANGE' }))

    expect(member.pending<ListOffsetsRequest>('ListOffsetsRequest').request.partitions).toEqual([
      { partition: FIRST, currentLeaderEpoch: 0, timestamp: 'earliest' },
    ])
    expect(probed(member, Probe.outOfRange)).toBe(1)
  })

  test('ignores OFFSET_OUT_OF_RANGE for a position that has moved on', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    const position = member.consumer.positions.get(FIRST)
    if (position !== undefined) position.offset = 12

    member.answerFetch(1, fetched(FIRST, { error: 'OFFSET_OUT_OF_RANGE' }))

    expect(member.has('ListOffsetsRequest')).toBe(false)
  })

  test('follows the hint of a broker that no longer leads', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    member.answerFetch(
      1,
      fetched(FIRST, {
        error: 'NOT_LEADER_OR_FOLLOWER',
        currentLeader: 2,
        currentLeaderEpoch: 1,
      }),
    )
    member.answerFetch(2, fetched(SECOND))

    expect(member.fetchOf(2).partitions.map(({ partition }) => partition)).toContain(FIRST)
  })
})
