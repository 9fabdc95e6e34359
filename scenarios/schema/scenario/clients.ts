/**
 * The clients of a scenario: producers, groups, the services that they call, and inspectors.
 */

import type { InspectionSubject } from '../../../model/kafka/clients/inspector/subject-names.ts'
import type { HandlerCommit, HandlerReference } from '../../handlers/handler.ts'
import type { Config } from '../scenario.ts'
import type { Keys, Load, Sizes, Work } from './load.ts'

/** `resend`: an application that sends again, as a new record, what timed out. */
export type ProducerPattern = 'send' | 'resend'

export interface Producer {
  readonly name: string
  /** Instances, named `<name>-1` and so on. */
  readonly count: number
  readonly topic: string
  readonly keys: Keys
  /** Of each record; with `sizes` their mean. */
  readonly recordBytes: number
  readonly sizes?: Sizes
  readonly load: Load
  readonly pattern: ProducerPattern
  /** Each instance ends after so many records. */
  readonly stopAfterRecords?: number
  /** Each instance stands for many clients; absent: it is one. */
  readonly fleet?: Fleet
  readonly hardware: string
  readonly config: Config
}

/** Many producing clients in one process, whose arrivals are drawn by slot and key bucket. */
export interface Fleet {
  /** How many real clients an instance stands for. */
  readonly clients: number
  /** `counted`: what comes in a slot is sent as ranges; `explicit`: record by record. */
  readonly records: 'explicit' | 'counted'
  /** Length of a slot; 0: by the rate, from 10 ms at the peak to 1 s. */
  readonly slotUs: number
}

export type ConsumerPattern =
  | 'auto-commit'
  | 'commit-then-process'
  | 'process-then-commit'
  | 'idempotent-mark-before'
  | 'idempotent-mark-after'
  | 'idempotent'
  /** A handler of the user's own. */
  | 'handler'

export interface Consumer {
  readonly group: string
  /** Members, named `<group>-1` and so on. */
  readonly members: number
  readonly topics: readonly string[]
  readonly work: Work
  readonly pattern: ConsumerPattern
  /** What an effect is identified by: each record, or each key (an order is charged once). */
  readonly effectPer: 'record' | 'key'
  /** Services called for each effect, in order, before it is recorded. */
  readonly calls: readonly ServiceCall[]
  /** A record written for each effect, under the key of its cause. */
  readonly produces?: Output
  /** What becomes of a record whose processing fails; absent: it is tried again for ever. */
  readonly failures?: Failures
  /** Of the pattern `handler`. */
  readonly handler?: OwnHandler
  readonly hardware: string
  readonly config: Config
}

export interface OwnHandler extends HandlerReference {
  readonly commit: HandlerCommit
  /** Properties of the producer that it sends with. */
  readonly producer: Config
}

export interface Failures {
  /** Attempts at a record, the first included; 0: without end. */
  readonly attempts: number
  readonly backoffUs: number
  /** Where a record goes after the last attempt; absent: it is skipped. */
  readonly deadLetter?: Output
}

export interface ServiceCall {
  readonly service: string
  /** A call without an answer for so long is made again after the back-off. */
  readonly timeoutUs: number
  readonly retryBackoffUs: number
}

export interface Output {
  readonly topic: string
  readonly recordBytes: number
  readonly config: Config
}

export interface Service {
  readonly name: string
  /** Calls worked on at the same time. */
  readonly workers: number
  readonly work: Work
  /** Calls that may wait for a worker, more are refused; absent: none is refused. */
  readonly queueMax?: number
  /** A call that waited so long is dropped; absent: it waits. */
  readonly timeoutUs?: number
}

/** A client of the harness that asks, one after the other, what must be refused. */
export interface Inspector {
  readonly topic: string
  /** Between two inspections, on average. */
  readonly pauseUs: number
  /** What it asks about; absent: everything. */
  readonly about?: readonly InspectionSubject[]
}
