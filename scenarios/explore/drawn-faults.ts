/**
 * Drawn integers as faults: which family strikes whom.
 */

import type { Scenario, SwarmFamily } from '../schema/scenario.ts'
import type { Fault, Target } from '../schema/timeline.ts'
import { type Draw, lengthUs, startUs } from './draw.ts'

/** The fault that a draw stands for. */
export function drawnFault(draw: Draw, scenario: Scenario, family: SwarmFamily): Fault | null {
  const when = { atUs: startUs(draw, scenario), forUs: lengthUs(draw, scenario) }
  switch (family) {
    case 'crash':
      return { kind: 'crash', target: anyProcess(draw, scenario), ...when }
    case 'restart':
      return { kind: 'restart', target: serverProcess(draw, scenario), clean: false, ...when }
    case 'power-loss':
      return { kind: 'power-loss', target: serverProcess(draw, scenario), ...when }
    case 'pause':
      return { kind: 'pause', target: anyProcess(draw, scenario), ...when }
    case 'cut':
      return { kind: 'cut', ...ends(draw, scenario), direction: direction(draw), ...when }
    case 'hold':
      return { kind: 'hold', ...ends(draw, scenario), direction: direction(draw), ...when }
    case 'reset':
      return { kind: 'reset', ...ends(draw, scenario), atUs: when.atUs }
    case 'slow':
      return slow(draw, scenario, when)
    case 'clock':
      return clock(draw, scenario, when)
  }
}

function slow(
  draw: Draw,
  scenario: Scenario,
  when: { readonly atUs: number; readonly forUs: number },
): Fault {
  if (draw.kind % 3 === 0) {
    const delayUs = 1000 * (1 + draw.detail * 4)
    const link = ends(draw, scenario)
    return {
      kind: 'slow-link',
      ...link,
      direction: 'both',
      delayUs,
      jitterUs: delayUs,
      bytesPerSecond: 0,
      ...when,
    }
  }
  const target = serverProcess(draw, scenario)
  const factor = 2 + (draw.detail % 50)
  if (draw.kind % 3 === 1)
    return { kind: 'slow-disk', target, delayUs: 1000 * (draw.detail % 200), factor, ...when }
  return { kind: 'slow-cpu', target, factor, ...when }
}

function clock(
  draw: Draw,
  scenario: Scenario,
  when: { readonly atUs: number; readonly forUs: number },
): Fault {
  const target = anyProcess(draw, scenario)
  if (draw.kind % 2 === 0) {
    const seconds = [1, 5, 15, 60, 180][draw.detail % 5] as number
    const sign = draw.detail % 2 === 0 ? 1 : -1
    return { kind: 'clock-step', target, byUs: sign * seconds * 1_000_000, atUs: when.atUs }
  }
  const ppm = (draw.detail % 2 === 0 ? 1 : -1) * (100 + draw.detail * 200)
  return { kind: 'clock-drift', target, ppm, ...when }
}

/** A broker or ZooKeeper server; leaders of partitions most often. */
function serverProcess(draw: Draw, scenario: Scenario): Target {
  const roles = [
    leader,
    leader,
    leader,
    follower,
    controller,
    broker,
    zookeeperLeader,
    zookeeper,
    coordinator,
  ]
  return (roles[draw.target % roles.length] as Role)(draw, scenario)
}

function anyProcess(draw: Draw, scenario: Scenario): Target {
  const roles = [
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
  ]
  return (roles[draw.target % roles.length] as Role)(draw, scenario)
}

/** Two ends of a link: roles whose separation means something. */
function ends(draw: Draw, scenario: Scenario): { readonly between: Target; readonly and: Target } {
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
  const [one, other] = pairs[draw.target % pairs.length] as readonly [Role, Role]
  return { between: one(draw, scenario), and: other(draw, scenario) }
}

function direction(draw: Draw): 'both' | 'to' | 'from' {
  return (['both', 'both', 'to', 'from'] as const)[draw.detail % 4] as 'both' | 'to' | 'from'
}

type Role = (draw: Draw, scenario: Scenario) => Target

function leader(draw: Draw, scenario: Scenario): Target {
  return { of: 'leader', ...somePartition(draw, scenario) }
}

function follower(draw: Draw, scenario: Scenario): Target {
  return { of: 'follower', ...somePartition(draw, scenario), nth: 1 + (draw.detail % 2) }
}

function controller(): Target {
  return { of: 'controller' }
}

function broker(draw: Draw, scenario: Scenario): Target {
  const { brokers } = scenario.cluster
  return { of: 'broker', id: (brokers[draw.other % brokers.length] as { id: number }).id }
}

function zookeeperLeader(): Target {
  return { of: 'zookeeper-leader' }
}

function zookeeper(draw: Draw, scenario: Scenario): Target {
  const servers = scenario.cluster.zookeeper
  return { of: 'zookeeper', id: (servers[draw.other % servers.length] as { id: number }).id }
}

function allZookeeper(): Target {
  return { of: 'all-zookeeper' }
}

function others(): Target {
  return { of: 'others' }
}

function coordinator(draw: Draw, scenario: Scenario): Target {
  const group = scenario.consumers[draw.other % Math.max(1, scenario.consumers.length)]
  return group === undefined ? leader(draw, scenario) : { of: 'coordinator', group: group.group }
}

function member(draw: Draw, scenario: Scenario): Target {
  const group = scenario.consumers[draw.other % Math.max(1, scenario.consumers.length)]
  if (group === undefined) return producer(draw, scenario)
  return { of: 'member', group: group.group, index: 1 + (draw.detail % Math.max(1, group.members)) }
}

function producer(draw: Draw, scenario: Scenario): Target {
  const one = scenario.producers[draw.other % Math.max(1, scenario.producers.length)]
  if (one === undefined) return leader(draw, scenario)
  return { of: 'producer', name: one.name, index: 1 + (draw.detail % one.count) }
}

function service(draw: Draw, scenario: Scenario): Target {
  const one = scenario.services[draw.other % Math.max(1, scenario.services.length)]
  return one === undefined ? leader(draw, scenario) : { of: 'service', name: one.name }
}

function somePartition(
  draw: Draw,
  scenario: Scenario,
): { readonly topic: string; readonly partition: number } {
  const topic = scenario.topics[draw.other % Math.max(1, scenario.topics.length)]
  if (topic === undefined) return { topic: '__consumer_offsets', partition: 0 }
  return { topic: topic.name, partition: draw.detail % topic.partitions }
}
