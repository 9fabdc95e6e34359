/**
 * DeleteTopics: the wish that a topic go, as a node from which the controller learns of it.
 *
 * Follows ZkAdminManager: a topic that is already marked is no error. Unlike Kafka, the answer
 * comes when the wish is durable and does not wait until the topic is gone; deletions by topic id
 * and `delete.topic.enable=false` are left out.
 */

import type { Connection } from '../../../sim/process.ts'
import type { Write, ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { DeleteTopicsRequest, DeleteTopicsResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { createNode, deletionPath, topicPath } from './znodes.ts'

interface Wish {
  readonly request: DeleteTopicsRequest
  readonly connection: Connection
  readonly errors: KafkaError[]
}

export function onDeleteTopicsRequest(
  self: Broker,
  request: DeleteTopicsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const wish: Wish = { request, connection, errors: request.topics.map(() => 'NONE') }
  enqueue(self, {
    name: 'deleteTopics',
    run: () => findTopics(self, wish, context),
    drop: () => refuse(self, wish, context),
  })
}

function findTopics(self: Broker, wish: Wish, context: BrokerContext): void {
  if (context.guard(Guard.active, !self.controller.active)) {
    refuse(self, wish, context)
    finish(self)
    return
  }
  const reads = wish.request.topics.map((topic): ZooKeeperOperation => ({
    op: 'exists',
    path: topicPath(topic),
    watch: false,
  }))
  ask(self, reads, (found) => mark(self, wish, found, context), context)
}

function mark(
  self: Broker,
  wish: Wish,
  found: readonly ZooKeeperResult[],
  context: BrokerContext,
): void {
  const marks: Write[] = []
  wish.request.topics.forEach((topic, index) => {
    const unknown = found[index]?.error !== 'OK'
    if (context.guard(Guard.knownTopic, unknown)) {
      wish.errors[index] = 'UNKNOWN_TOPIC_OR_PARTITION'
    } else if (!unknown) marks.push(createNode(deletionPath(topic), null, 0))
  })
  const marked = (): void => {
    answer(self, wish, context)
    finish(self)
  }
  ask(self, marks, marked, context)
}

function refuse(self: Broker, wish: Wish, context: BrokerContext): void {
  wish.errors.fill('NOT_CONTROLLER')
  answer(self, wish, context)
}

function answer(self: Broker, { request, connection, errors }: Wish, context: BrokerContext): void {
  const response: DeleteTopicsResponse = {
    type: 'DeleteTopicsResponse',
    correlationId: request.correlationId,
    topics: request.topics.map((name, index) => ({ name, error: errors[index] ?? 'NONE' })),
  }
  respond(self, connection, response, context)
}
