/**
 * History: what the clients saw, in columns.
 *
 * Closed and system-neutral. Written by the application side of a client only; a check reads it and
 * nothing else of the system. Each table has one row an operation or event; times are true time in
 * µs, read from the clock given at construction, so a client cannot get them wrong. An operation
 * that is open at a crash or at the end stays `open` and is judged as unknown.
 */

import { Columns } from './columns.ts'
import { FNV_OFFSET, foldColumn, foldNumber, foldText, hex16 } from './digest.ts'
import { MessageIds } from './message-ids.ts'
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

/** A stream: what one producer incarnation sends of one key to one topic. */
export interface StreamInfo {
  readonly producer: string
  readonly incarnation: number
  readonly topic: TopicId
  readonly key: string | null
}

const NONE = -1

/** Columns of what no client saw, for measures. */
const unhashed: ReadonlySet<string> = new Set(['lateUs', 'waitedUs'])

/** Which records of a range an effect was applied to. */
export interface EffectRange {
  readonly stream: StreamId
  readonly index: number
  readonly count: number
}

/** Rows that a table begins with which most runs leave empty. */
const RARE = 4

export class History {
  readonly #now: () => number

  /** Names of processes, groups and effects; columns hold their index. */
  readonly names: string[] = []
  readonly #nameIds = new Map<string, number>()

  readonly streams: StreamInfo[] = []
  /** Number of records each stream has sent so far. */
  readonly streamLengths: number[] = []
  readonly #streamIds = new Map<string, StreamId>()

  /**
   * One row for each send of a range of records. Offsets and partition are known after ok. How long
   * the first of a range had waited is no part of the hash: it follows from the load.
   */
  readonly sends: Columns<
    | 'process'
    | 'stream'
    | 'index'
    | 'count'
    | 'topic'
    | 'partition'
    | 'offset'
    | 'invokedUs'
    | 'endedUs'
    | 'outcome'
    | 'attempt'
    | 'lateUs'
    | 'waitedUs'
  >

  /** One row for each time that a send was told its end again. */
  readonly retold: Columns<'send' | 'outcome' | 'atUs'> = new Columns(
    ['send', 'outcome', 'atUs'],
    RARE,
  )

  /** One row for each range returned by a poll. */
  readonly deliveries: Columns<
    | 'process'
    | 'group'
    | 'generation'
    | 'poll'
    | 'partition'
    | 'offset'
    | 'stream'
    | 'index'
    | 'count'
    | 'atUs'
    | 'leaderEpoch'
  >

  /** One row for each processing of a record by an application. */
  readonly processings: Columns<
    | 'process'
    | 'group'
    | 'generation'
    | 'partition'
    | 'offset'
    | 'stream'
    | 'index'
    | 'count'
    | 'invokedUs'
    | 'endedUs'
    | 'outcome'
  >

  /**
   * One row for each effect that a store or service applied (`applied` 1) or refused as known (0);
   * `group` is the group that asked for it. Two groups may use one message id.
   */
  readonly effects: Columns<
    'process' | 'effect' | 'message' | 'stream' | 'index' | 'applied' | 'atUs' | 'group'
  >

  /**
   * One row for each amount that a store or service booked for an item in a ledger. An opening
   * amount, such as stock, has message −1.
   */
  readonly bookings: Columns<'process' | 'ledger' | 'item' | 'amount' | 'message' | 'atUs'> =
    new Columns(['process', 'ledger', 'item', 'amount', 'message', 'atUs'], RARE)

  /** One row for each record that a group put aside for good. */
  readonly deadLetters: Columns<'process' | 'group' | 'stream' | 'index' | 'atUs'> = new Columns([
    'process',
    'group',
    'stream',
    'index',
    'atUs',
  ])

  readonly commits: Columns<
    | 'process'
    | 'group'
    | 'generation'
    | 'partition'
    | 'offset'
    | 'invokedUs'
    | 'endedUs'
    | 'outcome'
  > = new Columns([
    'process',
    'group',
    'generation',
    'partition',
    'offset',
    'invokedUs',
    'endedUs',
    'outcome',
  ])

  readonly ownerships: Columns<
    'process' | 'group' | 'generation' | 'partition' | 'kind' | 'offset' | 'atUs'
  > = new Columns(['process', 'group', 'generation', 'partition', 'kind', 'offset', 'atUs'])

  readonly lifecycles: Columns<'process' | 'kind' | 'incarnation' | 'atUs'> = new Columns([
    'process',
    'kind',
    'incarnation',
    'atUs',
  ])

  readonly admins: Columns<'kind' | 'topic' | 'value' | 'invokedUs' | 'endedUs' | 'outcome'> =
    new Columns(['kind', 'topic', 'value', 'invokedUs', 'endedUs', 'outcome'])

  /** One row for each request that must be refused: failed is refused as it must be, ok is not. */
  readonly inspections: Columns<'process' | 'inspection' | 'invokedUs' | 'endedUs' | 'outcome'> =
    new Columns(['process', 'inspection', 'invokedUs', 'endedUs', 'outcome'], RARE)

  /** Ok is committed, failed is aborted. */
  readonly transactions: Columns<'process' | 'invokedUs' | 'endedUs' | 'outcome'> = new Columns(
    ['process', 'invokedUs', 'endedUs', 'outcome'],
    RARE,
  )

  /** What belongs to a transaction: rows of the sends, deliveries and commits in it. */
  readonly transactionParts: Columns<'transaction' | 'kind' | 'row'> = new Columns(
    ['transaction', 'kind', 'row'],
    RARE,
  )

  /** Records sent without a value, which delete their key from a compacted topic. */
  readonly tombstones: Columns<'stream' | 'index'> = new Columns(['stream', 'index'], RARE)

  /** One row for each effect on a range of counted records: its row in `effects`, and how many. */
  readonly effectRanges: Columns<'effect' | 'count'> = new Columns(['effect', 'count'], RARE)

  /** Message ids of effects and bookings; columns hold their number. */
  readonly messages: MessageIds

  /**
   * `now` gives true time in µs; `sends` is about how many sends there will be. A table that begins
   * too small costs a copy each time that it doubles.
   */
  constructor(now: () => number, sends = 256) {
    this.#now = now
    this.sends = new Columns(
      [
        'process',
        'stream',
        'index',
        'count',
        'topic',
        'partition',
        'offset',
        'invokedUs',
        'endedUs',
        'outcome',
        'attempt',
        'lateUs',
        'waitedUs',
      ],
      sends,
    )
    this.deliveries = new Columns(
      [
        'process',
        'group',
        'generation',
        'poll',
        'partition',
        'offset',
        'stream',
        'index',
        'count',
        'atUs',
        'leaderEpoch',
      ],
      sends,
    )
    this.processings = new Columns(
      [
        'process',
        'group',
        'generation',
        'partition',
        'offset',
        'stream',
        'index',
        'count',
        'invokedUs',
        'endedUs',
        'outcome',
      ],
      sends,
    )
    this.effects = new Columns(
      ['process', 'effect', 'message', 'stream', 'index', 'applied', 'atUs', 'group'],
      sends,
    )
    this.messages = new MessageIds(sends)
  }

  /** The dense number of a name. */
  name(name: string): number {
    let id = this.#nameIds.get(name)
    if (id === undefined) {
      id = this.names.length
      this.names.push(name)
      this.#nameIds.set(name, id)
    }
    return id
  }

  /** The stream of one producer incarnation, topic and key; keep the answer, the look-up builds a string. */
  stream(info: StreamInfo): StreamId {
    const name = `${info.producer}/${info.incarnation}/${info.topic}/${info.key ?? ''}${info.key === null ? '' : '/k'}`
    let id = this.#streamIds.get(name)
    if (id === undefined) {
      id = this.newStream(info)
      this.#streamIds.set(name, id)
    }
    return id
  }

  /** A stream that is asked for only once, and not by `stream`. */
  newStream(info: StreamInfo): StreamId {
    const id = this.streams.length
    this.streams.push(info)
    this.streamLengths.push(0)
    return id
  }

  /** Takes the next `count` indexes of a stream and gives the first. */
  takeIndexes(stream: StreamId, count: number): number {
    const first = this.streamLengths[stream] ?? 0
    this.streamLengths[stream] = first + count
    return first
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
   * The first record of a range had waited for so long when it was sent; the last one had not, and
   * the others lie evenly between.
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
    this.effectRanges.data.effect[range] = this.effects.length
    this.effectRanges.data.count[range] = count
    this.effected(process, effect, NONE, stream, index, applied, group)
  }

  /**
   * A store or service booked an amount, more or less than nothing, for an item in a ledger; without
   * a message it is what the ledger opened with. Told when it is durable.
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

  /** 16 hex digits over everything above: what clients saw. */
  hash(): string {
    const digests = Int32Array.of(FNV_OFFSET, FNV_OFFSET ^ 0x5bd1e995)
    const tables = [
      this.sends,
      this.deliveries,
      this.processings,
      this.effects,
      this.commits,
      this.ownerships,
      this.lifecycles,
      this.admins,
      // What most runs have none of comes last, and leaves no trace while it is empty.
      ...[
        this.deadLetters,
        this.bookings,
        this.transactions,
        this.transactionParts,
        this.tombstones,
        this.inspections,
        this.retold,
        this.effectRanges,
      ].filter(({ length }) => length > 0),
    ]
    for (const table of tables) {
      for (const name of table.names) {
        if (unhashed.has(name)) continue
        const column = (table as Columns<string>).column(name)
        digests[0] = foldNumber(digests[0] as number, column.length)
        foldColumn(digests, column)
      }
    }
    let high = digests[0] as number
    let low = digests[1] as number
    for (const text of this.names) {
      high = foldText(high, text)
      low = foldText(low ^ high, text)
    }
    digests[0] = high
    digests[1] = low
    this.messages.fold(digests)
    return hex16(digests[0] as number, digests[1] as number)
  }
}
