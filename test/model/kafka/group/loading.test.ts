import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/group/guards.ts'
import { forgetOffsets } from '../../../../model/kafka/group/store.ts'
import { Probe } from '../../../../model/kafka/group/probes.ts'
import { partitionId } from '../../../../model/record.ts'
import {
  HandHeldGroups,
  INITIAL_DELAY_MS,
  OFFSETS_PARTITIONS,
  ORDERS_0,
  ORDERS_1,
  PLACE,
  SESSION_MS,
  stablePair,
} from './hand-held-groups.ts'

const OTHER_PLACE = (PLACE + 1) % OFFSETS_PARTITIONS

/** A broker whose log of the group's partition is what another coordinator has written. */
function successorOf(former: HandHeldGroups): HandHeldGroups {
  const groups = new HandHeldGroups({ led: false })
  for (const [partition, entries] of former.log.logs) groups.log.logs.set(partition, [...entries])
  return groups
}

describe('a new coordinator', () => {
  test('finds the group stable, with generation, members, assignment and offsets', () => {
    const former = new HandHeldGroups()
    const { first, second } = stablePair(former)
    former.commit(first, 7)
    const groups = successorOf(former)

    groups.lead(2)

    expect(groups.group).toMatchObject({ phase: 'Stable', generation: 1, leader: first.memberId })
    expect(groups.heartbeat(first)).toBe('NONE')
    expect(groups.sync(second).answer).toMatchObject({ error: 'NONE', partitions: [ORDERS_1] })
    expect(groups.committed().partitions).toMatchObject([{ offset: 7 }])
    expect(groups.probes(Probe.loaded)).toBe(1)
  })

  test('finds the last commit of each partition', () => {
    const former = new HandHeldGroups()
    const { first } = stablePair(former)
    former.commit(first, 7)
    former.commit(first, 3)
    former.commit(first, 5, ORDERS_1)
    const groups = successorOf(former)

    groups.lead(2)

    expect(groups.committed(true, ORDERS_0).partitions).toMatchObject([{ offset: 3 }])
    expect(groups.committed(true, ORDERS_1).partitions).toMatchObject([{ offset: 5 }])
  })

  test('finds nothing committed for a partition whose topic was deleted', () => {
    const former = new HandHeldGroups()
    const { first } = stablePair(former)
    former.commit(first, 7)
    former.commit(first, 5, ORDERS_1)
    const { hand } = former
    forgetOffsets(hand.state, new Set([ORDERS_0]), hand.context)
    const remembered = former.committed(true, ORDERS_0).partitions
    const groups = successorOf(former)

    groups.lead(2)

    expect(remembered).toMatchObject([{ offset: -1 }])
    expect(groups.committed(true, ORDERS_0).partitions).toMatchObject([{ offset: -1 }])
    expect(groups.committed(true, ORDERS_1).partitions).toMatchObject([{ offset: 5 }])
  })

  test('finds a commit that was never acknowledged, because it reads to the end of the log', () => {
    const former = new HandHeldGroups()
    const { first } = stablePair(former)
    former.log.mode = 'hold'
    former.commit(first, 7)
    const groups = successorOf(former)

    groups.lead(2)

    expect(groups.committed().partitions).toMatchObject([{ offset: 7 }])
  })

  test('finds offsets of a group that never had members', () => {
    const former = new HandHeldGroups()
    former.commit({ memberId: '', generation: -1 }, 7)
    const groups = successorOf(former)

    groups.lead(2)

    expect(groups.group.phase).toBe('Empty')
    expect(groups.committed().partitions).toMatchObject([{ offset: 7 }])
  })

  test('knows nothing of a rebalance that was under way, and issues its generation again', () => {
    const former = new HandHeldGroups()
    const { first, second } = stablePair(former)
    former.join('a', { memberId: first.memberId })
    former.join('b', { memberId: second.memberId })
    const issued = former.group.generation
    const groups = successorOf(former)
    groups.lead(2)

    const refused = groups.heartbeat({ ...first, generation: issued })
    groups.join('a', { memberId: first.memberId })
    const { answer } = groups.join('b', { memberId: second.memberId })

    expect(issued).toBe(2)
    expect(refused).toBe('ILLEGAL_GENERATION')
    expect(answer?.generationId).toBe(2)
  })

  test('gives every member a fresh session', () => {
    const former = new HandHeldGroups()
    const { first, second } = stablePair(former)
    const groups = successorOf(former)
    groups.lead(2)

    groups.advanceMs(SESSION_MS - 1)
    groups.heartbeat(first)
    groups.advanceMs(1)

    expect([...groups.group.members.keys()]).toEqual([first.memberId])
    expect(groups.group.members.has(second.memberId)).toBe(false)
  })

  test('takes longer for a longer log', () => {
    const former = new HandHeldGroups()
    const { first } = stablePair(former)
    for (let offset = 0; offset < 1_000; offset += 1) former.commit(first, offset)
    const groups = successorOf(former)

    groups.beginToLead(2)
    groups.hand.advance(4_999)
    const early = groups.committed().error
    groups.hand.advance(1_000)

    expect(early).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(groups.committed().error).toBe('NONE')
  })

  test('loads one partition after the other', () => {
    const former = new HandHeldGroups()
    const { first } = stablePair(former)
    former.commit(first, 7)
    const groups = successorOf(former)
    const entries = former.log.logs.get(partitionId(0, PLACE)) ?? []
    groups.log.logs.set(partitionId(0, OTHER_PLACE), [...entries])

    groups.beginToLead(2, OTHER_PLACE)
    groups.beginToLead(2, PLACE)
    const queued = groups.committed().error
    groups.hand.advance(10)
    const loading = groups.committed().error
    groups.hand.advance(10)

    expect([queued, loading]).toEqual(['NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS'])
    expect(groups.committed()).toMatchObject({ error: 'NONE', partitions: [{ offset: 7 }] })
  })

  test('does not load for a leadership that is older than one it has acted on', () => {
    const groups = new HandHeldGroups()
    groups.lead(5)
    groups.resign()

    groups.lead(4)

    expect(groups.committed().error).toBe('NOT_COORDINATOR')
  })

  test('keeps a group that it has already when it leads on in a newer epoch', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.enter('c')

    groups.lead(2)

    expect(groups.group.phase).toBe('PreparingRebalance')
    expect(groups.heartbeat(first)).toBe('REBALANCE_IN_PROGRESS')
  })
})

describe('a former coordinator', () => {
  test('sends everyone who waits to the new one', () => {
    const groups = new HandHeldGroups()
    const { joined } = groups.enter('a')

    groups.resign()

    expect(joined.answer?.error).toBe('NOT_COORDINATOR')
    expect(groups.broker.groups.groups.size).toBe(0)
    expect(groups.probes(Probe.unloaded)).toBe(1)
  })

  test('sends those who wait for the assignment to the new one', () => {
    const groups = new HandHeldGroups()
    groups.enter('a')
    const second = groups.enter('b')
    groups.advanceMs(2 * INITIAL_DELAY_MS)
    const asked = groups.sync({ memberId: second.memberId, generation: 1 })
    const early = asked.answer

    groups.resign()

    expect(early).toBeUndefined()
    expect(asked.answer?.error).toBe('NOT_COORDINATOR')
  })

  test('answers a commit that was under way, and remembers nothing of it', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.log.mode = 'hold'
    const asked = groups.commit(first, 7)
    groups.resign()

    groups.finishAppend('NOT_LEADER_OR_FOLLOWER')

    expect(asked.answer?.partitions[0]?.error).toBe('NOT_COORDINATOR')
    expect(groups.broker.groups.appends.size).toBe(0)
  })

  test('has no timer left', () => {
    const groups = new HandHeldGroups()
    stablePair(groups)

    groups.resign()

    expect(groups.hand.context.timers.size).toBe(0)
  })

  test('forgets an assignment whose append ends too late', () => {
    const groups = new HandHeldGroups()
    groups.log.mode = 'hold'
    const { memberId } = groups.enter('a')
    groups.advanceMs(INITIAL_DELAY_MS)
    const asked = groups.sync({ memberId, generation: 1 })
    groups.resign()

    groups.finishAppend()

    expect(asked.answer?.error).toBe('NOT_COORDINATOR')
    expect(groups.broker.groups.groups.size).toBe(0)
  })
})

describe('a log that is read in pieces', () => {
  test.each([
    ['a buffer that holds all of it', 5_242_880, 'NONE'],
    ['a buffer smaller than a batch', 1, 'COORDINATOR_LOAD_IN_PROGRESS'],
  ])('with %s is loaded in its time', (_, bytes, error) => {
    const former = new HandHeldGroups()
    const { first } = stablePair(former)
    for (let offset = 1; offset < 10; offset += 1) former.commit(first, offset)
    const groups = new HandHeldGroups({
      led: false,
      properties: { 'offsets.load.buffer.size': bytes },
    })
    for (const [partition, entries] of former.log.logs) groups.log.logs.set(partition, [...entries])

    groups.beginToLead(2)
    groups.advanceMs(1)

    expect(groups.committed().error).toBe(error)
  })
})

describe('with a check off', () => {
  test('owner, a former coordinator forms a second group', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.owner] })
    stablePair(groups)
    groups.resign()

    const { joined } = groups.enter('z')
    groups.advanceMs(INITIAL_DELAY_MS)

    expect(joined.answer).toMatchObject({ error: 'NONE', generationId: 1 })
  })

  test('loading, a group that is being loaded starts again from generation 0', () => {
    const former = new HandHeldGroups()
    stablePair(former)
    const groups = new HandHeldGroups({ led: false, guardsOff: [Guard.loading] })
    for (const [partition, entries] of former.log.logs) groups.log.logs.set(partition, entries)
    groups.beginToLead(2)

    groups.enter('z')
    groups.advanceMs(2 * INITIAL_DELAY_MS)

    expect(groups.group.generation).toBe(1)
    expect(groups.group.members.size).toBe(1)
  })

  test('coordinatorEpoch, a late election makes a former coordinator act again', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.coordinatorEpoch] })
    groups.lead(5)
    groups.resign()

    groups.lead(4)

    expect(groups.committed().error).toBe('NONE')
  })
})

describe('finding the coordinator', () => {
  test('names the leader of the group’s partition', () => {
    const groups = new HandHeldGroups()

    expect(groups.findCoordinator()).toMatchObject({ error: 'NONE', coordinator: 1 })
  })

  test.each([
    ['nobody leads', -1],
    ['the leader is not alive', 9],
  ])('fails while %s', (_case, leader) => {
    const groups = new HandHeldGroups()
    groups.hear(leader)

    expect(groups.findCoordinator()).toMatchObject({
      error: 'COORDINATOR_NOT_AVAILABLE',
      coordinator: -1,
    })
  })
})
