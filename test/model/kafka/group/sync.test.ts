import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/group/guards.ts'
import { Probe } from '../../../../model/kafka/group/probes.ts'
import { completeAssignment } from '../../../../model/kafka/group/sync.ts'
import {
  HandHeldGroups,
  INITIAL_DELAY_MS,
  ORDERS_0,
  ORDERS_1,
  REBALANCE_MS,
  SESSION_MS,
  stablePair,
} from './hand-held-groups.ts'

function joinedPair(groups: HandHeldGroups) {
  const first = { memberId: groups.enter('a').memberId, generation: 1 }
  const second = { memberId: groups.enter('b').memberId, generation: 1 }
  groups.advanceMs(2 * INITIAL_DELAY_MS)
  const assignments = [
    { memberId: first.memberId, partitions: [ORDERS_0] },
    { memberId: second.memberId, partitions: [ORDERS_1] },
  ]
  return { first, second, assignments }
}

describe('a sync', () => {
  test('of a follower waits until the leader’s assignment is stored', () => {
    const groups = new HandHeldGroups()
    groups.log.mode = 'hold'
    const { first, second, assignments } = joinedPair(groups)
    const follower = groups.sync(second)
    const leader = groups.sync(first, assignments)
    const early = [follower.answer, leader.answer]

    groups.finishAppend()

    expect(early).toEqual([undefined, undefined])
    expect(follower.answer).toMatchObject({ error: 'NONE', partitions: [ORDERS_1] })
    expect(leader.answer).toMatchObject({ error: 'NONE', partitions: [ORDERS_0] })
    expect(groups.group.phase).toBe('Stable')
    expect(groups.probes(Probe.syncParked)).toBe(2)
  })

  test('in a stable group is answered at once', () => {
    const groups = new HandHeldGroups()
    const { second } = stablePair(groups)

    expect(groups.sync(second).answer).toMatchObject({ error: 'NONE', partitions: [ORDERS_1] })
  })

  test('gives nothing to a member that the leader left out', () => {
    const groups = new HandHeldGroups()
    const { first, second, assignments } = joinedPair(groups)

    groups.sync(first, assignments.slice(0, 1))

    expect(groups.sync(second).answer).toMatchObject({ error: 'NONE', partitions: [] })
  })

  test.each([
    ['an unknown member', { memberId: 'x', generation: 1 }, 'UNKNOWN_MEMBER_ID'],
    ['an older generation', { generation: 0 }, 'ILLEGAL_GENERATION'],
    ['a newer generation', { generation: 2 }, 'ILLEGAL_GENERATION'],
  ])('of %s is refused', (_case, change, error) => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    expect(groups.sync({ ...first, ...change }).answer).toMatchObject({ error, partitions: [] })
  })

  test('that names another assignor is refused', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    const { answer } = groups.sync(first, [], 'roundrobin')

    expect(answer?.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  test('during the next rebalance is sent back to join', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.enter('c')

    expect(groups.sync(first).answer?.error).toBe('REBALANCE_IN_PROGRESS')
  })

  test('while loading is sent back to join', () => {
    const groups = new HandHeldGroups({ led: false })
    groups.beginToLead(1)

    const { answer } = groups.sync({ memberId: 'a-1', generation: 3 })

    expect(answer?.error).toBe('REBALANCE_IN_PROGRESS')
  })

  test('by a broker that does not coordinate the group is refused', () => {
    const groups = new HandHeldGroups({ led: false })

    const { answer } = groups.sync({ memberId: 'a-1', generation: 3 })

    expect(answer?.error).toBe('NOT_COORDINATOR')
  })
})

describe('an assignment', () => {
  test('that was overtaken by a rebalance does not make the group stable', () => {
    const groups = new HandHeldGroups()
    groups.log.mode = 'hold'
    const { first, assignments } = joinedPair(groups)
    const leader = groups.sync(first, assignments)
    groups.enter('c')

    groups.finishAppend()

    expect(leader.answer?.error).toBe('REBALANCE_IN_PROGRESS')
    expect(groups.group.phase).toBe('PreparingRebalance')
  })

  test('of an older generation does not count for the next one', () => {
    const groups = new HandHeldGroups()
    groups.log.mode = 'hold'
    const { first, second, assignments } = joinedPair(groups)
    groups.sync(first, assignments)
    const { memberId } = groups.enter('c')
    groups.join('a', { memberId: first.memberId })
    groups.join('b', { memberId: second.memberId })

    groups.finishAppend()

    expect(groups.group).toMatchObject({ phase: 'CompletingRebalance', generation: 2 })
    expect(groups.group.members.has(memberId)).toBe(true)
    expect(groups.group.members.get(first.memberId)?.assignment).toEqual([])
  })

  test.each([
    ['NOT_ENOUGH_REPLICAS', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'COORDINATOR_NOT_AVAILABLE'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_COORDINATOR'],
    ['KAFKA_STORAGE_ERROR', 'NOT_COORDINATOR'],
    ['REQUEST_TIMED_OUT', 'REBALANCE_IN_PROGRESS'],
  ] as const)('whose append fails with %s sends everyone back with %s', (error, told) => {
    const groups = new HandHeldGroups()
    const { first, second, assignments } = joinedPair(groups)
    const follower = groups.sync(second)
    groups.log.error = error

    const leader = groups.sync(first, assignments)

    expect([leader.answer?.error, follower.answer?.error]).toEqual([told, told])
    expect(groups.group.phase).toBe('PreparingRebalance')
    expect(groups.group.members.get(second.memberId)?.assignment).toEqual([])
  })

  test('names members of the group only, and all of them', () => {
    const groups = new HandHeldGroups()
    const { first, second } = stablePair(groups)

    const complete = completeAssignment(groups.group, [
      { memberId: second.memberId, partitions: [ORDERS_0] },
      { memberId: 'gone', partitions: [ORDERS_1] },
    ])

    expect([...complete]).toEqual([
      [first.memberId, []],
      [second.memberId, [ORDERS_0]],
    ])
  })
})

describe('members that do not sync', () => {
  test('are removed at the rebalance timeout, and the others rebalance', () => {
    const groups = new HandHeldGroups()
    const { first, second, assignments } = joinedPair(groups)
    groups.sync(first, assignments)
    for (let ms = 0; ms < REBALANCE_MS - 1_000; ms += 1_000) {
      groups.advanceMs(1_000)
      groups.heartbeat(first)
      groups.heartbeat(second)
    }
    const before = groups.group.members.size

    groups.advanceMs(1_000)

    expect(before).toBe(2)
    expect([...groups.group.members.keys()]).toEqual([first.memberId])
    expect(groups.group.phase).toBe('PreparingRebalance')
  })

  test('leave a group that waits for its leader empty', () => {
    const groups = new HandHeldGroups()
    joinedPair(groups)

    groups.advanceMs(REBALANCE_MS)

    expect(groups.group).toMatchObject({ phase: 'Empty', generation: 2 })
    expect(groups.probes(Probe.becameEmpty)).toBe(1)
  })

  test('do not expire while they wait for the leader', () => {
    const groups = new HandHeldGroups()
    const { first, second } = joinedPair(groups)
    groups.sync(second)
    for (let ms = 0; ms < 3 * SESSION_MS; ms += 1_000) {
      groups.advanceMs(1_000)
      groups.heartbeat(first)
    }

    expect(groups.group.members.has(second.memberId)).toBe(true)
  })
})

describe('with a check off', () => {
  test('assignmentByLeader, a follower decides', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.assignmentByLeader] })
    const { second } = joinedPair(groups)

    groups.sync(second)

    expect(groups.group.phase).toBe('Stable')
  })

  test('assignmentCurrent, an overtaken assignment makes the group stable', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.assignmentCurrent] })
    groups.log.mode = 'hold'
    const { first, assignments } = joinedPair(groups)
    groups.sync(first, assignments)
    groups.enter('c')

    groups.finishAppend()

    expect(groups.group.phase).toBe('Stable')
  })

  test('syncMember, an unknown member is told that it has nothing', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.syncMember] })
    stablePair(groups)

    const { answer } = groups.sync({ memberId: 'x', generation: 1 })

    expect(answer).toMatchObject({ error: 'NONE', partitions: [] })
  })

  test('syncPreparing, a member takes up its old assignment', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.syncPreparing] })
    const { first } = stablePair(groups)
    groups.enter('c')

    expect(groups.sync(first).answer).toMatchObject({ error: 'NONE', partitions: [ORDERS_0] })
  })
})
