/**
 * Who is in sync, as the leader decides it (KB F17, F19–F21).
 *
 * A follower's fetch tells what it has; whoever has reached the watermark and the start of this
 * leadership may enter, whoever has not kept up for replica.lag.time.max.ms has to leave. A change
 * counts when the controller has confirmed it (alter-partition.ts). Lag is measured by the wall
 * clock, so a step of that clock is felt here (KB 12).
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { isAlive } from '../metadata-cache.ts'
import { advance } from './advance.ts'
import { submitIsr } from './alter-partition.ts'
import { Guard } from './guards.ts'
import { isCaughtUp } from './high-watermark.ts'
import { markMembers } from './partition.ts'
import { Probe } from './probes.ts'
import type { Partition, PendingIsr, RemoteReplica } from './state.ts'

/** A follower has everything below `remote.fetchOffset` (KB F17). */
export function noteFollowerFetch(
  self: Broker,
  partition: Partition,
  remote: RemoteReplica,
  context: BrokerContext,
): void {
  if (partition.role !== 'leader') return
  const leaderEnd = partition.log.endOffset
  const nowMs = context.wallMs()
  const { fetchOffset } = remote
  if (fetchOffset >= leaderEnd) remote.lastCaughtUpMs = Math.max(remote.lastCaughtUpMs, nowMs)
  else if (fetchOffset >= remote.lastFetchLeaderEnd) {
    remote.lastCaughtUpMs = Math.max(remote.lastCaughtUpMs, remote.lastFetchMs)
  }
  remote.lastFetchLeaderEnd = Math.max(remote.lastFetchLeaderEnd, leaderEnd)
  remote.lastFetchMs = nowMs
  const moved = remote.endOffset !== fetchOffset
  remote.endOffset = fetchOffset
  if (!remote.inIsr) considerExpand(self, partition, remote, context)
  if (moved) advance(self, partition, context)
}

/** Timer `shrinkIsr`, every half replica.lag.time.max.ms (KB F19). */
export function shrinkIsrs(self: Broker, context: BrokerContext): void {
  for (const partition of self.replicas.partitions.values()) {
    if (partition.role === 'leader') considerShrink(self, partition, context)
  }
}

function considerExpand(
  self: Broker,
  partition: Partition,
  remote: RemoteReplica,
  context: BrokerContext,
): void {
  // Nothing is decided twice: the same change is already on its way.
  if (partition.pendingIsr?.isr.includes(remote.broker) === true) return
  if (context.guard(Guard.onePending, partition.pendingIsr !== null)) return
  const { log, epochStartOffset } = partition
  const behind = remote.endOffset < log.highWatermark || remote.endOffset < epochStartOffset
  if (context.guard(Guard.eligibility, behind)) return
  if (self.options.protocols.isrEligibility === 'live') {
    if (context.guard(Guard.liveMember, !isAlive(self.metadata, remote.broker))) return
  }
  context.probe(Probe.isrExpandSent, partition.id)
  propose(self, partition, pending(partition, 'expand', [...partition.isr, remote.broker]), context)
}

function considerShrink(self: Broker, partition: Partition, context: BrokerContext): void {
  const lagMaxMs = self.options.config.replicaLagTimeMaxMs
  const nowMs = context.wallMs()
  const leaderEnd = partition.log.endOffset
  const laggards: number[] = []
  for (const remote of partition.remotes) {
    if (remote.inIsr && !isCaughtUp(remote, leaderEnd, nowMs, lagMaxMs)) {
      laggards.push(remote.broker)
    }
  }
  if (laggards.length === 0) return
  if (context.guard(Guard.onePending, partition.pendingIsr !== null)) return
  context.probe(Probe.isrShrinkSent, partition.id)
  const kept = partition.isr.filter((broker) => !laggards.includes(broker))
  propose(self, partition, pending(partition, 'shrink', kept), context)
}

function pending(
  partition: Partition,
  kind: PendingIsr['kind'],
  isr: readonly number[],
): PendingIsr {
  const { leaderEpoch, partitionEpoch } = partition
  return { kind, isr, leaderEpoch, partitionEpoch }
}

/** From here on the change counts for the watermark if it makes the ISR larger (KB F21). */
function propose(
  self: Broker,
  partition: Partition,
  change: PendingIsr,
  context: BrokerContext,
): void {
  partition.pendingIsr = change
  markMembers(partition)
  submitIsr(self, partition, change, context)
}
