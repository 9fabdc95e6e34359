/**
 * A downstream service, such as a bank: workers, a work time, and a durable store of effects.
 *
 * A call waits for a worker, takes its time there, is written and synced, and only then answered;
 * so a crash in between leaves the caller with an outcome it cannot know (KC X11, A8). Message id
 * and effect are one entry of one file: the two cannot part. While it is down it is silent. Without
 * a bound of its own a full queue stops reading; with one, a call that finds it full is refused at
 * once, as by an HTTP 503, and one that waited longer than the time-out is dropped without a word
 * when its turn comes. A message id is its caller's: two groups that use the same one mean two
 * effects. Left out: retention of message ids.
 */

import type { Disk } from '../../../sim/disk.ts'
import type { Behaviour, Connection, Context } from '../../../sim/process.ts'
import { type History, Lifecycle } from '../../history.ts'
import type { StreamId } from '../../record.ts'
import {
  CALL_RESPONSE_BYTES,
  type CallRequest,
  type CallResponse,
  type ServiceCommand,
  serviceName,
} from './messages.ts'
import { drawWorkUs, type Work, type WorkTime, workTime } from './work-time.ts'

/** How many calls may wait for a worker before a service without a bound stops reading. */
export const SERVICE_QUEUE_MAX = 500

const EFFECTS_FILE = 'effects'
const EFFECT_BYTES = 128

/** One effect as it stands in the store. */
export interface StoredEffect {
  readonly caller: number
  readonly effect: string
  readonly messageId: string
  readonly stream: StreamId
  readonly index: number
}

/**
 * How many entries of the store the history was told of. It belongs to the run, not to the
 * process: after a crash the effects that lasted are told late, those that did not never.
 */
export interface ServiceLedger {
  told: number
}

export function serviceLedger(): ServiceLedger {
  return { told: 0 }
}

export interface ServiceOptions {
  readonly name: string
  /** Calls worked on at the same time. */
  readonly workers: number
  readonly work: Work
  /** How many calls may wait for a worker; more are refused. Absent: none is refused. */
  readonly queueMax?: number
  /** A call that waited so long for a worker is dropped; 0: it waits for ever. */
  readonly timeoutUs?: number
  readonly history: History
  /** The same at every restart. */
  readonly ledger: ServiceLedger
}

interface Call {
  readonly request: CallRequest
  readonly connection: Connection
  applied: boolean
  /** When it came, by the monotonic clock. */
  readonly arrivedUs: number
}

export interface Service {
  readonly options: ServiceOptions
  readonly disk: Disk
  readonly process: number
  readonly time: WorkTime
  /** Message ids of applied effects, by effect and caller; the file as an index. */
  readonly marks: Map<string, Map<number, Set<string>>>
  /** Calls with a worker, by a number of this incarnation. */
  readonly calls: Map<number, Call>
  nextCall: number
  factor: number
  /** Of a service with a bound: calls that wait for a worker, and workers that have one. */
  readonly queue: number[]
  busy: number
}

export type ToService = CallRequest | ServiceCommand
export type ServiceIo = 'worked' | 'synced'

type ServiceContext = Context<never, ServiceIo>

export function serviceProcess(
  options: ServiceOptions,
): Behaviour<Service, ToService, never, ServiceIo> {
  const bounded = isBounded(options)
  return {
    stations: {
      operator: { servers: 1 },
      worker: { servers: options.workers, queueMax: SERVICE_QUEUE_MAX },
    },
    threads: { CallRequest: bounded ? 'operator' : 'worker', worked: 'worker', synced: 'worker' },
    start: (disk, context) => start(options, disk, context),
    receive: {
      CallRequest: bounded ? onBoundedCall : onCallRequest,
      ServiceCommand: onServiceCommand,
    },
    expire: {},
    done: { worked: onWorked, synced: onSynced },
  }
}

function isBounded({ queueMax, timeoutUs }: ServiceOptions): boolean {
  return queueMax !== undefined || (timeoutUs ?? 0) > 0
}

function start(options: ServiceOptions, disk: Disk, context: ServiceContext): Service {
  const { history, name } = options
  const self: Service = {
    options,
    disk,
    process: history.name(serviceName(name)),
    time: workTime(options.work, context.random('service/work')),
    marks: new Map(),
    calls: new Map(),
    nextCall: 0,
    factor: 1,
    queue: [],
    busy: 0,
  }
  history.lived(self.process, Lifecycle.started, context.incarnation)
  load(self)
  return self
}

/** Takes up the store: what a power loss tore is cut, what lasted untold is told. */
function load(self: Service): void {
  const { disk, options } = self
  const whole = disk.entries(EFFECTS_FILE).length - (disk.torn(EFFECTS_FILE) ? 1 : 0)
  if (whole < disk.entries(EFFECTS_FILE).length) disk.truncate(EFFECTS_FILE, whole)
  const stored = disk.entries<StoredEffect>(EFFECTS_FILE)
  for (let at = 0; at < stored.length; at += 1) mark(self, stored[at] as StoredEffect)
  tell(self, stored.length)
  options.ledger.told = stored.length
}

function onCallRequest(
  self: Service,
  request: CallRequest,
  connection: Connection,
  context: ServiceContext,
): void {
  const key = taken(self, request, connection, context)
  const us = drawWorkUs(self.time, self.factor)
  if (us > 0) context.work(us, 'worked', key)
  else onWorked(self, key, 'ok', context)
}

function taken(
  self: Service,
  request: CallRequest,
  connection: Connection,
  context: ServiceContext,
): number {
  const key = self.nextCall
  self.nextCall += 1
  const arrivedUs = context.monotonicUs()
  self.calls.set(key, { request, connection, applied: false, arrivedUs })
  return key
}

/** Takes a call, lets it wait, or refuses it. */
function onBoundedCall(
  self: Service,
  request: CallRequest,
  connection: Connection,
  context: ServiceContext,
): void {
  const { queueMax, workers } = self.options
  if (self.busy >= workers && self.queue.length >= (queueMax ?? SERVICE_QUEUE_MAX)) {
    answer(request, connection, { busy: true, applied: false }, context)
    return
  }
  self.queue.push(taken(self, request, connection, context))
  serveNext(self, context)
}

/** Gives the workers that are free to the calls that wait; what waited too long is dropped. */
function serveNext(self: Service, context: ServiceContext): void {
  const { timeoutUs = 0, workers } = self.options
  while (self.busy < workers && self.queue.length > 0) {
    const key = self.queue.shift() as number
    const call = self.calls.get(key) as Call
    if (timeoutUs > 0 && context.monotonicUs() - call.arrivedUs >= timeoutUs) {
      self.calls.delete(key)
      continue
    }
    self.busy += 1
    context.serve('worker', drawWorkUs(self.time, self.factor), 'worked', key)
  }
}

/** A worker of a service with a bound is through with its call. */
function workerFree(self: Service, context: ServiceContext): void {
  if (!isBounded(self.options)) return
  self.busy -= 1
  serveNext(self, context)
}

function answer(
  request: CallRequest,
  connection: Connection,
  { applied, busy }: { readonly applied: boolean; readonly busy: boolean },
  context: ServiceContext,
): void {
  const { callId } = request
  const response: CallResponse = { type: 'CallResponse', callId, busy, applied }
  context.send(connection, response, CALL_RESPONSE_BYTES)
}

function onServiceCommand(self: Service, command: ServiceCommand): void {
  self.factor = command.factor
}

/** Mark and effect in one write. A known id is synced too: its first call may not be yet. */
function onWorked(
  self: Service,
  key: number,
  _outcome: 'ok' | 'io-error',
  context: ServiceContext,
): void {
  const call = self.calls.get(key)
  if (call === undefined) return
  const { caller, effect, messageId, stream, index, idempotent } = call.request
  if (!idempotent || self.marks.get(effect)?.get(caller)?.has(messageId) !== true) {
    const entry: StoredEffect = { caller, effect, messageId, stream, index }
    if (self.disk.append(EFFECTS_FILE, entry, EFFECT_BYTES) !== 'ok') {
      // Nothing was applied and nothing is said: the caller times out and calls again.
      self.calls.delete(key)
      workerFree(self, context)
      return
    }
    mark(self, entry)
    call.applied = true
  }
  context.hold('synced', key)
  self.disk.sync(EFFECTS_FILE, 'synced', key)
}

function onSynced(
  self: Service,
  key: number,
  outcome: 'ok' | 'io-error',
  context: ServiceContext,
): void {
  const call = self.calls.get(key)
  self.calls.delete(key)
  workerFree(self, context)
  if (call === undefined || outcome !== 'ok') return
  tell(self, self.disk.synced(EFFECTS_FILE))
  if (!call.applied) tellEffect(self, call.request, false)
  answer(call.request, call.connection, { applied: call.applied, busy: false }, context)
}

/** Tells the history of every durable effect that it has not heard of. */
function tell(self: Service, durable: number): void {
  const { ledger } = self.options
  const stored = self.disk.entries<StoredEffect>(EFFECTS_FILE)
  for (let at = ledger.told; at < durable; at += 1) {
    tellEffect(self, stored[at] as StoredEffect, true)
  }
  if (durable > ledger.told) ledger.told = durable
}

function tellEffect(self: Service, of: StoredEffect, applied: boolean): void {
  const { history } = self.options
  const { caller, effect, messageId, stream, index } = of
  const message = history.messages.ofText(messageId)
  history.effected(self.process, history.name(effect), message, stream, index, applied, caller)
}

function mark(self: Service, entry: StoredEffect): void {
  let callers = self.marks.get(entry.effect)
  if (callers === undefined) {
    callers = new Map()
    self.marks.set(entry.effect, callers)
  }
  let marks = callers.get(entry.caller)
  if (marks === undefined) {
    marks = new Set()
    callers.set(entry.caller, marks)
  }
  marks.add(entry.messageId)
}
