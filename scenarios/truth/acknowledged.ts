/**
 * MinIsr: what a leader acknowledges to a writer with acks=all stands on min.insync.replicas
 * replicas.
 *
 * Counted are the logs themselves, whoever is in sync in whose view: any replica that holds the
 * same up to there. A replica whose disk was cut counts: no leader knows of that yet.
 */

import type { Book } from './book.ts'
import { depthBelow, holds, homeOf } from './lineage.ts'
import type { PartitionTruth, Replica } from './partition.ts'

export interface Acknowledged {
  /** What lies below it is acknowledged. */
  readonly offset: number
  readonly needed: number
}

export function judgeAcknowledged(
  book: Book,
  partition: PartitionTruth,
  leader: Replica,
  acknowledged: Acknowledged,
): void {
  const { offset, needed } = acknowledged
  if (needed <= 1 || leader.orphan !== null) return
  const standing = countHolding(partition, leader, acknowledged)
  if (standing >= needed) return
  if (!book.isNew(partition, `MinIsr/${leader.broker}/${leader.leaderEpoch}`)) return
  book.breach(
    partition,
    'MinIsr',
    [leader.broker],
    `broker ${leader.broker} acknowledged with acks=all what lies below offset ${offset}, which ` +
      `stands on ${standing} of the ${needed} replicas that it needs`,
  )
}

/** Replicas that hold what this leader's log holds below an offset, as far as they are needed. */
function countHolding(
  { replicas }: PartitionTruth,
  leader: Replica,
  { offset, needed }: Acknowledged,
): number {
  let count = 0
  for (let at = 0; at < replicas.length && count < needed; at += 1) {
    const replica = replicas[at] as Replica
    if (replica.beforeCuts.length > 0) count += 1
    else if (replica.end < offset) continue
    else if (replica.branch === leader.branch || holdsBelow(replica, leader, offset)) count += 1
  }
  return count
}

function holdsBelow(replica: Replica, leader: Replica, offset: number): boolean {
  const depth = depthBelow(leader, offset)
  return holds(replica, { branch: homeOf(leader.branch, depth), depth })
}
