/**
 * The tables of a history: its names and streams, the columns of each operation and event, the
 * hash.
 *
 * One row an operation or event; times are true time in µs. What a run may have none of begins
 * small and leaves no trace in the hash while it is empty. Who writes the rows is `history.ts`.
 */

import { Columns } from './columns.ts'
import { FNV_OFFSET, foldColumn, foldNumber, foldText, hex16 } from './digest.ts'
import { MessageIds } from './message-ids.ts'
import type { StreamId, TopicId } from './record.ts'

/** A stream: what one producer incarnation sends of one key to one topic. */
export interface StreamInfo {
  readonly producer: string
  readonly incarnation: number
  readonly topic: TopicId
  readonly key: string | null
}

/** Columns of what no client saw, for measures. */
const unhashed: ReadonlySet<string> = new Set(['lateUs', 'waitedUs'])

/** Rows that a table begins with which most runs leave empty. */
const RARE = 4

const SEND = [
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
] as const
const RETOLD = ['send', 'outcome', 'atUs'] as const
const DELIVERY = [
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
] as const
const PROCESSING = [
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
] as const
const EFFECT = [
  'process',
  'effect',
  'message',
  'stream',
  'index',
  'applied',
  'atUs',
  'group',
] as const
const BOOKING = ['process', 'ledger', 'item', 'amount', 'message', 'atUs'] as const
const DEAD_LETTER = ['process', 'group', 'stream', 'index', 'atUs'] as const
const COMMIT = [
  'process',
  'group',
  'generation',
  'partition',
  'offset',
  'invokedUs',
  'endedUs',
  'outcome',
] as const
const OWNERSHIP = ['process', 'group', 'generation', 'partition', 'kind', 'offset', 'atUs'] as const
const LIFECYCLE = ['process', 'kind', 'incarnation', 'atUs'] as const
const ADMIN = ['kind', 'topic', 'value', 'invokedUs', 'endedUs', 'outcome'] as const
const INSPECTION = ['process', 'inspection', 'invokedUs', 'endedUs', 'outcome'] as const
const TRANSACTION = ['process', 'invokedUs', 'endedUs', 'outcome'] as const
const TRANSACTION_PART = ['transaction', 'kind', 'row'] as const
const TOMBSTONE = ['stream', 'index'] as const
const EFFECT_RANGE = ['effect', 'count'] as const

type Table<Names extends readonly string[]> = Columns<Names[number]>

export class HistoryTables {
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
  readonly sends: Table<typeof SEND>

  /** One row for each time that a send was told its end again. */
  readonly retold: Table<typeof RETOLD> = new Columns(RETOLD, RARE)

  /** One row for each range returned by a poll. */
  readonly deliveries: Table<typeof DELIVERY>

  /** One row for each processing of a record by an application. */
  readonly processings: Table<typeof PROCESSING>

  /**
   * One row for each effect that a store or service applied (`applied` 1) or refused as known (0);
   * `group` is the group that asked for it. Two groups may use one message id.
   */
  readonly effects: Table<typeof EFFECT>

  /**
   * One row for each amount that a store or service booked for an item in a ledger. An opening
   * amount, such as stock, has message −1.
   */
  readonly bookings: Table<typeof BOOKING> = new Columns(BOOKING, RARE)

  /** One row for each record that a group put aside for good. */
  readonly deadLetters: Table<typeof DEAD_LETTER> = new Columns(DEAD_LETTER)

  readonly commits: Table<typeof COMMIT> = new Columns(COMMIT)

  readonly ownerships: Table<typeof OWNERSHIP> = new Columns(OWNERSHIP)

  readonly lifecycles: Table<typeof LIFECYCLE> = new Columns(LIFECYCLE)

  readonly admins: Table<typeof ADMIN> = new Columns(ADMIN)

  /** One row for each request that must be refused: failed is refused as it must be, ok is not. */
  readonly inspections: Table<typeof INSPECTION> = new Columns(INSPECTION, RARE)

  /** Ok is committed, failed is aborted. */
  readonly transactions: Table<typeof TRANSACTION> = new Columns(TRANSACTION, RARE)

  /** What belongs to a transaction: rows of the sends, deliveries and commits in it. */
  readonly transactionParts: Table<typeof TRANSACTION_PART> = new Columns(TRANSACTION_PART, RARE)

  /** Records sent without a value, which delete their key from a compacted topic. */
  readonly tombstones: Table<typeof TOMBSTONE> = new Columns(TOMBSTONE, RARE)

  /** One row for each effect on a range of counted records: its row in `effects`, and how many. */
  readonly effectRanges: Table<typeof EFFECT_RANGE> = new Columns(EFFECT_RANGE, RARE)

  /** Message ids of effects and bookings; columns hold their number. */
  readonly messages: MessageIds

  /**
   * `sends` is about how many sends there will be. A table that begins too small costs a copy each
   * time that it doubles.
   */
  constructor(sends: number) {
    this.sends = new Columns(SEND, sends)
    this.deliveries = new Columns(DELIVERY, sends)
    this.processings = new Columns(PROCESSING, sends)
    this.effects = new Columns(EFFECT, sends)
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

  /**
   * The stream of one producer incarnation, topic and key; keep the answer, the look-up builds a
   * string.
   */
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
