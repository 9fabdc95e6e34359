/**
 * Targets: roles and names resolved to hosts at the moment an entry fires.
 *
 * Roles are read from the durable metadata (what a quorum of the ensemble has committed), never
 * from a broker's belief. A role that nobody holds resolves to nothing, and the entry is refused.
 */

import type { PartitionId } from '../../model/record.ts'
import type { Target } from '../schema/timeline.ts'

/** What resolving needs to know of the deployment and of the durable metadata. */
export interface ClusterView {
  partition(topic: string, partition: number): PartitionId | null
  /** The partition of `__consumer_offsets` that holds a group. */
  coordinatorPartition(group: string): PartitionId
  /** Broker id, −1 for none. */
  leaderOf(partition: PartitionId): number
  replicasOf(partition: PartitionId): readonly number[]
  /** Broker id, −1 for none. */
  controller(): number
  /** Server id, −1 for none. */
  zookeeperLeader(): number
  brokers(): readonly { readonly id: number; readonly rack: string }[]
  zookeeperServers(): readonly { readonly id: number; readonly rack: string }[]
  /** Process names of a group's members, in order of their numbers. */
  members(group: string): readonly string[]
  producers(name: string): readonly string[]
  groups(): readonly string[]
  producerNames(): readonly string[]
  services(): readonly string[]
}

export function brokerHost(id: number): string {
  return `broker-${id}`
}

export function zookeeperHost(id: number): string {
  return `zookeeper-${id}`
}

export function serviceHost(name: string): string {
  return `service-${name}`
}

/** The hosts that a target names now. Empty: nobody holds the role. */
export function resolveTarget(target: Target, view: ClusterView): readonly string[] {
  switch (target.of) {
    case 'broker':
      return [brokerHost(target.id)]
    case 'rack':
      return rackHosts(target.rack, view)
    case 'controller':
      return ofBroker(view.controller())
    case 'zookeeper':
      return [zookeeperHost(target.id)]
    case 'zookeeper-leader': {
      const id = view.zookeeperLeader()
      return id === -1 ? [] : [zookeeperHost(id)]
    }
    case 'leader': {
      const partition = view.partition(target.topic, target.partition)
      return partition === null ? [] : ofBroker(view.leaderOf(partition))
    }
    case 'follower':
      return followerHosts(target, view)
    case 'replicas': {
      const partition = view.partition(target.topic, target.partition)
      return partition === null ? [] : view.replicasOf(partition).map(brokerHost)
    }
    case 'coordinator':
      return ofBroker(view.leaderOf(view.coordinatorPartition(target.group)))
    case 'member': {
      const member = view.members(target.group)[target.index - 1]
      return member === undefined ? [] : [member]
    }
    case 'half': {
      const members = view.members(target.group)
      return members.slice(0, Math.ceil(members.length / 2))
    }
    case 'group':
      return view.members(target.group)
    case 'producer': {
      const producer = view.producers(target.name)[target.index - 1]
      return producer === undefined ? [] : [producer]
    }
    case 'service':
      return [serviceHost(target.name)]
    case 'all-brokers':
      return view.brokers().map(({ id }) => brokerHost(id))
    case 'all-zookeeper':
      return view.zookeeperServers().map(({ id }) => zookeeperHost(id))
    case 'all-clients':
      return clientHosts(view)
    case 'others':
      return []
    case 'list':
      return unique(target.targets.flatMap((part) => resolveTarget(part, view)))
  }
}

/** Both ends of a link fault; `others` is every host that the other end does not name. */
export function resolveEnds(
  between: Target,
  and: Target,
  view: ClusterView,
): { readonly between: readonly string[]; readonly and: readonly string[] } {
  const all = allHosts(view)
  const one = resolveTarget(between, view)
  const other = resolveTarget(and, view)
  if (between.of === 'others')
    return { between: all.filter((host) => !other.includes(host)), and: other }
  if (and.of === 'others') return { between: one, and: all.filter((host) => !one.includes(host)) }
  return { between: one, and: other.filter((host) => !one.includes(host)) }
}

function ofBroker(id: number): readonly string[] {
  return id === -1 ? [] : [brokerHost(id)]
}

function rackHosts(rack: string, view: ClusterView): readonly string[] {
  return [
    ...view
      .brokers()
      .filter((broker) => broker.rack === rack)
      .map(({ id }) => brokerHost(id)),
    ...view
      .zookeeperServers()
      .filter((server) => server.rack === rack)
      .map(({ id }) => zookeeperHost(id)),
  ]
}

function followerHosts(
  target: Extract<Target, { of: 'follower' }>,
  view: ClusterView,
): readonly string[] {
  const partition = view.partition(target.topic, target.partition)
  if (partition === null) return []
  const leader = view.leaderOf(partition)
  const followers = view.replicasOf(partition).filter((id) => id !== leader)
  const id = followers[target.nth - 1]
  return id === undefined ? [] : [brokerHost(id)]
}

function clientHosts(view: ClusterView): readonly string[] {
  return [
    ...view.producerNames().flatMap((name) => view.producers(name)),
    ...view.groups().flatMap((group) => view.members(group)),
  ]
}

function allHosts(view: ClusterView): readonly string[] {
  return [
    ...view.brokers().map(({ id }) => brokerHost(id)),
    ...view.zookeeperServers().map(({ id }) => zookeeperHost(id)),
    ...clientHosts(view),
    ...view.services().map(serviceHost),
  ]
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
