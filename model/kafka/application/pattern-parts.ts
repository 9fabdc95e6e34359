/**
 * What the patterns are put together from: their options, and the parts of the way of one record
 * that take more than one step, such as a call that is made until it is answered.
 */

import type { Answer, Delivered, FailurePolicy, Step } from '../../application.ts'
import type { EffectStore } from './effect-store.ts'
import { type Derived, type EffectPer, messageIdOf } from './message-id.ts'

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

export type Part<Result = void> = Generator<Step, Result, Answer>

export const WORK: Step = { do: 'work' }
export const COMMIT: Step = { do: 'commit' }

/** How long the application waits before it sends a derived record again that failed. */
const RESEND_BACKOFF: Step = { do: 'sleep', us: 100_000 }

const FOR_EVER: FailurePolicy = { attempts: 0, backoffUs: 100_000, deadLetter: null }

/**
 * A record whose processing failed: tries it again after the back-off, then puts it aside (KC A22,
 * A23). True with its processing begun and worked; false if it was given up.
 */
export function* retried(record: Delivered, options: PatternOptions): Part<boolean> {
  const { attempts, backoffUs, deadLetter } = options.failures ?? FOR_EVER
  yield { do: 'end', record, outcome: 'failed' }
  for (let attempt = 1; attempts === 0 || attempt < attempts; attempt += 1) {
    yield { do: 'sleep', us: backoffUs }
    yield { do: 'begin', record }
    if ((yield WORK) !== 'failed') return true
    yield { do: 'end', record, outcome: 'failed' }
  }
  if (deadLetter === null) return false
  yield* sent(deadLetter, record, options.effectPer)
  yield { do: 'dead-letter', record }
  return false
}

/** Calls all services, each until it answers. Their effects bear their names. */
export function* called(record: Delivered, options: PatternOptions, once: boolean): Part {
  if (options.calls.length === 0) return
  const messageId = messageIdOf(record, options.effectPer)
  for (const { service, timeoutUs, retryBackoffUs } of options.calls) {
    const effect = service
    const step: Step = {
      do: 'call',
      service,
      effect,
      messageId,
      record,
      idempotent: once,
      timeoutUs,
    }
    while ((yield step) !== 'ok') yield { do: 'sleep', us: retryBackoffUs }
  }
}

/** Sends the record that is derived from this one, if one is. */
export function* derived(record: Delivered, { effectPer, produces }: PatternOptions): Part {
  if (produces !== null) yield* sent(produces, record, effectPer)
}

/** Sends a record until it is acknowledged; the id of its cause lets readers know it again. */
function* sent(output: PatternOutput, record: Delivered, effectPer: EffectPer): Part {
  const value: Derived = { messageId: messageIdOf(record, effectPer) }
  const step: Step = {
    do: 'send',
    topic: output.topic,
    key: record.key,
    value,
    bytes: output.recordBytes,
  }
  while ((yield step) !== 'ok') yield RESEND_BACKOFF
}
