/**
 * History: what the clients saw, in columns.
 *
 * Closed and system-neutral. Written by the application side of a client only; a check reads it and
 * nothing else of the system. Each table has one row an operation or event; times are true time in
 * µs, read from the clock given at construction, so a client cannot get them wrong. An operation
 * that is open at a crash or at the end stays `open` and is judged as unknown.
 */

import { Columns } from './columns.ts'
import { FNV_OFFSET, foldNumber, foldText, hex16 } from './digest.ts'
import type { PartitionId, StreamId, TopicId } from './record.ts'

/** How an operation ended. Unknown is not failed: it may have happened. */
export const Outcome = { open: 0, ok: 1, failed: 2, unknown: 3 } as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

/** What happened to a member's ownership of a partition. */
export const Ownership = { assigned: 0, revoked: 1, lost: 2, seek: 3 } as const
export type Ownership = (typeof Ownership)[keyof typeof Ownership]

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

export class History {
  readonly #now: () => number

  /** Names of processes, groups and effects; columns hold their index. */
  readonly names: string[] = []
  readonly #nameIds = new Map<string, number>()

  readonly streams: StreamInfo[] = []
  /** Number of records each stream has sent so far. */
  readonly streamLengths: number[] = []
  readonly #streamIds = new Map<string, StreamId>()

  /** One row for each send of a range of records. Offsets and partition are known after ok. */
  readonly sends: Columns<
    'process' | 'stream' | 'index' | 'count' | 'topic' | 'partition' | 'offset' | 'invokedUs' | 'endedUs' | 'outcome' | 'attempt'
  > = new Columns(['process', 'stream', 'index', 'count', 'topic', 'partition', 'offset', 'invokedUs', 'endedUs', 'outcome', 'attempt'])

  /** One row for each range returned by a poll. */
  readonly deliveries: Columns<
    'process' | 'group' | 'generation' | 'poll' | 'partition' | 'offset' | 'stream' | 'index' | 'count' | 'atUs'
  > = new Columns(['process', 'group', 'generation', 'poll', 'partition', 'offset', 'stream', 'index', 'count', 'atUs'])

  /** One row for each processing of a record by an application. */
  readonly processings: Columns<
    'process' | 'group' | 'generation' | 'partition' | 'offset' | 'stream' | 'index' | 'count' | 'invokedUs' | 'endedUs' | 'outcome'
  > = new Columns(['process', 'group', 'generation', 'partition', 'offset', 'stream', 'index', 'count', 'invokedUs', 'endedUs', 'outcome'])

  /** One row for each effect that a store or service applied (`applied` 1) or refused as known (0). */
  readonly effects: Columns<'process' | 'effect' | 'message' | 'stream' | 'index' | 'applied' | 'atUs'> = new Columns([
    'process', 'effect', 'message', 'stream', 'index', 'applied', 'atUs',
  ])

  readonly commits: Columns<
    'process' | 'group' | 'generation' | 'partition' | 'offset' | 'invokedUs' | 'endedUs' | 'outcome'
  > = new Columns(['process', 'group', 'generation', 'partition', 'offset', 'invokedUs', 'endedUs', 'outcome'])

  readonly ownerships: Columns<
    'process' | 'group' | 'generation' | 'partition' | 'kind' | 'offset' | 'atUs'
  > = new Columns(['process', 'group', 'generation', 'partition', 'kind', 'offset', 'atUs'])

  readonly lifecycles: Columns<'process' | 'kind' | 'incarnation' | 'atUs'> = new Columns([
    'process', 'kind', 'incarnation', 'atUs',
  ])

  readonly admins: Columns<'kind' | 'topic' | 'value' | 'invokedUs' | 'endedUs' | 'outcome'> = new Columns([
    'kind', 'topic', 'value', 'invokedUs', 'endedUs', 'outcome',
  ])

  /** Message ids of effects, by the number in `effects.message`. */
  readonly messages: string[] = []
  readonly #messageIds = new Map<string, number>()

  /** `now` gives true time in µs. */
  constructor(now: () => number) {
    this.#now = now
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
      id = this.streams.length
      this.streams.push(info)
      this.streamLengths.push(0)
      this.#streamIds.set(name, id)
    }
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
   * (a client's own retries are not seen here). Returns the row.
   */
  sendInvoked(process: number, stream: StreamId, index: number, count: number, topic: TopicId, attempt: number): number {
    return this.sends.add(process, stream, index, count, topic, NONE, NONE, this.#now(), Infinity, Outcome.open, attempt)
  }

  /** A send ends. `partition` and `offset` are −1 where the client does not know them. */
  sendEnded(row: number, outcome: Outcome, partition: PartitionId, offset: number): void {
    const { sends } = this
    sends.set('outcome', row, outcome)
    sends.set('partition', row, partition)
    sends.set('offset', row, offset)
    sends.set('endedUs', row, this.#now())
  }

  /** One range of records that poll number `poll` of a process returned. */
  delivered(
    process: number, group: number, generation: number, poll: number,
    partition: PartitionId, offset: number, stream: StreamId, index: number, count: number,
  ): number {
    return this.deliveries.add(process, group, generation, poll, partition, offset, stream, index, count, this.#now())
  }

  processingBegan(
    process: number, group: number, generation: number,
    partition: PartitionId, offset: number, stream: StreamId, index: number, count: number,
  ): number {
    return this.processings.add(process, group, generation, partition, offset, stream, index, count, this.#now(), Infinity, Outcome.open)
  }

  processingEnded(row: number, outcome: Outcome): void {
    this.processings.set('outcome', row, outcome)
    this.processings.set('endedUs', row, this.#now())
  }

  /** A store or service applied an effect, or refused it because it knew the message id. */
  effected(process: number, effect: number, messageId: string, stream: StreamId, index: number, applied: boolean): void {
    let message = this.#messageIds.get(messageId)
    if (message === undefined) {
      message = this.messages.length
      this.messages.push(messageId)
      this.#messageIds.set(messageId, message)
    }
    this.effects.add(process, effect, message, stream, index, applied ? 1 : 0, this.#now())
  }

  commitInvoked(process: number, group: number, generation: number, partition: PartitionId, offset: number): number {
    return this.commits.add(process, group, generation, partition, offset, this.#now(), Infinity, Outcome.open)
  }

  commitEnded(row: number, outcome: Outcome): void {
    this.commits.set('outcome', row, outcome)
    this.commits.set('endedUs', row, this.#now())
  }

  /** A member got, gave back, lost or sought in a partition; `offset` is its position then. */
  owned(process: number, group: number, generation: number, partition: PartitionId, kind: Ownership, offset: number): void {
    this.ownerships.add(process, group, generation, partition, kind, offset, this.#now())
  }

  lived(process: number, kind: Lifecycle, incarnation: number): void {
    this.lifecycles.add(process, kind, incarnation, this.#now())
  }

  adminInvoked(kind: number, topic: TopicId, value: number): number {
    return this.admins.add(kind, topic, value, this.#now(), Infinity, Outcome.open)
  }

  adminEnded(row: number, outcome: Outcome): void {
    this.admins.set('outcome', row, outcome)
    this.admins.set('endedUs', row, this.#now())
  }

  /** 16 hex digits over everything above: what clients saw. */
  hash(): string {
    let high = FNV_OFFSET
    let low = FNV_OFFSET ^ 0x5bd1e995
    const tables = [
      this.sends, this.deliveries, this.processings, this.effects,
      this.commits, this.ownerships, this.lifecycles, this.admins,
    ]
    for (const table of tables) {
      for (const column of table.columns()) {
        high = foldNumber(high, column.length)
        for (let row = 0; row < column.length; row += 1) {
          const value = column[row] as number
          high = foldNumber(high, value)
          low = foldNumber(low ^ high, value)
        }
      }
    }
    for (const text of [...this.names, ...this.messages]) {
      high = foldText(high, text)
      low = foldText(low ^ high, text)
    }
    return hex16(high, low)
  }
}
