import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Broker } from '../../../model/kafka/broker-state.ts'
import type { PartitionState } from '../../../model/kafka/messages.ts'
import type { PendingIsr } from '../../../model/kafka/replication/state.ts'
import type { Nemesis } from '../../../sim/nemesis.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { run } from '../../../scenarios/run.ts'
import { build } from '../../../scenarios/run/build.ts'
import type { Cluster } from '../../../scenarios/run/cluster.ts'
import { classify, stuckReasons } from '../../../scenarios/run/stuck.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { partitionId } from '../../../model/record.ts'
import { tenSeconds } from '../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

/** A cluster at t = 0. */
function cluster(change: Partial<Scenario> = {}): Cluster {
  return build(plainCase({ ...scenario, ...change }, 1))
}

function keepDown({ world }: Cluster, names: readonly string[]): void {
  for (const name of names) {
    world.holdDown(name)
    world.crash(name)
  }
}

function later({ world }: Cluster, us: number): void {
  world.runUntil(world.nowUs + us)
}

function leaderOf({ durable, world }: Cluster, partition: number): Broker {
  return world.stateOf<Broker>(`broker-${durable.leaderOf(partition)}`) as Broker
}

function ordersZero({ topics }: Cluster): number {
  return partitionId(topics.id('orders') ?? -1, 0)
}

describe('a run that is stuck is classified', () => {
  test('as without a quorum while two of three ZooKeeper servers are down', () => {
    const one = cluster()

    keepDown(one, ['zookeeper-1', 'zookeeper-2'])

    expect(classify(one, 'it hangs')).toEqual({
      reason: 'the ensemble has no quorum',
      detail: 'it hangs',
    })
  })

  test('as without its only in-sync replica while that is down', () => {
    const one = cluster()
    const leader = one.durable.leaderOf(ordersZero(one))
    const others = [1, 2, 3].filter((id) => id !== leader).map((id) => `broker-${id}`)

    keepDown(one, others)
    later(one, 8_000_000)
    keepDown(one, [`broker-${leader}`])
    later(one, 8_000_000)

    // No broker is left to write that nobody leads: the durable leader stays the one that died.
    expect(one.durable.isrOf(ordersZero(one))).toEqual([leader])
    for (const name of others) one.world.letUp(name)
    later(one, 8_000_000)
    expect(one.durable.leaderOf(ordersZero(one))).toBe(-1)
    expect(classify(one, '').reason).toBe(
      'the only in-sync replica is down and unclean election is off',
    )
  })

  test('as without the directory of its only in-sync replica while that is offline', () => {
    const one = cluster()
    const partition = ordersZero(one)
    const leader = one.durable.leaderOf(partition)
    const others = [1, 2, 3].filter((id) => id !== leader).map((id) => `broker-${id}`)

    keepDown(one, others)
    later(one, 8_000_000)
    const replica = one.world
      .stateOf<Broker>(`broker-${leader}`)
      ?.replicas.partitions.get(partition) as { role: string }
    replica.role = 'offline'
    vi.spyOn(one.durable, 'leaderOf').mockReturnValue(-1)

    expect(one.durable.isrOf(partition)).toEqual([leader])
    expect(classify(one, '').reason).toBe(
      'the log directory of the only in-sync replica is offline',
    )
  })

  test('as too few in sync while a replica stays down for good', () => {
    const one = cluster()
    const leader = one.durable.leaderOf(ordersZero(one))
    const others = [1, 2, 3].filter((id) => id !== leader).map((id) => `broker-${id}`)
    const before = classify(one, '').reason

    keepDown(one, others)
    one.nemesis = { frozen: new Set(others) } as unknown as Nemesis
    later(one, 8_000_000)

    expect(before).toBeNull()
    expect(classify(one, '').reason).toBe(
      'fewer replicas are in sync than min.insync.replicas asks',
    )
  })

  test('as pending where a leader gave up a change that ZooKeeper has', () => {
    const one = cluster()
    const partition = ordersZero(one)
    const state = one.durable.stateOf(partition) as PartitionState
    const { partitions, alterPartition } = leaderOf(one, partition).replicas
    const change = {
      kind: 'expand',
      isr: [...state.isr].reverse(),
      leaderEpoch: state.leaderEpoch,
      partitionEpoch: state.partitionEpoch - 1,
    } as const
    const led = partitions.get(partition) as { pendingIsr: PendingIsr | null }

    led.pendingIsr = change
    const given = classify(one, '').reason
    alterPartition.sent.set(partition, change)
    const asking = classify(one, '').reason

    expect(given).toBe('an ISR change stays pending after its write went through (KB F22)')
    expect(asking).toBeNull()
  })

  test('as with a controller that does not know what its predecessor wrote late', () => {
    const one = cluster()
    const partition = ordersZero(one)
    const state = one.durable.stateOf(partition) as PartitionState
    const { controller } = one.world.stateOf<Broker>(`broker-${one.durable.controller()}`) as Broker
    const late = { ...state, partitionEpoch: state.partitionEpoch + 1 }
    vi.spyOn(one.durable, 'stateOf').mockReturnValue(late)

    const own = classify(one, '').reason
    controller.epoch += 1

    expect(own).toBeNull()
    expect(classify(one, '').reason).toBe(
      'the controller does not know a state that its predecessor wrote late (HZ Z03)',
    )
  })

  test('as given up where a follower out of sync has marked its partition as failed', () => {
    const one = cluster()
    const partition = ordersZero(one)
    const leader = one.durable.leaderOf(partition)
    const follower = one.durable.replicasOf(partition).find((id) => id !== leader) as number
    const { partitions } = (one.world.stateOf<Broker>(`broker-${follower}`) as Broker).replicas
    const copy = partitions.get(partition) as { phase: string }

    copy.phase = 'failed'
    const inSync = classify(one, '').reason
    vi.spyOn(one.durable, 'isrOf').mockReturnValue([leader])

    expect(inSync).toBeNull()
    expect(classify(one, '').reason).toBe(
      'a follower gave a partition up: what it fetched does not continue its log (KB F15)',
    )
  })

  test('as behind where the work is more than the drain has time for', () => {
    const consumers = scenario.consumers.map((consumer) => ({
      ...consumer,
      work: { p50Us: 400_000, p99Us: 400_000 },
    }))

    const { ended, reason, phases } = run(
      plainCase({ ...scenario, consumers, timeline: [], drainLimitUs: 5_000_000 }, 1),
    )

    expect(ended).toBe('stuck')
    expect(reason).toBe('backlog is longer than the drain')
    expect(phases.drainedUs).toBeNull()
    expect(phases.producersDoneUs).not.toBeNull()
  })

  test('without a reason while nobody is controller', () => {
    const one = cluster()
    vi.spyOn(one.durable, 'controller').mockReturnValue(-1)

    expect(classify(one, 'there is no controller').reason).toBeNull()
  })

  test('without a reason where none of them holds, but with what was in the way', () => {
    expect(classify(cluster(), 'who knows')).toEqual({ reason: null, detail: 'who knows' })
  })

  test('by one of eight reasons, each with its test here', () => {
    expect(stuckReasons).toHaveLength(8)
  })
})
