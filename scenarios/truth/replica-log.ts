/**
 * What a fact does to one replica's log and high watermark, as truth keeps them.
 *
 * A log is a position in the tree of batches (`lineage.ts`); each step costs as much as it changes.
 */

import { baseAt, depthBelow, endAt, epochAt, forget, holds, homeOf } from './lineage.ts'
import { ALL_BATCHES, type PartitionTruth, type Replica } from './partition.ts'

/** Drops the batches that reach beyond an offset. False if there were none. */
export function cut(replica: Replica, endOffset: number): boolean {
  let { depth } = replica
  while (depth > 0 && endAt(replica.branch, depth) > endOffset) depth -= 1
  if (depth === replica.depth) return false
  replica.branch = homeOf(replica.branch, depth)
  replica.depth = depth
  replica.lastEpoch = -1
  replica.end = endAt(replica.branch, depth)
  if (replica.end <= replica.rottenFrom) replica.rottenFrom = Infinity
  replica.watermarkDepth = Math.min(replica.watermarkDepth, depth)
  replica.highWatermark = Math.min(replica.highWatermark, replica.end)
  return true
}

/** The epoch of the last batch; −1 of an empty log. */
export function lastEpochOf({ branch, depth, lastEpoch }: Replica): number {
  if (lastEpoch >= 0 || depth === 0) return lastEpoch
  return epochAt(branch, depth - 1)
}

/** Moves a high watermark and counts the batches below it. True if there are more of them. */
export function moveWatermark(replica: Replica, offset: number): boolean {
  const { branch, depth } = replica
  const before = replica.watermarkDepth
  let below = before
  while (below < depth && baseAt(branch, below) < offset) below += 1
  while (below > 0 && baseAt(branch, below - 1) >= offset) below -= 1
  replica.highWatermark = offset
  replica.watermarkDepth = below
  return below > before
}

/**
 * A log that begins anew where its leader's starts: what was deleted before it could be copied is
 * nothing that it lacks.
 */
export function takeDeleted(partition: PartitionTruth, replica: Replica): void {
  const leader = partition.replicas.find(({ leads }) => leads)
  if (leader === undefined) return
  let { depth } = leader
  while (depth > 0 && endAt(leader.branch, depth) > replica.start) depth -= 1
  replica.branch = homeOf(leader.branch, depth)
  replica.depth = depth
  replica.lastEpoch = -1
  replica.end = replica.start
}

/** All that lies below the start of every replica, whatever it is held against. */
export function forgetDeleted({ root, replicas, shown }: PartitionTruth): void {
  let depth = Infinity
  for (const replica of replicas) {
    const { watermarkDepth, beforeCuts, matchDepth, start } = replica
    if (beforeCuts.length > 0 || matchDepth !== ALL_BATCHES) return
    depth = Math.min(depth, watermarkDepth, depthBelow(replica, start))
  }
  if (shown !== null) depth = Math.min(depth, shown.depth)
  if (depth !== Infinity) forget(root, depth - 1)
}

/** Whether a replica's log is readable and has all that was ever committed. */
export function holdsAll(partition: PartitionTruth, replica: Replica): boolean {
  if (replica.rottenFrom < replica.end) return false
  return partition.committed.every((prefix) => prefix === undefined || holds(replica, prefix))
}
