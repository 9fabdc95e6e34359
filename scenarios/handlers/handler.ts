/**
 * The public contract of a handler of your own: what a consuming service does with one record.
 *
 * A handler is a generator in virtual time (`function*`); each tool is called with `yield*`, and
 * between two of them the process may die. What it returns is ignored; what it throws is the
 * record's failure, which the group's `retry` and `deadLetter` answer (KC A22, A23).
 */

import type { Answer, CallOutcome, Step } from '../../model/application.ts'

/** What a tool gives: run it with `yield*`, and its answer comes back. */
export type Steps<Value> = Generator<Step, Value, Answer>

/** A record as a handler receives it. */
export interface ReceivedRecord {
  /** Of the business event: the same when the record is sent or delivered again. */
  readonly id: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: unknown
  readonly timestampMs: number
  /** 1 at the first attempt of this delivery. */
  readonly attempt: number
}

export interface CallRequest {
  /** What the service knows the request by; the record's id without. */
  readonly id?: string
  /** The service applies an effect once for each id: mark and effect in one transaction. */
  readonly once?: boolean
  /** Such as `500ms`; that of the service or 1 s without. */
  readonly timeout?: string
}

export interface EffectRequest {
  /** The record's id without. */
  readonly id?: string
  /** Apply it once for each id: mark and effect in one transaction of the store. */
  readonly once?: boolean
}

export interface OutgoingRecord {
  /** The key of the record in hand without. */
  readonly key?: string | null
  readonly value?: unknown
  /** 100 without. */
  readonly bytes?: number
}

/** A store of the group: shared by its members, durable, one round trip for each operation. */
export interface HandlerStore {
  get(key: string): Steps<unknown>
  set(key: string, value: unknown): Steps<void>
  /** Sets what is not there yet; false, and nothing is changed, if it is. */
  add(key: string, value: unknown): Steps<boolean>
  remove(key: string): Steps<void>
}

/** What a transaction of the store can do; all of it happens at once or not at all. */
export interface Transaction {
  get(key: string): unknown
  set(key: string, value: unknown): void
  remove(key: string): void
  /** Opens a ledger with an amount of an item, such as the stock of a promotion; later, nothing. */
  open(ledger: string, item: string, amount: number): void
  /** Books an amount, more or less than nothing, under the id of the record in hand. */
  book(ledger: string, item: string, amount: number): void
  /** What was opened and booked of an item, added up. */
  balance(ledger: string, item: string): number
}

/** The tools of a handler. Everything but `memory` and `member` is called with `yield*`. */
export interface App {
  /** Name of this member, such as `payment-1`. */
  readonly member: string
  /** Kept in memory: gone when the process dies. */
  readonly memory: Map<string, unknown>
  readonly store: HandlerStore
  /** Reads and writes the group's store in one transaction; `act` must not call tools. */
  transaction<Value>(act: (transaction: Transaction) => Value): Steps<Value>
  /** Uses the thread for that time, or as the scenario's `work` says. Throws on a poison record. */
  work(time?: string): Steps<void>
  /** Waits without using the thread's CPU. */
  sleep(time: string): Steps<void>
  /**
   * Calls a service. `failed`: refused, it surely did nothing. `unknown`: no answer in time, it
   * may have acted, and a second call may act twice.
   */
  call(service: string, request?: CallRequest): Steps<CallOutcome>
  /** Applies the group's own effect in its store; false: it was known (with `once`). */
  effect(request?: EffectRequest): Steps<boolean>
  /**
   * Sends a record and waits for the acknowledgement. `failed`: not acknowledged, perhaps written.
   */
  produce(topic: string, record?: OutgoingRecord): Steps<'ok' | 'failed'>
  /** Commits up to and including the record in hand. */
  commit(): Steps<'ok' | 'failed'>
  /** Puts the record in hand into the group's `deadLetter` topic. */
  deadLetter(): Steps<void>
  /** The wall clock of this host in ms: it may drift and step. */
  now(): Steps<number>
  /** From 0 to below 1, the same in every replay. */
  random(): Steps<number>
}

export type Handler = (record: ReceivedRecord, app: App) => Generator<Step, unknown, Answer>

/**
 * When positions are committed: `batch` after all records of a poll (KC A4), `record` after each,
 * `before` ahead of the first (A3), `automatic` by the consumer (A1), `handler` by the handler.
 */
export type HandlerCommit = 'batch' | 'record' | 'before' | 'automatic' | 'handler'

/** Where a handler came from; the same text is the same handler. */
export interface HandlerReference {
  /** As seen from where dmqsim was started; `inline` where a program gave the function itself. */
  readonly module: string
  readonly export: string
  /** Of the module's text. */
  readonly sha256: string
}

/** An error that a handler threw, with how often it did. */
export interface HandlerError {
  readonly group: string
  readonly message: string
  /** The handler's line, as `order-handler.js:17:9`. */
  readonly place: string
  /** True time of the first. */
  readonly firstUs: number
  count: number
}
