import { describe, expect, test } from 'vitest'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import { createNode, DELETE_TOPICS_PATH } from '../../../../model/kafka/controller/znodes.ts'
import { LEADER_DURING_DELETE } from '../../../../model/kafka/metadata-cache.ts'
import type {
  CreateTopicsResponse,
  DeleteTopicsResponse,
  StopReplicaRequest,
  UpdateMetadataRequest,
} from '../../../../model/kafka/messages.ts'
import { Controllers, orders, probed, stateOf, topics } from './controllers.ts'

const header = { correlationId: 1, clientId: 'admin', apiVersion: 0 }
const ORDERS = topics.id('orders') as number

function remove(cluster: Controllers, { to = 1, topic = 'orders' } = {}) {
  const request = { type: 'DeleteTopicsRequest', ...header, topics: [topic] } as const
  return cluster.ask<DeleteTopicsResponse>(to, request).topics[0]?.error
}

function create(cluster: Controllers, to = 1) {
  return cluster.ask<CreateTopicsResponse>(to, {
    type: 'CreateTopicsRequest',
    ...header,
    topics: [
      { name: 'orders', partitions: 1, replicationFactor: 1, assignment: [[2]], config: {} },
    ],
  }).topics[0]?.error
}

/** Whom the controller asked to delete `orders-0`, and in which leader epoch. */
function deletions(cluster: Controllers, controller = 1): readonly (readonly [string, number])[] {
  return cluster
    .control(controller)
    .filter(({ request }) => request.type === 'StopReplicaRequest')
    .flatMap(({ to, request }) =>
      (request as StopReplicaRequest).partitions
        .filter(({ partition, deletePartition }) => deletePartition && partition === orders(0))
        .map(({ leaderEpoch }) => [to, leaderEpoch] as const),
    )
}

function ofOrders(): Controllers {
  const cluster = new Controllers([1, 2, 3], { topicsMayGo: true })
  cluster.createOrders(1, [[2, 3]])
  cluster.answerControl(1)
  return cluster
}

describe('DeleteTopics', () => {
  test('tells every broker first, then lets the replicas delete their logs', () => {
    const cluster = ofOrders()

    const error = remove(cluster)
    cluster.answerControl(1, [2, 3])

    const told = cluster
      .control(1)
      .filter(({ request }) => request.type === 'UpdateMetadataRequest')
      .map(({ to, request }) => [to, (request as UpdateMetadataRequest).partitions] as const)
      .filter(([, rows]) => rows.some(({ state }) => state.leader === LEADER_DURING_DELETE))
      .map(([to]) => to)
    expect(error).toBe('NONE')
    expect(told).toContain('broker-1')
    expect(stateOf(cluster, 0)).toBeDefined()
    expect(cluster.durable.isGone(ORDERS)).toBe(true)
  })

  test('removes the nodes, the wish last, when every log is gone', () => {
    const cluster = ofOrders()

    remove(cluster)
    cluster.answerControl(1)

    expect(deletions(cluster)).toEqual([
      ['broker-2', -2],
      ['broker-3', -2],
    ])
    expect(stateOf(cluster, 0)).toBeUndefined()
    expect(cluster.durable.partitions()).toEqual([])
    expect([...cluster.durable.deletions()]).toEqual([])
    expect(probed(cluster, 1, Probe.topicDeleted)).toBe(1)
  })

  test('waits for a broker that is down, and asks it when it is back', () => {
    const cluster = ofOrders()
    cluster.crash(3)
    cluster.expire(3)
    cluster.settle()
    cluster.answerControl(1)

    remove(cluster)
    cluster.answerControl(1)
    const pending = [...cluster.durable.deletions()]
    cluster.restart(3)
    cluster.settle()
    cluster.answerControl(1)

    expect(pending).toEqual([ORDERS])
    expect(deletions(cluster).map(([to]) => to)).toEqual(['broker-2', 'broker-3'])
    expect(cluster.durable.partitions()).toEqual([])
  })

  test('is gone on with by the next controller', () => {
    const cluster = ofOrders()
    remove(cluster)
    cluster.crash(1)
    cluster.expire(1)
    cluster.settle()
    const next = cluster.durable.controller()

    cluster.answerControl(next)

    expect(deletions(cluster, next).map(([to]) => to)).toEqual(['broker-2', 'broker-3'])
    expect(cluster.durable.partitions()).toEqual([])
  })

  test('elects nobody for a topic that goes', () => {
    const cluster = ofOrders()
    const before = stateOf(cluster, 0)
    remove(cluster)

    cluster.crash(2)
    cluster.expire(2)
    cluster.settle()
    cluster.answerControl(1, [3])

    expect(stateOf(cluster, 0)).toEqual(before)
  })

  test('refuses a topic that is not there, and has no objection to a second wish', () => {
    const cluster = ofOrders()

    expect(remove(cluster, { topic: 'nobody' })).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(remove(cluster)).toBe('NONE')
    expect(remove(cluster)).toBe('NONE')
    expect(remove(cluster, { to: 2 })).toBe('NOT_CONTROLLER')
  })

  test('the name is free only when the topic is gone; the next one begins anew', () => {
    const cluster = ofOrders()
    remove(cluster)

    const early = create(cluster)
    cluster.answerControl(1)
    const late = create(cluster)
    cluster.answerControl(1)

    expect(early).toBe('TOPIC_ALREADY_EXISTS')
    expect(late).toBe('NONE')
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, leaderEpoch: 0, isr: [2] })
  })

  test('a wish for a topic that is not there is removed', () => {
    const cluster = ofOrders()
    const path = `${DELETE_TOPICS_PATH}/orders-of-old`

    cluster.zookeeper.write(createNode(path, null, 0))
    cluster.settle()

    expect(cluster.zookeeper.nodes.has(path)).toBe(false)
  })
})
