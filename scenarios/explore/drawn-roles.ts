/**
 * Drawn integers as targets: single hosts by their roles, and hosts that belong together.
 *
 * Roles whose loss means something are drawn more often than their share. A bias may aim at one
 * broker whatever role is drawn, or at racks and whole replica sets.
 */

import type { Scenario } from '../schema/scenario.ts'
import type { Target } from '../schema/timeline.ts'
import type { Draw } from './draw.ts'

/** What targets are drawn from. */
export interface Aim {
  readonly scenario: Scenario
  /** Every broker that is drawn is this one; null: each as its role says. */
  readonly brokerId: number | null
  /** Sixteenths of the draws that strike several hosts at once. */
  readonly breadth: number
}

type Role = (draw: Draw, aim: Aim) => Target

/** A broker or ZooKeeper server; leaders of partitions most often. */
export function serverTarget(draw: Draw, aim: Aim): Target {
  return targetOf(draw, aim, [
    leader,
    leader,
    leader,
    follower,
    controller,
    broker,
    zookeeperLeader,
    zookeeper,
    coordinator,
  ])
}

/** A server, a client or a service. */
export function anyTarget(draw: Draw, aim: Aim): Target {
  return targetOf(draw, aim, [
    leader,
    leader,
    follower,
    controller,
    broker,
    zookeeperLeader,
    zookeeper,
    coordinator,
    member,
    member,
    producer,
    service,
  ])
}

/** Two ends of a link: roles whose separation means something. */
export function linkEnds(draw: Draw, aim: Aim): { readonly between: Target; readonly and: Target } {
  const pairs: readonly (readonly [Role, Role])[] = [
    [leader, others],
    [leader, follower],
    [leader, allZookeeper],
    [broker, allZookeeper],
    [controller, allZookeeper],
    [controller, leader],
    [zookeeperLeader, others],
    [zookeeper, others],
    [broker, others],
    [producer, leader],
    [member, coordinator],
    [follower, others],
  ]
  if (draw.breadth % 16 >= 16 - aim.breadth) {
    return { between: together(draw, aim), and: { of: 'others' } }
  }
  const [one, other] = pairs[draw.target % pairs.length] as readonly [Role, Role]
  return { between: one(draw, aim), and: other(draw, aim) }
}

function targetOf(draw: Draw, aim: Aim, roles: readonly Role[]): Target {
  if (draw.breadth % 16 >= 16 - aim.breadth) return together(draw, aim)
  return (roles[draw.target % roles.length] as Role)(draw, aim)
}

/** Hosts that share a fate: a rack, every replica of a partition, or half of a group. */
function together(draw: Draw, aim: Aim): Target {
  const choices: readonly Role[] = [rack, replicas, half]
  return (choices[draw.target % choices.length] as Role)(draw, aim)
}

function leader(draw: Draw, { scenario, brokerId }: Aim): Target {
  if (brokerId !== null) return { of: 'broker', id: brokerId }
  return { of: 'leader', ...somePartition(draw, scenario) }
}

function follower(draw: Draw, { scenario, brokerId }: Aim): Target {
  if (brokerId !== null) return { of: 'broker', id: brokerId }
  return { of: 'follower', ...somePartition(draw, scenario), nth: 1 + (draw.detail % 2) }
}

function controller(_draw: Draw, { brokerId }: Aim): Target {
  return brokerId === null ? { of: 'controller' } : { of: 'broker', id: brokerId }
}

function broker(draw: Draw, { scenario, brokerId }: Aim): Target {
  const { brokers } = scenario.cluster
  const drawn = (brokers[draw.other % brokers.length] as { id: number }).id
  return { of: 'broker', id: brokerId ?? drawn }
}

function zookeeperLeader(): Target {
  return { of: 'zookeeper-leader' }
}

function zookeeper(draw: Draw, { scenario }: Aim): Target {
  const servers = scenario.cluster.zookeeper
  return { of: 'zookeeper', id: (servers[draw.other % servers.length] as { id: number }).id }
}

function allZookeeper(): Target {
  return { of: 'all-zookeeper' }
}

function others(): Target {
  return { of: 'others' }
}

function rack(draw: Draw, { scenario }: Aim): Target {
  const { brokers } = scenario.cluster
  return { of: 'rack', rack: (brokers[draw.other % brokers.length] as { rack: string }).rack }
}

function replicas(draw: Draw, { scenario }: Aim): Target {
  const partition = somePartition(draw, scenario)
  const topic = scenario.topics.find(({ name }) => name === partition.topic)
  const targets: Target[] = [{ of: 'leader', ...partition }]
  for (let nth = 1; nth < (topic?.replicationFactor ?? 1); nth += 1) {
    targets.push({ of: 'follower', ...partition, nth })
  }
  return { of: 'list', targets }
}

function half(draw: Draw, aim: Aim): Target {
  const { consumers } = aim.scenario
  const group = consumers[draw.other % Math.max(1, consumers.length)]
  return group === undefined ? rack(draw, aim) : { of: 'half', group: group.group }
}

function coordinator(draw: Draw, aim: Aim): Target {
  const { consumers } = aim.scenario
  const group = consumers[draw.other % Math.max(1, consumers.length)]
  if (group === undefined || aim.brokerId !== null) return leader(draw, aim)
  return { of: 'coordinator', group: group.group }
}

function member(draw: Draw, aim: Aim): Target {
  const { consumers } = aim.scenario
  const group = consumers[draw.other % Math.max(1, consumers.length)]
  if (group === undefined) return producer(draw, aim)
  return { of: 'member', group: group.group, index: 1 + (draw.detail % Math.max(1, group.members)) }
}

function producer(draw: Draw, aim: Aim): Target {
  const { producers } = aim.scenario
  const one = producers[draw.other % Math.max(1, producers.length)]
  if (one === undefined) return leader(draw, aim)
  return { of: 'producer', name: one.name, index: 1 + (draw.detail % one.count) }
}

function service(draw: Draw, aim: Aim): Target {
  const { services } = aim.scenario
  const one = services[draw.other % Math.max(1, services.length)]
  return one === undefined ? leader(draw, aim) : { of: 'service', name: one.name }
}

/** A partition of the scenario's topics; of the groups' offsets where there is no topic. */
export function somePartition(
  draw: Draw,
  scenario: Scenario,
): { readonly topic: string; readonly partition: number } {
  const topic = scenario.topics[draw.other % Math.max(1, scenario.topics.length)]
  if (topic === undefined) return { topic: '__consumer_offsets', partition: 0 }
  return { topic: topic.name, partition: draw.detail % topic.partitions }
}
