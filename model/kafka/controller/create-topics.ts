/**
 * CreateTopics: checks, assignment, and the znode from which the controller learns of a topic.
 *
 * Follows ZkAdminManager; the states and leaders come with the watch on `/brokers/topics`. Unlike
 * Kafka, the answer comes when the assignment is durable and does not wait for the leaders, the
 * configuration of topics is part of the deployment and not written, and validation runs on the
 * event thread.
 */

import type { Connection } from '../../../sim/process.ts'
import { PARTITIONS_MAX } from '../../record.ts'
import type { Write, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { CreateTopicsRequest, CreateTopicsResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { type AssignableBroker, assignReplicas } from './assignment.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { createNode, type TopicNode, topicNodeBytes, topicPath } from './znodes.ts'

type NewTopic = CreateTopicsRequest['topics'][number]

interface Creation {
  readonly request: CreateTopicsRequest
  readonly connection: Connection
  readonly errors: KafkaError[]
}

export function onCreateTopicsRequest(
  self: Broker,
  request: CreateTopicsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const creation: Creation = { request, connection, errors: request.topics.map(() => 'NONE') }
  enqueue(self, {
    name: 'createTopics',
    run: () => create(self, creation, context),
    drop: () => refuse(self, creation, context),
  })
}

function create(self: Broker, creation: Creation, context: BrokerContext): void {
  if (context.guard(Guard.active, !self.controller.active)) {
    refuse(self, creation, context)
    finish(self)
    return
  }
  const indexes: number[] = []
  const writes: Write[] = []
  creation.request.topics.forEach((topic, index) => {
    const error = topicError(self, topic, context)
    creation.errors[index] = error
    if (error !== 'NONE') return
    indexes.push(index)
    writes.push(creationOf(self, topic))
  })
  const written = (results: readonly ZooKeeperResult[]): void => {
    indexes.forEach((index, place) => {
      const exists = results[place]?.error === 'NODEEXISTS'
      if (context.guard(Guard.newTopic, exists)) creation.errors[index] = 'TOPIC_ALREADY_EXISTS'
    })
    answer(self, creation, context)
    finish(self)
  }
  ask(self, writes, written, context)
}

function refuse(self: Broker, creation: Creation, context: BrokerContext): void {
  creation.errors.fill('NOT_CONTROLLER')
  answer(self, creation, context)
}

function topicError(self: Broker, topic: NewTopic, context: BrokerContext): KafkaError {
  const nameless = self.options.topics.id(topic.name) === undefined
  if (context.guard(Guard.topicName, nameless)) return 'INVALID_TOPIC_EXCEPTION'
  if (topic.assignment !== null) {
    const wrong = !areReplicaLists(topic.assignment)
    return context.guard(Guard.replicaAssignment, wrong) ? 'INVALID_REPLICA_ASSIGNMENT' : 'NONE'
  }
  const countless = topic.partitions < 1 || topic.partitions > PARTITIONS_MAX
  if (context.guard(Guard.partitionCount, countless)) return 'INVALID_PARTITIONS'
  const factor = topic.replicationFactor
  const unfit = factor < 1 || factor > self.controller.live.size
  return context.guard(Guard.replicationFactor, unfit) ? 'INVALID_REPLICATION_FACTOR' : 'NONE'
}

/** There are lists, each names each broker once, and all are of one length; whoever lives. */
export function areReplicaLists(lists: readonly (readonly number[])[]): boolean {
  const length = lists[0]?.length ?? 0
  return (
    length > 0 && lists.every((list) => list.length === length && new Set(list).size === length)
  )
}

function creationOf(self: Broker, topic: NewTopic): Write {
  const given = topic.assignment?.map((list) => [...new Set(list)])
  const node: TopicNode = { replicas: given ?? drawnAssignment(self, topic) }
  return createNode(topicPath(topic.name), node, topicNodeBytes(node))
}

function drawnAssignment(self: Broker, topic: NewTopic): readonly (readonly number[])[] {
  const brokers = assignableBrokers(self)
  const { assignmentStart } = self.controller
  return assignReplicas(brokers, {
    count: Math.min(Math.max(topic.partitions, 0), PARTITIONS_MAX),
    replicationFactor: Math.min(Math.max(topic.replicationFactor, 1), brokers.length),
    firstPartition: 0,
    start: assignmentStart.int(brokers.length),
    shift: assignmentStart.int(brokers.length),
  })
}

/** The live brokers with their racks. */
export function assignableBrokers(self: Broker): readonly AssignableBroker[] {
  return [...self.controller.live].map(([id, { rack }]) => ({ id, rack }))
}

function answer(
  self: Broker,
  { request, connection, errors }: Creation,
  context: BrokerContext,
): void {
  const response: CreateTopicsResponse = {
    type: 'CreateTopicsResponse',
    correlationId: request.correlationId,
    topics: request.topics.map(({ name }, index) => ({ name, error: errors[index] ?? 'NONE' })),
  }
  respond(self, connection, response, context)
}
