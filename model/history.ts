/**
 * History: what the clients saw, written row by row into its tables.
 *
 * Closed and system-neutral. Written by the application side of a client only; a check reads it and
 * nothing else of the system. Times are read from the clock given at construction, so a client
 * cannot get them wrong. An operation that is open at a crash or at the end stays `open` and is
 * judged as unknown.
 */

import { HistoryTables } from './history-tables.ts'
import type { PartitionId, StreamId, TopicId } from './record.ts'

/**
 * How an operation ended. Unknown is not failed: it may have happened. A row that is settled stands
 * for many that ended ok and were dropped, once all was judged that there is to them: its times are
 * those of the first.
 */
export const Outcome = { open: 0, ok: 1, failed: 2, unknown: 3, settled: 4 } as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

/** What happened to a member's ownership of a partition. */
export const Ownership = { assigned: 0, revoked: 1, lost: 2, seek: 3 } as const
export type Ownership = (typeof Ownership)[keyof typeof Ownership]

/** What belongs to a transaction. */
export const TransactionPart = { send: 0, delivery: 1, commit: 2 } as const
export type TransactionPart = (typeof TransactionPart)[keyof typeof TransactionPart]

export const Lifecycle = { started: 0, crashed: 1, stopped: 2 } as const
export type Lifecycle = (typeof Lifecycle)[keyof typeof Lifecycle]

/** Which records of a range an effect was applied to. */
export interface EffectRange {
  readonly stream: StreamId
  readonly index: number
  readonly count: number
}

const NONE = -1

export class History extends HistoryTables {
  readonly #now: () => number

  /** `now` gives true time in µs; `sends` is about how many sends there will be. */
  constructor(now: () => number, sends = 256) {
    super(sends)
    this.#now = now
  }

  /**
   * A send begins. `attempt` is 0, or n for the application's n-th resend of the same records
   * (a client's own retries are not seen here). Returns the number of the row.
   */
  sendInvoked(
    process: number,
    stream: StreamId,
    index: number,
    count: number,
    topic: TopicId,
    attempt: number,
  ): number {
    const row = this.sends.next()
    const data = this.sends.data
    data.process[row] = process
    data.stream[row] = stream
    data.index[row] = index
    data.count[row] = count
    data.topic[row] = topic
    data.partition[row] = NONE
    data.offset[row] = NONE
    data.invokedUs[row] = this.#now()
    data.endedUs[row] = Infinity
    data.outcome[row] = Outcome.open
    data.attempt[row] = attempt
    data.lateUs[row] = 0
    data.waitedUs[row] = 0
    return this.sends.numberOf(row)
  }

  /**
   * A send was due so long before it was made: its service was busy, or stood still. The load's own
   * plan, which no client saw: it is for measures, and no part of the hash.
   */
  sendWasDue(send: number, lateUs: number): void {
    this.sends.data.lateUs[this.sends.rowOf(send)] = lateUs
  }

  /** A send ends. `partition` and `offset` are −1 where the client does not know them. */
  sendEnded(send: number, outcome: Outcome, partition: PartitionId, offset: number): void {
    const row = this.sends.rowOf(send)
    // Told again of what is settled: the checks that ask for it are not judged on such a history.
    if (row < 0) return
    const { data } = this.sends
    if (data.outcome[row] !== Outcome.open) this.#toldAgain(row, outcome)
    data.outcome[row] = outcome
    data.partition[row] = partition
    data.offset[row] = offset
    data.endedUs[row] = this.#now()
  }

  /**
   * The first record of a range had waited for so long when it was sent, and each other one of n
   * for the n-th part of that less than the one before it.
   */
  sendWaited(send: number, us: number): void {
    this.sends.data.waitedUs[this.sends.rowOf(send)] = us
  }

  #toldAgain(send: number, outcome: Outcome): void {
    const row = this.retold.next()
    const { data } = this.retold
    data.send[row] = send
    data.outcome[row] = outcome
    data.atUs[row] = this.#now()
  }

  /**
   * One range of records that poll number `poll` of a process returned. `leaderEpoch` is that of
   * the last record which the poll returned of the partition, −1 if it is not known.
   */
  delivered(
    process: number,
    group: number,
    generation: number,
    poll: number,
    partition: PartitionId,
    offset: number,
    stream: StreamId,
    index: number,
    count: number,
    leaderEpoch: number = NONE,
  ): number {
    const row = this.deliveries.next()
    const data = this.deliveries.data
    data.process[row] = process
    data.group[row] = group
    data.generation[row] = generation
    data.poll[row] = poll
    data.partition[row] = partition
    data.offset[row] = offset
    data.stream[row] = stream
    data.index[row] = index
    data.count[row] = count
    data.atUs[row] = this.#now()
    data.leaderEpoch[row] = leaderEpoch
    return row
  }

  processingBegan(
    process: number,
    group: number,
    generation: number,
    partition: PartitionId,
    offset: number,
    stream: StreamId,
    index: number,
    count: number,
  ): number {
    const row = this.processings.next()
    const data = this.processings.data
    data.process[row] = process
    data.group[row] = group
    data.generation[row] = generation
    data.partition[row] = partition
    data.offset[row] = offset
    data.stream[row] = stream
    data.index[row] = index
    data.count[row] = count
    data.invokedUs[row] = this.#now()
    data.endedUs[row] = Infinity
    data.outcome[row] = Outcome.open
    return this.processings.numberOf(row)
  }

  processingEnded(processing: number, outcome: Outcome): void {
    const row = this.processings.rowOf(processing)
    this.processings.data.outcome[row] = outcome
    this.processings.data.endedUs[row] = this.#now()
  }

  /**
   * A store or service applied an effect, or refused it because it knew the message, which is a
   * number of `messages`. `group` is the name of the group that asked for it.
   */
  effected(
    process: number,
    effect: number,
    message: number,
    stream: StreamId,
    index: number,
    applied: boolean,
    group: number = NONE,
  ): void {
    const row = this.effects.next()
    const data = this.effects.data
    data.process[row] = process
    data.effect[row] = effect
    data.message[row] = message
    data.stream[row] = stream
    data.index[row] = index
    data.applied[row] = applied ? 1 : 0
    data.atUs[row] = this.#now()
    data.group[row] = group
  }

  /** The same for a range of counted records, each known by its own id: message −1. */
  effectedRange(
    process: number,
    effect: number,
    { stream, index, count }: EffectRange,
    applied: boolean,
    group: number,
  ): void {
    const range = this.effectRanges.next()
    this.effectRanges.data.effect[range] = this.effects.nextNumber
    this.effectRanges.data.count[range] = count
    this.effected(process, effect, NONE, stream, index, applied, group)
  }

  /**
   * A store or service booked an amount, more or less than nothing, for an item in a ledger;
   * without a message it is what the ledger opened with. Told when it is durable.
   */
  booked(
    process: number,
    ledger: number,
    item: number,
    amount: number,
    messageId: string | null,
  ): void {
    const message = messageId === null ? NONE : this.messages.ofText(messageId)
    const row = this.bookings.next()
    const data = this.bookings.data
    data.process[row] = process
    data.ledger[row] = ledger
    data.item[row] = item
    data.amount[row] = amount
    data.message[row] = message
    data.atUs[row] = this.#now()
  }

  /** Something that must be refused is asked; `inspection` is its name. Returns the row. */
  inspectionInvoked(process: number, inspection: number): number {
    const row = this.inspections.next()
    const data = this.inspections.data
    data.process[row] = process
    data.inspection[row] = inspection
    data.invokedUs[row] = this.#now()
    data.endedUs[row] = Infinity
    data.outcome[row] = Outcome.open
    return row
  }

  inspectionEnded(row: number, outcome: Outcome): void {
    this.inspections.data.outcome[row] = outcome
    this.inspections.data.endedUs[row] = this.#now()
  }

  /** A transaction begins. Returns the row. */
  transactionBegan(process: number): number {
    const row = this.transactions.next()
    const data = this.transactions.data
    data.process[row] = process
    data.invokedUs[row] = this.#now()
    data.endedUs[row] = Infinity
    data.outcome[row] = Outcome.open
    return row
  }

  transactionEnded(row: number, outcome: Outcome): void {
    this.transactions.data.outcome[row] = outcome
    this.transactions.data.endedUs[row] = this.#now()
  }

  /** A send, a delivery or a commit of offsets, by its row, belongs to a transaction. */
  inTransaction(transaction: number, kind: TransactionPart, row: number): void {
    const part = this.transactionParts.next()
    const data = this.transactionParts.data
    data.transaction[part] = transaction
    data.kind[part] = kind
    data.row[part] = row
  }

  /** A record is sent without a value. */
  tombstone(stream: StreamId, index: number): void {
    const row = this.tombstones.next()
    this.tombstones.data.stream[row] = stream
    this.tombstones.data.index[row] = index
  }

  /** A group gave up on a record and keeps it among its dead letters. */
  deadLettered(process: number, group: number, stream: StreamId, index: number): void {
    const row = this.deadLetters.next()
    const data = this.deadLetters.data
    data.process[row] = process
    data.group[row] = group
    data.stream[row] = stream
    data.index[row] = index
    data.atUs[row] = this.#now()
  }

  commitInvoked(
    process: number,
    group: number,
    generation: number,
    partition: PartitionId,
    offset: number,
  ): number {
    const row = this.commits.next()
    const data = this.commits.data
    data.process[row] = process
    data.group[row] = group
    data.generation[row] = generation
    data.partition[row] = partition
    data.offset[row] = offset
    data.invokedUs[row] = this.#now()
    data.endedUs[row] = Infinity
    data.outcome[row] = Outcome.open
    return this.commits.numberOf(row)
  }

  commitEnded(commit: number, outcome: Outcome): void {
    const row = this.commits.rowOf(commit)
    this.commits.data.outcome[row] = outcome
    this.commits.data.endedUs[row] = this.#now()
  }

  /** A member got, gave back, lost or sought in a partition; `offset` is its position then. */
  owned(
    process: number,
    group: number,
    generation: number,
    partition: PartitionId,
    kind: Ownership,
    offset: number,
  ): void {
    const row = this.ownerships.next()
    const data = this.ownerships.data
    data.process[row] = process
    data.group[row] = group
    data.generation[row] = generation
    data.partition[row] = partition
    data.kind[row] = kind
    data.offset[row] = offset
    data.atUs[row] = this.#now()
  }

  lived(process: number, kind: Lifecycle, incarnation: number): void {
    const row = this.lifecycles.next()
    const data = this.lifecycles.data
    data.process[row] = process
    data.kind[row] = kind
    data.incarnation[row] = incarnation
    data.atUs[row] = this.#now()
  }

  adminInvoked(kind: number, topic: TopicId, value: number): number {
    const row = this.admins.next()
    const data = this.admins.data
    data.kind[row] = kind
    data.topic[row] = topic
    data.value[row] = value
    data.invokedUs[row] = this.#now()
    data.endedUs[row] = Infinity
    data.outcome[row] = Outcome.open
    return row
  }

  adminEnded(row: number, outcome: Outcome): void {
    this.admins.data.outcome[row] = outcome
    this.admins.data.endedUs[row] = this.#now()
  }
}
