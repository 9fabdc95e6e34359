/**
 * Drawn integers as targets: single hosts by their roles, and hosts that belong together.
 *
 * Roles whose loss means something are drawn more often than their share. A bias may aim at one
 * broker whatever role is drawn, or at racks and whole replica sets.
 */

import type { Scenario, SwarmTarget } from '../schema/scenario.ts'
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
const servers: readonly SwarmTarget[] = [
  'leader',
  'leader',
  'leader',
  'follower',
  'controller',
  'broker',
  'zookeeper-leader',
  'zookeeper',
  'coordinator',
]

/** A server, a client or a service. */
const everybody: readonly SwarmTarget[] = [
  'leader',
  'leader',
  'follower',
  'controller',
  'broker',
  'zookeeper-leader',
  'zookeeper',
  'coordinator',
  'member',
  'member',
  'producer',
  'service',
]

/** Hosts that share a fate: a rack, every replica of a partition, or half of a group. */
const together: readonly SwarmTarget[] = ['rack', 'replicas', 'half']

/** Two ends of a link: roles whose separation means something. */
const pairs: readonly (readonly [SwarmTarget, SwarmTarget])[] = [
  ['leader', 'others'],
  ['leader', 'follower'],
  ['leader', 'all-zookeeper'],
  ['broker', 'all-zookeeper'],
  ['controller', 'all-zookeeper'],
  ['controller', 'leader'],
  ['zookeeper-leader', 'others'],
  ['zookeeper', 'others'],
  ['broker', 'others'],
  ['producer', 'leader'],
  ['member', 'coordinator'],
  ['follower', 'others'],
]

/** Links that only a swarm which names its targets is interested in. */
const furtherPairs: readonly (readonly [SwarmTarget, SwarmTarget])[] = [
  ['zookeeper-leader', 'all-zookeeper'],
  ['controller', 'follower'],
  ['controller', 'broker'],
  ['follower', 'all-zookeeper'],
  ['member', 'leader'],
]

export function serverTarget(draw: Draw, aim: Aim): Target {
  return targetOf(draw, aim, servers)
}

export function anyTarget(draw: Draw, aim: Aim): Target {
  return targetOf(draw, aim, everybody)
}

/** Where the swarm names its targets, both ends are among them. */
export function linkEnds(draw: Draw, aim: Aim): { readonly between: Target; readonly and: Target } {
  const wanted = aim.scenario.swarm?.targets
  const several = admitted(together, wanted)
  const drawn = several.length > 0 && draw.breadth % 16 >= 16 - aim.breadth
  if (drawn && (wanted?.includes('others') ?? true)) {
    return { between: roleOf(draw, aim, several), and: { of: 'others' } }
  }
  const there =
    wanted === undefined
      ? pairs
      : [...pairs, ...furtherPairs].filter((pair) => pair.every((one) => wanted.includes(one)))
  const choices = there.length === 0 ? pairs : there
  const [one, other] = choices[draw.target % choices.length] as readonly [SwarmTarget, SwarmTarget]
  return { between: roles[one](draw, aim), and: roles[other](draw, aim) }
}

/** Without a role that a family strikes of itself, it strikes whom the swarm names. */
function targetOf(draw: Draw, aim: Aim, usual: readonly SwarmTarget[]): Target {
  const wanted = aim.scenario.swarm?.targets
  const several = admitted(together, wanted)
  if (several.length > 0 && draw.breadth % 16 >= 16 - aim.breadth) return roleOf(draw, aim, several)
  const single = admitted(usual, wanted)
  return roleOf(draw, aim, single.length > 0 ? single : several.length > 0 ? several : usual)
}

function admitted(
  usual: readonly SwarmTarget[],
  wanted: readonly SwarmTarget[] | undefined,
): readonly SwarmTarget[] {
  return wanted === undefined ? usual : usual.filter((one) => wanted.includes(one))
}

function roleOf(draw: Draw, aim: Aim, choices: readonly SwarmTarget[]): Target {
  return roles[choices[draw.target % choices.length] as SwarmTarget](draw, aim)
}

const roles: Readonly<Record<SwarmTarget, Role>> = {
  leader,
  follower,
  controller,
  broker,
  'zookeeper-leader': zookeeperLeader,
  zookeeper,
  coordinator,
  member,
  producer,
  service,
  rack,
  replicas,
  half,
  'all-zookeeper': allZookeeper,
  others,
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
