/**
 * Topics and partitions that appear under `/brokers/topics` (KB C2, C5).
 *
 * Whoever creates a topic writes its assignment there; the controller's watches pick it up and
 * create the states.
 */

import { type PartitionId, partitionId, type TopicId } from '../../record.ts'
import type { ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { flushBatch } from './control-batch.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import type { PartitionRecord } from './state.ts'
import { createStates } from './transitions.ts'
import { type TopicNode, topicPath, TOPICS_PATH } from './znodes.ts'

export function topicsChanged(self: Broker, context: BrokerContext): void {
  const run = (): void => {
    if (!self.controller.active) finish(self)
    else readNewTopics(self, (records) => createAndTell(self, records, context), context)
  }
  enqueue(self, { name: 'topicChange', run, drop: null })
}

/** The assignment of one topic changed: partitions were added. */
export function topicModified(self: Broker, topic: string, context: BrokerContext): void {
  const run = (): void => {
    const deleted = self.controller.deletions.has(self.options.topics.id(topic) ?? -1)
    if (!self.controller.active || deleted) finish(self)
    else readTopics(self, [topic], (records) => createAndTell(self, records, context), context)
  }
  enqueue(self, { name: 'partitionModifications', run, drop: null })
}

function createAndTell(
  self: Broker,
  records: readonly PartitionRecord[],
  context: BrokerContext,
): void {
  createStates(
    self,
    records,
    () => {
      flushBatch(self, context)
      finish(self)
    },
    context,
  )
}

/** Watches the list of topics and adds the partitions of those not yet known; gives these. */
export function readNewTopics(
  self: Broker,
  done: (added: readonly PartitionRecord[]) => void,
  context: BrokerContext,
): void {
  const list = { op: 'getChildren', path: TOPICS_PATH, watch: true } as const
  const listed = (result: ZooKeeperResult | undefined): void => {
    const { topics } = self.options
    const fresh: TopicId[] = []
    for (const name of result?.children ?? []) {
      const id = topics.id(name)
      if (id !== undefined && !self.controller.topics.has(id)) fresh.push(id)
    }
    fresh.sort((one, other) => one - other)
    readTopics(
      self,
      fresh.map((id) => topics.name(id)),
      done,
      context,
    )
  }
  ask(self, [list], ([result]) => listed(result), context)
}

function readTopics(
  self: Broker,
  names: readonly string[],
  done: (added: readonly PartitionRecord[]) => void,
  context: BrokerContext,
): void {
  const reads = names.map(
    (name) => ({ op: 'getData', path: topicPath(name), watch: true }) as const,
  )
  const read = (results: readonly ZooKeeperResult[]): void => {
    const added: PartitionRecord[] = []
    names.forEach((name, index) => {
      const result = results[index]
      if (result?.error !== 'OK') return
      noteTopic(self, name, result.stat?.czxid ?? 0)
      added.push(...addPartitions(self, name, result.data as TopicNode))
    })
    done(added)
  }
  ask(self, reads, read, context)
}

const NONE: readonly number[] = []

/** The transaction that created its node stands for the id that Kafka draws for a topic. */
function noteTopic({ controller, options }: Broker, name: string, created: number): void {
  const topic = options.topics.id(name)
  if (topic !== undefined) controller.topics.set(topic, created)
}

function addPartitions(self: Broker, name: string, node: TopicNode): readonly PartitionRecord[] {
  const { controller, options } = self
  const topic = options.topics.id(name)
  if (topic === undefined) return []
  const added: PartitionRecord[] = []
  node.replicas.forEach((replicas, number) => {
    const partition: PartitionId = partitionId(topic, number)
    if (controller.partitions.has(partition)) return
    const move = node.moves?.find((one) => one.number === number)
    const record: PartitionRecord = {
      partition,
      replicas,
      adding: move?.adding ?? NONE,
      removing: move?.removing ?? NONE,
      status: 'new',
      state: null,
    }
    controller.partitions.set(partition, record)
    added.push(record)
  })
  return added
}
