/**
 * Configurations of topics that change while a broker runs.
 *
 * Follows ConfigCommand's way through ZooKeeper (KB 4.1): what an administrator sets stands in
 * `/config/topics/<topic>`, a numbered node under `/config/changes` tells of it, and every broker
 * watches these numbers, reads the topic that each names and lays what it finds over what it was
 * deployed with. Left out: the configuration of brokers, and the end of old change nodes. A broker
 * that starts opens its logs with the deployed values and has the altered ones once it is
 * registered.
 */

import { type PartitionId, type TopicId, topicOf } from '../../record.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { Properties } from '../config/reader.ts'
import { flushBatch } from './control-batch.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Probe } from './probes.ts'
import { electOffline } from './transitions.ts'
import {
  CONFIG_CHANGES_PATH,
  type ConfigChangeNode,
  configChangeNumber,
  configChangePath,
  type TopicConfigNode,
  topicConfigPath,
} from './znodes.ts'
import { expireOldRecords } from '../replication/retention.ts'
import { topicConfigOf } from '../topic-configs.ts'

/** Reads and applies the changes that this broker has not seen, and watches for more. */
export function configsChanged(self: Broker, context: BrokerContext): void {
  enqueue(self, { name: 'configChange', run: () => readChanges(self, context), drop: null })
}

function readChanges(self: Broker, context: BrokerContext): void {
  const listed = ([found]: readonly ZooKeeperResult[]): void => {
    const fresh: number[] = []
    for (const child of found?.children ?? []) {
      const number = configChangeNumber(child)
      if (number > self.topicConfigs.lastChange) fresh.push(number)
    }
    fresh.sort((one, other) => one - other)
    if (fresh.length === 0) finish(self)
    else readTopics(self, fresh, context)
  }
  ask(self, [{ op: 'getChildren', path: CONFIG_CHANGES_PATH, watch: true }], listed, context)
}

function readTopics(self: Broker, numbers: readonly number[], context: BrokerContext): void {
  const told = (changes: readonly ZooKeeperResult[]): void => {
    const names = new Set<string>()
    for (const { data } of changes) {
      if (data !== undefined) names.add((data as ConfigChangeNode).topic)
    }
    readConfigs(self, [...names], () => goOn(self, numbers.at(-1) ?? -1), context)
  }
  ask(
    self,
    numbers.map((number) => read(configChangePath(number))),
    told,
    context,
  )
}

function goOn(self: Broker, lastChange: number): void {
  self.topicConfigs.lastChange = lastChange
  finish(self)
}

function readConfigs(
  self: Broker,
  names: readonly string[],
  done: () => void,
  context: BrokerContext,
): void {
  const found = (configs: readonly ZooKeeperResult[]): void => {
    const offline: PartitionId[] = []
    configs.forEach(({ error, data }, index) => {
      const topic = self.options.topics.id(names[index] as string)
      if (error !== 'OK' || topic === undefined) return
      apply(self, topic, (data as TopicConfigNode).config, context)
      if (topicConfigOf(self, topic).uncleanLeaderElectionEnable) {
        offline.push(...leaderless(self, topic))
      }
    })
    electAgain(self, offline, done, context)
  }
  ask(
    self,
    names.map((name) => read(topicConfigPath(name))),
    found,
    context,
  )
}

function read(path: string): ZooKeeperOperation {
  return { op: 'getData', path, watch: false }
}

function apply(self: Broker, topic: TopicId, properties: Properties, context: BrokerContext): void {
  const config = self.options.topicConfig(self.options.topics.name(topic), properties)
  self.topicConfigs.altered.set(topic, config)
  for (const partition of self.replicas.partitions.values()) {
    if (topicOf(partition.id) !== topic) continue
    partition.config = config
    partition.minIsr = Math.min(config.minInsyncReplicas, partition.replicas.length)
  }
  expireOldRecords(self, config, context)
  context.probe(Probe.topicConfigApplied, topic)
}

function leaderless(self: Broker, topic: TopicId): PartitionId[] {
  const { active, partitions } = self.controller
  if (!active) return []
  return [...partitions.values()]
    .filter(({ partition, status }) => topicOf(partition) === topic && status === 'offline')
    .map(({ partition }) => partition)
}

/** A controller that may elect uncleanly from now on does so for who has no leader (KB C7). */
function electAgain(
  self: Broker,
  partitions: readonly PartitionId[],
  done: () => void,
  context: BrokerContext,
): void {
  if (partitions.length === 0) {
    done()
    return
  }
  const elected = (): void => {
    flushBatch(self, context)
    done()
  }
  electOffline(self, { partitions, unclean: 'by-topic', done: elected }, context)
}
