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
  const { durable, world } = cluster
  return allPartitions(cluster).some((partition) => {
    if (durable.leaderOf(partition) !== -1) return false
    return durable.isrOf(partition).every((id) => {
      const broker = world.stateOf<Broker>(`broker-${id}`)
      return broker?.replicas.partitions.get(partition)?.role === 'offline'
    })
  })
}

/** What is missing stays down: a permanent fault has struck it. */
function tooFewInSync(cluster: Cluster): boolean {
  const { durable, world, brokers, nemesis } = cluster
  const frozen = brokers.filter(({ name }) => nemesis?.frozen.has(name) === true)
  return allPartitions(cluster).some((partition) => {
    const leader = durable.leaderOf(partition)
    const replicas = durable.replicasOf(partition)
    if (leader === -1 || !frozen.some(({ id }) => replicas.includes(id))) return false
    const minIsr = world
      .stateOf<Broker>(`broker-${leader}`)
      ?.replicas.partitions.get(partition)?.minIsr
    return minIsr !== undefined && durable.isrOf(partition).length < minIsr
  })
}

/** A live leader whose ISR lacks a live, registered replica that has all its leader has. */
function isrPending(cluster: Cluster): boolean {
  const { durable, truth } = cluster
  return allPartitions(cluster).some((partition) => {
    const leader = durable.leaderOf(partition)
    if (leader === -1) return false
    const isr = durable.isrOf(partition)
    return durable
      .replicasOf(partition)
      .some(
        (id) =>
          !isr.includes(id) && durable.isRegistered(id) && truth.holdsCommitted(id, partition),
      )
  })
}

function onlyBacklog(cluster: Cluster): boolean {
  return cluster.phases.producersDoneUs !== null
}
