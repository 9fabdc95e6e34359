import { describe, expect, test } from 'vitest'
import { targetText } from '../../../scenarios/schema/target.ts'
import type { Target } from '../../../scenarios/schema/timeline.ts'
import { type ClusterView, resolveEnds, resolveTarget } from '../../../scenarios/torment/targets.ts'

/**
 * Three brokers in two racks; broker 2 leads orders-0, nobody leads orders-1, broker 3 controls.
 */
const view: ClusterView = {
  partition: (topic, partition) => (topic === 'orders' && partition < 2 ? partition : null),
  coordinatorPartition: () => 100,
  leaderOf: (partition) => ({ 0: 2, 1: -1, 100: 1 })[partition] ?? -1,
  replicasOf: () => [1, 2, 3],
  controller: () => 3,
  zookeeperLeader: () => 2,
  brokers: () => [
    { id: 1, rack: 'a' },
    { id: 2, rack: 'b' },
    { id: 3, rack: 'a' },
  ],
  zookeeperServers: () => [
    { id: 1, rack: 'a' },
    { id: 2, rack: 'b' },
  ],
  members: (group) => (group === 'payment' ? ['payment-1', 'payment-2', 'payment-3'] : []),
  producers: (name) => (name === 'order-service' ? ['order-service-1', 'order-service-2'] : []),
  groups: () => ['payment'],
  producerNames: () => ['order-service'],
  services: () => ['bank'],
}

const everybody = [
  'broker-1',
  'broker-2',
  'broker-3',
  'zookeeper-1',
  'zookeeper-2',
  'order-service-1',
  'order-service-2',
  'payment-1',
  'payment-2',
  'payment-3',
  'service-bank',
]

describe('a target', () => {
  test.each<[Target, string, string[]]>([
    [{ of: 'broker', id: 2 }, 'broker 2', ['broker-2']],
    [{ of: 'rack', rack: 'a' }, 'rack a', ['broker-1', 'broker-3', 'zookeeper-1']],
    [{ of: 'controller' }, 'controller', ['broker-3']],
    [{ of: 'zookeeper', id: 1 }, 'zookeeper 1', ['zookeeper-1']],
    [{ of: 'zookeeper-leader' }, 'zookeeper leader', ['zookeeper-2']],
    [{ of: 'leader', topic: 'orders', partition: 0 }, 'leader of orders-0', ['broker-2']],
    [
      { of: 'follower', topic: 'orders', partition: 0, nth: 1 },
      'follower of orders-0',
      ['broker-1'],
    ],
    [
      { of: 'follower', topic: 'orders', partition: 0, nth: 2 },
      'follower 2 of orders-0',
      ['broker-3'],
    ],
    [{ of: 'coordinator', group: 'payment' }, 'coordinator of payment', ['broker-1']],
    [{ of: 'member', group: 'payment', index: 2 }, 'payment-2', ['payment-2']],
    [{ of: 'half', group: 'payment' }, 'half of payment', ['payment-1', 'payment-2']],
    [{ of: 'group', group: 'payment' }, 'all of payment', ['payment-1', 'payment-2', 'payment-3']],
    [{ of: 'producer', name: 'order-service', index: 2 }, 'order-service-2', ['order-service-2']],
    [{ of: 'service', name: 'bank' }, 'service bank', ['service-bank']],
    [{ of: 'all-brokers' }, 'all brokers', ['broker-1', 'broker-2', 'broker-3']],
    [{ of: 'all-zookeeper' }, 'all zookeepers', ['zookeeper-1', 'zookeeper-2']],
    [
      { of: 'all-clients' },
      'all clients',
      ['order-service-1', 'order-service-2', 'payment-1', 'payment-2', 'payment-3'],
    ],
    [
      { of: 'list', targets: [{ of: 'controller' }, { of: 'broker', id: 3 }] },
      'controller, broker 3',
      ['broker-3'],
    ],
  ])('%j is written "%s" and means %j', (target, text, hosts) => {
    expect(targetText(target)).toBe(text)
    expect(resolveTarget(target, view)).toEqual(hosts)
  })

  test.each<Target>([
    { of: 'leader', topic: 'orders', partition: 1 },
    { of: 'leader', topic: 'orders', partition: 9 },
    { of: 'leader', topic: 'nothing', partition: 0 },
    { of: 'follower', topic: 'orders', partition: 0, nth: 3 },
    { of: 'member', group: 'payment', index: 4 },
    { of: 'producer', name: 'order-service', index: 3 },
    { of: 'group', group: 'nobody' },
  ])('%j that nobody is means no host', (target) => {
    expect(resolveTarget(target, view)).toEqual([])
  })
})

describe('the two ends of a link', () => {
  test('leave out of the second what is in the first', () => {
    const ends = resolveEnds({ of: 'controller' }, { of: 'all-brokers' }, view)

    expect(ends).toEqual({ between: ['broker-3'], and: ['broker-1', 'broker-2'] })
  })

  test.each([true, false])('stand for everybody else as `others`, first or second: %s', (first) => {
    const leader: Target = { of: 'leader', topic: 'orders', partition: 0 }
    const others: Target = { of: 'others' }

    const ends = first ? resolveEnds(others, leader, view) : resolveEnds(leader, others, view)

    const rest = everybody.filter((host) => host !== 'broker-2')
    expect(first ? ends.between : ends.and).toEqual(rest)
    expect(first ? ends.and : ends.between).toEqual(['broker-2'])
  })
})
