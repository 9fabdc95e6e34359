/**
 * The tools of a handler, made of the steps of an application.
 *
 * Each operation of a store takes a round trip before it acts, so that a crash can come between
 * any two. A tool that is called and not run (`yield*` is missing) is noticed at the record's end.
 */

import type {
  Answer,
  CallOutcome,
  Delivered,
  FailurePolicy,
  Step,
} from '../../model/application.ts'
import { messageIdOf } from '../../model/kafka/application/message-id.ts'
import { InputError } from '../schema/input-error.ts'
import { didYouMean } from '../schema/nearest.ts'
import { parseDuration } from '../schema/units.ts'
import type { App, HandlerStore, ReceivedRecord, Steps, Transaction } from './handler.ts'

/** A round trip to the group's store. */
const STORE_ROUND_TRIP: Step = { do: 'sleep', us: 500 }
const WORK: Step = { do: 'work' }
const RESEND_BACKOFF: Step = { do: 'sleep', us: 100_000 }
const RECORD_BYTES = 100
const CALL_TIMEOUT_US = 1_000_000

export interface ToolOptions {
  readonly group: string
  readonly module: string
  readonly member: string
  /** Services with how long callers wait that do not say. */
  readonly services: ReadonlyMap<string, number | undefined>
  readonly topics: readonly string[]
  readonly failures: FailurePolicy
  /** The group's, the same for all members and incarnations. */
  readonly values: Map<string, unknown>
}

/** What the tools know of the record in hand. */
export interface Desk {
  record: Delivered | null
  received: ReceivedRecord | null
  /** Tools that were called and not yet run. */
  readonly pending: string[]
  putAside: boolean
}

export function startDesk(): Desk {
  return { record: null, received: null, pending: [], putAside: false }
}

export function toolsOf(options: ToolOptions, desk: Desk): App {
  const { group, member, module, topics, values } = options
  const tool = <Value>(name: string, steps: () => Steps<Value>): Steps<Value> => {
    desk.pending.push(name)
    return begun(desk, name, steps)
  }
  return {
    member,
    memory: new Map(),
    store: storeOf(values, tool),
    transaction: (act) => tool('transaction', () => transacted(act, values, desk)),
    work: (time) => tool('work', () => worked(time === undefined ? WORK : workFor(time, module))),
    sleep: (time) => tool('sleep', () => done({ do: 'sleep', us: durationOf(time, module) })),
    call: (service, request = {}) =>
      tool('call', () => called(callStep(options, desk, service, request))),
    effect: ({ id, once = false } = {}) =>
      tool('effect', () => applied(desk, { effect: group, id, once })),
    produce: (topic, { key, value = null, bytes = RECORD_BYTES } = {}) =>
      tool('produce', () => {
        known('topic', topic, topics, module)
        const record = inHand(desk)
        return sent({ do: 'send', topic, key: key === undefined ? record.key : key, value, bytes })
      }),
    commit: () => tool('commit', () => committed({ do: 'commit', upTo: [inHand(desk)] })),
    deadLetter: () => tool('deadLetter', () => putAside(options, desk)),
    now: () => tool('now', () => asked({ do: 'clock' })),
    random: () => tool('random', () => asked({ do: 'draw' })),
  }
}

function* begun<Value>(desk: Desk, name: string, steps: () => Steps<Value>): Steps<Value> {
  desk.pending.splice(desk.pending.indexOf(name), 1)
  return yield* steps()
}

function storeOf(
  values: Map<string, unknown>,
  tool: <Value>(name: string, steps: () => Steps<Value>) => Steps<Value>,
): HandlerStore {
  return {
    get: (key) => tool('store.get', () => stored(() => values.get(key))),
    set: (key, value) => tool('store.set', () => stored(() => void values.set(key, value))),
    add: (key, value) =>
      tool('store.add', () =>
        stored(() => {
          if (values.has(key)) return false
          values.set(key, value)
          return true
        }),
      ),
    remove: (key) => tool('store.remove', () => stored(() => void values.delete(key))),
  }
}

function* stored<Value>(act: () => Value): Steps<Value> {
  yield STORE_ROUND_TRIP
  return act()
}

/** Nothing is written where `act` throws. */
function* transacted<Value>(
  act: (transaction: Transaction) => Value,
  values: Map<string, unknown>,
  desk: Desk,
): Steps<Value> {
  yield STORE_ROUND_TRIP
  const messageId = messageIdOf(inHand(desk), 'record')
  const written = new Map(values)
  const bookings: Step[] = []
  const add = (ledger: string, item: string, amount: number, id: string | null): void => {
    const key = balanceKey(ledger, item)
    written.set(key, ((written.get(key) as number | undefined) ?? 0) + amount)
    bookings.push({ do: 'book', ledger, item, amount, messageId: id })
  }
  const value = act({
    get: (key) => written.get(key),
    set: (key, to) => void written.set(key, to),
    remove: (key) => void written.delete(key),
    open: (ledger, item, amount) => {
      if (!written.has(balanceKey(ledger, item))) add(ledger, item, amount, null)
    },
    book: (ledger, item, amount) => add(ledger, item, amount, messageId),
    balance: (ledger, item) => (written.get(balanceKey(ledger, item)) as number | undefined) ?? 0,
  })
  values.clear()
  for (const [key, to] of written) values.set(key, to)
  for (const booking of bookings) yield booking
  return value
}

function balanceKey(ledger: string, item: string): string {
  return `ledger ${ledger}/${item}`
}

function* worked(step: Step): Steps<void> {
  if ((yield step) === 'failed') throw new Error('the record is poison')
}

function workFor(time: string, module: string): Step {
  return { do: 'work', us: durationOf(time, module) }
}

function* done(step: Step): Steps<void> {
  yield step
}

function* called(step: Step): Steps<CallOutcome> {
  return (yield step) as CallOutcome
}

function callStep(
  { module, services }: ToolOptions,
  desk: Desk,
  service: string,
  { id, once = false, timeout }: { id?: string; once?: boolean; timeout?: string },
): Step {
  known('service', service, [...services.keys()], module)
  const record = inHand(desk)
  return {
    do: 'call',
    service,
    effect: service,
    messageId: id ?? messageIdOf(record, 'record'),
    record,
    idempotent: once,
    timeoutUs:
      timeout === undefined
        ? (services.get(service) ?? CALL_TIMEOUT_US)
        : durationOf(timeout, module),
  }
}

function* applied(
  desk: Desk,
  { effect, id, once }: { effect: string; id: string | undefined; once: boolean },
): Steps<boolean> {
  const record = inHand(desk)
  const messageId = id ?? messageIdOf(record, 'record')
  yield STORE_ROUND_TRIP
  return (yield { do: 'effect', effect, messageId, record, idempotent: once }) === true
}

function* sent(step: Step): Steps<'ok' | 'failed'> {
  return (yield step) === 'ok' ? 'ok' : 'failed'
}

function* committed(step: Step): Steps<'ok' | 'failed'> {
  return (yield step) === 'ok' ? 'ok' : 'failed'
}

function* asked(step: Step): Steps<number> {
  return (yield step) as Answer & number
}

/** Sends the record in hand to the dead letters until it is acknowledged. */
export function* putAside({ failures, group, module }: ToolOptions, desk: Desk): Steps<void> {
  const { deadLetter } = failures
  if (deadLetter === null) {
    throw new InputError([
      `${module}: app.deadLetter(): ${group} has no "deadLetter:" topic in its scenario`,
    ])
  }
  const record = inHand(desk)
  const step: Step = {
    do: 'send',
    topic: deadLetter.topic,
    key: record.key,
    value: { messageId: messageIdOf(record, 'record') },
    bytes: deadLetter.recordBytes,
  }
  while ((yield step) !== 'ok') yield RESEND_BACKOFF
  yield { do: 'dead-letter', record }
  desk.putAside = true
}

function inHand({ record }: Desk): Delivered {
  if (record === null) throw new Error('a tool was used after its record was done')
  return record
}

function durationOf(time: string, module: string): number {
  try {
    return parseDuration(time)
  } catch (error) {
    throw new InputError([`${module}: ${error instanceof Error ? error.message : String(error)}`])
  }
}

function known(what: string, name: string, names: readonly string[], module: string): void {
  if (names.includes(name)) return
  const hint = didYouMean(name, names) || ': the scenario describes none of that name'
  throw new InputError([`${module}: there is no ${what} "${name}"${hint}`])
}
