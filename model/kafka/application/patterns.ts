/**
 * The application patterns of KC 6.1 and 6.2 that a scenario can name: A1, A3, A4 and A8.
 *
 * Each is an `Application`: the order of its steps is all that differs, and that order decides
 * what a crash between two of them costs. A8 comes in three orders, of which only one keeps what it
 * promises: the mark before the effect, after it, or in one transaction with it. Left out: hand-off to threads (A2), asynchronous commits
 * (A5), version checks and fencing by generation (A9, A10).
 */

import type { Answer, Application, Delivered, FailurePolicy, Step } from '../../application.ts'
import { type EffectStore, isMarked, knowsEffect } from './effect-store.ts'
import { type Derived, type EffectPer, messageIdOf } from './message-id.ts'

export const patternNames = [
  'auto-commit',
  'commit-then-process',
  'process-then-commit',
  'idempotent-mark-before',
  'idempotent-mark-after',
  'idempotent',
] as const

export type PatternName = (typeof patternNames)[number]

export interface PatternCall {
  readonly service: string
  /** A call without an answer for so long is made again after the back-off. */
  readonly timeoutUs: number
  readonly retryBackoffUs: number
}

export interface PatternOutput {
  readonly topic: string
  readonly recordBytes: number
}

export interface PatternOptions {
  /** Name of the effect in the group's own store, such as the group's name. */
  readonly effect: string
  readonly effectPer: EffectPer
  /** Services called for each effect, in order, before it is recorded. */
  readonly calls: readonly PatternCall[]
  /** A record written for each effect, under the key of its cause. */
  readonly produces: PatternOutput | null
  /** The group's store, the same for all of its members and incarnations. */
  readonly store: EffectStore
  /** Absent: a record that fails is tried again for ever. */
  readonly failures?: FailurePolicy
}

type Steps = Generator<Step, void, Answer>

const WORK: Step = { do: 'work' }
const COMMIT: Step = { do: 'commit' }

/** How long the application waits before it sends a derived record again that failed. */
const RESEND_BACKOFF: Step = { do: 'sleep', us: 100_000 }

/** A round trip to the store where mark and effect are two transactions: time for a crash. */
const STORE_ROUND_TRIP: Step = { do: 'sleep', us: 1_000 }

const FOR_EVER: FailurePolicy = { attempts: 0, backoffUs: 100_000, deadLetter: null }

/** Whether the pattern leaves its commits to the consumer: `enable.auto.commit`. */
export function commitsAutomatically(pattern: PatternName): boolean {
  return pattern === 'auto-commit'
}

export function applicationNamed(pattern: PatternName, options: PatternOptions): Application {
  switch (pattern) {
    case 'auto-commit':
      return autoCommit(options)
    case 'commit-then-process':
      return commitThenProcess(options)
    case 'process-then-commit':
      return processThenCommit(options)
    case 'idempotent-mark-before':
      return markBefore(options)
    case 'idempotent-mark-after':
      return markAfter(options)
    case 'idempotent':
      return idempotent(options)
  }
}

/** A1: the consumer commits positions of earlier polls from time to time. At least once. */
export function autoCommit(options: PatternOptions): Application {
  return { name: 'auto-commit', handle: (records) => processed(records, options, 'never') }
}

/**
 * A3: at most once. Without a confirmed commit nothing of the batch is touched: whether the offsets
 * are stored is unknown then, and a record must not be processed twice.
 */
export function commitThenProcess(options: PatternOptions): Application {
  return { name: 'commit-then-process', handle: (records) => processed(records, options, 'before') }
}

/** A4: at least once. A commit that fails is not made again: the batch comes back, or was covered. */
export function processThenCommit(options: PatternOptions): Application {
  return { name: 'process-then-commit', handle: (records) => processed(records, options, 'after') }
}

/** A8 the wrong way round: a crash between mark and effect loses the effect for good. */
export function markBefore(options: PatternOptions): Application {
  return {
    name: 'idempotent-mark-before',
    handle: (records) => processedMarked(records, options, 'before'),
  }
}

/** A8 in two transactions: a crash between effect and mark makes the effect happen again. */
export function markAfter(options: PatternOptions): Application {
  return {
    name: 'idempotent-mark-after',
    handle: (records) => processedMarked(records, options, 'after'),
  }
}

/** A8: effects once. Mark and effect are one transaction, so a record may come again. */
export function idempotent(options: PatternOptions): Application {
  return { name: 'idempotent', handle: (records) => processedOnce(records, options) }
}

/** Processes each record and hopes that it comes only once. One generator serves a whole batch. */
function* processed(
  records: readonly Delivered[],
  options: PatternOptions,
  commits: 'never' | 'before' | 'after',
): Steps {
  if (commits === 'before' && (yield COMMIT) !== 'ok') return
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] as Delivered
    yield { do: 'begin', record }
    if ((yield WORK) === 'failed' && !(yield* retried(record, options))) continue
    const messageId = messageIdOf(record, options.effectPer)
    for (const call of options.calls) yield* called(call, record, messageId, false)
    yield { do: 'effect', effect: options.effect, messageId, record, idempotent: false }
    if (options.produces !== null) yield* sent(options.produces, record, messageId)
    yield { do: 'end', record, outcome: 'ok' }
  }
  if (commits === 'after') yield COMMIT
}

/**
 * Calls and sends stand before the mark: a crash between them makes them happen again, under the
 * same message id, while a crash after a mark that came first would lose them (KC A8).
 */
function* processedOnce(records: readonly Delivered[], options: PatternOptions): Steps {
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] as Delivered
    yield { do: 'begin', record }
    if ((yield WORK) === 'failed' && !(yield* retried(record, options))) continue
    const messageId = messageIdOf(record, options.effectPer)
    if (!knowsEffect(options.store, options.effect, messageId)) {
      for (const call of options.calls) yield* called(call, record, messageId, true)
      if (options.produces !== null) yield* sent(options.produces, record, messageId)
    }
    yield { do: 'effect', effect: options.effect, messageId, record, idempotent: true }
    yield { do: 'end', record, outcome: 'ok' }
  }
  yield COMMIT
}

/**
 * Mark and effect as two transactions. The record is worked on between them or before both, so a
 * crash, or another member with the same record, finds one without the other.
 */
function* processedMarked(
  records: readonly Delivered[],
  options: PatternOptions,
  marks: 'before' | 'after',
): Steps {
  const { effect, store } = options
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] as Delivered
    const messageId = messageIdOf(record, options.effectPer)
    const mark: Step = { do: 'mark', effect, messageId }
    yield { do: 'begin', record }
    yield STORE_ROUND_TRIP
    const known = marks === 'before' ? (yield mark) === false : isMarked(store, effect, messageId)
    if (!known) {
      if ((yield WORK) === 'failed' && !(yield* retried(record, options))) continue
      for (const call of options.calls) yield* called(call, record, messageId, false)
      if (options.produces !== null) yield* sent(options.produces, record, messageId)
      yield { do: 'effect', effect, messageId, record, idempotent: false }
      yield STORE_ROUND_TRIP
      if (marks === 'after') yield mark
    }
    yield { do: 'end', record, outcome: 'ok' }
  }
  yield COMMIT
}

/**
 * A record whose processing failed: tries it again after the back-off, then puts it aside (KC A22,
 * A23). True with its processing begun and worked; false if it was given up.
 */
function* retried(record: Delivered, options: PatternOptions): Generator<Step, boolean, Answer> {
  const { attempts, backoffUs, deadLetter } = options.failures ?? FOR_EVER
  yield { do: 'end', record, outcome: 'failed' }
  for (let attempt = 1; attempts === 0 || attempt < attempts; attempt += 1) {
    yield { do: 'sleep', us: backoffUs }
    yield { do: 'begin', record }
    if ((yield WORK) !== 'failed') return true
    yield { do: 'end', record, outcome: 'failed' }
  }
  if (deadLetter === null) return false
  yield* sent(deadLetter, record, messageIdOf(record, options.effectPer))
  yield { do: 'dead-letter', record }
  return false
}

/** Calls a service until it answers. Its effect bears the service's name. */
function* called(call: PatternCall, record: Delivered, messageId: string, once: boolean): Steps {
  const step: Step = {
    do: 'call',
    service: call.service,
    effect: call.service,
    messageId,
    record,
    idempotent: once,
    timeoutUs: call.timeoutUs,
  }
  while ((yield step) !== 'ok') yield { do: 'sleep', us: call.retryBackoffUs }
}

/** Sends the derived record until it is acknowledged; its id lets readers know it again. */
function* sent(output: PatternOutput, record: Delivered, messageId: string): Steps {
  const value: Derived = { messageId }
  const step: Step = {
    do: 'send',
    topic: output.topic,
    key: record.key,
    value,
    bytes: output.recordBytes,
  }
  while ((yield step) !== 'ok') yield RESEND_BACKOFF
}
