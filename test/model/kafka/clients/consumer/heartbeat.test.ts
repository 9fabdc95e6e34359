import { describe, expect, test } from 'vitest'
import { Ownership } from '../../../../../model/history.ts'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import type { HeartbeatRequest, LeaveGroupRequest } from '../../../../../model/kafka/messages.ts'
import { entryAt, fetched, FIRST, MemberByHand, probed, ownerships } from './member-by-hand.ts'

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
