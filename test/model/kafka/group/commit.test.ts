import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/group/guards.ts'
import { Probe } from '../../../../model/kafka/group/probes.ts'
import { commitError } from '../../../../model/kafka/group/stored.ts'
import { partitionId } from '../../../../model/record.ts'
import {
  HandHeldGroups,
  INITIAL_DELAY_MS,
  ORDERS_0,
  ORDERS_1,
  stablePair,
} from './hand-held-groups.ts'

const NOBODY = { memberId: '', generation: -1 }

describe('a commit', () => {
  test('is answered, and told to others, only once it is replicated', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.log.mode = 'hold'
    const asked = groups.commit(first, 7)
    const early = [asked.answer, groups.committed(false).partitions]
    const muted = asked.connection.muted

    groups.finishAppend()

    expect(early).toMatchObject([undefined, [{ error: 'NONE', offset: -1 }]])
    expect(muted).toBe(true)
    expect(asked.answer?.partitions).toEqual([{ partition: ORDERS_0, error: 'NONE' }])
    expect(groups.committed().partitions).toMatchObject([{ error: 'NONE', offset: 7 }])
    expect(groups.probes(Probe.commitAccepted)).toBe(1)
  })

  test('of a partition that the member does not own is taken', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    const { answer } = groups.commit(first, 7, ORDERS_1)

    expect(answer?.partitions).toEqual([{ partition: ORDERS_1, error: 'NONE' }])
  })

  test('lower than the one before is taken', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.commit(first, 7)

    groups.commit(first, 3)

    expect(groups.committed().partitions).toMatchObject([{ offset: 3 }])
    expect(groups.probes(Probe.commitWentBack)).toBe(1)
  })

  test('during the joining is taken from a member of the generation that ends', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.enter('c')

    expect(groups.commit(first, 7).answer?.partitions[0]?.error).toBe('NONE')
  })

  test('before the assignment of a new generation is sent back', () => {
    const groups = new HandHeldGroups()
    const { memberId } = groups.enter('a')
    groups.advanceMs(INITIAL_DELAY_MS)

    const { answer } = groups.commit({ memberId, generation: 1 }, 7)

    expect(answer?.partitions[0]?.error).toBe('REBALANCE_IN_PROGRESS')
  })

  test.each([
    ['an unknown member', { memberId: 'x' }, 'UNKNOWN_MEMBER_ID'],
    ['an older generation', { generation: 0 }, 'ILLEGAL_GENERATION'],
    ['nobody, while the group has members', NOBODY, 'UNKNOWN_MEMBER_ID'],
  ])('of %s is refused', (_case, change, error) => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    const { answer } = groups.commit({ ...first, ...change }, 7)

    expect(answer?.partitions).toEqual([{ partition: ORDERS_0, error }])
    expect(groups.committed().partitions).toMatchObject([{ offset: -1 }])
    expect(groups.probes(Probe.commitFenced)).toBe(1)
  })

  test('with a generation to a group that does not exist is refused', () => {
    const groups = new HandHeldGroups()

    const { answer } = groups.commit({ memberId: 'x', generation: 1 }, 7)

    expect(answer?.partitions[0]?.error).toBe('ILLEGAL_GENERATION')
  })

  test('of a standalone consumer makes a group without members', () => {
    const groups = new HandHeldGroups()

    groups.commit(NOBODY, 7)

    expect(groups.group.phase).toBe('Empty')
    expect(groups.committed().partitions).toMatchObject([{ offset: 7 }])
  })

  test('of a partition that does not exist is refused for that partition', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)

    const { answer } = groups.commit(first, 7, partitionId(2, 99))

    expect(answer?.partitions[0]?.error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  test('to a broker that does not coordinate the group is refused', () => {
    const groups = new HandHeldGroups({ led: false })

    expect(groups.commit(NOBODY, 7).answer?.partitions[0]?.error).toBe('NOT_COORDINATOR')
  })

  test('while loading has to wait', () => {
    const groups = new HandHeldGroups({ led: false })
    groups.beginToLead(1)

    const { answer } = groups.commit(NOBODY, 7)

    expect(answer?.partitions[0]?.error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  })

  test('whose append fails leaves the offset as it was', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.commit(first, 7)
    groups.log.mode = 'hold'
    const asked = groups.commit(first, 9)

    groups.finishAppend('REQUEST_TIMED_OUT')

    expect(asked.answer?.partitions[0]?.error).toBe('REQUEST_TIMED_OUT')
    expect(groups.committed().partitions).toMatchObject([{ error: 'NONE', offset: 7 }])
  })

  test('that ends before an older one is not overwritten by it', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.log.mode = 'hold'
    groups.commit(first, 7)
    groups.commit(first, 9)

    groups.finishAppend('NONE', 1)
    groups.finishAppend('NONE', 0)

    expect(groups.committed().partitions).toMatchObject([{ offset: 9 }])
  })
})

describe('the error of an append', () => {
  test.each([
    ['UNKNOWN_TOPIC_OR_PARTITION', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_ENOUGH_REPLICAS', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_COORDINATOR'],
    ['KAFKA_STORAGE_ERROR', 'NOT_COORDINATOR'],
    ['REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT'],
    ['NONE', 'NONE'],
  ] as const)('%s becomes %s for a commit', (error, told) => {
    expect(commitError(error)).toBe(told)
  })
})

describe('a stable offset fetch', () => {
  test('is put off while a commit of the partition is under way', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.log.mode = 'hold'
    groups.commit(first, 7)
    const early = groups.committed()
    const other = groups.committed(true, ORDERS_1)

    groups.finishAppend()

    expect(early.partitions).toMatchObject([{ error: 'UNSTABLE_OFFSET_COMMIT', offset: -1 }])
    expect(other.partitions).toMatchObject([{ error: 'NONE', offset: -1 }])
    expect(groups.committed().partitions).toMatchObject([{ error: 'NONE', offset: 7 }])
  })

  test('is put off until the newest of several commits has ended', () => {
    const groups = new HandHeldGroups()
    const { first } = stablePair(groups)
    groups.log.mode = 'hold'
    groups.commit(first, 7)
    groups.commit(first, 9)

    groups.finishAppend()

    expect(groups.committed().partitions).toMatchObject([{ error: 'UNSTABLE_OFFSET_COMMIT' }])
    expect(groups.committed(false).partitions).toMatchObject([{ offset: 7 }])
  })

  test('tells of a group that does not exist that nothing was committed', () => {
    const groups = new HandHeldGroups()

    expect(groups.committed()).toMatchObject({ error: 'NONE', partitions: [{ offset: -1 }] })
  })

  test('to a broker that does not coordinate the group is refused', () => {
    const groups = new HandHeldGroups({ led: false })

    expect(groups.committed()).toMatchObject({ error: 'NOT_COORDINATOR', partitions: [] })
  })

  test('while loading has to wait', () => {
    const groups = new HandHeldGroups({ led: false })
    groups.beginToLead(1)

    expect(groups.committed().error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  })
})

describe('with a check off', () => {
  test('commitMember, a zombie overwrites the offsets', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.commitMember] })
    const { first, second } = stablePair(groups)
    groups.leave(first.memberId)
    groups.join('b', { memberId: second.memberId })
    groups.sync({ ...second, generation: 2 })

    const { answer } = groups.commit({ ...first, generation: 2 }, 1)

    expect(answer?.partitions[0]?.error).toBe('NONE')
    expect(groups.committed().partitions).toMatchObject([{ offset: 1 }])
  })

  test('commitGeneration, a member of an older generation overwrites the offsets', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.commitGeneration] })
    const { first } = stablePair(groups)

    groups.commit({ ...first, generation: 0 }, 5)

    expect(groups.committed().partitions).toMatchObject([{ offset: 5 }])
  })

  test('commitLogOrder, an older commit that ends later counts', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.commitLogOrder] })
    const { first } = stablePair(groups)
    groups.log.mode = 'hold'
    groups.commit(first, 7)
    groups.commit(first, 9)

    groups.finishAppend('NONE', 1)
    groups.finishAppend('NONE', 0)

    expect(groups.committed().partitions).toMatchObject([{ offset: 7 }])
  })

  test('offsetFetchLoading, a member is told that nothing was committed', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.offsetFetchLoading] })
    const { first } = stablePair(groups)
    groups.commit(first, 7)
    groups.resign()
    groups.beginToLead(2)

    expect(groups.committed().partitions).toMatchObject([{ error: 'NONE', offset: -1 }])
  })

  test('offsetFetchStable, the offset before the one under way is told', () => {
    const groups = new HandHeldGroups({ guardsOff: [Guard.offsetFetchStable] })
    const { first } = stablePair(groups)
    groups.commit(first, 7)
    groups.log.mode = 'hold'
    groups.commit(first, 9)

    expect(groups.committed().partitions).toMatchObject([{ error: 'NONE', offset: 7 }])
  })
})
