import { describe, expect, test } from 'vitest'
import type {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  HeartbeatResponse,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
} from '../../../../model/kafka/messages.ts'
import { brokerName } from '../../../../model/kafka/messages.ts'
import { partitionId } from '../../../../model/record.ts'
import { type Stream, stream } from '../../../../sim/random.ts'
import { GROUP, GroupCluster } from './group-cluster.ts'

const header = { correlationId: 1, clientId: 'speaker-1', apiVersion: 4 } as const
const ORDERS_0 = partitionId(2, 0)

function commitOf(offset: number): OffsetCommitRequest {
  return {
    type: 'OffsetCommitRequest',
    ...header,
    groupId: GROUP,
    generationId: -1,
    memberId: '',
    groupInstanceId: null,
    partitions: [{ partition: ORDERS_0, offset, leaderEpoch: 0 }],
  }
}

const fetch: OffsetFetchRequest = {
  type: 'OffsetFetchRequest',
  ...header,
  groupId: GROUP,
  requireStable: true,
  partitions: [ORDERS_0],
}

const find: FindCoordinatorRequest = {
  type: 'FindCoordinatorRequest',
  ...header,
  keyType: 'group',
  key: GROUP,
}

describe('a group on a cluster', () => {
  test('is found on the leader of its partition by every broker', () => {
    const cluster = new GroupCluster(1, 0)

    const found = [1, 2, 3].map((id) => cluster.ask<FindCoordinatorResponse>(id, find)?.coordinator)

    expect(found).toEqual([cluster.coordinator, cluster.coordinator, cluster.coordinator])
  })

  test('becomes stable after the initial delay, with every partition owned', () => {
    const cluster = new GroupCluster(2, 3)

    const tookMs = cluster.reach('a stable group', () => cluster.isStable())
    const { generation } = cluster.groupAt(cluster.coordinator) ?? {}
    cluster.runMs(60_000)

    expect(tookMs).toBeGreaterThan(3_000)
    expect(tookMs).toBeLessThan(12_000)
    expect(cluster.groupAt(cluster.coordinator)).toMatchObject({ phase: 'Stable', generation })
  })

  test('keeps generation and members when its coordinator crashes', () => {
    const cluster = new GroupCluster(3, 3)
    cluster.reach('a stable group', () => cluster.isStable())
    const former = cluster.coordinator
    const { generation } = cluster.groupAt(former) ?? {}

    cluster.kill(brokerName(former))
    cluster.reach('another coordinator', () => cluster.coordinator !== former)
    cluster.reach('a stable group', () => cluster.isStable())
    cluster.runMs(60_000)

    expect(cluster.coordinator).not.toBe(former)
    expect(cluster.groupAt(cluster.coordinator)?.generation).toBe(generation)
    expect(cluster.isStable()).toBe(true)
  })

  test('goes on without a member that crashed, after its session timeout', () => {
    const cluster = new GroupCluster(4, 3, { 'session.timeout.ms': 10_000 })
    cluster.reach('a stable group', () => cluster.isStable())

    cluster.kill(`${GROUP}-1`)
    const tookMs = cluster.reach('a stable group of two', () =>
      cluster.isStable([`${GROUP}-2`, `${GROUP}-3`]),
    )

    expect(tookMs).toBeGreaterThan(6_500)
    expect(tookMs).toBeLessThan(14_500)
  })

  test('takes back a member that was paused for longer than its session', () => {
    const cluster = new GroupCluster(5, 3, { 'session.timeout.ms': 10_000 })
    cluster.reach('a stable group', () => cluster.isStable())
    const { generation = 0 } = cluster.groupAt(cluster.coordinator) ?? {}
    cluster.world.pause(`${GROUP}-1`)
    cluster.reach('a stable group of two', () => cluster.isStable([`${GROUP}-2`, `${GROUP}-3`]))

    cluster.world.resume(`${GROUP}-1`)
    cluster.reach('a stable group of three', () => cluster.isStable())

    expect(cluster.groupAt(cluster.coordinator)?.generation).toBe(generation + 2)
  })
})

describe('a commit on a cluster', () => {
  test('that was acknowledged is found after each crash of the coordinator', () => {
    const cluster = new GroupCluster(6, 0)
    const former = cluster.coordinator
    const committed = cluster.ask<OffsetCommitResponse>(former, commitOf(7))

    cluster.kill(brokerName(former))
    cluster.reach('another coordinator', () => cluster.coordinator !== former)
    cluster.runMs(1_000)
    const found = cluster.ask<OffsetFetchResponse>(cluster.coordinator, fetch)

    expect(committed?.partitions).toEqual([{ partition: ORDERS_0, error: 'NONE' }])
    expect(found).toMatchObject({ error: 'NONE', partitions: [{ offset: 7 }] })
  })

  test('is refused by a broker that does not coordinate the group', () => {
    const cluster = new GroupCluster(7, 0)
    const other = cluster.coordinator === 1 ? 2 : 1

    const refused = cluster.ask<OffsetCommitResponse>(other, commitOf(7))

    expect(refused?.partitions[0]?.error).toBe('NOT_COORDINATOR')
  })

  test('cannot be replicated while only one broker lives, and is told so', () => {
    const cluster = new GroupCluster(8, 0)
    const { coordinator } = cluster
    for (const id of [1, 2, 3].filter((one) => one !== coordinator)) {
      cluster.kill(brokerName(id))
    }
    cluster.runMs(40_000)

    const refused = cluster.ask<OffsetCommitResponse>(coordinator, commitOf(7))

    expect(refused?.partitions[0]?.error).toBe('COORDINATOR_NOT_AVAILABLE')
  })

  test('of a member that was removed while it was paused is refused', () => {
    const cluster = new GroupCluster(9, 2, { 'session.timeout.ms': 10_000 })
    cluster.reach('a stable group', () => cluster.isStable())
    const zombie = cluster.membership(`${GROUP}-1`)
    const identity = { memberId: zombie?.memberId ?? '', generationId: zombie?.generation ?? -1 }
    cluster.world.pause(`${GROUP}-1`)
    cluster.reach('a stable group of one', () => cluster.isStable([`${GROUP}-2`]))

    const commit = { ...commitOf(7), ...identity }
    const refused = cluster.ask<OffsetCommitResponse>(cluster.coordinator, commit)
    const heartbeat = cluster.ask<HeartbeatResponse>(cluster.coordinator, {
      type: 'HeartbeatRequest',
      ...header,
      groupId: GROUP,
      groupInstanceId: null,
      ...identity,
    })

    expect(refused?.partitions[0]?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(heartbeat?.error).toBe('UNKNOWN_MEMBER_ID')
  })
})

/**
 * One fault that ends after a while, drawn from the seed. At most one broker is struck at a time.
 */
function strike(cluster: GroupCluster, draw: Stream): void {
  const { world } = cluster
  const struck = brokerName(draw.between(1, 3))
  const member = draw.pick(cluster.members)
  const lastMs = draw.between(1_000, 30_000)
  const others = [1, 2, 3].map(brokerName).filter((name) => name !== struck)
  switch (draw.int(5)) {
    case 0:
      cluster.kill(struck)
      cluster.runMs(lastMs)
      cluster.revive(struck)
      break
    case 1:
      world.pause(struck)
      cluster.runMs(lastMs)
      world.resume(struck)
      break
    case 2:
      world.pause(member)
      cluster.runMs(lastMs)
      world.resume(member)
      break
    case 3:
      cluster.kill(member)
      cluster.runMs(lastMs)
      cluster.revive(member)
      break
    default:
      world.links.cutOneWay([struck], others)
      cluster.runMs(lastMs)
      world.links.healOneWay([struck], others)
  }
  cluster.runMs(draw.between(0, 15_000))
}

describe('a group under faults', () => {
  test('has at most one current owner of each partition, and is stable again in the end', () => {
    for (let seed = 101; seed <= 112; seed += 1) {
      const cluster = new GroupCluster(seed, 3, { 'session.timeout.ms': 10_000 })
      const draw = stream(seed, 'faults')
      cluster.reach('a stable group', () => cluster.isStable())

      for (let number = 0; number < 6; number += 1) strike(cluster, draw)
      cluster.reach(`a stable group, seed ${seed}`, () => cluster.isStable())
      const { generation } = cluster.groupAt(cluster.coordinator) ?? {}
      cluster.runMs(60_000)

      expect(cluster.twoOwners, `seed ${seed}`).toEqual([])
      expect(cluster.isStable(), `seed ${seed}`).toBe(true)
      expect(cluster.groupAt(cluster.coordinator)?.generation).toBe(generation)
    }
  })
})
