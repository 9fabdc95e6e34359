/**
 * Topics that go: from the wish in ZooKeeper to the end of their last log (KB 4.1, F-e).
 *
 * Follows TopicDeletionManager: brokers are told that the topic has no leaders any more, every
 * replica's broker deletes its log and says so, and then the topic's nodes are removed, the wish
 * last. A broker that is down, or a log directory that has failed, holds the deletion up until the
 * broker registers anew; a partition that moves, until it has moved. Unlike Kafka, the states of
 * its partitions are not written again before they are removed.
 */

import type { Connection } from '../../../sim/process.ts'
import { type PartitionId, type TopicId, topicOf } from '../../record.ts'
import type { Write, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { StopReplicaResponse } from '../messages.ts'
import { flushBatch, sendStopReplica, tellEveryone } from './control-batch.ts'
import { onControlResponse } from './control-channels.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { writeFenced } from './fenced-writes.ts'
import { Probe } from './probes.ts'
import type { PartitionRecord, TopicDeletion } from './state.ts'
import {
  DELETE_TOPICS_PATH,
  deletionPath,
  partitionPath,
  partitionsPath,
  statePath,
  topicConfigPath,
  topicPath,
} from './znodes.ts'

/** The watch on the wishes fired. */
export function deletionsChanged(self: Broker, context: BrokerContext): void {
  const run = (): void => {
    if (!self.controller.active) {
      finish(self)
      return
    }
    const read = (): void => {
      resumeDeletions(self, context)
      finish(self)
    }
    readDeletions(self, read, context)
  }
  enqueue(self, { name: 'topicDeletion', run, drop: null })
}

/** Watches and reads the wishes. One for a topic that is not there is done with. */
export function readDeletions(self: Broker, done: () => void, context: BrokerContext): void {
  if (self.options.topicsMayGo !== true) {
    done()
    return
  }
  const listed = ([found]: readonly ZooKeeperResult[]): void => {
    const stale: Write[] = []
    for (const name of found?.children ?? []) {
      const topic = self.options.topics.id(name)
      if (topic !== undefined && self.controller.topics.has(topic)) noteDeletion(self, topic)
      else stale.push(removal(deletionPath(name)))
    }
    if (stale.length === 0) done()
    else removeInTurn(self, stale, done, context)
  }
  ask(self, [{ op: 'getChildren', path: DELETE_TOPICS_PATH, watch: true }], listed, context)
}

function noteDeletion({ controller }: Broker, topic: TopicId): void {
  if (controller.deletions.has(topic)) return
  controller.deletions.set(topic, { topic, begun: false, waiting: new Map(), asked: new Map() })
}

/** Goes on with every deletion, as far as it can go now. */
export function resumeDeletions(self: Broker, context: BrokerContext): void {
  for (const deletion of self.controller.deletions.values()) {
    if (!deletion.begun && !begin(self, deletion, context)) continue
    askToDelete(self, deletion, context)
    if (deletion.waiting.size === 0) enqueueEnd(self, deletion, context)
  }
}

/** False while a partition of it moves. */
function begin(self: Broker, deletion: TopicDeletion, context: BrokerContext): boolean {
  const records = recordsOf(self, deletion.topic)
  if (records.some(({ adding, removing }) => adding.length + removing.length > 0)) return false
  deletion.begun = true
  for (const { partition, replicas } of records) {
    for (const broker of replicas) {
      const known = deletion.waiting.get(broker)
      if (known === undefined) deletion.waiting.set(broker, new Set([partition]))
      else known.add(partition)
    }
  }
  context.probe(Probe.topicDeletionBegan, deletion.topic)
  tellEveryone(
    self,
    records.map(({ partition }) => partition),
  )
  flushBatch(self, context)
  return true
}

function recordsOf({ controller }: Broker, topic: TopicId): readonly PartitionRecord[] {
  return [...controller.partitions.values()].filter(({ partition }) => topicOf(partition) === topic)
}

function askToDelete(self: Broker, deletion: TopicDeletion, context: BrokerContext): void {
  const { waiting, asked } = deletion
  for (const [broker, partitions] of waiting) {
    if (asked.has(broker) || !self.controller.live.has(broker)) continue
    const request = { partitions: [...partitions], deletes: true }
    asked.set(broker, sendStopReplica(self, broker, request, context))
  }
}

/** Whoever is gone has not answered, and is asked again when it is back. */
export function forgetAsked({ controller }: Broker, broker: number): void {
  for (const { asked } of controller.deletions.values()) asked.delete(broker)
}

/** A response may say that logs are gone. */
export function onStopReplicaResponse(
  self: Broker,
  response: StopReplicaResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const broker = onControlResponse(self, response, connection, context)
  if (broker === -1) return
  for (const deletion of self.controller.deletions.values()) {
    if (deletion.asked.get(broker) !== response.correlationId) continue
    enqueue(self, {
      name: 'topicDeletionStopReplicaResponse',
      run: () => {
        if (isCurrent(self, deletion)) takeDeleted(self, deletion, broker, response, context)
        else finish(self)
      },
      drop: null,
    })
  }
}

function isCurrent({ controller }: Broker, deletion: TopicDeletion): boolean {
  return controller.active && controller.deletions.get(deletion.topic) === deletion
}

// oxlint-disable-next-line max-params -- who answered, for what, and what.
function takeDeleted(
  self: Broker,
  deletion: TopicDeletion,
  broker: number,
  { error, partitions }: StopReplicaResponse,
  context: BrokerContext,
): void {
  const waiting = deletion.waiting.get(broker)
  if (error === 'NONE' && waiting !== undefined) {
    for (const row of partitions) if (row.error === 'NONE') waiting.delete(row.partition)
    if (waiting.size === 0) deletion.waiting.delete(broker)
  }
  if (deletion.waiting.size === 0) endDeletion(self, deletion, context)
  else finish(self)
}

function enqueueEnd(self: Broker, deletion: TopicDeletion, context: BrokerContext): void {
  enqueue(self, {
    name: 'topicDeletionEnd',
    run: () => {
      if (isCurrent(self, deletion)) endDeletion(self, deletion, context)
      else finish(self)
    },
    drop: null,
  })
}

/**
 * Every log is gone: the topic's nodes follow, then the wish (a later controller may go on there).
 */
function endDeletion(self: Broker, { topic }: TopicDeletion, context: BrokerContext): void {
  const { controller, options } = self
  const name = options.topics.name(topic)
  const partitions = recordsOf(self, topic).map(({ partition }) => partition)
  const removals: Write[] = []
  for (const partition of partitions) {
    removals.push(removal(statePath(options.topics, partition)))
    removals.push(removal(partitionPath(options.topics, partition)))
  }
  removals.push(removal(partitionsPath(name)), removal(topicPath(name)))
  removals.push(removal(topicConfigPath(name)), removal(deletionPath(name)))
  const removed = (): void => {
    for (const partition of partitions) forget(self, partition)
    controller.topics.delete(topic)
    controller.deletions.delete(topic)
    context.probe(Probe.topicDeleted, topic)
    finish(self)
  }
  removeInTurn(self, removals, removed, context)
}

function forget({ controller }: Broker, partition: PartitionId): void {
  controller.partitions.delete(partition)
  for (const offline of controller.offlineReplicas.values()) offline.delete(partition)
}

function removal(path: string): Write {
  return { op: 'delete', path, version: -1 }
}

/** Each by itself: what an earlier try has removed is no hindrance. */
function removeInTurn(
  self: Broker,
  removals: readonly Write[],
  done: () => void,
  context: BrokerContext,
): void {
  writeFenced(self, { groups: removals.map((one) => [one]), done: () => done() }, context)
}
