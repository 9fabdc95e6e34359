/**
 * The application patterns of KC 6.1 and 6.2 that a scenario can name: A1, A3, A4 and A8.
 *
 * Each is an `Application`: the order of its steps is all that differs, and that order decides
 * what a crash between two of them costs. A8 comes in three orders, of which only one keeps what it
 * promises: the mark before the effect, after it, or in one transaction with it. Left out: hand-off
 * to threads (A2), asynchronous commits (A5), version checks and fencing by generation (A9, A10).
 */

import type { Application, Delivered, Step } from '../../application.ts'
import { isMarked, knowsEffect } from './effect-store.ts'
import { foreignIdOf, messageIdOf } from './message-id.ts'
import {
  called,
  COMMIT,
  derived,
  type Part,
  type PatternOptions,
  retried,
  WORK,
} from './pattern-parts.ts'
import { Processing } from './processing.ts'

export const patternNames = [
  'auto-commit',
  'commit-then-process',
  'process-then-commit',
  'idempotent-mark-before',
  'idempotent-mark-after',
  'idempotent',
] as const

export type PatternName = (typeof patternNames)[number]

/** A round trip to the store where mark and effect are two transactions: time for a crash. */
const STORE_ROUND_TRIP: Step = { do: 'sleep', us: 1_000 }

/** Whether the pattern leaves its commits to the consumer: what `enable.auto.commit` is then. */
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
  return processing('auto-commit', new Processing(options, 'never'))
}

/**
 * A3: at most once. Without a confirmed commit nothing of the batch is touched: whether the offsets
 * are stored is unknown then, and a record must not be processed twice.
 */
export function commitThenProcess(options: PatternOptions): Application {
  return processing('commit-then-process', new Processing(options, 'before'))
}

/**
 * A4: at least once. A commit that fails is not made again: the batch comes back, or was covered.
 */
export function processThenCommit(options: PatternOptions): Application {
  return processing('process-then-commit', new Processing(options, 'after'))
}

function processing(name: PatternName, steps: Processing): Application {
  return { name, handle: (records) => steps.of(records) }
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

/**
 * Calls and sends stand before the mark: a crash between them makes them happen again, under the
 * same message id, while a crash after a mark that came first would lose them (KC A8).
 */
function* processedOnce(records: readonly Delivered[], options: PatternOptions): Part {
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] as Delivered
    yield { do: 'begin', record }
    if ((yield WORK) === 'failed' && !(yield* retried(record, options))) continue
    const messageId = foreignIdOf(record, options.effectPer)
    if (!knowsEffect(options.store, options.effect, messageId, record)) {
      yield* called(record, options, true)
      yield* derived(record, options)
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
): Part {
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
      yield* called(record, options, false)
      yield* derived(record, options)
      yield { do: 'effect', effect, messageId, record, idempotent: false }
      yield STORE_ROUND_TRIP
      if (marks === 'after') yield mark
    }
    yield { do: 'end', record, outcome: 'ok' }
  }
  yield COMMIT
}
