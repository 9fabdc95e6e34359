import { describe, expect, test } from 'vitest'
import { Ownership } from '../../../../../model/history.ts'
import { Guard } from '../../../../../model/kafka/clients/consumer/guards.ts'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import type { JoinGroupRequest, SyncGroupRequest } from '../../../../../model/kafka/messages.ts'
import {
  entryAt,
  fetched,
  FIRST,
  MemberByHand,
  ORDERS,
  SECOND,
  probed,
  ownerships,
  restless,
} from './member-by-hand.ts'
import { partitionId } from '../../../../../model/record.ts'

describe('joining a group', () => {
  test('goes by way of metadata, the coordinator, a member id, a generation and an assignment', () => {
    const member = new MemberByHand()
    member.findGroup()
    expect(member.pending<JoinGroupRequest>('JoinGroupRequest').request).toMatchObject({
      memberId: '',
      sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 300_000,
    })

    member.refuseJoin('MEMBER_ID_REQUIRED', 'member-1')
    expect(member.pending<JoinGroupRequest>('JoinGroupRequest').request.memberId).toBe('member-1')
    member.answerJoin(3)
    expect(member.pending<SyncGroupRequest>('SyncGroupRequest').request).toMatchObject({
      generationId: 3,
      assignments: [{ memberId: 'member-1', partitions: [FIRST, SECOND] }],
    })
    member.answerSync()

    expect(member.consumer.membership).toMatchObject({ state: 'stable', generation: 3 })
    expect(ownerships(member)).toEqual([
      [Ownership.assigned, FIRST, -1, 3],
      [Ownership.assigned, SECOND, -1, 3],
    ])
    expect(probed(member, Probe.rebalanced)).toBe(1)
  })

  test('sends no assignment as a follower', () => {
    const member = new MemberByHand()
    member.findGroup()

    member.answerJoin(3, 'member-1', 'member-2')

    expect(member.pending<SyncGroupRequest>('SyncGroupRequest').request.assignments).toEqual([])
  })

  test('begins again with the same id when the sync meets another rebalance', () => {
    const member = new MemberByHand()
    member.findGroup()
    member.answerJoin(3)

    member.answer('SyncGroupRequest', {
      type: 'SyncGroupResponse',
      error: 'REBALANCE_IN_PROGRESS',
      partitions: [],
    })

    expect(member.pending<JoinGroupRequest>('JoinGroupRequest').request.memberId).toBe('member-1')
  })

  test('forgets a member id that the coordinator does not know', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.held.advance(3_000_000)
    member.answerHeartbeat('UNKNOWN_MEMBER_ID')

    const { memberId } = member.pending<JoinGroupRequest>('JoinGroupRequest').request

    expect(memberId).toBe('')
    expect(probed(member, Probe.kicked)).toBe(1)
    expect(ownerships(member).slice(2)).toEqual([
      [Ownership.lost, FIRST, 10, 1],
      [Ownership.lost, SECOND, 20, 1],
    ])
  })

  test('looks the coordinator up again when it has moved', () => {
    const member = new MemberByHand()
    member.findGroup()

    member.refuseJoin('NOT_COORDINATOR')

    expect(member.has('FindCoordinatorRequest')).toBe(true)
    expect(member.consumer.coordinator.broker).toBe(-1)
  })

  test('sleeps through a back-off, whatever the wall clock does meanwhile', () => {
    const member = new MemberByHand()
    member.findGroup()
    member.refuseJoin('COORDINATOR_LOAD_IN_PROGRESS')
    expect(member.has('JoinGroupRequest')).toBe(false)
    member.context.wallOffsetMs -= 180_000

    member.held.advance(200_000)

    expect(member.has('JoinGroupRequest')).toBe(true)
  })

  test('ends the process on an error that no second try can mend', () => {
    const member = new MemberByHand()
    member.findGroup()

    member.refuseJoin('INCONSISTENT_GROUP_PROTOCOL')

    expect(member.context.exits).toEqual(['INCONSISTENT_GROUP_PROTOCOL'])
  })
})

describe('a rebalance', () => {
  const rebalance = (member: MemberByHand): void => {
    member.held.advance(3_000_000)
    member.answerHeartbeat('REBALANCE_IN_PROGRESS')
  }

  test('makes a member give everything back before it joins', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    rebalance(member)

    expect(member.has('JoinGroupRequest')).toBe(true)
    expect(ownerships(member).slice(2)).toEqual([
      [Ownership.revoked, FIRST, 10, 1],
      [Ownership.revoked, SECOND, 20, 1],
    ])
  })

  test('waits with automatic commits until the consumed positions are stored', () => {
    const member = new MemberByHand({ autoCommit: true })
    member.fetchFrom()

    rebalance(member)
    expect(member.has('JoinGroupRequest')).toBe(false)
    const request = member.answerCommit()

    expect(request.generationId).toBe(1)
    expect(request.partitions.map(({ offset }) => offset)).toEqual([10, 20])
    expect(member.has('JoinGroupRequest')).toBe(true)
  })

  test('returns nothing of partitions that are about to be given back', () => {
    const member = new MemberByHand({ autoCommit: true })
    member.fetchFrom()
    rebalance(member)

    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 5)] }))

    expect(member.batches).toHaveLength(0)
    expect(member.context.breaches).toContain(Guard.pendingRevocation)
  })

  test('is joined only when the application polls again', () => {
    const member = new MemberByHand()
    member.steps = [{ do: 'sleep', us: 5_000_000 }]
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1)] }))
    rebalance(member)
    expect(member.has('JoinGroupRequest')).toBe(false)

    member.finishBatch()

    expect(member.has('JoinGroupRequest')).toBe(true)
  })

  test('is begun by the leader when a topic has more partitions than it assigned', () => {
    const member = new MemberByHand(restless)
    member.fetchFrom()
    member.leaders.push([1, 0])
    member.held.advance(1_000_000)
    member.answerMetadata()

    expect(probed(member, Probe.partitionsChanged)).toBe(1)
    member.answerJoin(2)

    const { assignments } = member.pending<SyncGroupRequest>('SyncGroupRequest').request
    expect(assignments[0]?.partitions).toContain(partitionId(ORDERS, 2))
  })

  test('is not begun by a follower when a topic has more partitions', () => {
    const member = new MemberByHand(restless)
    member.findGroup()
    member.answerJoin(1, 'member-1', 'member-2')
    member.answerSync([FIRST])
    member.answerCommitted([0])
    member.leaders.push([1, 0])

    member.held.advance(1_000_000)
    member.answerMetadata()

    expect(probed(member, Probe.partitionsChanged)).toBe(0)
  })
})
