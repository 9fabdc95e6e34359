/**
 * The way of A1, A3 and A4 through a batch: each record is processed, in the hope that it comes
 * only once (KC 6.1).
 *
 * A state machine where the other patterns are generators, since most runs take each of their
 * records this way: it gives the same few steps again and again, and makes an object of none.
 */

import type { Answer, Delivered, Step, Steps } from '../../application.ts'
import { foreignIdOf } from './message-id.ts'
import {
  called,
  COMMIT,
  derived,
  type Part,
  type PatternOptions,
  retried,
  WORK,
} from './pattern-parts.ts'

/** What was done last. */
type Stage =
  | 'nothing'
  | 'committed-first'
  | 'begun'
  | 'worked'
  | 'retried'
  | 'called'
  | 'applied'
  | 'sent'
  | 'ended'
  | 'committed-last'

type StepNamed<Name extends Step['do']> = Extract<Step, { readonly do: Name }>
type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] }

/** In the steps before the first record. */
const NOBODY: Delivered = {
  topic: '',
  partition: -1,
  partitionId: -1,
  offset: -1,
  key: null,
  value: null,
  stream: -1,
  index: -1,
  count: 1,
  timestampMs: 0,
}

const OVER: IteratorResult<Step, void> = { value: undefined, done: true }

export class Processing implements Steps {
  #records: readonly Delivered[] = []
  readonly #options: PatternOptions
  readonly #commits: 'never' | 'before' | 'after'
  #at = -1
  #stage: Stage = 'nothing'
  /** What takes more than one step, while it is on. */
  #part: Part<boolean | void> | null = null

  // Filled anew for each record.
  readonly #given: { value: Step; readonly done: false } = { value: WORK, done: false }
  readonly #begin: Mutable<StepNamed<'begin'>> = { do: 'begin', record: NOBODY }
  readonly #effect: Mutable<StepNamed<'effect'>>
  readonly #end: Mutable<StepNamed<'end'>> = { do: 'end', record: NOBODY, outcome: 'ok' }

  constructor(options: PatternOptions, commits: 'never' | 'before' | 'after') {
    this.#options = options
    this.#commits = commits
    const { effect } = options
    this.#effect = { do: 'effect', effect, messageId: null, record: NOBODY, idempotent: false }
  }

  /** The steps of a batch. One before it is over with. */
  of(records: readonly Delivered[]): this {
    this.#records = records
    this.#at = -1
    this.#stage = 'nothing'
    this.#part = null
    return this
  }

  next(answer?: Answer): IteratorResult<Step, void> {
    if (this.#part === null) return this.#goOn(answer)
    const { value, done } = this.#part.next(answer)
    if (done !== true) return this.#give(value, this.#stage)
    this.#part = null
    return this.#goOn(value === false ? 'failed' : 'ok')
  }

  #goOn(answer: Answer): IteratorResult<Step, void> {
    switch (this.#stage) {
      case 'nothing':
        return this.#commits === 'before'
          ? this.#give(COMMIT, 'committed-first')
          : this.#beginNext()
      case 'committed-first':
        return answer === 'ok' ? this.#beginNext() : OVER
      case 'begun':
        return this.#give(WORK, 'worked')
      case 'worked':
        if (answer === 'failed') {
          return this.#take(retried(this.#begin.record, this.#options), 'retried')
        }
        return this.#call()
      case 'retried':
        return answer === 'failed' ? this.#beginNext() : this.#call()
      case 'called':
        return this.#apply()
      case 'applied':
        if (this.#options.produces === null) return this.#give(this.#end, 'ended')
        return this.#take(derived(this.#begin.record, this.#options), 'sent')
      case 'sent':
        return this.#give(this.#end, 'ended')
      case 'ended':
        return this.#beginNext()
      case 'committed-last':
        return OVER
    }
  }

  #give(step: Step, stage: Stage): IteratorResult<Step, void> {
    this.#stage = stage
    this.#given.value = step
    return this.#given
  }

  #take(part: Part<boolean | void>, stage: Stage): IteratorResult<Step, void> {
    this.#stage = stage
    this.#part = part
    return this.next()
  }

  #beginNext(): IteratorResult<Step, void> {
    this.#at += 1
    const record = this.#records[this.#at]
    if (record === undefined) {
      return this.#commits === 'after' ? this.#give(COMMIT, 'committed-last') : OVER
    }
    this.#begin.record = record
    this.#effect.record = record
    this.#effect.messageId = foreignIdOf(record, this.#options.effectPer)
    this.#end.record = record
    return this.#give(this.#begin, 'begun')
  }

  #call(): IteratorResult<Step, void> {
    if (this.#options.calls.length === 0) return this.#apply()
    return this.#take(called(this.#begin.record, this.#options, false), 'called')
  }

  #apply(): IteratorResult<Step, void> {
    return this.#give(this.#effect, 'applied')
  }
}
