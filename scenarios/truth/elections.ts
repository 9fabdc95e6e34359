/**
 * LeaderCompleteness: a leader has everything that was committed in epochs before its own.
 *
 * Follows KB 9.8 and 9.10. What an elected leader lacks is excused only by cause: the election was
 * unclean, or a disk had taken it from every replica that could have been elected. Either way the
 * loss is recorded once, and what is left is what later leaders owe.
 */

import type { Book } from './book.ts'
import { lostByDisk } from './in-sync.ts'
import { commonDepth, endAt, holds, homeOf, type Position } from './lineage.ts'
import {
  type GrowingExcuse,
  type Incident,
  type PartitionTruth,
  type Replica,
  replicaAt,
  replicaOf,
} from './partition.ts'

export interface Election {
  readonly leader: number
  readonly leaderEpoch: number
  /** Epochs below this one count: the election's own only when a leader came back in it. */
  readonly before: number
  /** Who could have been elected. */
  readonly electable: readonly number[]
}

interface Loss {
  from: number
  until: number
  cause: GrowingExcuse['cause'] | null
}

/** OneLeaderPerEpoch (KB 9.5, 9.6). */
export function recordLeader(
  book: Book,
  partition: PartitionTruth,
  broker: number,
  epoch: number,
): void {
  const leader = partition.leaderOfEpoch[epoch]
  if (leader === broker) return
  if (leader === undefined) {
    partition.leaderOfEpoch[epoch] = broker
    return
  }
  if (!book.isNew(partition, `OneLeaderPerEpoch/${epoch}/${broker}`)) return
  const sentence = `brokers ${leader} and ${broker} both led in epoch ${epoch}`
  book.breach(partition, 'OneLeaderPerEpoch', [leader, broker], sentence)
}

/** Holds the log of a leader against all that is committed. */
export function judgeElection(book: Book, partition: PartitionTruth, election: Election): void {
  const leader = replicaAt(partition, election.leader)
  const loss = lossAt(book, partition, election)
  if (loss === null) return
  const incident = recordLoss(book, partition, election, loss)
  forgetLost(partition, leader)
  releaseOthers(partition, leader, { incident, epoch: election.leaderEpoch })
}

/** All that the elected leader lacks, as one range; unexcused if any of it is. */
function lossAt(book: Book, partition: PartitionTruth, election: Election): Loss | null {
  const leader = replicaAt(partition, election.leader)
  const { committed } = partition
  const epochs = Math.min(committed.length, election.before)
  let loss: Loss | null = null
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const prefix = committed[epoch]
    if (prefix === undefined || holds(leader, prefix)) continue
    const cause = causeOf(book, partition, election, { epoch, prefix })
    const from = endAt(leader.branch, commonDepth(leader, prefix))
    const until = endAt(prefix.branch, prefix.depth)
    if (loss === null) {
      loss = { from, until, cause }
      continue
    }
    loss.from = Math.min(loss.from, from)
    loss.until = Math.max(loss.until, until)
    if (cause === null) loss.cause = null
  }
  return loss
}

interface Committed {
  readonly epoch: number
  readonly prefix: Position
}

function causeOf(
  book: Book,
  partition: PartitionTruth,
  election: Election,
  { epoch, prefix }: Committed,
): GrowingExcuse['cause'] | null {
  for (const unclean of partition.uncleanEpochs) {
    if (unclean > epoch && unclean <= election.leaderEpoch) return 'unclean-election'
  }
  if (!lostByDisk(replicaAt(partition, election.leader), prefix)) return null
  for (const broker of election.electable) {
    if (broker === election.leader || !book.isRunning(broker)) continue
    const other = replicaOf(partition, broker)
    if (other === undefined || !lostByDisk(other, prefix)) return null
  }
  return 'disk'
}

function recordLoss(
  book: Book,
  partition: PartitionTruth,
  election: Election,
  loss: Loss,
): Incident {
  if (loss.cause !== null) {
    const excuse: GrowingExcuse = {
      partition: partition.id,
      atUs: book.now(),
      fromOffset: loss.from,
      untilOffset: loss.until,
      cause: loss.cause,
    }
    book.excuses.push(excuse)
    return { excuse }
  }
  if (book.isNew(partition, `LeaderCompleteness/${election.leaderEpoch}`)) {
    book.breach(
      partition,
      'LeaderCompleteness',
      [election.leader],
      `broker ${election.leader} leads in epoch ${election.leaderEpoch} without the committed ` +
        `records from offset ${loss.from} to ${loss.until - 1}`,
    )
  }
  return { excuse: null }
}

/** What is lost is owed no longer. */
function forgetLost(partition: PartitionTruth, leader: Replica): void {
  const { committed } = partition
  for (let epoch = 0; epoch < committed.length; epoch += 1) {
    const prefix = committed[epoch]
    if (prefix === undefined || holds(leader, prefix)) continue
    const depth = commonDepth(leader, prefix)
    committed[epoch] = { branch: homeOf(prefix.branch, depth), depth }
  }
}

interface Aftermath {
  readonly incident: Incident
  readonly epoch: number
}

/**
 * A replica that still holds what is lost is judged by what it shares with the new leader, until
 * it follows; one that still presumes to lead is an orphan, whatever it commits from here on.
 */
function releaseOthers(partition: PartitionTruth, leader: Replica, aftermath: Aftermath): void {
  for (const replica of partition.replicas) {
    if (replica === leader || holds(leader, replica)) continue
    replica.matchDepth = commonDepth(replica, leader)
    replica.matchEpoch = aftermath.epoch
    if (replica.leads && replica.leaderEpoch < aftermath.epoch) replica.orphan = aftermath.incident
  }
}

/** A presumed leader committed more: the durable leader of a later epoch owes it at once. */
export function judgeSuperseded(book: Book, partition: PartitionTruth, replica: Replica): void {
  const { durable } = partition
  if (durable === null || durable.leader === -1) return
  if (durable.leaderEpoch <= replica.leaderEpoch) return
  judgeElection(book, partition, {
    leader: durable.leader,
    leaderEpoch: durable.leaderEpoch,
    before: durable.leaderEpoch,
    electable: durable.isr,
  })
}

/** A leader that an election passed over went on: what it commits is lost by the same cause. */
export function extendLoss(book: Book, replica: Replica): void {
  const excuse = replica.orphan?.excuse ?? null
  if (excuse === null) return
  const until = endAt(replica.branch, replica.watermarkDepth)
  if (until <= excuse.untilOffset) return
  excuse.untilOffset = until
  excuse.atUs = book.now()
}

/** Writes down what a new leader's log passes over, committed or not: the longest such range. */
export function recordPassedOver(book: Book, partition: PartitionTruth, leader: Replica): void {
  let from = Infinity
  let until = -1
  for (const replica of partition.replicas) {
    if (replica === leader) continue
    const common = commonDepth(replica, leader)
    if (common === replica.depth) continue
    from = Math.min(from, endAt(replica.branch, common))
    until = Math.max(until, replica.end)
  }
  if (until === -1) return
  const unclean = partition.uncleanEpochs.includes(leader.leaderEpoch)
  book.removals.push({
    partition: partition.id,
    atUs: book.now(),
    fromOffset: from,
    untilOffset: until,
    broker: leader.broker,
    leaderEpoch: leader.leaderEpoch,
    how: unclean ? 'elected-uncleanly' : 'elected',
  })
}
