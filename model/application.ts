/**
 * The contract of application code: what a consuming service does with its records.
 *
 * An application is a generator in virtual time: it yields what it wants (work, call, effect,
 * commit, send) and gets the answer back. The consumer that drives it is a client of one system;
 * the contract is the same for all of them (KC 6). It must be deterministic: no clock, no chance
 * but those offered here.
 */

import type { PartitionId, StreamId } from './record.ts'

/** The value of a counted record: all that is known of it is that it is one of so many. */
export const COUNTED: { readonly kind: 'counted' } = { kind: 'counted' }

/**
 * A record as the application gets it from a poll; or a range of counted ones, which follow each
 * other in partition and stream and are handled as one.
 */
export interface Delivered {
  readonly topic: string
  readonly partition: number
  readonly partitionId: PartitionId
  readonly offset: number
  readonly key: string | null
  readonly value: unknown
  readonly stream: StreamId
  readonly index: number
  /** How many; 1 but for counted ones, whose value is `COUNTED`. */
  readonly count: number
  readonly timestampMs: number
}

/** How a call to a service ended. Unknown: no answer in time, the service may have acted. */
export type CallOutcome = 'ok' | 'failed' | 'unknown'

export type Step =
  /**
   * Uses the application thread for a drawn time. Answers 'failed' where the record that was begun
   * last is poison (KC A23), whose work always fails; a slow record multiplies the time.
   */
  | { readonly do: 'work'; readonly us?: number }
  /** Tells history that processing of a record begins and ends (`outcome`). */
  | { readonly do: 'begin'; readonly record: Delivered }
  | { readonly do: 'end'; readonly record: Delivered; readonly outcome: 'ok' | 'failed' }
  /** Tells history that a record was put aside for good: it stands in the group's dead letters. */
  | { readonly do: 'dead-letter'; readonly record: Delivered }
  /**
   * Calls a downstream service and waits for the answer: `CallOutcome`. The service applies the
   * effect once per `messageId` if `idempotent` (mark and effect in one transaction, KC A8).
   * 'failed': refused, because the service is not there or its queue is full; it did nothing.
   */
  | {
      readonly do: 'call'
      readonly service: string
      readonly effect: string
      readonly messageId: string
      readonly record: Delivered
      readonly idempotent: boolean
      readonly timeoutUs: number
    }
  /**
   * Applies an effect to the member's own group-wide store, which outlives crashes: true if it was
   * applied, false if `messageId` was known.
   */
  | {
      readonly do: 'effect'
      readonly effect: string
      /** Null: the record's own, `<stream>/<index>`. */
      readonly messageId: string | null
      readonly record: Delivered
      readonly idempotent: boolean
    }
  /**
   * Writes a mark of its own into that store, apart from any effect: false if it was there (KC A8).
   */
  | { readonly do: 'mark'; readonly effect: string; readonly messageId: string }
  /** Sends a record to a topic through the member's producer: 'ok' | 'failed'. */
  | {
      readonly do: 'send'
      readonly topic: string
      readonly key: string | null
      readonly value: unknown
      readonly bytes: number
    }
  /**
   * Commits the positions of everything returned so far, or up to and including these records: 'ok'
   * | 'failed'.
   */
  | { readonly do: 'commit'; readonly upTo?: readonly Delivered[] }
  /** Books an amount for an item of a ledger in the group's store, at once: always true. */
  | {
      readonly do: 'book'
      readonly ledger: string
      readonly item: string
      readonly amount: number
      /** Null: what the ledger opens with. */
      readonly messageId: string | null
    }
  /** Reads the wall clock of the host, in ms. */
  | { readonly do: 'clock' }
  /** Draws a number from 0 to below 1. */
  | { readonly do: 'draw' }
  /** Waits without using the thread's CPU. */
  | { readonly do: 'sleep'; readonly us: number }

/** What becomes of a record whose processing fails, in a pattern or by an error of a handler. */
export interface FailurePolicy {
  /**
   * Attempts at one record, the first included; 0: without end, and the partition waits (KC A23).
   */
  readonly attempts: number
  /** Between two attempts, at least 1 ms. */
  readonly backoffUs: number
  /** After the last attempt the record goes there; null: it is skipped, and lost to the group. */
  readonly deadLetter: { readonly topic: string; readonly recordBytes: number } | null
}

export type Answer = CallOutcome | boolean | number | undefined

/**
 * The steps of one batch, as a generator gives them. A step is performed before the next is taken.
 */
export type Steps = Pick<Generator<Step, void, Answer>, 'next'>

/** One poll's records in, steps out. Returning ends the batch; the consumer polls again. */
export interface Application {
  readonly name: string
  handle(records: readonly Delivered[]): Steps
}
