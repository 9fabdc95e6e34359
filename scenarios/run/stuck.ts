/**
 * Why a run could not settle: a closed list of reasons, each a predicate over truth.
 *
 * What matches none has no reason, only what was in the way: a finding, which availability reports.
 */

import type { Broker } from '../../model/kafka/broker-state.ts'
import type { Cluster } from './cluster.ts'
import { allPartitions } from './conditions.ts'

/** Why a step missed its bound. */
export interface Stuck {
  /** From the closed list, without names; null if none of it holds. */
  readonly reason: string | null
  /** What was in the way, in one line. */
  readonly detail: string
}

export function classify(cluster: Cluster, detail: string): Stuck {
  const found = reasons.find(([_reason, holds]) => holds(cluster))
  return { reason: found === undefined ? null : found[0], detail }
}

const reasons: readonly (readonly [string, (cluster: Cluster) => boolean])[] = [
  ['the ensemble has no quorum', withoutQuorum],
  ['the only in-sync replica is down and unclean election is off', soleIsrDown],
  ['the log directory of the only in-sync replica is offline', soleIsrOffline],
  ['fewer replicas are in sync than min.insync.replicas asks', tooFewInSync],
  ['an ISR change stays pending after its write went through (KB F22)', isrPending],
  [
    'the controller does not know a state that its predecessor wrote late (HZ Z03)',
    controllerBehind,
  ],
  ['a follower gave a partition up: what it fetched does not continue its log (KB F15)', gaveUp],
  ['backlog is longer than the drain', onlyBacklog],
]

/** Names of the reasons, for documents and tests. */
export const stuckReasons: readonly string[] = reasons.map(([reason]) => reason)

function withoutQuorum({ world, zookeeper }: Cluster): boolean {
  const up = zookeeper.filter(({ name }) => world.process(name)?.phase === 'running')
  return up.length * 2 <= zookeeper.length
}

function soleIsrDown(cluster: Cluster): boolean {
  const { durable, world } = cluster
  return allPartitions(cluster).some((partition) => {
    if (durable.leaderOf(partition) !== -1) return false
    return durable
      .isrOf(partition)
      .every((id) => world.process(`broker-${id}`)?.phase !== 'running')
  })
}

function soleIsrOffline(cluster: Cluster): boolean {
  const { durable } = cluster
  return allPartitions(cluster).some((partition) => {
    if (durable.leaderOf(partition) !== -1) return false
    return durable.isrOf(partition).every((id) => {
      const broker = brokerOf(cluster, id)
      return broker?.replicas.partitions.get(partition)?.role === 'offline'
    })
  })
}

/** What is missing stays down: a permanent fault has struck it. */
function tooFewInSync(cluster: Cluster): boolean {
  const { durable, brokers, nemesis } = cluster
  const frozen = brokers.filter(({ name }) => nemesis?.frozen.has(name) === true)
  return allPartitions(cluster).some((partition) => {
    const leader = durable.leaderOf(partition)
    const replicas = durable.replicasOf(partition)
    if (leader === -1 || !frozen.some(({ id }) => replicas.includes(id))) return false
    const minIsr = brokerOf(cluster, leader)?.replicas.partitions.get(partition)?.minIsr
    return minIsr !== undefined && durable.isrOf(partition).length < minIsr
  })
}

/** ZooKeeper has the change that its leader was refused and has given up asking for. */
function isrPending(cluster: Cluster): boolean {
  const { durable } = cluster
  return allPartitions(cluster).some((partition) => {
    const state = durable.stateOf(partition)
    if (state === undefined || state.leader === -1) return false
    const leader = brokerOf(cluster, state.leader)?.replicas
    const change = leader?.partitions.get(partition)?.pendingIsr ?? null
    if (leader === undefined || change === null) return false
    const { sent, unsent } = leader.alterPartition
    const asks = sent.get(partition) === change || unsent.get(partition) === change
    return !asks && change.partitionEpoch < state.partitionEpoch && sameSet(change.isr, state.isr)
  })
}

/** Its controller does not know of a state that another wrote, and refuses what builds on it. */
function controllerBehind(cluster: Cluster): boolean {
  const { durable } = cluster
  const reigning = durable.controller()
  if (reigning === -1) return false
  const { controller } = brokerOf(cluster, reigning) ?? {}
  if (controller?.active !== true) return false
  return allPartitions(cluster).some((partition) => {
    const known = controller.partitions.get(partition)?.state ?? null
    const written = durable.stateOf(partition)
    if (known === null || written === undefined) return false
    return (
      known.partitionEpoch < written.partitionEpoch && written.controllerEpoch < controller.epoch
    )
  })
}

/** Its leader lost records to its disk and wrote others in the same epoch: no epoch tells where. */
function gaveUp(cluster: Cluster): boolean {
  const { durable } = cluster
  return allPartitions(cluster).some((partition) => {
    const isr = durable.isrOf(partition)
    const epoch = durable.stateOf(partition)?.leaderEpoch
    return durable.replicasOf(partition).some((id) => {
      const copy = brokerOf(cluster, id)?.replicas.partitions.get(partition)
      // One that follows an older epoch has yet to hear of the new one: that is no reason.
      return !isr.includes(id) && copy?.phase === 'failed' && copy.leaderEpoch === epoch
    })
  })
}

function sameSet(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one))
}

function onlyBacklog(cluster: Cluster): boolean {
  return cluster.phases.producersDoneUs !== null
}

/** Undefined while it is down, and for an id that no broker of the deployment has. */
function brokerOf({ world }: Cluster, id: number): Broker | undefined {
  return world.process(`broker-${id}`)?.state as Broker | undefined
}
