import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../../../model/history.ts'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import type { Properties } from '../../../../../model/kafka/config/reader.ts'
import type { JoinGroupRequest, OffsetCommitRequest } from '../../../../../model/kafka/messages.ts'
import { entryAt, fetched, FIRST, MemberByHand, SECOND, probed } from './member-by-hand.ts'

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
