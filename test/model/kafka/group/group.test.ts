import { describe, expect, test } from 'vitest'
import {
  acceptsJoin,
  addMember,
  allJoined,
  announcedDeadline,
  createGroup,
  createMember,
  electJoinedLeader,
  parkJoin,
  rebalanceTimeoutMs,
  removeMember,
  sameProtocols,
  selectProtocol,
  subscriptionOf,
  supportsProtocols,
} from '../../../../model/kafka/group/group.ts'
import type { Group, GroupPhase, Member, Parked } from '../../../../model/kafka/group/state.ts'
import { protocolsOf } from './hand-held-groups.ts'

const parked = { connection: {}, correlationId: 1 } as Parked

function groupOf(...votes: readonly (readonly string[])[]): Group {
  const group = createGroup('payment', 0)
  for (const [place, names] of votes.entries()) addMember(group, memberOf(group, place, names), 'c')
  return group
}

function memberOf(group: Group, place: number, names: readonly string[]): Member {
  return createMember(group, {
    id: `m${place}`,
    clientId: 'c',
    instanceId: null,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 1_000 * (place + 1),
    protocols: protocolsOf(...names),
  })
}

function member(group: Group, id: string): Member {
  const found = group.members.get(id)
  if (found === undefined) throw new Error(`no member ${id}`)
  return found
}

describe('the selected assignor', () => {
  test.each([
    ['the only one in common', [['range', 'sticky'], ['sticky']], 'sticky'],
    [
      'the one most vote for',
      [
        ['range', 'rr'],
        ['rr', 'range'],
        ['rr', 'range'],
      ],
      'rr',
    ],
    [
      'the one voted for first where votes are even',
      [
        ['range', 'rr'],
        ['rr', 'range'],
      ],
      'range',
    ],
  ])('is %s', (_case, votes, selected) => {
    expect(selectProtocol(groupOf(...votes))).toBe(selected)
  })

  test('is some member’s wish where they have nothing in common', () => {
    expect(selectProtocol(groupOf(['range'], ['rr']))).toBe('range')
  })

  test('decides which subscription of a member counts', () => {
    const group = groupOf(['range', 'rr'])
    group.protocolName = 'rr'

    expect(subscriptionOf(group, member(group, 'm0')).topics).toEqual(['orders'])
  })
})

describe('a join', () => {
  test.each([
    ['an empty group and any assignor', [], 'c', ['x'], true],
    ['an empty group and no assignor', [], 'c', [], false],
    ['an assignor that all have', [['range', 'rr'], ['rr']], 'c', ['rr'], true],
    ['an assignor that only some have', [['range', 'rr'], ['rr']], 'c', ['range'], false],
    ['another protocol type', [['range']], 'connect', ['range'], false],
  ])('fits or not: %s', (_case, votes, type, names, fits) => {
    const group = groupOf(...votes)
    if (votes.length > 0) group.phase = 'Stable'

    expect(supportsProtocols(group, type, protocolsOf(...names))).toBe(fits)
  })

  test.each<[GroupPhase, string, boolean]>([
    ['Empty', '', true],
    ['Stable', '', false],
    ['Stable', 'm0', true],
    ['CompletingRebalance', '', false],
    ['CompletingRebalance', 'm1', true],
    ['PreparingRebalance', 'm0', true],
    ['PreparingRebalance', 'm1', true],
  ])('to a group of two that is full, in %s by %j: %s', (phase, memberId, accepted) => {
    const group = groupOf(['range'], ['range'])
    group.phase = phase
    parkJoin(group, member(group, 'm0'), parked)

    expect(acceptsJoin(group, memberId, 2)).toBe(accepted)
  })

  test('of a member beyond the maximum is refused while the others wait', () => {
    const group = groupOf(['range'], ['range'], ['range'])
    group.phase = 'PreparingRebalance'
    parkJoin(group, member(group, 'm0'), parked)
    parkJoin(group, member(group, 'm1'), parked)

    expect(acceptsJoin(group, 'm2', 2)).toBe(false)
  })

  test('with the same assignors and subscriptions is the same as before', () => {
    expect(sameProtocols(protocolsOf('range', 'rr'), protocolsOf('range', 'rr'))).toBe(true)
    expect(sameProtocols(protocolsOf('range', 'rr'), protocolsOf('rr', 'range'))).toBe(false)
    expect(sameProtocols(protocolsOf('range'), protocolsOf('range', 'rr'))).toBe(false)
  })

  test('with other topics is not the same as before', () => {
    const before = protocolsOf('range')
    const now = before.map(({ name, subscription }) => ({
      name,
      subscription: { ...subscription, topics: ['orders', 'stock'] },
    }))

    expect(sameProtocols(before, now)).toBe(false)
  })
})

describe('the leader', () => {
  test('is the first member that came', () => {
    expect(groupOf(['range'], ['range']).leader).toBe('m0')
  })

  test('that goes is followed by the next in order', () => {
    const group = groupOf(['range'], ['range'], ['range'])

    removeMember(group, member(group, 'm0'))

    expect(group.leader).toBe('m1')
  })

  test('that did not rejoin is replaced by one that did', () => {
    const group = groupOf(['range'], ['range'])
    parkJoin(group, member(group, 'm1'), parked)

    expect(electJoinedLeader(group)).toBe(true)
    expect(group.leader).toBe('m1')
  })

  test('stays where nobody has rejoined, and there is no election', () => {
    const group = groupOf(['range'], ['range'])

    expect(electJoinedLeader(group)).toBe(false)
    expect(group.leader).toBe('m0')
  })
})

describe('the joining', () => {
  test('is complete when all wait and no announced id is missing', () => {
    const group = groupOf(['range'], ['range'])
    parkJoin(group, member(group, 'm0'), parked)
    const one = allJoined(group)
    parkJoin(group, member(group, 'm1'), parked)
    parkJoin(group, member(group, 'm1'), parked)
    const both = allJoined(group)
    group.announced.set('m2', announcedDeadline(group, 'm2'))

    expect([one, both, allJoined(group)]).toEqual([false, true, false])
  })

  test('forgets the wait of a member that goes', () => {
    const group = groupOf(['range'], ['range'])
    parkJoin(group, member(group, 'm0'), parked)
    parkJoin(group, member(group, 'm1'), parked)

    removeMember(group, member(group, 'm1'))

    expect(group.joinsParked).toBe(1)
    expect(allJoined(group)).toBe(true)
  })

  test('lasts at most as long as the most patient member allows', () => {
    expect(rebalanceTimeoutMs(groupOf(['range'], ['range'], ['range']))).toBe(3_000)
  })
})
