import { describe, expect, test } from 'vitest'
import { Lifecycle, Outcome, Ownership } from '../../../../../model/history.ts'
import { Probe } from '../../../../../model/kafka/clients/consumer/probes.ts'
import { entryAt, fetched, FIRST, MemberByHand, probed, ownerships } from './member-by-hand.ts'

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
