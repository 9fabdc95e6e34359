/**
 * CreatePartitions: more partitions for a topic, assigned as if it had had them from the start.
 *
 * The new lists go into the topic's znode under its version; the controller's watch on that node
 * creates the partitions. Left out: replica lists given by the admin.
 */

import type { Connection } from '../../../sim/process.ts'
import { PARTITIONS_MAX } from '../../record.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { CreatePartitionsRequest } from '../messages.ts'
import { respond } from '../respond.ts'
import { type AssignableBroker, assignReplicas, rackAlternated } from './assignment.ts'
import { assignableBrokers } from './create-topics.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { type TopicNode, topicNodeBytes, topicPath } from './znodes.ts'

interface Addition {
  readonly request: CreatePartitionsRequest
  readonly connection: Connection
}

export function onCreatePartitionsRequest(
  self: Broker,
  request: CreatePartitionsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const addition: Addition = { request, connection }
  enqueue(self, {
    name: 'createPartitions',
    run: () => {
      if (!context.guard(Guard.active, !self.controller.active)) readTopic(self, addition, context)
      else end(self, addition, 'NOT_CONTROLLER', context)
    },
    drop: () => answer(self, addition, 'NOT_CONTROLLER', context),
  })
}

function readTopic(self: Broker, addition: Addition, context: BrokerContext): void {
  const path = topicPath(addition.request.topic)
  ask(
    self,
    [{ op: 'getData', path, watch: false }],
    ([topic]) => addTo(self, addition, topic, context),
    context,
  )
}

function addTo(
  self: Broker,
  addition: Addition,
  topic: ZooKeeperResult | undefined,
  context: BrokerContext,
): void {
  const { count } = addition.request
  const unknown = topic?.error !== 'OK'
  if (context.guard(Guard.knownTopic, unknown)) {
    end(self, addition, 'UNKNOWN_TOPIC_OR_PARTITION', context)
    return
  }
  const before: TopicNode = unknown ? { replicas: [] } : (topic.data as TopicNode)
  const present = settledLists(before)
  const wrong = count <= present.length || count > PARTITIONS_MAX
  if (context.guard(Guard.partitionCount, wrong)) {
    end(self, addition, 'INVALID_PARTITIONS', context)
    return
  }
  const factor = present[0]?.length ?? 0
  const unfit = factor > self.controller.live.size
  if (context.guard(Guard.replicationFactor, unfit)) {
    end(self, addition, 'INVALID_REPLICATION_FACTOR', context)
    return
  }
  if (unknown || wrong) {
    end(self, addition, 'NONE', context)
    return
  }
  const replicas = [...before.replicas, ...moreReplicas(assignableBrokers(self), present, count)]
  write(
    self,
    addition,
    { node: { ...before, replicas }, version: topic.stat?.version ?? 0 },
    context,
  )
}

/** The lists as they will be when what moves has moved. */
function settledLists({ replicas, moves = [] }: TopicNode): readonly (readonly number[])[] {
  return replicas.map((list, number) => {
    const move = moves.find((one) => one.number === number)
    return move === undefined ? list : list.filter((broker) => !move.removing.includes(broker))
  })
}

interface TopicWrite {
  readonly node: TopicNode
  readonly version: number
}

function write(
  self: Broker,
  addition: Addition,
  { node, version }: TopicWrite,
  context: BrokerContext,
): void {
  const path = topicPath(addition.request.topic)
  const bytes = topicNodeBytes(node)
  const operation: ZooKeeperOperation = { op: 'setData', path, data: node, bytes, version }
  const written = ([result]: readonly ZooKeeperResult[]): void => {
    // Somebody else, or a first try whose reply was lost, was quicker.
    if (result?.error === 'BADVERSION') readTopic(self, addition, context)
    else end(self, addition, 'NONE', context)
  }
  ask(self, [operation], written, context)
}

/** Lists for the partitions from `present` on; the first partition's leader says where it began. */
export function moreReplicas(
  brokers: readonly AssignableBroker[],
  present: readonly (readonly number[])[],
  count: number,
): readonly (readonly number[])[] {
  const racked = brokers.every(({ rack }) => rack !== null)
  const order = racked ? rackAlternated(brokers) : [...brokers].sort((a, b) => a.id - b.id)
  const leader = present[0]?.[0] ?? -1
  const start = Math.max(
    0,
    order.findIndex(({ id }) => id === leader),
  )
  return assignReplicas(brokers, {
    count: count - present.length,
    replicationFactor: Math.min(present[0]?.length ?? 1, brokers.length),
    firstPartition: present.length,
    start,
    shift: start,
  })
}

function end(self: Broker, addition: Addition, error: KafkaError, context: BrokerContext): void {
  answer(self, addition, error, context)
  finish(self)
}

function answer(
  self: Broker,
  { request, connection }: Addition,
  error: KafkaError,
  context: BrokerContext,
): void {
  const { correlationId } = request
  respond(self, connection, { type: 'CreatePartitionsResponse', correlationId, error }, context)
}
