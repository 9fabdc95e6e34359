import { beforeAll, describe, expect, test } from 'vitest'
import { partitionId } from '../../../model/record.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { BootError } from '../../../scenarios/run/boot.ts'
import { build } from '../../../scenarios/run/build.ts'
import type { Cluster } from '../../../scenarios/run/cluster.ts'
import { ailing, unsettled, unstable, wounded } from '../../../scenarios/run/conditions.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { tenSeconds } from '../../ten-seconds.ts'

/** Internal topics come first. */
const ORDERS = partitionId(2, 0)

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

function built(seed: number, change: Partial<Scenario> = {}): Cluster {
  return build(plainCase({ ...scenario, ...change }, seed))
}

describe('at t = 0', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'on seed %i the cluster is whole and its groups are stable',
    (seed) => {
      const cluster = built(seed)

      expect(unsettled(cluster)).toBeNull()
      expect(ailing(cluster)).toBeNull()
      expect(wounded(cluster)).toBeNull()
      expect(cluster.groups.map((group) => unstable(cluster, group))).toEqual([null])
      expect(cluster.phases.originUs % 100_000).toBe(0)
      expect(cluster.world.nowUs).toBe(cluster.phases.originUs)
    },
  )

  test('nobody has sent a record yet', () => {
    const { history, truth, durable } = built(1)

    expect(history.sends.column('invokedUs')).toHaveLength(0)
    const ends = durable
      .partitions()
      .filter((partition) => partition >= ORDERS)
      .map((partition) => truth.logOf(durable.leaderOf(partition), partition)?.end)
    expect(ends).toEqual([0, 0])
  })

  test('replicas stand where the scenario places them', () => {
    const replicas = [
      [3, 1],
      [2, 3],
    ]
    const topics = scenario.topics.map((topic) => ({ ...topic, replicationFactor: 2, replicas }))

    const { durable } = built(1, { topics })

    expect([durable.replicasOf(ORDERS), durable.replicasOf(ORDERS + 1)]).toEqual(replicas)
    expect([durable.leaderOf(ORDERS), durable.leaderOf(ORDERS + 1)]).toEqual([3, 2])
  })

  test.each([1, 5])('an ensemble of %i servers is led as well', (servers) => {
    const zookeeper = Array.from({ length: servers }, (_none, index) => ({
      id: index + 1,
      rack: `rack-${index}`,
      hardware: 'ideal',
    }))

    const { durable } = built(1, { cluster: { ...scenario.cluster, zookeeper } })

    expect(durable.zookeeperLeader()).toBeGreaterThan(0)
  })
})

describe('a cluster that cannot boot', () => {
  test('says what was not reached', () => {
    const topics = scenario.topics.map((topic) => ({ ...topic, replicationFactor: 4 }))

    const boot = (): unknown => built(1, { topics })

    expect(boot).toThrow(BootError)
    expect(boot).toThrow('the topics were not created within 300 s of boot')
  })
})

describe('what keeps a cluster from being whole', () => {
  test('is told of the first broker that does not run', () => {
    const cluster = built(1)

    cluster.world.crash('broker-2')

    expect(unsettled(cluster)).toBe('broker-2 is not running')
    expect(ailing(cluster)).toBe('broker-2 is not running')
  })

  test('is told of a ZooKeeper server that does not run, though the brokers are settled', () => {
    const cluster = built(1)

    cluster.world.crash('zookeeper-3')

    expect(unsettled(cluster)).toBeNull()
    expect(ailing(cluster)).toBe('zookeeper-3 is not running')
  })

  test('is told of a broker that is back but is not yet registered anew', () => {
    const cluster = built(1)

    cluster.world.crash('broker-2')
    cluster.world.start('broker-2')

    expect(ailing(cluster)).toBe('broker-2 is registered by a process that died')
  })

  test('is told of a replica that is missing in an ISR', () => {
    const cluster = built(1)
    const follower = [1, 2, 3].find((id) => cluster.durable.leaderOf(ORDERS) !== id) as number

    cluster.world.links.cutOneWay([`broker-${follower}`], ['broker-1', 'broker-2', 'broker-3'])
    cluster.world.runUntil(cluster.world.nowUs + 3_000_000)

    expect(unsettled(cluster)).toMatch(/^\S+-\d misses broker \d in its ISR$/)
  })

  test('is told of a member that does not run', () => {
    const cluster = built(1)
    const [group] = cluster.groups

    cluster.world.crash('payment-2')

    expect(unstable(cluster, group as NonNullable<typeof group>)).toBe('payment-2 is not running')
  })
})
