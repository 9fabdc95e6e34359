import { expect, test } from 'vitest'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import {
  createNode,
  ISR_CHANGE_PREFIX,
  ISR_CHANGES_PATH,
  statePath,
  writeState,
} from '../../../../model/kafka/controller/znodes.ts'
import type { UpdateMetadataRequest } from '../../../../model/kafka/messages.ts'
import { Controllers, orders, probed, stateOf, topics } from './controllers.ts'

/** The leader of `orders-0` took broker 3 out of its ISR, and says so. */
function shrunk(cluster: Controllers): void {
  const state = stateOf(cluster, 0)
  if (state === undefined) throw new Error('there is no state')
  const path = statePath(topics, orders(0))
  cluster.zookeeper.write(writeState(path, { ...state, isr: [2] }, 0))
  const told = { partitions: [orders(0)] }
  cluster.zookeeper.write(createNode(ISR_CHANGE_PREFIX, told, 10, 'persistent-sequential'))
}

function ofOrders(): Controllers {
  const cluster = new Controllers([1, 2, 3], { isrsChangeByNode: true })
  cluster.createOrders(1, [[2, 3]])
  cluster.answerControl(1)
  return cluster
}

function isrIn({ partitions }: UpdateMetadataRequest): readonly number[] | undefined {
  return partitions.find(({ partition }) => partition === orders(0))?.state.isr
}

function notifications(cluster: Controllers): readonly string[] {
  return [...cluster.zookeeper.nodes.keys()].filter((path) => path.startsWith(ISR_CHANGE_PREFIX))
}

test('an ISR that its leader wrote is read, told to all brokers, and the notification removed', () => {
  const cluster = ofOrders()
  const before = cluster.control(1).length

  shrunk(cluster)
  cluster.settle()
  cluster.answerControl(1)

  const told = cluster
    .control(1)
    .slice(before)
    .filter(({ request }) => request.type === 'UpdateMetadataRequest')
    .filter(({ request }) => isrIn(request as UpdateMetadataRequest)?.length === 1)
  expect(told.map(({ to }) => to)).toEqual(['broker-1', 'broker-2', 'broker-3'])
  expect(notifications(cluster)).toEqual([])
  expect(probed(cluster, 1, Probe.isrChangeHeard)).toBe(1)
})

test('is heard again: the watch on the notifications is set with each look', () => {
  const cluster = ofOrders()
  shrunk(cluster)
  cluster.settle()

  cluster.zookeeper.write(
    createNode(ISR_CHANGE_PREFIX, { partitions: [orders(0)] }, 10, 'persistent-sequential'),
  )
  cluster.settle()

  expect(probed(cluster, 1, Probe.isrChangeHeard)).toBe(2)
})

test('a new controller knows all states and removes what was told to the one before', () => {
  const cluster = ofOrders()
  cluster.crash(1)
  shrunk(cluster)
  cluster.expire(1)
  cluster.settle()
  const next = cluster.durable.controller()

  expect(notifications(cluster)).toEqual([])
  expect(cluster.self(next).controller.partitions.get(orders(0))?.state?.isr).toEqual([2])
})

test('nobody looks for notifications where no broker writes so', () => {
  const cluster = new Controllers([1, 2, 3])

  expect(cluster.zookeeper.nodes.has(ISR_CHANGES_PATH)).toBe(false)
})
