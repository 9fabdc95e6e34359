/**
 * WeakIsr, StrongIsr and LogMatching: what replicas that count on each other must have in common.
 *
 * Follows contracts §6 and KB 9.7: a leader's committed prefix stands at the same offsets in each
 * member of its own ISR (weak) and of the durable ISR (strong); any two logs agree below both
 * high watermarks. A stopped member is judged by its disk. A member whose disk was cut is excused
 * until its log is as long as before: no rule of the protocol can give back what hardware took. In
 * its own view alone, a leader may count on a replica that the partition has left meanwhile.
 */

import type { Book } from './book.ts'
import { endAt, holds, commonDepth, shared, type Position } from './lineage.ts'
import { type PartitionTruth, type Replica, replicaOf } from './partition.ts'

/** Both ISR properties of one presumed leader. */
export function judgeLeader(book: Book, partition: PartitionTruth, leader: Replica): void {
  if (!leader.leads || leader.orphan !== null || leader.watermarkDepth === 0) return
  for (let at = 0; at < leader.isr.length; at += 1) {
    const broker = leader.isr[at] as number
    if (inStep(partition, leader, broker) || hasLeft(partition, broker)) continue
    broken(book, partition, leader, { property: 'WeakIsr', broker })
  }
  if (partition.durable === null) return
  const { isr } = partition.durable
  for (let at = 0; at < isr.length; at += 1) {
    const broker = isr[at] as number
    if (inStep(partition, leader, broker)) continue
    broken(book, partition, leader, { property: 'StrongIsr', broker })
  }
}

/** Every presumed leader, after a member's log became shorter or the durable ISR changed. */
export function judgeLeaders(book: Book, partition: PartitionTruth): void {
  const { replicas } = partition
  for (let at = 0; at < replicas.length; at += 1) {
    judgeLeader(book, partition, replicas[at] as Replica)
  }
}

/** Whether a member holds all that the leader has committed, or is excused. */
function inStep(partition: PartitionTruth, leader: Replica, broker: number): boolean {
  if (broker === leader.broker) return true
  const member = replicaOf(partition, broker)
  if (member === undefined) return false
  const { watermarkDepth } = leader
  if (member.depth >= watermarkDepth) {
    if (member.branch === leader.branch) return true
    if (shared(member.branch, leader.branch) >= watermarkDepth) return true
  }
  return member.beforeCuts.length > 0
}

/** It was dropped, and has not been in the durable ISR since. */
function hasLeft(partition: PartitionTruth, broker: number): boolean {
  return replicaOf(partition, broker)?.dropped === true
}

interface Membership {
  readonly property: 'WeakIsr' | 'StrongIsr'
  readonly broker: number
}

function broken(
  book: Book,
  partition: PartitionTruth,
  leader: Replica,
  { property, broker }: Membership,
): void {
  const incident = `${property}/${leader.broker}/${leader.leaderEpoch}/${broker}`
  if (!book.isNew(partition, incident)) return
  const member = replicaOf(partition, broker)
  const common = member === undefined ? 0 : endAt(leader.branch, commonDepth(leader, member))
  const view = property === 'WeakIsr' ? 'its own view of the ISR' : 'the durable ISR'
  book.breach(
    partition,
    property,
    [leader.broker, broker],
    `broker ${leader.broker}, leading in epoch ${leader.leaderEpoch}, has committed up to offset ` +
      `${leader.highWatermark}, but broker ${broker} of ${view} has the same records only up to ` +
      `offset ${common}`,
  )
}

/** One replica's log against each other one, below both high watermarks. */
export function judgeMatching(book: Book, partition: PartitionTruth, replica: Replica): void {
  const { replicas } = partition
  for (let at = 0; at < replicas.length; at += 1) {
    const other = replicas[at] as Replica
    if (other.branch === replica.branch) continue
    const mine = Math.min(replica.watermarkDepth, replica.matchDepth)
    const depth = Math.min(mine, other.watermarkDepth, other.matchDepth)
    if (shared(replica.branch, other.branch) >= depth) continue
    mismatch(book, partition, replica, other)
  }
}

function mismatch(book: Book, partition: PartitionTruth, left: Replica, right: Replica): void {
  const [low, high] = left.broker < right.broker ? [left, right] : [right, left]
  if (!book.isNew(partition, `LogMatching/${low.broker}/${high.broker}`)) return
  const offset = endAt(low.branch, commonDepth(low, high))
  book.breach(
    partition,
    'LogMatching',
    [low.broker, high.broker],
    `brokers ${low.broker} and ${high.broker} hold different records from offset ${offset} on, ` +
      `below their high watermarks ${low.highWatermark} and ${high.highWatermark}`,
  )
}

/** Whether a disk took this prefix from a replica that had it. */
export function lostByDisk(replica: Replica, prefix: Position): boolean {
  return replica.beforeCuts.some((before) => holds(before, prefix))
}
