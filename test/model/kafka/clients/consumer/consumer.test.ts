import { describe, expect, test } from 'vitest'
import { Lifecycle, Outcome, Ownership } from '../../../../../model/history.ts'
import { Guard } from '../../../../../model/kafka/clients/consumer/guards.ts'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import type { Properties } from '../../../../../model/kafka/config/reader.ts'
import type {
  HeartbeatRequest,
  JoinGroupRequest,
  LeaveGroupRequest,
  ListOffsetsRequest,
  OffsetCommitRequest,
  OffsetFetchRequest,
  OffsetForLeaderEpochRequest,
  SyncGroupRequest,
} from '../../../../../model/kafka/messages.ts'
import { entryAt, fetched, FIRST, MemberByHand, ORDERS, SECOND } from './member-by-hand.ts'
import { partitionId } from '../../../../../model/record.ts'

const probed = (member: MemberByHand, probe: number): number =>
  member.context.probes.filter((one) => one.probe === probe).length

const ownerships = (member: MemberByHand): number[][] => {
  const { ownerships: rows } = member.history
  return Array.from({ length: rows.length }, (_, row) => [
    rows.get('kind', row),
    rows.get('partition', row),
    rows.get('offset', row),
    rows.get('generation', row),
  ])
}

/** Asks for metadata each second. */
const restless = { config: { 'metadata.max.age.ms': 1000 } }

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

describe('commits', () => {
  const committing = (steps: MemberByHand['steps'], config: Properties = {}): MemberByHand => {
    const member = new MemberByHand({ config })
    member.steps = steps
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 3)] }))
    return member
  }
  test('hold the application until they are answered', () => {
    const member = committing([{ do: 'commit' }])
    expect(member.answers).toEqual([])

    const request = member.answerCommit()

    expect(request).toMatchObject({ generationId: 1, memberId: 'member-1' })
    expect(request.partitions).toEqual([
      { partition: SECOND, offset: 20, leaderEpoch: -1 },
      { partition: FIRST, offset: 13, leaderEpoch: 0 },
    ])
    expect(member.answers).toEqual(['ok'])
    expect([...member.history.commits.column('outcome')]).toEqual([Outcome.ok, Outcome.ok])
  })

  test('fail and cost the membership when the generation is over', () => {
    const member = committing([{ do: 'commit' }])

    member.answerCommit('ILLEGAL_GENERATION')

    expect(member.answers).toEqual(['failed'])
    expect([...member.history.commits.column('outcome')]).toEqual([Outcome.failed, Outcome.failed])
    expect(member.pending<JoinGroupRequest>('JoinGroupRequest').request.memberId).toBe('member-1')
    expect(probed(member, Probe.commitFailed)).toBe(1)
  })

  test('and heartbeats that fail together cost the membership once', () => {
    const member = committing([{ do: 'commit' }])
    member.held.advance(3_000_000)
    member.answerCommit('ILLEGAL_GENERATION')

    member.answerHeartbeat('UNKNOWN_MEMBER_ID')

    const { memberId, state } = member.consumer.membership
    expect({ memberId, state }).toEqual({ memberId: 'member-1', state: 'preparingRebalance' })
    expect(probed(member, Probe.kicked)).toBe(1)
  })

  test('are sent again when the coordinator is gone, and unknown when their time is over', () => {
    const member = committing([{ do: 'commit' }])
    const { connection } = member.pending('OffsetCommitRequest')
    member.held.closed(connection, 'fin')
    expect(member.answers).toEqual([])

    member.held.advance(61_000_000)

    expect(member.answers).toEqual(['failed'])
    expect([...member.history.commits.column('outcome')]).toEqual([
      Outcome.unknown,
      Outcome.unknown,
    ])
  })

  test('end as unknown when their time is over, though the answer is still awaited', () => {
    const member = committing([{ do: 'commit' }], { 'default.api.timeout.ms': 1000 })
    member.held.advance(1_000_000)
    expect(member.answers).toEqual(['failed'])
    expect([...member.history.commits.column('outcome')]).toEqual([
      Outcome.unknown,
      Outcome.unknown,
    ])

    member.answerCommit()

    expect(member.answers).toEqual(['failed'])
    expect([...member.history.commits.column('endedUs')]).toEqual([1_000_000, 1_000_000])
    expect(member.consumer.phase).toBe('polling')
  })

  test('that were given up still tell, late, that the generation is over', () => {
    const member = committing([{ do: 'commit' }], { 'default.api.timeout.ms': 1000 })
    member.held.advance(1_000_000)

    member.answerCommit('UNKNOWN_MEMBER_ID')

    expect(member.pending<JoinGroupRequest>('JoinGroupRequest').request.memberId).toBe('')
    expect(member.history.commits.get('outcome', 0)).toBe(Outcome.unknown)
  })

  test('end when the member leaves its group while they are tried again', () => {
    const member = committing([{ do: 'commit' }], { 'max.poll.interval.ms': 10_000 })
    member.held.advance(10_000_000)
    expect(member.has('LeaveGroupRequest')).toBe(true)

    member.answerCommit('COORDINATOR_LOAD_IN_PROGRESS')

    expect(member.answers).toEqual(['failed'])
    expect(member.has('JoinGroupRequest')).toBe(true)
  })

  test('leave a position out that is being validated', () => {
    const member = committing([{ do: 'commit' }])
    const [first] = member.consumer.positions.values()
    if (first !== undefined) first.phase = 'validate'
    member.answerCommit()

    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(13, 1)] }))

    expect(member.pending<OffsetCommitRequest>('OffsetCommitRequest').request.partitions).toEqual([
      { partition: FIRST, offset: 14, leaderEpoch: 0 },
    ])
  })

  test('are refused without a request outside a stable generation', () => {
    const member = committing([{ do: 'sleep', us: 5_000_000 }, { do: 'commit' }])
    member.held.advance(3_000_000)
    member.answerHeartbeat('UNKNOWN_MEMBER_ID')

    member.finishBatch()

    expect(member.answers).toEqual([undefined, 'failed'])
    expect(member.has('OffsetCommitRequest')).toBe(false)
  })

  test('up to some records name the offset after the last of each partition', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    const batch = entryAt(10, 3).batch
    const records = [10, 12, 11].map((offset) => ({
      topic: 'orders',
      partition: 0,
      partitionId: FIRST,
      offset,
      key: null,
      value: batch,
      stream: 7,
      index: offset,
      count: 1,
      timestampMs: 0,
    }))
    member.steps = [{ do: 'commit', upTo: records }]

    member.answerFetch(2, fetched(SECOND, { entries: [entryAt(20, 1)] }))

    expect(member.pending<OffsetCommitRequest>('OffsetCommitRequest').request.partitions).toEqual([
      { partition: FIRST, offset: 13, leaderEpoch: -1 },
    ])
  })

  test('made automatically cover what earlier polls returned and hold nobody up', () => {
    const member = new MemberByHand({ autoCommit: true })
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 3)] }))
    member.held.advance(999_000)
    member.answerFetch(2, fetched(SECOND, { entries: [entryAt(20, 1)] }))
    member.finishBatch()
    expect(member.has('OffsetCommitRequest')).toBe(false)

    member.held.advance(6_000_000)

    const { request } = member.pending<OffsetCommitRequest>('OffsetCommitRequest')
    expect(request.partitions.map(({ offset }) => offset)).toEqual([13, 21])
    expect(member.consumer.phase).toBe('polling')
  })
})

describe('heartbeats', () => {
  test('go on while the application works', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1)] }))

    member.held.advance(3_000_000)

    expect(member.pending<HeartbeatRequest>('HeartbeatRequest').request).toMatchObject({
      generationId: 1,
      memberId: 'member-1',
    })
  })

  test('unanswered for the session timeout make the coordinator unknown', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    member.held.advance(29_000_000)
    expect(member.consumer.coordinator.broker).toBe(1)
    member.held.advance(18_000_000)

    expect(member.consumer.coordinator.broker).toBe(-1)
    expect(probed(member, Probe.coordinatorLost)).toBe(1)
  })

  test('end with LeaveGroup when the application has not polled for max.poll.interval', () => {
    const member = new MemberByHand({ config: { 'max.poll.interval.ms': 10_000 } })
    member.steps = [{ do: 'sleep', us: 60_000_000 }]
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1)] }))

    member.held.advance(10_000_000)

    expect(member.pending<LeaveGroupRequest>('LeaveGroupRequest').request.memberId).toBe('member-1')
    expect(member.consumer.membership.state).toBe('unjoined')
    expect(probed(member, Probe.kicked)).toBe(1)
    expect(ownerships(member).some(([kind]) => kind === Ownership.lost)).toBe(false)
  })

  test('do not end for an application that waits in poll', () => {
    const member = new MemberByHand({ config: { 'max.poll.interval.ms': 10_000 } })
    member.fetchFrom()

    for (let beat = 0; beat < 10; beat += 1) {
      member.held.advance(3_000_000)
      member.answerHeartbeat('NONE')
    }

    expect(member.has('LeaveGroupRequest')).toBe(false)
  })

  test('end for a member whose wall clock leaps over the poll interval', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.context.wallOffsetMs += 300_001
    member.consumer.heartbeats.sessionDeadlineMs = Infinity

    member.held.fire('heartbeat', 0)

    expect(member.has('LeaveGroupRequest')).toBe(true)
  })

  test('wait while the wall clock goes back', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.context.wallOffsetMs -= 10_000

    member.held.advance(10_000_000)
    expect(member.has('HeartbeatRequest')).toBe(false)
    member.held.advance(6_000_000)

    expect(member.has('HeartbeatRequest')).toBe(true)
  })
})

describe('a zombie', () => {
  test('finishes the batch in its hand, and learns of its loss at the next poll', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1)] }))
    const [record] = member.batches[0] ?? []
    if (record === undefined) throw new Error('no record')
    member.steps = [
      { do: 'begin', record },
      { do: 'sleep', us: 5_000_000 },
      { do: 'end', record, outcome: 'ok' },
    ]
    member.finishBatch()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(11, 1)] }))
    member.held.advance(3_000_000)
    member.answerHeartbeat('UNKNOWN_MEMBER_ID')
    expect(member.has('JoinGroupRequest')).toBe(false)

    member.held.fire('applicationSleep', 0)

    expect(probed(member, Probe.zombieProcessed)).toBe(1)
    expect(member.history.processings.get('outcome', 0)).toBe(Outcome.ok)
    expect(member.has('JoinGroupRequest')).toBe(true)
  })
})

describe('stopping', () => {
  const stop = (member: MemberByHand): void => {
    const operator = member.held.accept('admin-1')
    member.held.deliver(operator, { type: 'ConsumerCommand', command: 'stop', factor: 1 })
  }

  const answerLeave = (member: MemberByHand): void =>
    member.answer('LeaveGroupRequest', { type: 'LeaveGroupResponse', error: 'NONE' })

  /** A member that lost its coordinator and has just been told of the next one. */
  const knowsCoordinatorOnly = (): MemberByHand => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.held.advance(3_000_000)
    member.held.closed(member.pending('HeartbeatRequest').connection, 'reset')
    member.held.advance(200_000)
    const { request, connection } = member.pending('FindCoordinatorRequest')
    // A broker answers in order.
    member.answerFetch(connection.peer === 'broker-1' ? 1 : 2)
    const { correlationId } = request
    const found = { type: 'FindCoordinatorResponse', error: 'NONE', coordinator: 2 } as const
    member.held.deliver(connection, { ...found, correlationId })
    return member
  }

  test('leaves the group and exits', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    stop(member)

    expect(member.has('LeaveGroupRequest')).toBe(true)
    expect(member.context.exits).toEqual([])
    answerLeave(member)
    expect(member.context.exits).toEqual(['stopped'])
    expect(
      ownerships(member)
        .slice(2)
        .map(([kind]) => kind),
    ).toEqual([Ownership.revoked, Ownership.revoked])
    expect([...member.history.lifecycles.column('kind')]).toEqual([
      Lifecycle.started,
      Lifecycle.stopped,
    ])
  })

  test('waits for the batch in hand', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    member.answerFetch(1, fetched(FIRST, { entries: [entryAt(10, 1)] }))

    stop(member)
    expect(member.context.exits).toEqual([])
    member.finishBatch()
    answerLeave(member)

    expect(member.context.exits).toEqual(['stopped'])
  })

  test('leaves as soon as there is a connection to the coordinator', () => {
    const member = knowsCoordinatorOnly()

    stop(member)
    const early = member.has('LeaveGroupRequest')
    member.connectAll()

    expect(early).toBe(false)
    expect(member.has('LeaveGroupRequest')).toBe(true)
    answerLeave(member)
    expect(member.context.exits).toEqual(['stopped'])
  })

  test('gives up where no connection to the coordinator comes about', () => {
    const member = knowsCoordinatorOnly()

    stop(member)
    member.held.advance(30_000_000)

    expect(member.has('LeaveGroupRequest')).toBe(false)
    expect(member.context.exits).toEqual(['stopped'])
  })

  test('waits for the answer no longer than a close may take', () => {
    const member = new MemberByHand()
    member.fetchFrom()

    stop(member)
    member.held.advance(29_000_000)
    const early = [...member.context.exits]
    member.held.advance(1_000_000)

    expect(early).toEqual([])
    expect(member.context.exits).toEqual(['stopped'])
  })

  test('gives up where the connection to the coordinator ends before the answer', () => {
    const member = new MemberByHand()
    member.fetchFrom()
    stop(member)
    const { connection } = member.pending('LeaveGroupRequest')

    member.held.closed(connection, 'reset')

    expect(member.context.exits).toEqual(['stopped'])
  })

  test('commits the positions first where that is automatic', () => {
    const member = new MemberByHand({ autoCommit: true })
    member.fetchFrom()

    stop(member)
    expect(member.context.exits).toEqual([])
    member.answerCommit()
    answerLeave(member)

    expect(member.context.exits).toEqual(['stopped'])
  })

  test('is not needed to work slower', () => {
    const member = new MemberByHand()

    const operator = member.held.accept('admin-1')
    member.held.deliver(operator, { type: 'ConsumerCommand', command: 'slow', factor: 5 })

    expect(member.held.state.driver.factor).toBe(5)
  })
})
