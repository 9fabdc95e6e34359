/**
 * What a quorum of ZooKeeper has durably decided about the Kafka cluster, as nobody in it sees it.
 *
 * Rebuilt from committed changes of znodes (KB 4.1). Fault targets and the runner look things up
 * here, because a broker's own belief may be old; facts hear of every committed partition state.
 */

import type { Facts } from '../facts.ts'
import { type PartitionId, partitionId, type TopicId, topicOf } from '../record.ts'
import {
  type BrokerNode,
  type ControllerNode,
  stateIn,
  type StateNode,
  type TopicNode,
  znodeName,
} from './controller/znodes.ts'
import type { PartitionState } from './messages.ts'
import type { Topics } from './topics.ts'

export interface RegisteredBroker {
  readonly id: number
  readonly epoch: number
  readonly rack: string | null
}

/** What is read of a committed change of a znode. */
export interface CommittedChange {
  readonly kind: 'created' | 'changed' | 'deleted'
  readonly path: string
  readonly data: unknown
  readonly version: number
  readonly czxid: number
}

/** Has the shape of an ensemble's observer (`model/zookeeper/observer.ts`). */
export class DurableMetadata {
  readonly #topics: Topics
  readonly #facts: Facts | null
  readonly #states = new Map<PartitionId, PartitionState>()
  /** The keys of the states. */
  #partitions: PartitionId[] = []
  /** Topics that are to be deleted. */
  readonly #deletions = new Set<TopicId>()
  /** Topics that were deleted and are not there again. */
  readonly #deleted = new Set<TopicId>()
  readonly #replicas = new Map<PartitionId, readonly number[]>()
  readonly #brokers = new Map<number, RegisteredBroker>()
  #controller = -1
  #controllerEpoch = 0
  #zookeeperLeader = -1
  #zookeeperEpoch = -1
  #elections = 0
  #isrShrinks = 0

  constructor(topics: Topics, facts: Facts | null) {
    this.#topics = topics
    this.#facts = facts
  }

  /** Broker that leads a partition; −1 if none does or the partition does not exist. */
  leaderOf(partition: PartitionId): number {
    return this.#states.get(partition)?.leader ?? -1
  }

  isrOf(partition: PartitionId): readonly number[] {
    return this.#states.get(partition)?.isr ?? NONE
  }

  /** Assigned replicas, the preferred leader first. */
  replicasOf(partition: PartitionId): readonly number[] {
    return this.#replicas.get(partition) ?? NONE
  }

  stateOf(partition: PartitionId): PartitionState | undefined {
    return this.#states.get(partition)
  }

  /** Partitions that have a state, in the order of their creation. */
  partitions(): readonly PartitionId[] {
    return this.#partitions
  }

  /** Whether a partition's topic is to be deleted: nobody can be promised anything of it. */
  isToGo(partition: PartitionId): boolean {
    return this.#deletions.size > 0 && this.#deletions.has(topicOf(partition))
  }

  /** Whether a topic was deleted or is to be. */
  isGone(topic: TopicId): boolean {
    return this.#deleted.has(topic) || this.#deletions.has(topic)
  }

  /** Topics that are to be deleted and still stand. */
  deletions(): ReadonlySet<TopicId> {
    return this.#deletions
  }

  /** Broker that holds `/controller`; −1 for none. */
  controller(): number {
    return this.#controller
  }

  controllerEpoch(): number {
    return this.#controllerEpoch
  }

  /** ZooKeeper server that last began to lead a quorum; −1 before the first. */
  zookeeperLeader(): number {
    return this.#zookeeperLeader
  }

  /** Brokers with a registration, in its order. */
  registered(): readonly RegisteredBroker[] {
    return [...this.#brokers.values()]
  }

  isRegistered(broker: number): boolean {
    return this.#brokers.has(broker)
  }

  /** How often a partition got a leader anew: first leaders do not count. */
  elections(): number {
    return this.#elections
  }

  /** How often a committed ISR lost a member. */
  isrShrinks(): number {
    return this.#isrShrinks
  }

  committed(_zxid: number, changes: readonly CommittedChange[]): void {
    for (const change of changes) this.#apply(change)
  }

  led(server: number, epoch: number): void {
    if (epoch < this.#zookeeperEpoch) return
    this.#zookeeperLeader = server
    this.#zookeeperEpoch = epoch
  }

  sessionOpened(): void {}

  sessionExpired(): void {}

  #apply(change: CommittedChange): void {
    const name = znodeName(change.path, this.#topics)
    const gone = change.kind === 'deleted'
    switch (name.kind) {
      case 'controller':
        this.#controller = gone ? -1 : (change.data as ControllerNode).brokerId
        break
      case 'controllerEpoch':
        this.#controllerEpoch = gone ? 0 : (change.data as number)
        break
      case 'broker':
        if (gone) this.#brokers.delete(name.broker)
        else this.#register(name.broker, change)
        break
      case 'topic':
        if (gone) this.#forget(name.topic)
        else this.#assign(name.topic, change.data as TopicNode)
        break
      case 'state':
        if (!gone) this.#commitState(name.partition, change)
        break
      case 'deletion':
        if (gone) this.#cancel(name.topic)
        else this.#beginDeletion(name.topic)
        break
      default:
        break
    }
  }

  #register(id: number, change: CommittedChange): void {
    const { rack } = change.data as BrokerNode
    this.#brokers.set(id, { id, epoch: change.czxid, rack })
  }

  #assign(name: string, node: TopicNode): void {
    const topic = this.#topics.id(name)
    if (topic === undefined) return
    this.#deleted.delete(topic)
    node.replicas.forEach((replicas, number) => {
      this.#replicas.set(partitionId(topic, number), replicas)
    })
  }

  #beginDeletion(name: string): void {
    const topic = this.#topics.id(name)
    if (topic === undefined) return
    this.#deletions.add(topic)
    for (const partition of this.#of(topic)) this.#facts?.topicDeletion(partition, 'begun')
  }

  /** The topic's node is gone, and with it all that stood below. */
  #forget(name: string): void {
    const topic = this.#topics.id(name)
    if (topic === undefined) return
    this.#deleted.add(topic)
    for (const partition of this.#of(topic)) {
      this.#states.delete(partition)
      this.#facts?.topicDeletion(partition, 'ended')
    }
    for (const partition of this.#replicas.keys()) {
      if (topicOf(partition) === topic) this.#replicas.delete(partition)
    }
    this.#partitions = this.#partitions.filter((partition) => topicOf(partition) !== topic)
  }

  /** The wish goes last; where the topic still stands, nobody acted on it. */
  #cancel(name: string): void {
    const topic = this.#topics.id(name)
    if (topic === undefined || !this.#deletions.delete(topic)) return
    for (const partition of this.#of(topic)) this.#facts?.topicDeletion(partition, 'cancelled')
  }

  #of(topic: TopicId): readonly PartitionId[] {
    return this.#partitions.filter((partition) => topicOf(partition) === topic)
  }

  #commitState(partition: PartitionId, change: CommittedChange): void {
    const before = this.#states.get(partition)
    const state = stateIn(change.data as StateNode, change.version)
    this.#states.set(partition, state)
    if (before === undefined) this.#begin(partition)
    else this.#count(before, state)
    const clean = isCleanChange(before, state)
    const { leader, leaderEpoch, isr, partitionEpoch, controllerEpoch } = state
    const reigningEpoch = this.#controllerEpoch
    this.#facts?.stateCommitted(partition, {
      leader,
      leaderEpoch,
      isr,
      partitionEpoch,
      controllerEpoch,
      reigningEpoch,
      clean,
    })
  }

  #begin(partition: PartitionId): void {
    this.#partitions.push(partition)
    if (this.isToGo(partition)) this.#facts?.topicDeletion(partition, 'begun')
  }

  #count(before: PartitionState, state: PartitionState): void {
    if (state.leader !== before.leader && state.leader !== -1) this.#elections += 1
    if (before.isr.some((member) => !state.isr.includes(member))) this.#isrShrinks += 1
  }
}

const NONE: readonly number[] = []

/** False if the leader comes from outside the ISR that stood before (KB C7). */
export function isCleanChange(before: PartitionState | undefined, state: PartitionState): boolean {
  if (before === undefined || state.leader === -1) return true
  return before.leader === state.leader || before.isr.includes(state.leader)
}
