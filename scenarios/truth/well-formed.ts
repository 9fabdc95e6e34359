/**
 * TypeOk and LeaderInIsr: what no fact may say, whatever the others say (KB 9.1, 9.2, 9.4, 9.16).
 *
 * Logs are appended at their end, in rising epochs; a high watermark stands inside its log and
 * never falls under one leader; the durable state has an ISR, with its leader, and does not fall
 * back.
 * Whether a fact says so is asked by `truth.ts`, for most facts in a comparison; here is what is
 * written then.
 */

import type { Facts } from '../../model/facts.ts'
import type { Book } from './book.ts'
import { epochAt } from './lineage.ts'
import type { PartitionTruth, Replica } from './partition.ts'

export type State = Parameters<Facts['stateCommitted']>[1]

export function judgeState(book: Book, partition: PartitionTruth, state: State): void {
  const { leader, isr, leaderEpoch, partitionEpoch } = state
  const before = partition.durable
  const fell =
    before !== null && (leaderEpoch < before.leaderEpoch || partitionEpoch <= before.partitionEpoch)
  if ((fell || isr.length === 0) && book.isNew(partition, `TypeOk/${partitionEpoch}`)) {
    const what = fell
      ? `the durable state fell back to leader epoch ${leaderEpoch}, version ${partitionEpoch}`
      : `the durable ISR is empty in leader epoch ${leaderEpoch}`
    book.breach(partition, 'TypeOk', [leader], what)
  }
  if (leader === -1 || isr.includes(leader)) return
  if (!book.isNew(partition, `LeaderInIsr/${partitionEpoch}`)) return
  const members = isr.join(', ')
  const sentence = `broker ${leader} leads in epoch ${leaderEpoch} outside its ISR (${members})`
  book.breach(partition, 'LeaderInIsr', [leader], sentence)
}

/** A batch is not appended where the log ends. */
export function misplaced(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  base: number,
): void {
  const { end } = replica
  typeBreach(book, { partition, replica }, 'place', () => {
    const what = base < end ? 'over the end' : 'after a gap at the end'
    return `appended a batch at offset ${base}, ${what} ${end} of its log`
  })
}

/** Leader epochs only rise along a log. */
export function epochFell(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  epoch: number,
): void {
  typeBreach(book, { partition, replica }, 'epoch', () => {
    const last = epochAt(replica.branch, replica.depth - 1)
    return `appended a batch of leader epoch ${epoch} after one of epoch ${last}`
  })
}

/** A high watermark stands inside the log. */
export function beyondEnd(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  offset: number,
): void {
  const { end } = replica
  typeBreach(book, { partition, replica }, 'beyond', () => {
    return `has the high watermark ${offset} outside its log, which ends at ${end}`
  })
}

/** A leader lowers no high watermark that it told. */
export function watermarkFell(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  offset: number,
): void {
  const { highWatermark, leaderEpoch } = replica
  typeBreach(book, { partition, replica }, `fell/${leaderEpoch}`, () => {
    return `lowered its high watermark from ${highWatermark} to ${offset} in epoch ${leaderEpoch}`
  })
}

/** A reader is shown only what is committed. */
export function exposedBeyond(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  offset: number,
): void {
  const { highWatermark } = replica
  typeBreach(book, { partition, replica }, 'exposed', () => {
    return `let a reader see records below ${offset}, above its high watermark ${highWatermark}`
  })
}

/** A batch that a broker serves reads as it was written. */
export function damagedAt(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  offset: number,
): void {
  typeBreach(book, { partition, replica }, `damaged/${offset}`, () => {
    return `holds a batch at offset ${offset} that does not read as it was written`
  })
}

function typeBreach(
  book: Book,
  { partition, replica }: { readonly partition: PartitionTruth; readonly replica: Replica },
  incident: string,
  sentence: () => string,
): void {
  if (!book.isNew(partition, `TypeOk/${incident}/${replica.broker}`)) return
  const { broker } = replica
  book.breach(partition, 'TypeOk', [broker], `broker ${broker} ${sentence()}`)
}
