/**
 * An application made of a handler: each record of a poll in turn, with retries and commits.
 *
 * What the handler throws is the failure of its record, counted with the handler's line. What it
 * does against virtual time (a promise, a clock, a forgotten `yield*`) ends the run with one line,
 * because every later answer would be about something else.
 */

import type { Answer, Application, Delivered, Step } from '../../model/application.ts'
import { messageIdOf } from '../../model/kafka/application/message-id.ts'
import { InputError } from '../schema/input-error.ts'
import type { App, Handler, HandlerCommit, HandlerError, ReceivedRecord, Steps } from './handler.ts'
import { placeOf } from './place.ts'
import { type Desk, putAside, startDesk, type ToolOptions, toolsOf } from './tools.ts'
import { inVirtualTime } from './virtual-world.ts'

export interface HandlerOptions extends ToolOptions {
  readonly handler: Handler
  readonly commit: HandlerCommit
  /** Of the run: errors are counted here. */
  readonly errors: HandlerError[]
  readonly nowUs: () => number
}

/** One for each start of a process: what it keeps in memory dies with it. */
export function handlerApplication(options: HandlerOptions): Application {
  const desk = startDesk()
  const app = toolsOf(options, desk)
  return { name: 'handler', handle: (records) => handled(records, options, { app, desk }) }
}

interface Bench {
  readonly app: App
  readonly desk: Desk
}

function* handled(
  records: readonly Delivered[],
  options: HandlerOptions,
  bench: Bench,
): Steps<void> {
  const { commit } = options
  if (commit === 'before' && (yield { do: 'commit' }) !== 'ok') return
  for (const record of records) {
    yield* handledRecord(record, options, bench)
    if (commit === 'record') yield { do: 'commit', upTo: [record] }
  }
  if (commit === 'batch') yield { do: 'commit' }
}

/** Tries a record as often as the group's setting says, then puts it aside or skips it. */
function* handledRecord(record: Delivered, options: HandlerOptions, bench: Bench): Steps<void> {
  const { attempts, backoffUs, deadLetter } = options.failures
  const { desk } = bench
  desk.record = record
  desk.putAside = false
  for (let attempt = 1; ; attempt += 1) {
    yield { do: 'begin', record }
    desk.received = receivedOf(record, attempt)
    const failed = yield* tried(options, bench)
    const ok = !failed && !desk.putAside
    yield { do: 'end', record, outcome: ok ? 'ok' : 'failed' }
    if (!failed) break
    if (attempts !== 0 && attempt >= attempts) {
      if (deadLetter !== null) yield* putAside(options, desk)
      break
    }
    yield { do: 'sleep', us: backoffUs }
  }
  desk.record = null
}

function receivedOf(record: Delivered, attempt: number): ReceivedRecord {
  const { key, offset, partition, timestampMs, topic, value } = record
  const id = messageIdOf(record, 'record')
  return { id, topic, partition, offset, key, value, timestampMs, attempt }
}

/** Runs the handler over the record in hand; true if it threw. */
function* tried(options: HandlerOptions, { app, desk }: Bench): Steps<boolean> {
  const { handler, module } = options
  try {
    const steps = inVirtualTime(module, () => handler(desk.received as ReceivedRecord, app))
    checkGenerator(steps, module)
    let answer: Answer
    for (;;) {
      const given = answer
      const { done, value } = inVirtualTime(module, () => steps.next(given))
      if (done === true) break
      answer = yield stepOf(value, module)
    }
    checkPending(desk, module)
    return false
  } catch (error) {
    if (error instanceof InputError) throw error
    note(options, error)
    desk.pending.length = 0
    return true
  }
}

function note({ errors, group, module, nowUs }: HandlerOptions, error: unknown): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const place = placeOf(error, module)
  const known = errors.find(
    (one) => one.group === group && one.message === message && one.place === place,
  )
  if (known === undefined) errors.push({ group, message, place, firstUs: nowUs(), count: 1 })
  else known.count += 1
}

function checkGenerator(steps: unknown, module: string): void {
  if (typeof (steps as { next?: unknown } | undefined)?.next === 'function') return
  throw new InputError([
    `${module}: the handler gives no generator: write it as function* (record, app) { … }`,
  ])
}

function stepOf(value: unknown, module: string): Step {
  if (typeof (value as { do?: unknown } | null | undefined)?.do === 'string') return value as Step
  const said = value as { then?: unknown; next?: unknown } | null | undefined
  const what =
    typeof said?.then === 'function'
      ? 'a promise, which does not exist in virtual time: call the tools with yield*'
      : typeof said?.next === 'function'
        ? 'a generator: write yield* instead of yield'
        : 'no step of a tool: write yield* app.…'
  throw new InputError([`${module}: the handler yielded ${what}`])
}

function checkPending({ pending }: Desk, module: string): void {
  const [name] = pending
  if (name === undefined) return
  throw new InputError([`${module}: app.${name}(…) was called without yield*, so it did nothing`])
}
