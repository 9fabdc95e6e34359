import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/group/guards.ts'
import { Probe } from '../../../../model/kafka/group/probes.ts'
import {
  HandHeldGroups,
  INITIAL_DELAY_MS,
  PLACE,
  protocolsOf,
  REBALANCE_MS,
  SESSION_MS,
  stablePair,
} from './hand-held-groups.ts'

describe('a new member', () => {
  test('is first given an id of its client’s name', () => {
    const groups = new HandHeldGroups()

    const { answer } = groups.join('a')

    expect(answer?.error).toBe('MEMBER_ID_REQUIRED')
    expect(answer?.memberId).toMatch(/^a-[0-9a-f]{16}$/)
    expect(groups.group.members.size).toBe(0)
  })

  test('waits with a muted connection until the initial delay is over, and then leads', () => {
    const groups = new HandHeldGroups()
    const { joined, memberId } = groups.enter('a')

    groups.advanceMs(INITIAL_DELAY_MS - 1)
    const early = joined.answer
    const muted = joined.connection.muted
    groups.advanceMs(1)

    expect(early).toBeUndefined()
    expect(muted).toBe(true)
    expect(joined.answer).toMatchObject({
      error: 'NONE',
      generationId: 1,
      protocolName: 'range',
      leader: memberId,
      memberId,
      members: [{ memberId }],
    })
    expect(joined.connection.muted).toBe(false)
    expect(groups.probes(Probe.joinParked)).toBe(1)
  })

  test('waits for nobody in the release that took no rebalance timeout (HZ C08)', () => {
    const groups = new HandHeldGroups({ protocols: { 'group.rebalanceTimeout': 'none' } })
    stablePair(groups)

    groups.enter('c')
    groups.advanceMs(1)

    expect([...groups.group.members.values()].map(({ clientId }) => clientId)).toEqual(['c'])
    expect(groups.group.generation).toBe(2)
  })

  test('extends the very first rebalance, at most to the rebalance timeout', () => {
    const groups = new HandHeldGroups()
    const { joined } = groups.enter('a', { rebalanceTimeoutMs: 8_000 })
    for (let number = 0; number < 10; number += 1) {
      groups.advanceMs(990)
      if (joined.answer !== undefined) break
      groups.enter(`b${number}`, { rebalanceTimeoutMs: 8_000 })
    }

    const answeredAtMs = groups.hand.context.nowUs / 1_000

    expect(joined.answer?.generationId).toBe(1)
    expect(answeredAtMs).toBeGreaterThan(7_000)
    expect(answeredAtMs).toBeLessThanOrEqual(8_910)
  })

  test('does not extend the delay of a group that was emptied before', () => {
    const groups = new HandHeldGroups()
    const { memberId } = groups.enter('a')
    groups.advanceMs(INITIAL_DELAY_MS)
    groups.leave(memberId)
    const { joined } = groups.enter('b')
    groups.advanceMs(1_000)
    groups.enter('c')

    groups.advanceMs(INITIAL_DELAY_MS - 1_000)

    expect(joined.answer?.generationId).toBe(3)
  })

  test('that never comes back with its id delays a later rebalance by its session at most', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.join('ghost')
    groups.leave(groups.group.leader ?? '')
    const others = [...groups.group.members.keys()].map((memberId) =>
      groups.join('b', { memberId }),
    )

    groups.advanceMs(SESSION_MS - 1)
    const early = others[0]?.answer
    groups.advanceMs(1)

    expect(early).toBeUndefined()
    expect(others[0]?.answer?.generationId).toBe(first.generation + 1)
  })

  test('is added at once by an old client', () => {
    const groups = new HandHeldGroups()

    const { answer } = groups.join('a', { apiVersion: 3 })

    expect(answer).toBeUndefined()
    expect(groups.group.members.size).toBe(1)
  })

  test('that waits for five minutes is given up and told so', () => {
    const groups = new HandHeldGroups()
    const patient = { sessionTimeoutMs: 900_000, rebalanceTimeoutMs: 900_000 }
    groups.enter('a', patient)
    groups.enter('b', patient)
    groups.advanceMs(2 * INITIAL_DELAY_MS)
    const { joined } = groups.enter('c')

    groups.advanceMs(299_999)
    const early = joined.answer
    groups.advanceMs(1)

    expect(early).toBeUndefined()
    expect(joined.answer?.error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('a join is refused', () => {
  test.each([[5_999], [1_800_001]])('with a session timeout of %d ms', (sessionTimeoutMs) => {
    const groups = new HandHeldGroups()

    const { answer } = groups.join('a', { sessionTimeoutMs })

    expect(answer?.error).toBe('INVALID_SESSION_TIMEOUT')
  })

  test('with an id and a group that does not exist', () => {
    const groups = new HandHeldGroups()

    const { answer } = groups.join('a', { memberId: 'a-1' })

    expect(answer).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: 'a-1' })
    expect(groups.broker.groups.groups.size).toBe(0)
  })

  test('with an id that the group does not know', () => {
    const groups = new HandHeldGroups()
    stablePair(groups)

    const { answer } = groups.join('a', { memberId: 'a-1' })

    expect(answer?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(groups.group.phase).toBe('Stable')
  })

  test('with an assignor that the other members do not have', () => {
    const groups = new HandHeldGroups()
    stablePair(groups)

    const { answer } = groups.join('c', { protocols: protocolsOf('roundrobin') })

    expect(answer?.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  test('once the group is full', () => {
    const groups = new HandHeldGroups({ properties: { 'group.max.size': 2 } })
    stablePair(groups)

    const { answer } = groups.join('c')

    expect(answer).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED', memberId: '' })
  })

  test('by a broker that does not coordinate the group', () => {
    const groups = new HandHeldGroups({ led: false })

    expect(groups.join('a').answer?.error).toBe('NOT_COORDINATOR')
  })

  test('while the coordinator is loading', () => {
    const groups = new HandHeldGroups({ led: false })
    groups.beginToLead(1)

    expect(groups.join('a').answer?.error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  })
})

describe('a member that joins again', () => {
  test('in a stable group is told the same generation if it is no leader and unchanged', () => {
    const groups = new HandHeldGroups()
    const { second } = stablePair(groups)

    const { answer } = groups.join('b', { memberId: second.memberId })

    expect(answer).toMatchObject({ error: 'NONE', generationId: 1, members: [] })
    expect(groups.group.phase).toBe('Stable')
  })

  test('in a stable group starts a rebalance if it leads', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    const { answer } = groups.join('a', { memberId: first.memberId })

    expect(answer).toBeUndefined()
    expect(groups.group.phase).toBe('PreparingRebalance')
  })

  test('in a stable group starts a rebalance if it says something new', () => {
    const groups = new HandHeldGroups()
    const { second } = stablePair(groups)

    groups.join('b', { memberId: second.memberId, protocols: protocolsOf('range', 'rr') })

    expect(groups.group.phase).toBe('PreparingRebalance')
  })

  test('before the assignment is told the same generation again, the leader with all members', () => {
    const groups = new HandHeldGroups()
    const a = groups.enter('a')
    groups.enter('b')
    groups.advanceMs(2 * INITIAL_DELAY_MS)

    const { answer } = groups.join('a', { memberId: a.memberId })

    expect(answer).toMatchObject({ error: 'NONE', generationId: 1 })
    expect(answer?.members).toHaveLength(2)
    expect(groups.group.phase).toBe('CompletingRebalance')
  })

  test('before the assignment with something new starts the next rebalance', () => {
    const groups = new HandHeldGroups()
    const { memberId } = groups.enter('a')
    groups.enter('b')
    groups.advanceMs(2 * INITIAL_DELAY_MS)

    groups.join('a', { memberId, protocols: protocolsOf('range', 'rr') })

    expect(groups.group.phase).toBe('PreparingRebalance')
    expect(groups.hand.context.probes).toContainEqual({ probe: Probe.rebalanced, subject: PLACE })
  })

  test('ends the joining when it is the last', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)
    const one = groups.join('a', { memberId: first.memberId })
    const early = one.answer

    const other = groups.join('b', { memberId: second.memberId })

    expect(early).toBeUndefined()
    expect([one.answer?.generationId, other.answer?.generationId]).toEqual([2, 2])
  })

  test('is answered only on the newest connection it joined by', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)
    const lost = groups.join('a', { memberId: first.memberId })
    const again = groups.join('a', { memberId: first.memberId })

    groups.join('b', { memberId: second.memberId })

    expect(lost.answer).toBeUndefined()
    expect(again.answer?.error).toBe('NONE')
  })
})

describe('with a check off', () => {
  test('memberIdRequired, each repeated first join adds a member', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.memberIdRequired] })

    groups.join('a')
    groups.join('a')

    expect(groups.group.members.size).toBe(2)
  })

  test('joinMember, a removed member comes back under its old id', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.joinMember] })
    const { first } = stablePair(groups)
    groups.leave(first.memberId)

    groups.join('a', { memberId: first.memberId })

    expect(groups.group.members.has(first.memberId)).toBe(true)
  })

  test('unjoined, a silent member is kept over the rebalance', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.unjoined, Guard.sessionExpired] })
    const { first, second } = stablePair(groups)
    const joined = groups.join('a', { memberId: first.memberId })

    groups.advanceMs(REBALANCE_MS)

    expect(joined.answer?.members.map(({ memberId }) => memberId)).toContain(second.memberId)
  })

  test('joinProtocol, a member without a common assignor is let in', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.joinProtocol] })
    stablePair(groups)

    const { joined } = groups.enter('c', { protocols: protocolsOf('roundrobin') })

    expect(joined.answer).toBeUndefined()
    expect(groups.group.members.size).toBe(3)
  })
})
