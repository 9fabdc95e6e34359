import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import type {
  AlterPartitionReassignmentsResponse,
  AlterPartitionResponse,
} from '../../../../model/kafka/messages.ts'
import { Controllers, orders, probed, stateOf } from './controllers.ts'

const header = { correlationId: 1, clientId: 'admin', apiVersion: 0 }

function move(cluster: Controllers, replicas: readonly number[], { to = 1, number = 0 } = {}) {
  const partition = orders(number)
  const type = 'AlterPartitionReassignmentsRequest'
  const request = { type, ...header, partition, replicas } as const
  return cluster.ask<AlterPartitionReassignmentsResponse>(to, request).error
}

/** The leader of `orders-0` asks for this ISR. */
function catchUp(cluster: Controllers, newIsr: readonly number[], controller = 1) {
  const state = cluster.durable.stateOf(orders(0))
  if (state === undefined) throw new Error('there is no state')
  const { leader, leaderEpoch, partitionEpoch } = state
  return cluster.ask<AlterPartitionResponse>(controller, {
    type: 'AlterPartitionRequest',
    ...header,
    brokerId: leader,
    brokerEpoch: cluster.self(leader).brokerEpoch,
    partitions: [{ partition: orders(0), leaderEpoch, partitionEpoch, newIsr }],
  }).error
}

/** Who was told to delete `orders-0`. */
function deletions(cluster: Controllers, controller = 1): readonly string[] {
  return cluster
    .control(controller)
    .filter(({ request }) => request.type === 'StopReplicaRequest')
    .filter(({ request }) => 'partitions' in request && request.partitions.length > 0)
    .map(({ to }) => to)
}

function ofOrders(assignment: readonly number[]): Controllers {
  const cluster = new Controllers([1, 2, 3, 4, 5])
  cluster.createOrders(1, [assignment])
  cluster.answerControl(1)
  return cluster
}

describe('AlterPartitionReassignments', () => {
  test('adds the new replicas first, under a new leader epoch', () => {
    const cluster = ofOrders([2, 3])

    const error = move(cluster, [4, 2])
    cluster.answerControl(1)

    expect(error).toBe('NONE')
    expect(cluster.durable.replicasOf(orders(0))).toEqual([4, 2, 3])
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3] })
    expect(deletions(cluster)).toEqual([])
  })

  test('ends when all that stay are in sync: the others leave the ISR and their logs go', () => {
    const cluster = ofOrders([2, 3])
    move(cluster, [4, 2])

    catchUp(cluster, [2, 3, 4])
    cluster.answerControl(1)

    expect(cluster.durable.replicasOf(orders(0))).toEqual([4, 2])
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, leaderEpoch: 2, isr: [2, 4] })
    expect(deletions(cluster)).toEqual(['broker-3'])
    expect(probed(cluster, 1, Probe.reassignmentEnded)).toBe(1)
  })

  test('a leader that leaves hands over to one that stays and is in sync', () => {
    const cluster = ofOrders([2, 3])
    move(cluster, [4, 5])

    catchUp(cluster, [2, 3, 4, 5])
    cluster.answerControl(1)

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 4, isr: [4, 5] })
    expect(deletions(cluster)).toEqual(['broker-2', 'broker-3'])
  })

  test('is gone on with by the next controller', () => {
    const cluster = ofOrders([2, 3])
    move(cluster, [4, 2])
    cluster.crash(1)
    cluster.expire(1)
    cluster.settle()
    const next = cluster.durable.controller()

    catchUp(cluster, [2, 3, 4], next)
    cluster.answerControl(next)

    expect(cluster.durable.replicasOf(orders(0))).toEqual([4, 2])
    expect(deletions(cluster, next)).toEqual(['broker-3'])
  })

  test('another wish replaces one that is under way', () => {
    const cluster = ofOrders([2, 3])
    move(cluster, [4, 2])

    move(cluster, [5, 2])
    cluster.answerControl(1)

    expect(cluster.durable.replicasOf(orders(0))).toEqual([5, 2, 3])
    expect(deletions(cluster)).toEqual(['broker-4'])
  })

  test('partitions added meanwhile get as many replicas as the topic has', () => {
    const cluster = ofOrders([2, 3])
    move(cluster, [4, 2])

    const request = {
      type: 'CreatePartitionsRequest',
      ...header,
      topic: 'orders',
      count: 2,
    } as const
    cluster.ask(1, request)

    expect(cluster.durable.replicasOf(orders(0))).toEqual([4, 2, 3])
    expect(cluster.durable.replicasOf(orders(1))).toHaveLength(2)
  })

  test('a change of the order alone ends at once', () => {
    const cluster = ofOrders([2, 3])

    move(cluster, [3, 2])
    cluster.answerControl(1)

    expect(cluster.durable.replicasOf(orders(0))).toEqual([3, 2])
    expect(deletions(cluster)).toEqual([])
  })

  test.each([
    { replicas: [4, 4], number: 0, to: 1, error: 'INVALID_REPLICA_ASSIGNMENT' },
    { replicas: [], number: 0, to: 1, error: 'INVALID_REPLICA_ASSIGNMENT' },
    { replicas: [9], number: 0, to: 1, error: 'INVALID_REPLICA_ASSIGNMENT' },
    { replicas: [4], number: 7, to: 1, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
    { replicas: [4], number: 0, to: 2, error: 'NOT_CONTROLLER' },
  ])('refuses $replicas of orders-$number at broker $to by $error', (given) => {
    const cluster = ofOrders([2, 3])

    expect(move(cluster, given.replicas, given)).toBe(given.error)
    expect(cluster.durable.replicasOf(orders(0))).toEqual([2, 3])
  })

  test('with every check off survives what it is asked', () => {
    const guardsOff = [Guard.active, Guard.knownTopic, Guard.replicaAssignment]
    const cluster = new Controllers([1, 2, 3], { guardsOff })
    cluster.createOrders(1, [[2, 3]])

    expect(move(cluster, [3, 3])).toBe('NONE')
    expect(move(cluster, [3], { number: 7 })).toBe('NONE')
    expect(move(cluster, [3], { to: 2 })).toBe('NONE')
  })
})
