/**
 * The high watermark of a leader: how far its log is known to stand on enough replicas (KB P7–P9).
 *
 * Two protocol levels live here: whether it waits for the maximal ISR or for the committed one
 * only (HZ R08), and whether it goes on while the ISR is below its minimum (HZ D04).
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { isAlive } from '../metadata-cache.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import type { Partition, RemoteReplica } from './state.ts'

/** Sets a replica's high watermark and tells the observer. */
export function setHighWatermark(self: Broker, partition: Partition, offset: number): void {
  partition.log.highWatermark = offset
  partition.directory.checkpointDue = true
  tellHighWatermark(self, partition)
}

/** Tells the observer a high watermark that has changed, or whose replica has changed its role. */
export function tellHighWatermark(self: Broker, partition: Partition): void {
  const { facts, id } = self.options
  if (facts === null) return
  const leaderEpoch = partition.role === 'leader' ? partition.leaderEpoch : -1
  facts.highWatermark(id, partition.id, partition.log.highWatermark, leaderEpoch)
}

/** KB F19, P8: it has all there is, or had it a short while ago by this wall clock. */
export function isCaughtUp(
  remote: RemoteReplica,
  leaderEnd: number,
  nowMs: number,
  lagMaxMs: number,
): boolean {
  return remote.endOffset === leaderEnd || nowMs - remote.lastCaughtUpMs <= lagMaxMs
}

/** Raises the leader's high watermark as far as its followers allow. True if it rose. */
export function raiseHighWatermark(
  self: Broker,
  partition: Partition,
  context: BrokerContext,
): boolean {
  if (partition.role !== 'leader') return false
  const { log } = partition
  const { hwBelowMinIsr } = self.options.protocols
  if (hwBelowMinIsr === 'hold' && partition.isr.length < partition.minIsr) return false
  const reached = lowestCountedEnd(self, partition, context)
  if (reached === log.highWatermark) return false
  if (context.guard(Guard.hwMonotonic, reached < log.highWatermark)) return false
  const risen = reached > log.highWatermark
  setHighWatermark(self, partition, Math.max(reached, log.startOffset))
  if (risen) context.probe(Probe.hwAdvanced, partition.id)
  return risen
}

function lowestCountedEnd(self: Broker, partition: Partition, context: BrokerContext): number {
  const committedOnly = self.options.protocols.hwQuorum === 'committed'
  let lowest = partition.log.endOffset
  for (let index = 0; index < partition.remotes.length; index += 1) {
    const remote = partition.remotes[index] as RemoteReplica
    if (remote.endOffset >= lowest) continue
    const counted = committedOnly
      ? remote.inIsr
      : remote.inMaximalIsr || isCatchingUp(self, partition, remote, context)
    if (counted) lowest = remote.endOffset
  }
  return lowest
}

/** Outside the ISR, but about to be back: the watermark waits for it too (KB P8). */
function isCatchingUp(
  self: Broker,
  partition: Partition,
  remote: RemoteReplica,
  context: BrokerContext,
): boolean {
  if (!isAlive(self.metadata, remote.broker)) return false
  const lagMaxMs = self.options.config.replicaLagTimeMaxMs
  return isCaughtUp(remote, partition.log.endOffset, context.wallMs(), lagMaxMs)
}
