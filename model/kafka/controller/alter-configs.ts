/**
 * IncrementalAlterConfigs: properties of one topic are set while it is in use.
 *
 * Follows ZkAdminManager: any broker checks the names and values, writes the topic's whole
 * configuration to its node, then tells of it by a numbered node (KB 4.1). Two that are altered at
 * once overwrite each other, as in Kafka. Left out: other resources than topics, and the operations
 * delete, append and subtract.
 */

import type { Connection } from '../../../sim/process.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { ConfigException, type Properties } from '../config/reader.ts'
import type { KafkaError } from '../errors.ts'
import type { IncrementalAlterConfigsRequest } from '../messages.ts'
import { respond } from '../respond.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import {
  CONFIG_CHANGE_PREFIX,
  createNode,
  type TopicConfigNode,
  topicConfigBytes,
  topicConfigPath,
  topicPath,
} from './znodes.ts'

const CHANGE_BYTES = 60

interface Alteration {
  readonly request: IncrementalAlterConfigsRequest
  readonly connection: Connection
}

export function onIncrementalAlterConfigsRequest(
  self: Broker,
  request: IncrementalAlterConfigsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const alteration: Alteration = { request, connection }
  enqueue(self, {
    name: 'alterConfigs',
    run: () => readPresent(self, alteration, context),
    drop: () => answer(self, alteration, 'NOT_CONTROLLER', context),
  })
}

function readPresent(self: Broker, alteration: Alteration, context: BrokerContext): void {
  const { topic } = alteration.request
  const reads: readonly ZooKeeperOperation[] = [
    { op: 'exists', path: topicPath(topic), watch: false },
    { op: 'getData', path: topicConfigPath(topic), watch: false },
  ]
  ask(self, reads, (results) => check(self, alteration, results, context), context)
}

function check(
  self: Broker,
  alteration: Alteration,
  [topic, present]: readonly ZooKeeperResult[],
  context: BrokerContext,
): void {
  if (context.guard(Guard.alteredTopic, topic?.error !== 'OK')) {
    end(self, alteration, 'UNKNOWN_TOPIC_OR_PARTITION', context)
    return
  }
  const before = present?.error === 'OK' ? (present.data as TopicConfigNode).config : null
  const config = { ...before, ...alteration.request.config }
  const invalid = !isValid(self, alteration.request.topic, config)
  if (context.guard(Guard.alteredValue, invalid)) {
    end(self, alteration, 'INVALID_CONFIG', context)
    return
  }
  // Nobody could read it: with the check off it is answered as done.
  if (invalid) end(self, alteration, 'NONE', context)
  else write(self, alteration, { node: { config }, isNew: before === null }, context)
}

/** Whether a broker could start with these properties of the topic. */
function isValid(self: Broker, topic: string, config: Properties): boolean {
  try {
    self.options.topicConfig(topic, config)
    return true
  } catch (error) {
    if (error instanceof ConfigException) return false
    throw error
  }
}

interface ConfigWrite {
  readonly node: TopicConfigNode
  readonly isNew: boolean
}

function write(
  self: Broker,
  alteration: Alteration,
  { node, isNew }: ConfigWrite,
  context: BrokerContext,
): void {
  const { topic } = alteration.request
  const path = topicConfigPath(topic)
  const bytes = topicConfigBytes(node)
  const operation: ZooKeeperOperation = isNew
    ? createNode(path, node, bytes)
    : { op: 'setData', path, data: node, bytes, version: -1 }
  const written = ([result]: readonly ZooKeeperResult[]): void => {
    // Somebody else, or a first try whose reply was lost, made the node in the meantime.
    if (result?.error === 'NODEEXISTS') readPresent(self, alteration, context)
    else tell(self, alteration, context)
  }
  ask(self, [operation], written, context)
}

function tell(self: Broker, alteration: Alteration, context: BrokerContext): void {
  const { topic } = alteration.request
  const change = createNode(CONFIG_CHANGE_PREFIX, { topic }, CHANGE_BYTES, 'persistent-sequential')
  ask(self, [change], () => end(self, alteration, 'NONE', context), context)
}

function end(
  self: Broker,
  alteration: Alteration,
  error: KafkaError,
  context: BrokerContext,
): void {
  answer(self, alteration, error, context)
  finish(self)
}

function answer(
  self: Broker,
  { request, connection }: Alteration,
  error: KafkaError,
  context: BrokerContext,
): void {
  const { correlationId, topic } = request
  respond(
    self,
    connection,
    { type: 'IncrementalAlterConfigsResponse', correlationId, topic, error },
    context,
  )
}
