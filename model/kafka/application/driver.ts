/**
 * Drives an `Application` inside a consumer process: takes its steps one by one, in virtual time.
 *
 * One batch is in hand at a time, on the thread of the application (KC 2.1). A crash drops the
 * generator, so what was begun stays open in the history. Losing the partitions does not stop it:
 * a member that was put out of its group goes on with its batch as a zombie (KC 2.6).
 * Left out: several worker threads.
 */

import type { CloseReason, Connection, Context } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import {
  type Answer,
  type Application,
  type CallOutcome,
  COUNTED,
  type Delivered,
  type Step,
  type Steps,
} from '../../application.ts'
import { type History, Outcome } from '../../history.ts'
import { type Ailment, ailmentOf, type Ailments } from './ailments.ts'
import {
  call,
  callAnswered,
  callClosed,
  type Calls,
  type CallTimer,
  callTimedOut,
  startCalls,
} from './calls.ts'
import { applyEffect, applyToRange, type EffectStore, mark } from './effect-store.ts'
import type { CallResponse } from './messages.ts'
import { drawWorkUs, type WorkTime } from './work-time.ts'

export type DriverTimer = CallTimer | 'applicationSleep'
export type DriverIo = 'worked'

export type DriverContext = Context<DriverTimer, DriverIo>

/** The answer to a step comes later, by `resume`. */
export type Later = 'later'

/** What the driver asks of the client that it runs in. */
export interface DriverHost {
  /** Commits what was returned so far, or up to and including these records. */
  commit(upTo: readonly Delivered[] | null, context: DriverContext): 'ok' | 'failed' | Later
  send(
    step: Extract<Step, { readonly do: 'send' }>,
    context: DriverContext,
  ): 'ok' | 'failed' | Later
  /** A record was processed to its end; tells whether the member still owned it. */
  processed(record: Delivered, context: DriverContext): void
  /** The batch is done: the next one, or null if the client has to wait for it. */
  nextBatch(context: DriverContext): readonly Delivered[] | null
}

export interface DriverOptions {
  readonly application: Application
  readonly history: History
  /** Names of the process and of the group in the history. */
  readonly process: number
  readonly group: number
  readonly store: EffectStore
  readonly work: WorkTime
  /** Of the run; null: no record ails. */
  readonly ailments: Ailments | null
  readonly host: DriverHost
}

export interface Driver {
  readonly options: DriverOptions
  readonly calls: Calls
  /** Work takes so many times as long. */
  factor: number
  steps: Steps | null
  /** What the application waits for; null while it has nothing in hand. */
  waiting: Step['do'] | null
  /** Generation in which the batch in hand was returned. */
  generation: number
  /** Records whose processing has begun, and its rows in the history. */
  readonly open: Delivered[]
  readonly openRows: number[]
  /** Of the record that was begun last. */
  ailment: Ailment | null
  /** Records that were begun last: what work is to be done for. */
  inHand: number
  /** How the work under way ends: 'failed' for a poison record. */
  worked: 'failed' | undefined
  /** Made when the application draws first; it goes on over restarts. */
  draws: Stream | null
}

export function startDriver(options: DriverOptions): Driver {
  return {
    options,
    calls: startCalls(options.group),
    factor: 1,
    steps: null,
    waiting: null,
    generation: -1,
    open: [],
    openRows: [],
    ailment: null,
    inHand: 1,
    worked: undefined,
    draws: null,
  }
}

/** Whether the application has a batch in hand. */
export function isHandling(driver: Driver): boolean {
  return driver.steps !== null
}

/** Hands a batch to the application. */
export function handleBatch(
  driver: Driver,
  records: readonly Delivered[],
  generation: number,
  context: DriverContext,
): void {
  begin(driver, records, generation)
  run(driver, undefined, context)
}

/** Sets the generation of a batch that `nextBatch` returns. */
export function handsOut(driver: Driver, generation: number): void {
  driver.generation = generation
}

/** The answer that a commit or a send was waiting for. */
export function resume(driver: Driver, answer: Answer, context: DriverContext): void {
  if (driver.steps === null) return
  driver.waiting = null
  run(driver, answer, context)
}

export function onWorked(driver: Driver, context: DriverContext): void {
  resume(driver, driver.worked, context)
}

export function onApplicationSleep(driver: Driver, context: DriverContext): void {
  resume(driver, undefined, context)
}

export function onCallResponse(
  driver: Driver,
  response: CallResponse,
  context: DriverContext,
): void {
  endCall(driver, callAnswered(driver.calls, response, context), context)
}

export function onCallTimeout(driver: Driver, context: DriverContext): void {
  endCall(driver, callTimedOut(driver.calls, context), context)
}

export function onCallClosed(
  driver: Driver,
  connection: Connection,
  reason: CloseReason,
  context: DriverContext,
): void {
  endCall(driver, callClosed(driver.calls, connection, reason, context), context)
}

function endCall(driver: Driver, outcome: CallOutcome | null, context: DriverContext): void {
  if (outcome !== null) resume(driver, outcome, context)
}

function begin(driver: Driver, records: readonly Delivered[], generation: number): void {
  driver.generation = generation
  if (driver.open.length > 0) {
    driver.open.length = 0
    driver.openRows.length = 0
  }
  driver.steps = driver.options.application.handle(records)
}

/**
 * A loop rather than a recursion: an application without work takes many batches at one instant.
 */
function run(driver: Driver, answer: Answer, context: DriverContext): void {
  let next = answer
  while (driver.steps !== null) {
    const { value, done } = driver.steps.next(next)
    if (done === true) {
      driver.steps = null
      const records = driver.options.host.nextBatch(context)
      if (records !== null) begin(driver, records, driver.generation)
      next = undefined
      continue
    }
    const outcome = perform(driver, value, context)
    if (outcome === 'later') {
      driver.waiting = value.do
      return
    }
    next = outcome
  }
}

function perform(driver: Driver, step: Step, context: DriverContext): Answer | Later {
  switch (step.do) {
    case 'work':
      return work(driver, step.us, context)
    case 'begin':
      return beginProcessing(driver, step.record)
    case 'end':
      return endProcessing(driver, step.record, step.outcome, context)
    case 'dead-letter':
      return deadLetter(driver, step.record)
    case 'effect':
      return effect(driver, step)
    case 'mark':
      return mark(driver.options.store, step.effect, step.messageId)
    case 'book':
      return book(driver, step)
    case 'clock':
      return context.wallMs()
    case 'draw':
      driver.draws ??= context.random('application/draws')
      return driver.draws.next()
    case 'call':
      call(driver.calls, step, context)
      return 'later'
    case 'send':
      return driver.options.host.send(step, context)
    case 'commit':
      return driver.options.host.commit(step.upTo ?? null, context)
    case 'sleep':
      context.setTimer('applicationSleep', 0, step.us)
      return 'later'
  }
}

function work(
  driver: Driver,
  us: number | undefined,
  context: DriverContext,
): 'failed' | undefined | Later {
  const { ailment } = driver
  const factor = ailment === null ? driver.factor : driver.factor * ailment.factor
  driver.worked = ailment?.fails === true ? 'failed' : undefined
  const time =
    us === undefined
      ? drawWorkUs(driver.options.work, factor, driver.inHand)
      : Math.round(us * factor)
  if (time <= 0) return driver.worked
  context.serve('app', time, 'worked', 0)
  return 'later'
}

function beginProcessing(driver: Driver, record: Delivered): undefined {
  const { ailments, history, process, group } = driver.options
  if (ailments !== null && ailments.orders.length > 0) {
    driver.ailment = ailmentOf(ailments, history.names[group] ?? '', record)
  }
  const row = history.processingBegan(
    process,
    group,
    driver.generation,
    record.partitionId,
    record.offset,
    record.stream,
    record.index,
    record.count,
  )
  driver.inHand = record.count
  driver.open.push(record)
  driver.openRows.push(row)
}

function endProcessing(
  driver: Driver,
  record: Delivered,
  outcome: 'ok' | 'failed',
  context: DriverContext,
): undefined {
  const { options } = driver
  const row = takeOpenRow(driver, record)
  if (row >= 0) {
    options.history.processingEnded(row, outcome === 'ok' ? Outcome.ok : Outcome.failed)
  }
  options.host.processed(record, context)
}

/** The row of a processing that ends, or −1 if none of this record is open. */
function takeOpenRow({ open, openRows }: Driver, record: Delivered): number {
  // As a rule one is open, and a splice makes an array of what it takes.
  if (open[open.length - 1] === record) {
    open.pop()
    return openRows.pop() as number
  }
  const at = open.lastIndexOf(record)
  if (at === -1) return -1
  open.splice(at, 1)
  return openRows.splice(at, 1)[0] as number
}

function book(driver: Driver, step: Extract<Step, { readonly do: 'book' }>): boolean {
  const { history, process } = driver.options
  const { amount, item, ledger, messageId } = step
  history.booked(process, history.name(ledger), history.name(item), amount, messageId)
  return true
}

function deadLetter(driver: Driver, record: Delivered): undefined {
  const { history, process, group } = driver.options
  history.deadLettered(process, group, record.stream, record.index)
}

function effect(driver: Driver, step: Extract<Step, { readonly do: 'effect' }>): boolean {
  const { group, history, process, store } = driver.options
  const { stream, index } = step.record
  if (step.record.value === COUNTED) return effectOnRange(driver, step)
  const message = history.messages.numberOf(step.messageId, stream, index)
  const applied = applyEffect(store, step.effect, message, step.idempotent)
  history.effected(process, history.name(step.effect), message, stream, index, applied, group)
  return applied
}

/** True if the effect was applied to all of the range, and not known of any part of it. */
function effectOnRange(driver: Driver, step: Extract<Step, { readonly do: 'effect' }>): boolean {
  const { group, history, process, store } = driver.options
  const effect = history.name(step.effect)
  let whole = true
  for (const part of applyToRange(store, step.effect, step.record, step.idempotent)) {
    whole &&= part.applied
    history.effectedRange(process, effect, part, part.applied, group)
  }
  return whole
}
