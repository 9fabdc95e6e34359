/**
 * Boot: from cold hosts to a cluster that has converged, within its own bound.
 *
 * ZooKeeper, then brokers, then topics; then services and consumers; then t = 0 and the load.
 */

import type { Admin, AdminCommand } from '../../model/kafka/clients/admin.ts'
import { isAdminIdle } from '../../model/kafka/clients/admin.ts'
import type { AdminAction } from '../../model/kafka/clients/admin-task.ts'
import { OFFSETS_TOPIC } from '../../model/kafka/topics.ts'
import type { InspectCommand } from '../../model/kafka/clients/inspector/inspector-state.ts'
import { ADMIN, AUDITOR, type Cluster, driveUntil, INSPECTOR, PROBER } from './cluster.ts'
import { unsettled, unstable } from './conditions.ts'
import { clusterView } from './views.ts'

/** A boot that did not converge: a defect of the model or an impossible configuration. */
export class BootError extends Error {
  override readonly name = 'BootError'
}

const BOOT_LIMIT_US = 300_000_000
/** t = 0 is a whole number of these, so that times read well. */
const ORIGIN_STEP_US = 100_000

export function bootCluster(cluster: Cluster): void {
  const { world } = cluster
  for (const { name } of cluster.zookeeper) world.start(name)
  for (const { name } of cluster.brokers) world.start(name)
  world.start(ADMIN)
  world.start(AUDITOR)
  world.start(PROBER)
  const registered = (): boolean =>
    cluster.durable.controller() !== -1 &&
    cluster.brokers.every(({ id }) => cluster.durable.isRegistered(id))
  reach(cluster, { step: 'the brokers did not register', holds: registered, why: unregistered })
  createTopics(cluster)
  reach(cluster, {
    step: 'the partitions did not get their leaders',
    holds: () => unsettled(cluster) === null,
    why: unsettled,
  })
  for (const name of cluster.services) world.start(name)
  for (const group of cluster.groups) group.members.forEach((name) => world.start(name))
  reach(cluster, {
    step: 'the groups did not become stable',
    holds: () => unstableGroup(cluster) === null,
    why: unstableGroup,
  })
  startLoad(cluster)
}

function createTopics(cluster: Cluster): void {
  const { scenario, world } = cluster
  const config = clusterView(scenario.cluster.config)
  const topics = scenario.topics.map(
    ({ name, partitions, replicationFactor, replicas, config: own }) => ({
      name,
      partitions,
      replicationFactor,
      assignment: replicas ?? null,
      config: Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])),
    }),
  )
  const offsets = {
    name: OFFSETS_TOPIC,
    partitions: config.offsetsTopicNumPartitions,
    replicationFactor: config.offsetsTopicReplicationFactor,
    assignment: null,
    config: {},
  }
  administer(
    cluster,
    {
      kind: 'create-topics',
      topics: scenario.consumers.length > 0 ? [offsets, ...topics] : topics,
    },
    Infinity,
  )
  const created = (): boolean => isAdminIdle(world.stateOf<Admin>(ADMIN) as Admin)
  reach(cluster, { step: 'the topics were not created', holds: created, why: withoutController })
  const { ended } = world.stateOf<Admin>(ADMIN) as Admin
  const refused = ended.find(({ error }) => error !== 'NONE')
  if (refused !== undefined) throw new BootError(`the topics were refused: ${refused.error}`)
  const partitions =
    topics.reduce((sum, topic) => sum + topic.partitions, 0) +
    (scenario.consumers.length > 0 ? offsets.partitions : 0)
  reach(cluster, {
    step: 'the partitions did not appear',
    holds: () => cluster.durable.partitions().length === partitions,
    why: withoutController,
  })
}

/** Gives the administrator a command. */
export function administer(cluster: Cluster, action: AdminAction, timeoutMs: number): void {
  const command: AdminCommand = { type: 'AdminCommand', action, timeoutMs }
  cluster.world.inject(ADMIN, command)
  cluster.world.runUntil(cluster.world.nowUs)
}

function startLoad(cluster: Cluster): void {
  const { world, phases } = cluster
  for (const { name } of cluster.producers) world.start(name)
  if (cluster.scenario.inspector !== undefined) world.start(INSPECTOR)
  const origin = Math.ceil((world.nowUs + ORIGIN_STEP_US) / ORIGIN_STEP_US) * ORIGIN_STEP_US
  world.runUntil(origin - 1)
  phases.originUs = origin
  world.runUntil(origin)
  for (const { name } of cluster.producers)
    world.inject(name, { type: 'LoadCommand', command: 'start' } as { type: string })
  inspect(cluster, 'start')
}

/** Tells the inspector, where the scenario has one, to begin or to end. */
export function inspect({ scenario, world }: Cluster, command: InspectCommand['command']): void {
  if (scenario.inspector === undefined) return
  const told: InspectCommand = { type: 'InspectCommand', command }
  world.inject(INSPECTOR, told)
}

/** A step of the boot: until when the world is driven, and what stands in the way. */
interface Step {
  readonly step: string
  readonly holds: () => boolean
  readonly why: (cluster: Cluster) => string | null
}

function reach(cluster: Cluster, { step, holds, why }: Step): void {
  if (driveUntil(cluster.world, BOOT_LIMIT_US, holds)) return
  const reason = why(cluster)
  const tail = reason === null ? '' : `: ${reason}`
  throw new BootError(`${step} within ${BOOT_LIMIT_US / 1e6} s of boot${tail}`)
}

function unregistered(cluster: Cluster): string | null {
  const missing = cluster.brokers.filter(({ id }) => !cluster.durable.isRegistered(id))
  if (missing.length === 0) return withoutController(cluster)
  return `${missing.map(({ name }) => name).join(', ')} not registered`
}

function withoutController(cluster: Cluster): string | null {
  return cluster.durable.controller() === -1 ? 'no broker is controller' : null
}

function unstableGroup(cluster: Cluster): string | null {
  for (const group of cluster.groups) {
    const reason = unstable(cluster, group)
    if (reason !== null) return reason
  }
  return null
}
