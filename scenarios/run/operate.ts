/**
 * Operations: what administrators and teams do to a running cluster.
 */

import { ail } from '../../model/kafka/application/ailments.ts'
import type { AdminAction } from '../../model/kafka/clients/admin-task.ts'
import { groupPartition } from '../../model/kafka/group/placement.ts'
import { protocolsOf } from '../../model/kafka/protocols.ts'
import { partitionId } from '../../model/record.ts'
import type { Deed } from '../../sim/nemesis.ts'
import type { Config } from '../schema/scenario.ts'
import type { Operation, Trigger } from '../schema/timeline.ts'
import type { ClusterView } from '../torment/targets.ts'
import type { Operators, Restart } from '../torment/torment.ts'
import { ADMIN, type Cluster, type Group, wantedMembers } from './cluster.ts'
import { restartInTurn, restartTogether, rollOut, SERVER_GRACE_US } from './restarts.ts'

/** How long an administrator waits for an answer, in ms (default.api.timeout.ms: 60 s). */
const ADMIN_TIMEOUT_MS = 60_000

export function operatorsOf(cluster: Cluster): Operators {
  return {
    perform: (operation, targets, over) => perform(cluster, operation, { targets, over }),
    restart: (restart, hosts, over) => restartProcesses(cluster, restart, hosts, over),
  }
}

interface Asked {
  /** What the target was resolved to, where there is one. */
  readonly targets: readonly string[]
  readonly over: () => void
}

function perform(cluster: Cluster, operation: Operation, asked: Asked): Deed {
  switch (operation.kind) {
    case 'add-partitions':
      command(cluster, operation, {
        kind: 'create-partitions',
        topic: operation.topic,
        count: operation.to,
      })
      return done([operation.topic])
    case 'alter-config': {
      const { topic } = operation
      command(cluster, operation, { kind: 'alter-configs', topic, config: texts(operation.config) })
      return done([topic])
    }
    case 'elect-leader': {
      const topic = cluster.topics.id(operation.topic)
      if (topic === undefined) return { refused: `there is no topic ${operation.topic}` }
      const partitions = [partitionId(topic, operation.partition)]
      command(cluster, operation, {
        kind: 'elect-leaders',
        election: operation.election,
        partitions,
      })
      return done([`${operation.topic}-${operation.partition}`])
    }
    case 'add-members':
      return addMembers(cluster, operation.group, operation.count)
    case 'stop-members':
      return stopMembers(cluster, operation)
    case 'slow-work':
      return slowWork(cluster, operation.factor, asked.targets)
    case 'create-topic':
      return createTopic(cluster, operation)
    case 'deploy':
      return deploy(cluster, operation, asked.over)
    case 'rolling-restart':
      return rollingRestart(cluster, operation, asked)
    case 'poison':
      return poison(cluster, operation)
    case 'reassign': {
      const topic = cluster.topics.id(operation.topic)
      if (topic === undefined) return { refused: `there is no topic ${operation.topic}` }
      const partition = partitionId(topic, operation.partition)
      command(cluster, operation, { kind: 'reassign', partition, replicas: operation.replicas })
      return done([`${operation.topic}-${operation.partition}`])
    }
    case 'delete-topic':
      command(cluster, operation, { kind: 'delete-topics', topics: [operation.topic] })
      return done([operation.topic])
  }
}

/** Records are struck as they are met; who has struck one before suffers from it again. */
function poison(cluster: Cluster, operation: Extract<Operation, { kind: 'poison' }>): Deed {
  const { topic, count, group, partition, key, factor } = operation
  const end = ail(cluster.ailments, {
    ailment: { fails: factor === undefined, factor: factor ?? 1 },
    topic,
    group: group ?? null,
    partition: partition ?? null,
    key: key ?? null,
    count,
  })
  return { refused: null, resolved: [topic], end }
}

function createTopic(
  cluster: Cluster,
  operation: Extract<Operation, { kind: 'create-topic' }>,
): Deed {
  const { topic, partitions, replicationFactor, config } = operation
  const row = {
    name: topic,
    partitions,
    replicationFactor,
    assignment: null,
    config: texts(config),
  }
  command(cluster, operation, { kind: 'create-topics', topics: [row] })
  return done([topic])
}

/** Properties as they are sent. */
function texts(config: Config): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]))
}

function deploy(
  cluster: Cluster,
  operation: Extract<Operation, { kind: 'deploy' }>,
  over: () => void,
): Deed {
  const group = groupNamed(cluster, operation.group)
  if (group === undefined) return { refused: `there is no group ${operation.group}` }
  const { names, end } = rollOut(cluster, group, operation, over)
  return { refused: null, resolved: names, end }
}

function rollingRestart(
  cluster: Cluster,
  operation: Extract<Operation, { kind: 'rolling-restart' }>,
  { targets, over }: Asked,
): Deed {
  const { clean, downUs, waitForIsr, pauseUs, protocols } = operation
  const servers = targets.filter((name) => cluster.world.process(name) !== undefined)
  if (servers.length === 0) return { refused: 'nobody is there to restart' }
  upgrade(cluster, servers, protocols)
  const stop = { clean, graceUs: SERVER_GRACE_US, downUs }
  const end = restartInTurn(cluster, servers, { stop, waitForIsr, pauseUs }, over)
  return { refused: null, resolved: servers, end }
}

function restartProcesses(
  cluster: Cluster,
  { clean, forUs, protocols }: Restart,
  hosts: readonly string[],
  over: () => void,
): Deed {
  upgrade(cluster, hosts, protocols)
  const stop = { clean, graceUs: SERVER_GRACE_US, downUs: forUs ?? 0 }
  return { refused: null, resolved: hosts, end: restartTogether(cluster, hosts, stop, over) }
}

/** From their next start on, brokers follow these levels. */
function upgrade(
  cluster: Cluster,
  hosts: readonly string[],
  protocols: Readonly<Record<string, string>> | undefined,
): void {
  if (protocols === undefined) return
  const levels = protocolsOf({ ...cluster.one.protocols, ...protocols })
  for (const { id, name } of cluster.brokers) {
    if (hosts.includes(name)) cluster.levels.set(id, levels)
  }
}

function command(cluster: Cluster, operation: Operation, action: AdminAction): void {
  cluster.commands.set(operation, action)
  cluster.world.inject(ADMIN, { type: 'AdminCommand', action, timeoutMs: ADMIN_TIMEOUT_MS } as {
    type: string
  })
}

function addMembers(cluster: Cluster, name: string, count: number): Deed {
  const group = groupNamed(cluster, name)
  if (group === undefined) return { refused: `there is no group ${name}` }
  const added: string[] = []
  for (let n = 0; n < count; n += 1) {
    const member = group.addMember()
    cluster.world.start(member)
    added.push(member)
  }
  return done(added)
}

function stopMembers(
  cluster: Cluster,
  operation: Extract<Operation, { kind: 'stop-members' }>,
): Deed {
  const group = groupNamed(cluster, operation.group)
  if (group === undefined) return { refused: `there is no group ${operation.group}` }
  const present = wantedMembers(group)
  // Somebody has to stay: a group without members processes nothing.
  const stopping = present.slice(Math.max(1, present.length - operation.count))
  if (stopping.length === 0) return { refused: `${operation.group} would have no member left` }
  for (const name of stopping) {
    group.stopped.add(name)
    cluster.world.holdDown(name)
    if (operation.clean)
      cluster.world.inject(name, { type: 'ConsumerCommand', command: 'stop', factor: 1 } as {
        type: string
      })
    else cluster.world.crash(name)
  }
  return done(stopping)
}

function slowWork(cluster: Cluster, factor: number, targets: readonly string[]): Deed {
  if (targets.length === 0) return { refused: 'nobody is there to slow down' }
  const tell = (by: number): void => {
    for (const name of targets) {
      const type = name.startsWith('service-') ? 'ServiceCommand' : 'ConsumerCommand'
      cluster.world.inject(name, { type, command: 'slow', factor: by } as { type: string })
    }
  }
  tell(factor)
  return { refused: null, resolved: targets, end: () => tell(1) }
}

function done(resolved: readonly string[]): Deed {
  return { refused: null, resolved, end: null }
}

function groupNamed(cluster: Cluster, name: string): Group | undefined {
  return cluster.groups.find((group) => group.consumer.group === name)
}

/** What targets are resolved from. */
export function viewOf(cluster: Cluster): ClusterView {
  const { durable, topics, scenario } = cluster
  const offsetsPartitions = durable
    .partitions()
    .filter((partition) => partition < partitionId(1, 0)).length
  return {
    partition: (topic, number) => {
      const id = topics.id(topic)
      return id === undefined ? null : partitionId(id, number)
    },
    coordinatorPartition: (group) =>
      partitionId(0, groupPartition(group, Math.max(1, offsetsPartitions))),
    leaderOf: (partition) => durable.leaderOf(partition),
    replicasOf: (partition) => durable.replicasOf(partition),
    controller: () => durable.controller(),
    zookeeperLeader: () => durable.zookeeperLeader(),
    brokers: () => scenario.cluster.brokers,
    zookeeperServers: () => scenario.cluster.zookeeper,
    members: (group) => {
      const found = groupNamed(cluster, group)
      return found === undefined ? [] : wantedMembers(found)
    },
    producers: (name) =>
      cluster.producers.filter(({ service }) => service === name).map((one) => one.name),
    groups: () => cluster.groups.map((group) => group.consumer.group),
    producerNames: () => scenario.producers.map(({ name }) => name),
    services: () => scenario.services.map(({ name }) => name),
  }
}

/** The dense subject that a trigger asks for; null: whatever it is. */
export function subjectOf(cluster: Cluster, trigger: Trigger): number | null {
  const { of } = trigger
  if (of === undefined) return null
  switch (of.of) {
    case 'partition':
      return partitionId(cluster.topics.id(of.topic) ?? -1, of.partition)
    case 'group':
      return (groupNamed(cluster, of.group)?.coordinatorPartition ?? -1) % partitionId(1, 0)
    case 'broker':
      return of.id
  }
}
