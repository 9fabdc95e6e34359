/**
 * The cluster at one moment of a run: topics, groups, roles, and who is down, paused or cut off.
 *
 * The run is the same up to that moment; then its state is read from the durable metadata, the logs
 * and the members. Offsets of groups are those whose commit had been accepted by then. Kafka's
 * tools ask brokers for the same; topics have no ids here, and hosts have names in place of
 * addresses.
 */

import { Outcome } from '../../model/history.ts'
import type { Broker } from '../../model/kafka/broker-state.ts'
import { brokerConfig } from '../../model/kafka/config/broker-config.ts'
import { partitionOf, topicOf } from '../../model/record.ts'
import type { Case } from '../case.ts'
import type { Cluster, Group } from '../run/cluster.ts'
import { memberOf } from '../run/conditions.ts'
import { run } from '../run.ts'

export interface PartitionAt {
  readonly partition: number
  /** −1: none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  /** Log end and high watermark of each replica's log, by its place in `replicas`; null: no log. */
  readonly ends: readonly ({ readonly end: number; readonly highWatermark: number } | null)[]
}

export interface TopicAt {
  readonly topic: string
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
  readonly partitions: readonly PartitionAt[]
}

export interface GroupRowAt {
  readonly topic: string
  readonly partition: number
  /** Null: nothing was committed. */
  readonly currentOffset: number | null
  readonly logEndOffset: number
  readonly member: { readonly id: string; readonly host: string; readonly client: string } | null
}

export interface GroupAt {
  readonly group: string
  readonly coordinator: number
  readonly activeMembers: number
  readonly rows: readonly GroupRowAt[]
}

export interface ProcessAt {
  readonly process: string
  readonly phase: 'down' | 'running' | 'paused'
  readonly incarnation: number
  /** Of a broker: whether the ensemble knows it. */
  readonly registered: boolean | null
}

export interface ClusterAt {
  /** From t = 0. */
  readonly atUs: number
  /** −1: none. */
  readonly controller: number
  readonly zookeeperLeader: number
  readonly processes: readonly ProcessAt[]
  /** Pairs of hosts with no way from the first to the second. */
  readonly cut: readonly (readonly [string, string])[]
  readonly topics: readonly TopicAt[]
  readonly groups: readonly GroupAt[]
}

/** Null if the run was over before. */
export function clusterAt(one: Case, atUs: number): ClusterAt | null {
  let seen: ClusterAt | null = null
  run(one, { look: { atUs, take: (cluster) => (seen = read(cluster, atUs)) } })
  return seen
}

function read(cluster: Cluster, atUs: number): ClusterAt {
  const { durable } = cluster
  return {
    atUs,
    controller: durable.controller(),
    zookeeperLeader: durable.zookeeperLeader(),
    processes: processesAt(cluster),
    cut: cutsAt(cluster),
    topics: topicsAt(cluster),
    groups: cluster.groups.map((group) => groupAt(cluster, group)),
  }
}

function processesAt({ world, brokers, durable, zookeeper, ...rest }: Cluster): ProcessAt[] {
  const ids = new Map(brokers.map(({ id, name }) => [name, id]))
  const names = [
    ...zookeeper.map(({ name }) => name),
    ...brokers.map(({ name }) => name),
    ...rest.producers.map(({ name }) => name),
    ...rest.groups.flatMap(({ members }) => members),
    ...rest.services,
  ]
  return names.map((process) => {
    const runtime = world.process(process)
    const id = ids.get(process)
    const epoch = durable.registered().find((registered) => registered.id === id)?.epoch
    const own = world.stateOf<Broker>(process)?.brokerEpoch
    return {
      process,
      phase: runtime?.phase ?? 'down',
      incarnation: runtime?.incarnation ?? 0,
      registered: id === undefined ? null : epoch !== undefined && (own ?? epoch) === epoch,
    }
  })
}

/** Hosts that are up and cannot reach each other, in the order of their names. */
function cutsAt({ world }: Cluster): (readonly [string, string])[] {
  const hosts = world.hostNames().filter((name) => world.host(name).up)
  const found: (readonly [string, string])[] = []
  for (const from of hosts) {
    for (const to of hosts) {
      if (from === to) continue
      if (!world.network.reachable(world.host(from), world.host(to))) found.push([from, to])
    }
  }
  return found
}

function topicsAt(cluster: Cluster): TopicAt[] {
  const { durable, topics, truth, scenario } = cluster
  const found = new Map<number, PartitionAt[]>()
  for (const id of durable.partitions()) {
    const replicas = durable.replicasOf(id)
    const row = {
      partition: partitionOf(id),
      leader: durable.leaderOf(id),
      leaderEpoch: truth.durable(id)?.leaderEpoch ?? -1,
      replicas,
      isr: durable.isrOf(id),
      ends: replicas.map((broker) => truth.logOf(broker, id)),
    }
    const rows = found.get(topicOf(id))
    if (rows === undefined) found.set(topicOf(id), [row])
    else rows.push(row)
  }
  const least = brokerConfig(scenario.cluster.config).minInsyncReplicas
  return [...found].map(([topic, partitions]) => {
    const name = topics.name(topic)
    const own = scenario.topics.find((one) => one.name === name)?.config ?? {}
    const given = Object.entries(own).map(([key, value]) => [key, String(value)] as const)
    return {
      topic: name,
      replicationFactor: partitions[0]?.replicas.length ?? 0,
      configs: Object.fromEntries([['min.insync.replicas', String(least)] as const, ...given]),
      partitions: partitions.sort((a, b) => a.partition - b.partition),
    }
  })
}

function groupAt(cluster: Cluster, group: Group): GroupAt {
  const { durable, topics, truth } = cluster
  const { group: name, topics: subscribed } = group.consumer
  const committed = committedOffsets(cluster, name)
  const rows: GroupRowAt[] = []
  for (const id of durable.partitions()) {
    const topic = topics.name(topicOf(id))
    if (!subscribed.includes(topic)) continue
    rows.push({
      topic,
      partition: partitionOf(id),
      currentOffset: committed.get(id) ?? null,
      logEndOffset: truth.logOf(durable.leaderOf(id), id)?.highWatermark ?? 0,
      member: ownerOf(cluster, group, id),
    })
  }
  const active = group.members.filter((member) => {
    return (memberOf(cluster, member)?.consumer.membership.generation ?? -1) >= 0
  })
  const coordinator = durable.leaderOf(group.coordinatorPartition)
  return { group: name, coordinator, activeMembers: active.length, rows }
}

function ownerOf(cluster: Cluster, group: Group, partition: number): GroupRowAt['member'] {
  for (const name of group.members) {
    const consumer = memberOf(cluster, name)?.consumer
    if (consumer === undefined || !consumer.positions.has(partition)) continue
    return { id: consumer.membership.memberId, host: name, client: name }
  }
  return null
}

/** By partition, the offset of the last accepted commit. */
function committedOffsets({ history }: Cluster, group: string): ReadonlyMap<number, number> {
  const { commits, names } = history
  const { data } = commits
  const id = names.indexOf(group)
  const found = new Map<number, number>()
  for (let row = 0; row < commits.length; row += 1) {
    if (data.group[row] !== id || data.outcome[row] !== Outcome.ok) continue
    found.set(data.partition[row] as number, data.offset[row] as number)
  }
  return found
}
