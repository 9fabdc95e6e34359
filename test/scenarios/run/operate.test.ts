import { beforeAll, describe, expect, test } from 'vitest'
import type { Broker } from '../../../model/kafka/broker-state.ts'
import { partitionId } from '../../../model/record.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { build } from '../../../scenarios/run/build.ts'
import { type Cluster, driveUntil, wantedMembers } from '../../../scenarios/run/cluster.ts'
import { unstable } from '../../../scenarios/run/conditions.ts'
import { operatorsOf, subjectOf, viewOf } from '../../../scenarios/run/operate.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { Operation } from '../../../scenarios/schema/timeline.ts'
import type { Deed } from '../../../sim/nemesis.ts'
import { tenSeconds } from '../../ten-seconds.ts'

/** Internal topics come first. */
const ORDERS = partitionId(2, 0)

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

interface Operated {
  readonly cluster: Cluster
  readonly deed: Deed
}

/** Does it at t = 0 and lets the cluster settle, within ten seconds. */
function operated(operation: Operation, targets: readonly string[] = []): Operated {
  const cluster = build(plainCase(scenario, 1))
  const deed = operatorsOf(cluster).perform(operation, targets, () => {})
  const [group] = cluster.groups
  if (group === undefined) throw new Error('there is no group')
  cluster.world.runUntil(cluster.world.nowUs + 200_000)
  driveUntil(
    cluster.world,
    cluster.world.nowUs + 10_000_000,
    () => unstable(cluster, group) === null,
  )
  return { cluster, deed }
}

function members(cluster: Cluster): readonly string[] {
  return cluster.groups.flatMap(wantedMembers)
}

describe('an operation', () => {
  test('adds members, which join', () => {
    const { cluster, deed } = operated({ kind: 'add-members', group: 'payment', count: 2, atUs: 0 })

    expect(deed).toEqual({ refused: null, resolved: ['payment-3', 'payment-4'], end: null })
    expect(members(cluster)).toEqual(['payment-1', 'payment-2', 'payment-3', 'payment-4'])
    expect(cluster.groups.map((group) => unstable(cluster, group))).toEqual([null])
  })

  test.each([true, false])('stops members for good, in good order: %s', (clean) => {
    const { cluster, deed } = operated({
      kind: 'stop-members',
      group: 'payment',
      count: 1,
      clean,
      atUs: 0,
    })

    expect(deed.refused).toBeNull()
    expect(members(cluster)).toEqual(['payment-1'])
    expect(cluster.world.process('payment-2')?.phase).toBe('down')
    cluster.world.runUntil(cluster.world.nowUs + 60_000_000)
    expect(cluster.world.process('payment-2')?.phase).toBe('down')
  })

  test('never stops the last member', () => {
    const most = operated({
      kind: 'stop-members',
      group: 'payment',
      count: 9,
      clean: true,
      atUs: 0,
    })
    const again = operatorsOf(most.cluster).perform(
      { kind: 'stop-members', group: 'payment', count: 1, clean: true, atUs: 0 },
      [],
      () => {},
    )

    expect(members(most.cluster)).toEqual(['payment-1'])
    expect(again.refused).toBe('payment would have no member left')
  })

  test('adds partitions, which get leaders and owners', () => {
    const { cluster, deed } = operated({ kind: 'add-partitions', topic: 'orders', to: 5, atUs: 0 })

    cluster.world.runUntil(cluster.world.nowUs + 10_000_000)

    expect(deed.refused).toBeNull()
    const orders = cluster.durable.partitions().filter((partition) => partition >= ORDERS)
    expect(orders).toHaveLength(5)
    expect(orders.map((partition) => cluster.durable.leaderOf(partition))).not.toContain(-1)
    expect(cluster.groups.map((group) => unstable(cluster, group))).toEqual([null])
  })

  test.each<Operation>([
    { kind: 'add-members', group: 'nobody', count: 1, atUs: 0 },
    { kind: 'stop-members', group: 'nobody', count: 1, clean: true, atUs: 0 },
    { kind: 'elect-leader', topic: 'nothing', partition: 0, election: 'preferred', atUs: 0 },
    { kind: 'slow-work', target: { of: 'group', group: 'nobody' }, factor: 2, atUs: 0 },
  ])('on what is not there is refused in words: %j', (operation) => {
    const cluster = build(plainCase(scenario, 1))

    const { refused } = operatorsOf(cluster).perform(operation, [], () => {})

    expect(refused).toMatch(/^(there is no|nobody is there)/)
  })

  test('alters the configuration of a topic, which every broker acts on', () => {
    const { cluster, deed } = operated({
      kind: 'alter-config',
      topic: 'orders',
      config: { 'min.insync.replicas': 2 },
      atUs: 0,
    })

    expect(deed).toEqual({ refused: null, resolved: ['orders'], end: null })
    const least = cluster.brokers.map(({ name }) => {
      const broker = cluster.world.process(name)?.state as Broker
      return broker.replicas.partitions.get(ORDERS)?.minIsr
    })
    expect(least).toEqual(cluster.brokers.map(() => 2))
  })

  test('moves a partition away from its leader', () => {
    const cluster = build(plainCase(scenario, 1))
    cluster.world.runUntil(8_000_000)
    const replicas = cluster.durable.replicasOf(ORDERS).slice(1)

    const deed = operatorsOf(cluster).perform(
      { kind: 'reassign', topic: 'orders', partition: 0, replicas, atUs: 0 },
      [],
      () => {},
    )
    cluster.world.runUntil(30_000_000)

    expect(deed.refused).toBeNull()
    expect(cluster.durable.replicasOf(ORDERS)).toEqual(replicas)
    expect(new Set(cluster.durable.isrOf(ORDERS))).toEqual(new Set(replicas))
    expect(replicas).toContain(cluster.durable.leaderOf(ORDERS))
  })

  test('slows work, and gives it its speed back', () => {
    const cluster = build(plainCase(scenario, 1))
    const done = (): number => cluster.history.effects.column('atUs').length
    const inTwoSeconds = (): number => {
      const before = done()
      cluster.world.runUntil(cluster.world.nowUs + 2_000_000)
      return done() - before
    }

    const normal = inTwoSeconds()
    const deed = operatorsOf(cluster).perform(
      { kind: 'slow-work', target: { of: 'group', group: 'payment' }, factor: 200, atUs: 0 },
      ['payment-1', 'payment-2'],
      () => {},
    )
    const slow = inTwoSeconds()
    if (deed.refused === null) deed.end?.()
    cluster.world.runUntil(cluster.world.nowUs + 1_000_000)
    const again = inTwoSeconds()

    expect(slow).toBeLessThan(normal / 2)
    expect(again).toBeGreaterThan(slow * 2)
  })
})

describe('roles', () => {
  test('are read from the durable metadata', () => {
    const cluster = build(plainCase(scenario, 1))
    const view = viewOf(cluster)

    expect(view.partition('orders', 1)).toBe(ORDERS + 1)
    expect(view.partition('nothing', 0)).toBeNull()
    expect(view.leaderOf(ORDERS + 1)).toBe(cluster.durable.leaderOf(ORDERS + 1))
    expect(view.coordinatorPartition('payment')).toBe(0)
    expect(view.members('payment')).toEqual(['payment-1', 'payment-2'])
    expect(view.producers('order-service')).toEqual(['order-service-1'])
  })

  test('of triggers are the dense subjects of probes', () => {
    const cluster = build(plainCase(scenario, 1))
    const trigger = { probe: 'isr.shrunk', nth: 1, afterUs: 0 }

    expect(subjectOf(cluster, trigger)).toBeNull()
    expect(subjectOf(cluster, { ...trigger, of: { of: 'broker', id: 3 } })).toBe(3)
    expect(
      subjectOf(cluster, { ...trigger, of: { of: 'partition', topic: 'orders', partition: 1 } }),
    ).toBe(ORDERS + 1)
    expect(subjectOf(cluster, { ...trigger, of: { of: 'group', group: 'payment' } })).toBe(0)
  })
})
