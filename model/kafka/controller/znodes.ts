/**
 * Kafka's znodes: their paths, what stands in them, and how to tell one path from another.
 *
 * Follows KB 4.1. Sizes are those of the JSON that Kafka writes, rounded. Left out: cluster id,
 * features.
 */

import { type PartitionId, partitionId, partitionOf, topicOf } from '../../record.ts'
import type { CreateMode, Write } from '../../zookeeper/messages.ts'
import type { PartitionState } from '../messages.ts'
import type { Topics } from '../topics.ts'

export const CONTROLLER_PATH = '/controller'
export const CONTROLLER_EPOCH_PATH = '/controller_epoch'
/** Always has children, even while no broker is registered. */
export const BROKERS_PATH = '/brokers'
export const BROKER_IDS_PATH = '/brokers/ids'
export const TOPICS_PATH = '/brokers/topics'
export const LOG_DIR_EVENTS_PATH = '/log_dir_event_notification'
export const TOPIC_CONFIGS_PATH = '/config/topics'
export const CONFIG_CHANGES_PATH = '/config/changes'
const ADMIN_PATH = '/admin'
export const ISR_CHANGES_PATH = '/isr_change_notification'
/** ZooKeeper puts ten digits behind it. */
export const ISR_CHANGE_PREFIX = '/isr_change_notification/isr_change_'
/** A node below it, named like a topic: that topic is to be deleted. */
export const DELETE_TOPICS_PATH = '/admin/delete_topics'
export const PRODUCER_ID_BLOCK_PATH = '/latest_producer_id_block'

/** `/controller`: ephemeral, of the broker that is the controller. */
export interface ControllerNode {
  readonly brokerId: number
  readonly timestampMs: number
}

/** `/brokers/ids/<id>`: ephemeral; its czxid is the broker epoch. */
export interface BrokerNode {
  readonly id: number
  readonly rack: string | null
}

/** `/brokers/topics/<topic>`: the replicas of each partition. */
export interface TopicNode {
  readonly replicas: readonly (readonly number[])[]
  /** Partitions that move to other brokers (KB C14). */
  readonly moves?: readonly Move[]
}

/** Replicas of partition `number` that come and go. */
export interface Move {
  readonly number: number
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

/** `/config/topics/<topic>`: what administrators have set for it. */
export interface TopicConfigNode {
  readonly config: Readonly<Record<string, string>>
}

/** `/config/changes/config_change_<number>`: whose configuration changed. */
export interface ConfigChangeNode {
  readonly topic: string
}

/** `/isr_change_notification/isr_change_<number>`: whose ISR its leader has changed. */
export interface IsrChangeNode {
  readonly partitions: readonly PartitionId[]
}

/** `/brokers/topics/<topic>/partitions/<partition>/state`; its version is the partition epoch. */
export interface StateNode {
  readonly leader: number
  readonly leaderEpoch: number
  readonly isr: readonly number[]
  readonly controllerEpoch: number
}

/** `/latest_producer_id_block`: the block given away last. */
export interface ProducerIdBlockNode {
  readonly brokerId: number
  readonly start: number
  readonly length: number
}

export function brokerPath(broker: number): string {
  return `${BROKER_IDS_PATH}/${broker}`
}

export function topicPath(topic: string): string {
  return `${TOPICS_PATH}/${topic}`
}

export function partitionsPath(topic: string): string {
  return `${topicPath(topic)}/partitions`
}

export function partitionPath(topics: Topics, partition: PartitionId): string {
  return `${partitionsPath(topics.name(topicOf(partition)))}/${partitionOf(partition)}`
}

export function statePath(topics: Topics, partition: PartitionId): string {
  return `${partitionPath(topics, partition)}/state`
}

/** What stands in a state node for a state; its version is not part of it. */
export function stateNode(state: Omit<PartitionState, 'partitionEpoch'>): StateNode {
  const { leader, leaderEpoch, isr, controllerEpoch } = state
  return { leader, leaderEpoch, isr, controllerEpoch }
}

/** A state as it stands in its node in this version. */
export function stateIn(node: StateNode, partitionEpoch: number): PartitionState {
  const { leader, leaderEpoch, isr, controllerEpoch } = node
  return { leader, leaderEpoch, isr, partitionEpoch, controllerEpoch }
}

export function deletionPath(topic: string): string {
  return `${DELETE_TOPICS_PATH}/${topic}`
}

export function topicConfigPath(topic: string): string {
  return `${TOPIC_CONFIGS_PATH}/${topic}`
}

const CONFIG_CHANGE = 'config_change_'

/** ZooKeeper puts ten digits behind it. */
export const CONFIG_CHANGE_PREFIX: string = `${CONFIG_CHANGES_PATH}/${CONFIG_CHANGE}`

/** The number in the name of a change. */
export function configChangeNumber(name: string): number {
  return Number(name.slice(CONFIG_CHANGE.length))
}

export function configChangePath(number: number): string {
  return CONFIG_CHANGE_PREFIX + String(number).padStart(10, '0')
}

const STATE_BYTES = 90
const TOPIC_BYTES = 100
const BYTES_OF_REPLICA = 2

export function topicNodeBytes(node: TopicNode): number {
  return node.replicas.reduce((sum, list) => sum + 8 + list.length * BYTES_OF_REPLICA, TOPIC_BYTES)
}

export function topicConfigBytes({ config }: TopicConfigNode): number {
  let bytes = 30
  for (const [name, value] of Object.entries(config)) bytes += name.length + value.length + 6
  return bytes
}

export function createNode(
  path: string,
  data: unknown,
  bytes: number,
  mode: CreateMode = 'persistent',
): Write {
  return { op: 'create', path, data, bytes, mode }
}

export function createState(topics: Topics, partition: PartitionId, node: StateNode): Write {
  return createNode(statePath(topics, partition), node, STATE_BYTES)
}

/** Writes a state under the condition that its node still has `version`; −1 for any. */
export function writeState(path: string, node: StateNode, version: number): Write {
  return { op: 'setData', path, data: node, bytes: STATE_BYTES, version }
}

/**
 * The nodes under which all others stand, in an order in which they can be created. The controller
 * epoch begins at 0, so that the first controller writes 1 (KB C1).
 */
export const TOP_LEVEL_NODES: readonly Write[] = [
  createNode(BROKERS_PATH, null, 0),
  createNode(BROKER_IDS_PATH, null, 0),
  createNode(TOPICS_PATH, null, 0),
  createNode(PRODUCER_ID_BLOCK_PATH, null, 0),
  createNode(LOG_DIR_EVENTS_PATH, null, 0),
  createNode('/config', null, 0),
  createNode(TOPIC_CONFIGS_PATH, null, 0),
  createNode(CONFIG_CHANGES_PATH, null, 0),
  createNode(CONTROLLER_EPOCH_PATH, 0, 1),
]

/** Where deletions are asked for; clusters in which nobody asks for any do without. */
export const DELETION_NODES: readonly Write[] = [
  createNode(ADMIN_PATH, null, 0),
  createNode(DELETE_TOPICS_PATH, null, 0),
]

/** Where leaders tell of ISR changes that they wrote themselves (KB F23). */
export const ISR_NODES: readonly Write[] = [createNode(ISR_CHANGES_PATH, null, 0)]

/** What a path of Kafka's names, as far as anyone watches or observes it. */
export type ZnodeName =
  | { readonly kind: 'controller' }
  | { readonly kind: 'controllerEpoch' }
  | { readonly kind: 'broker'; readonly broker: number }
  | { readonly kind: 'brokers' }
  | { readonly kind: 'topics' }
  | { readonly kind: 'logDirEvents' }
  | { readonly kind: 'configChanges' }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'deletions' }
  | { readonly kind: 'isrChanges' }
  /** The wish that a topic be deleted. */
  | { readonly kind: 'deletion'; readonly topic: string }
  | { readonly kind: 'state'; readonly partition: PartitionId }
  | { readonly kind: 'other' }

const OTHER: ZnodeName = { kind: 'other' }

/** Reads a path; topics that the table does not have are `other`. */
export function znodeName(path: string, topics: Topics): ZnodeName {
  switch (path) {
    case CONTROLLER_PATH:
      return { kind: 'controller' }
    case CONTROLLER_EPOCH_PATH:
      return { kind: 'controllerEpoch' }
    case BROKER_IDS_PATH:
      return { kind: 'brokers' }
    case TOPICS_PATH:
      return { kind: 'topics' }
    case LOG_DIR_EVENTS_PATH:
      return { kind: 'logDirEvents' }
    case CONFIG_CHANGES_PATH:
      return { kind: 'configChanges' }
    case ISR_CHANGES_PATH:
      return { kind: 'isrChanges' }
    case DELETE_TOPICS_PATH:
      return { kind: 'deletions' }
    default:
      return znodeBelow(path.split('/'), topics)
  }
}

function znodeBelow(parts: readonly string[], topics: Topics): ZnodeName {
  const [, top, family, name, , partition, leaf] = parts
  if (name === undefined) return OTHER
  if (top === 'admin') return { kind: 'deletion', topic: name }
  if (top !== 'brokers') return OTHER
  if (family === 'ids') return { kind: 'broker', broker: Number(name) | 0 }
  const topic = topics.id(name)
  if (family !== 'topics' || topic === undefined) return OTHER
  if (parts.length === 4) return { kind: 'topic', topic: name }
  if (leaf !== 'state') return OTHER
  return { kind: 'state', partition: partitionId(topic, Number(partition) | 0) }
}
