import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/group/guards.ts'
import { Probe } from '../../../../model/kafka/group/probes.ts'
import {
  HandHeldGroups,
  INITIAL_DELAY_MS,
  ORDERS_0,
  REBALANCE_MS,
  SESSION_MS,
  stablePair,
} from './hand-held-groups.ts'

describe('a heartbeat', () => {
  test('of a member of the present generation is answered NONE', () => {
    const groups = new HandHeldGroups()

    expect(groups.heartbeat(stablePair(groups).first)).toBe('NONE')
  })

  test('before the assignment is answered NONE', () => {
    const groups = new HandHeldGroups()
    const { memberId } = groups.enter('a')
    groups.advanceMs(INITIAL_DELAY_MS)

    expect(groups.heartbeat({ memberId, generation: 1 })).toBe('NONE')
  })

  test('during a rebalance tells the member to join again', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.enter('c')

    expect(groups.heartbeat(first)).toBe('REBALANCE_IN_PROGRESS')
  })

  test.each([
    ['an unknown member', { memberId: 'x' }, 'UNKNOWN_MEMBER_ID'],
    ['an older generation', { generation: 0 }, 'ILLEGAL_GENERATION'],
  ])('of %s is refused', (_case, change, error) => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    expect(groups.heartbeat({ ...first, ...change })).toBe(error)
  })

  test('to a group that does not exist is refused', () => {
    const groups = new HandHeldGroups()

    expect(groups.heartbeat({ memberId: 'x', generation: 1 })).toBe('UNKNOWN_MEMBER_ID')
  })

  test('to a broker that does not coordinate the group is refused', () => {
    const groups = new HandHeldGroups({ led: false })

    expect(groups.heartbeat({ memberId: 'x', generation: 1 })).toBe('NOT_COORDINATOR')
  })

  test('while loading is answered NONE', () => {
    const groups = new HandHeldGroups({ led: false })
    groups.beginToLead(1)

    expect(groups.heartbeat({ memberId: 'x', generation: 1 })).toBe('NONE')
  })
})

describe('a silent member', () => {
  test('is removed when its session timeout is over, not before', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)
    groups.advanceMs(SESSION_MS - 1)
    groups.heartbeat(first)
    const before = groups.group.members.has(second.memberId)

    groups.advanceMs(1)

    expect(before).toBe(true)
    expect([...groups.group.members.keys()]).toEqual([first.memberId])
    expect(groups.group.phase).toBe('PreparingRebalance')
    expect(groups.probes(Probe.memberExpired)).toBe(1)
  })

  test('leaves its partitions to the others in the next generation', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.advanceMs(SESSION_MS - 1)
    groups.heartbeat(first)
    groups.advanceMs(1)

    const { answer } = groups.join('a', { memberId: first.memberId })

    expect(answer).toMatchObject({ generationId: 2, members: [{ memberId: first.memberId }] })
  })

  test('during a rebalance is removed at its session timeout, and the rebalance ends', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    const asked = groups.join('a', { memberId: first.memberId })
    const early = asked.answer

    groups.advanceMs(SESSION_MS)

    expect(early).toBeUndefined()
    expect(asked.answer).toMatchObject({ generationId: 2, members: [{ memberId: first.memberId }] })
  })

  test('is removed at the rebalance timeout where its session is longer', () => {
    const groups = new HandHeldGroups()
    const traits = { sessionTimeoutMs: 10 * REBALANCE_MS }
    const a = groups.enter('a', traits)
    groups.enter('b', traits)
    groups.advanceMs(2 * INITIAL_DELAY_MS)
    groups.enter('c', traits)
    const asked = groups.join('a', { ...traits, memberId: a.memberId })

    groups.advanceMs(REBALANCE_MS)

    expect(asked.answer?.generationId).toBe(2)
    expect(groups.group.members.size).toBe(2)
  })

  test('that is the last leaves the group empty, with its offsets kept', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.commit(first, 7)

    groups.advanceMs(2 * SESSION_MS)

    expect(groups.group).toMatchObject({ phase: 'Empty', leader: null, protocolName: null })
    expect(groups.committed().partitions).toMatchObject([{ partition: ORDERS_0, offset: 7 }])
  })

  test('does not leave the timer running when nobody is left', () => {
    const groups = new HandHeldGroups()
    stablePair(groups)

    groups.advanceMs(3 * SESSION_MS)

    expect(groups.hand.context.timers.size).toBe(0)
  })
})

describe('a heartbeat keeps a member', () => {
  test('for as long as it comes', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)

    for (let ms = 0; ms < 10 * SESSION_MS; ms += 3_000) {
      groups.advanceMs(3_000)
      groups.heartbeat(first)
      groups.heartbeat(second)
    }

    expect(groups.group).toMatchObject({ phase: 'Stable', generation: 1 })
  })

  test('and so does a commit', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)

    for (let ms = 0; ms < 10 * SESSION_MS; ms += 3_000) {
      groups.advanceMs(3_000)
      groups.commit(first, ms)
      groups.commit(second, ms)
    }

    expect(groups.group.members.size).toBe(2)
  })
})

describe('a member that leaves', () => {
  test('is removed at once, and the others rebalance', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)

    expect(groups.leave(first.memberId)).toBe('NONE')

    expect(groups.group.leader).toBe(second.memberId)
    expect(groups.heartbeat(second)).toBe('REBALANCE_IN_PROGRESS')
  })

  test('before it came back with its id is no longer waited for', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)
    const announced = groups.join('c').answer?.memberId ?? ''
    groups.join('a', { memberId: first.memberId })
    const asked = groups.join('b', { memberId: second.memberId })
    const early = asked.answer

    groups.leave(announced)

    expect(early).toBeUndefined()
    expect(asked.answer?.generationId).toBe(2)
  })

  test('without being one is refused', () => {
    const groups = new HandHeldGroups()
    stablePair(groups)

    expect(groups.leave('x')).toBe('UNKNOWN_MEMBER_ID')
  })

  test('as the last one leaves the group empty', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)

    groups.leave(first.memberId)
    groups.leave(second.memberId)

    expect(groups.group).toMatchObject({ phase: 'Empty', generation: 2 })
  })
})

describe('with a check off', () => {
  test('heartbeatMember, a removed member never learns of it', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.heartbeatMember] })
    const { first } = stablePair(groups)
    groups.leave(first.memberId)

    expect(groups.heartbeat(first)).toBe('NONE')
  })

  test('heartbeatPreparing, nobody learns of a rebalance', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.heartbeatPreparing] })
    const { first } = stablePair(groups)
    groups.enter('c')

    expect(groups.heartbeat(first)).toBe('NONE')
  })

  test('sessionExpired, a dead member keeps its partitions', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.sessionExpired] })
    stablePair(groups)

    groups.advanceMs(10 * SESSION_MS)

    expect(groups.group).toMatchObject({ phase: 'Stable', generation: 1 })
  })

  test('heartbeatLoading, members of a group that is loading are told they are unknown', () => {
    const groups = new HandHeldGroups({ led: false, guardsOff: [Guard.heartbeatLoading] })
    groups.beginToLead(1)

    expect(groups.heartbeat({ memberId: 'x', generation: 1 })).toBe('UNKNOWN_MEMBER_ID')
  })
})
