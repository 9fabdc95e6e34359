import { describe, expect, test } from 'vitest'
import { Ownership } from '../../../../../model/history.ts'
import { Guard } from '../../../../../model/kafka/clients/consumer/guards.ts'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import type {
  ListOffsetsRequest,
  OffsetFetchRequest,
  OffsetForLeaderEpochRequest,
} from '../../../../../model/kafka/messages.ts'
import {
  entryAt,
  fetched,
  FIRST,
  MemberByHand,
  SECOND,
  probed,
  ownerships,
  restless,
} from './member-by-hand.ts'

describe('a position', () => {
  test('begins at the committed offset, asked for with requireStable', () => {
    const member = new MemberByHand()
    member.findGroup()
    member.answerJoin(1)
    member.answerSync()
    const { request } = member.pending<OffsetFetchRequest>('OffsetFetchRequest')

    member.answerCommitted([10, 20])

    expect(request.requireStable).toBe(true)
    expect(member.fetchOf(1).partitions[0]).toMatchObject({ partition: FIRST, fetchOffset: 10 })
    expect(member.fetchOf(2).partitions[0]).toMatchObject({ partition: SECOND, fetchOffset: 20 })
  })

  test.each(['earliest', 'latest'] as const)('without a committed offset is reset to %s', (to) => {
    const member = new MemberByHand({ config: { 'auto.offset.reset': to } })
    member.fetchFrom([-1, 20])
    const { request } = member.pending<ListOffsetsRequest>('ListOffsetsRequest')
    expect(request.partitions).toEqual([{ partition: FIRST, currentLeaderEpoch: 0, timestamp: to }])

    member.answer('ListOffsetsRequest', {
      type: 'ListOffsetsResponse',
      partitions: [{ partition: FIRST, error: 'NONE', offset: 4, leaderEpoch: -1 }],
    })

    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(4)
    expect(ownerships(member).at(-1)).toEqual([Ownership.seek, FIRST, 4, 1])
    expect(probed(member, Probe.positionReset)).toBe(1)
  })

  test('that was reset has no epoch to be validated by until a record is read', () => {
    const member = new MemberByHand({ config: { 'auto.offset.reset': 'latest' } })
    member.fetchFrom([-1, 20])

    member.answer('ListOffsetsRequest', {
      type: 'ListOffsetsResponse',
      partitions: [{ partition: FIRST, error: 'NONE', offset: 4, leaderEpoch: 0 }],
    })

    expect(member.has('OffsetForLeaderEpochRequest')).toBe(false)
    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(4)
  })

  test('without a committed offset and with policy none ends the process', () => {
    const member = new MemberByHand({ config: { 'auto.offset.reset': 'none' } })

    member.fetchFrom([-1, 20])

    expect(member.context.exits).toHaveLength(1)
  })

  test('is validated when the partition has a new leader epoch', () => {
    const member = new MemberByHand(restless)
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 2)] }))
    member.finishBatch()
    member.leaders[0] = [2, 1]
    member.held.advance(1_000_000)

    member.answerMetadata()

    const { request, connection } = member.pending<OffsetForLeaderEpochRequest>(
      'OffsetForLeaderEpochRequest',
    )
    expect(connection.peer).toBe('broker-2')
    expect(request.partitions).toEqual([
      { partition: FIRST, currentLeaderEpoch: 1, leaderEpoch: 0 },
    ])
  })

  const validated = (endOffset: number, leaderEpoch: number): MemberByHand => {
    const member = new MemberByHand()
    member.findGroup()
    member.answerJoin(1)
    member.answerSync([FIRST])
    member.answerCommitted([10], 0)
    member.answer('OffsetForLeaderEpochRequest', {
      type: 'OffsetForLeaderEpochResponse',
      partitions: [{ partition: FIRST, error: 'NONE', leaderEpoch, endOffset }],
    })
    return member
  }

  test('stays where the leader has all that was read', () => {
    expect(validated(12, 0).fetchOf(1).partitions[0]?.fetchOffset).toBe(10)
  })

  test('goes back to where the leader’s log parts from what was read', () => {
    const member = validated(8, 0)

    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(8)
    expect(probed(member, Probe.truncationDetected)).toBe(1)
    expect(ownerships(member).at(-1)).toEqual([Ownership.seek, FIRST, 8, 1])
  })

  test('is reset where the leader does not know its epoch', () => {
    expect(validated(-1, -1).has('ListOffsetsRequest')).toBe(true)
  })

  test('is not validated with the guard off', () => {
    const member = new MemberByHand({ guardsOff: [Guard.positionValidation] })
    member.findGroup()
    member.answerJoin(1)
    member.answerSync([FIRST])

    member.answerCommitted([10], 0)

    expect(member.has('OffsetForLeaderEpochRequest')).toBe(false)
    expect(member.fetchOf(1).partitions[0]?.fetchOffset).toBe(10)
  })
})
