/**
 * Conditions of a cluster that the harness waits for: converged, settled, caught up.
 *
 * Metadata is read from what the ensemble has committed; the state of members is looked at in their
 * processes, because no client could tell it. None of this decides a verdict.
 */

import type { Broker } from '../../model/kafka/broker-state.ts'
import type { Member } from '../../model/kafka/clients/consumer/process.ts'
import { isServing, type ZooKeeperServer } from '../../model/zookeeper/server-state.ts'
import { type PartitionId, partitionOf, topicOf } from '../../model/record.ts'
import { type Cluster, type Group, wantedMembers } from './cluster.ts'

/** The partitions that have a durable state and are not to be deleted, internal ones included. */
export function allPartitions({ durable }: Cluster): readonly PartitionId[] {
  const partitions = durable.partitions()
  if (durable.deletions().size === 0) return partitions
  return partitions.filter((partition) => !durable.isToGo(partition))
}

/** Names of the scenario's topics, without those that were deleted or are to be. */
export function presentTopics({ durable, scenario, topics }: Cluster): readonly string[] {
  return scenario.topics
    .map(({ name }) => name)
    .filter((name) => !durable.isGone(topics.id(name) ?? -1))
}

export function partitionText(cluster: Cluster, partition: PartitionId): string {
  return `${cluster.topics.name(topicOf(partition))}-${partitionOf(partition)}`
}

/** What keeps the brokers and partitions from being whole; null if nothing does. */
export function unsettled(cluster: Cluster): string | null {
  const { durable, world } = cluster
  const frozen = cluster.nemesis?.frozen
  for (const { id, name } of cluster.brokers) {
    // What a permanent fault has struck is not waited for.
    if (frozen?.has(name) === true) continue
    if (world.process(name)?.phase !== 'running') return `${name} is not running`
    if (!durable.isRegistered(id)) return `${name} is not registered`
  }
  if (durable.controller() === -1) return 'there is no controller'
  for (const partition of allPartitions(cluster)) {
    const leader = durable.leaderOf(partition)
    if (leader === -1) return `${partitionText(cluster, partition)} has no leader`
    const isr = durable.isrOf(partition)
    for (const id of durable.replicasOf(partition)) {
      if (isr.includes(id) || isFrozen(cluster, id)) continue
      return `${partitionText(cluster, partition)} misses broker ${id} in its ISR`
    }
  }
  return departing(cluster)
}

/** A topic on its way out that no permanent fault holds up, in words; null if there is none. */
function departing(cluster: Cluster): string | null {
  const { durable, topics } = cluster
  for (const topic of durable.deletions()) {
    const replicas = durable
      .partitions()
      .filter((partition) => topicOf(partition) === topic)
      .flatMap((partition) => durable.replicasOf(partition))
    if (replicas.every((id) => !isFrozen(cluster, id)))
      return `${topics.name(topic)} is still being deleted`
  }
  return null
}

function isFrozen({ brokers, nemesis }: Cluster, id: number): boolean {
  const name = brokers.find((broker) => broker.id === id)?.name
  return name !== undefined && nemesis?.frozen.has(name) === true
}

/**
 * What keeps the cluster from being whole: as settled, each broker registered by the process that
 * runs, and every ZooKeeper server running; null if nothing does.
 */
export function ailing(cluster: Cluster): string | null {
  const { durable, world } = cluster
  const down = cluster.zookeeper.find(({ name }) => world.process(name)?.phase !== 'running')
  if (down !== undefined) return `${down.name} is not running`
  const why = unsettled(cluster)
  if (why !== null) return why
  for (const { id, name } of cluster.brokers) {
    const epoch = durable.registered().find((registered) => registered.id === id)?.epoch
    if (world.stateOf<Broker>(name)?.brokerEpoch !== epoch)
      return `${name} is registered by a process that died`
  }
  return cluster.nemesis !== null && cluster.nemesis.lasting > 0
    ? 'another fault still lasts'
    : null
}

/** An in-sync replica that lacks committed records, in words; null if there is none. */
export function wounded(cluster: Cluster): string | null {
  const { durable, truth } = cluster
  for (const partition of allPartitions(cluster)) {
    for (const id of durable.isrOf(partition)) {
      if (truth.holdsCommitted(id, partition)) continue
      return `broker ${id} is in the ISR of ${partitionText(cluster, partition)} without its committed records`
    }
  }
  return null
}

/**
 * A server of the ensemble that serves nobody, or follows a leader that has forgotten it; null if
 * every one that can serves.
 */
export function unserving({ nemesis, world, zookeeper }: Cluster): string | null {
  const servers = zookeeper.map(({ name }) => world.stateOf<ZooKeeperServer>(name))
  const leading = servers.find((server) => server?.leading?.phase === 'broadcast')
  for (const [index, { name }] of zookeeper.entries()) {
    if (nemesis?.frozen.has(name) === true) continue
    const server = servers[index]
    // On a log that has rotted it cannot start.
    if (server === undefined && world.host(name).disks.some(({ rotting }) => rotting)) continue
    if (server === undefined || !isServing(server)) return `${name} does not serve`
    const known = server === leading || (leading?.leading?.learners[index] ?? null) !== null
    if (!known) return `${name} follows nobody`
  }
  return null
}

/** What keeps a group from being stable; null if nothing does. */
export function unstable(cluster: Cluster, group: Group): string | null {
  const name = group.consumer.group
  let generation: number | null = null
  for (const memberName of group.members) {
    if (group.stopped.has(memberName)) continue
    const member = memberOf(cluster, memberName)
    if (member === null) return `${memberName} is not running`
    const { membership } = member.consumer
    if (membership.state !== 'stable' || membership.rejoinNeeded)
      return `${memberName} has not joined ${name}`
    if (generation !== null && membership.generation !== generation)
      return `${name} has members of two generations`
    generation = membership.generation
  }
  if (generation === null) return null
  for (const partition of allPartitions(cluster)) {
    if (!consumes(cluster, group, partition)) continue
    if (positionOf(cluster, group, partition) === null)
      return `nobody of ${name} owns ${partitionText(cluster, partition)}`
  }
  return null
}

/** What keeps a group from having consumed everything; null if nothing does. */
export function behind(cluster: Cluster, group: Group): string | null {
  const waiting = unstable(cluster, group)
  if (waiting !== null) return waiting
  const members = wantedMembers(group)
  for (const memberName of members) {
    const member = memberOf(cluster, memberName) as Member
    if (member.consumer.phase !== 'polling') return `${memberName} is at work`
  }
  if (members.length === 0) return null
  for (const partition of allPartitions(cluster)) {
    if (!consumes(cluster, group, partition)) continue
    const end =
      cluster.truth.logOf(cluster.durable.leaderOf(partition), partition)?.highWatermark ?? 0
    const at = positionOf(cluster, group, partition) ?? -1
    if (at < end)
      return `${group.consumer.group} is at ${at} of ${end} in ${partitionText(cluster, partition)}`
  }
  return null
}

function consumes({ topics }: Cluster, group: Group, partition: PartitionId): boolean {
  return group.consumer.topics.includes(topics.name(topicOf(partition)))
}

/** The offset at which the group's last member that owns a partition is; null if none does. */
function positionOf(cluster: Cluster, group: Group, partition: PartitionId): number | null {
  let offset: number | null = null
  for (const name of group.members) {
    if (group.stopped.has(name)) continue
    const position = memberOf(cluster, name)?.consumer.positions.get(partition)
    if (position !== undefined) ({ offset } = position)
  }
  return offset
}

export function memberOf(cluster: Cluster, name: string): Member | null {
  const runtime = cluster.world.process(name)
  if (runtime === undefined || runtime.phase !== 'running') return null
  return runtime.state as Member
}
