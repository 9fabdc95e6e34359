/**
 * A producing service: a process that sends one topic's records as its load makes them.
 *
 * The application thread makes records and writes the history, the sender thread is the producer's.
 * A send that the producer gave up ends as failed only if the record surely never left; a timeout
 * of a batch that was on the wire is unknown (KC 1.1, I2). A crash loses what was in memory; the
 * next incarnation sends other streams. Left out: keys with a life longer than an incarnation
 * (orders that a restarted service would finish).
 */

import type { Behaviour, Connection, Context, Service } from '../../../../sim/process.ts'
import { type History, Outcome } from '../../../history.ts'
import type { DataRecord, StreamId, TopicId } from '../../../record.ts'
import type { Stream } from '../../../../sim/random.ts'
import type { ProducerConfig } from '../../config/producer-config.ts'
import type { ToProducer } from '../../messages.ts'
import { murmur2 } from '../../partitioner.ts'
import type { Topics } from '../../topics.ts'
import { type ClientCosts, makingUs, settlingServices } from '../costs.ts'
import { onClosed, onNetworkTimer, onOpened, onResponse } from '../network.ts'
import { isTimeout } from '../errors.ts'
import {
  type Arrivals,
  chooseKey,
  createArrivals,
  type Load,
  nextArrivalUs,
  zipfTable,
} from './load.ts'
import { type DrawBytes, drawerOf } from './sizes.ts'
import { flush, isQuiet, onRunSender, send, startProducer } from './producer.ts'
import type { Producer, ProducerListener, ProducerTimer, SendResult } from './state.ts'
import { createUsers, nextUserUs, startThinking, takeUser, type Users } from './users.ts'

export interface ProducingOptions {
  /** At `producer.split=halves`. */
  readonly halves?: boolean
  readonly topic: TopicId
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
  readonly config: ProducerConfig
  readonly load: Load
  /** The application sends again, with the same message id, what ended with a TimeoutException. */
  readonly resendOnTimeout: boolean
  readonly history: History
  /** True time since the load began in µs; negative before. Then `LoadCommand` starts it. */
  readonly elapsedUs: () => number
  /** What records cost its threads; absent or null: nothing. */
  readonly costs?: ClientCosts | null
}

/** From the runner: the load begins now, or ends now. */
export interface LoadCommand {
  readonly type: 'LoadCommand'
  readonly command: 'start' | 'stop'
}

/** The value of a record: an event of an order; for other keys, the n-th record of a service. */
export interface OrderEvent {
  readonly kind: 'order-event'
  /** Number of the order in its service's incarnation. */
  readonly order: number
  /** 0: created; then what follows in the order's life. */
  readonly event: number
}

/** What records of one key have in common. */
interface Keyed {
  readonly key: string | null
  /** `murmur2` of the key; 0 without one. */
  readonly keyHash: number
  readonly stream: StreamId
}

interface Order extends Keyed {
  readonly order: number
  event: number
  /** When its next event is sent. */
  dueUs: number
}

interface KeyTable {
  readonly keys: readonly string[]
  /** By key number; null before its first record. */
  readonly keyed: (Keyed | null)[]
  readonly weights: Float64Array | null
}

/** The desk where results arrive: what the application knows of its running sends. */
interface Desk {
  readonly options: ProducingOptions
  /** Number of this process in the history. */
  readonly process: number
  /** Which resend a running send is, by its row in the history. */
  readonly resends: Map<number, number>
  /** Records that timed out, to be sent again by the application thread. */
  readonly timedOut: { readonly record: DataRecord; readonly attempt: number }[]
  stopped: boolean
  /** Who sends in a closed loop; null in an open one, and while there is no load. */
  users: Users | null
}

export interface ProducingService {
  readonly desk: Desk
  readonly producer: Producer<Desk>
  readonly random: Stream
  readonly keyTable: KeyTable | null
  /** Null where all records have one size. */
  readonly drawBytes: DrawBytes | null
  /** Null while there is no load. */
  arrivals: Arrivals | null
  /** Time of the next arrival; infinite when there is none any more, −1 before the load. */
  nextUs: number
  /** Orders whose next event is due, first in, first out. */
  readonly orders: Order[]
  /** What the keys of its orders begin with. */
  readonly keyPrefix: string
  unkeyed: Keyed | null
  orderCount: number
  recordCount: number
  /** How long ago the record that is being sent should have been: a paused service comes late. */
  lateUs: number
  /** Its application thread needs time for a record. */
  readonly occupies: boolean
  /** Time that records took of its application thread and that is less than a whole µs. */
  owedUs: number
}

export type ProducingTimer = ProducerTimer | 'arrive' | 'followUp' | 'resend'

type In = ToProducer | LoadCommand
/** The application thread has made what had arrived. */
type ProducingIo = 'made'
type ProducingContext = Context<ProducingTimer, ProducingIo>

type ProducingBehaviour = Behaviour<ProducingService, In, ProducingTimer, ProducingIo>

// The tables are constants: instances share them, so that each run's are known to the world.

const stations: ProducingBehaviour['stations'] = { app: { servers: 1 }, sender: { servers: 1 } }

const threads: NonNullable<ProducingBehaviour['threads']> = {
  ProduceResponse: 'sender',
  MetadataResponse: 'sender',
  InitProducerIdResponse: 'sender',
  runSender: 'sender',
  network: 'sender',
}

const receive: ProducingBehaviour['receive'] = {
  ProduceResponse: onKafkaResponse,
  MetadataResponse: onKafkaResponse,
  InitProducerIdResponse: onKafkaResponse,
  LoadCommand: (self, { command }, _connection, context) => onLoadCommand(self, command, context),
}

const expire: ProducingBehaviour['expire'] = {
  arrive: (self, _key, context) => onArrive(self, context),
  followUp: (self, _key, context) => onFollowUp(self, context),
  resend: (self, _key, context) => onResend(self, context),
  runSender: (self, _key, context) => onRunSender(self.producer, context),
  network: (self, _key, context) => onNetworkTimer(self.producer.network, context),
}

const done: NonNullable<ProducingBehaviour['done']> = { made() {} }

const FREE: readonly Service[] = []

function services(costs: ClientCosts, message: In): readonly Service[] {
  return message.type === 'ProduceResponse' ? settlingServices(costs, message) : FREE
}

/** The behaviour of one instance of a producing service. */
export function producerProcess(options: ProducingOptions): ProducingBehaviour {
  const costs = options.costs ?? null
  return {
    stations,
    threads,
    ...(costs === null
      ? {}
      : { cost: (_self: ProducingService, message: In) => services(costs, message) }),
    start: (_disk, context) => start(options, context),
    receive,
    expire,
    done,
    opened: (_self, connection, context) => void onOpened(connection, context),
    closed: (_self, connection, _reason, context) => void onClosed(connection, context),
  }
}

function onKafkaResponse(
  _self: ProducingService,
  response: ToProducer,
  connection: Connection,
  context: ProducingContext,
): void {
  onResponse(connection, response, context)
}

/** True if the load is over and every send has its outcome. */
export function isProducingDone(self: ProducingService): boolean {
  const { timedOut, users } = self.desk
  const idle = self.orders.length === 0 && timedOut.length === 0
  const comes = users === null ? self.nextUs : nextUserUs(users)
  return comes === Infinity && idle && isQuiet(self.producer)
}

const listener: ProducerListener<Desk> = {
  completed: onCompleted,
  flushed() {},
  closed() {},
}

function start(options: ProducingOptions, context: ProducingContext): ProducingService {
  const { config, topics, brokers, history, halves = false } = options
  const process = history.name(context.name)
  const desk: Desk = {
    options,
    process,
    resends: new Map(),
    timedOut: [],
    stopped: false,
    users: null,
  }
  const { sizes } = options.load
  const self: ProducingService = {
    desk,
    producer: startProducer(
      { clientId: context.name, key: 0, config, topics, brokers, halves },
      { owner: desk, listener },
      context,
    ),
    random: context.random('load'),
    keyTable: keyTable(options.load),
    drawBytes: sizes === undefined ? null : drawerOf(sizes, context.random('sizes')),
    arrivals: null,
    nextUs: -1,
    orders: [],
    keyPrefix: `${context.name}.${context.incarnation}/`,
    unkeyed: null,
    orderCount: 0,
    recordCount: 0,
    lateUs: 0,
    occupies: (options.costs ?? null) !== null,
    owedUs: 0,
  }
  if (options.elapsedUs() >= 0) beginLoad(self, context)
  return self
}

function keyTable({ keys }: Load): KeyTable | null {
  if (keys.kind !== 'fixed') return null
  return {
    keys: Array.from({ length: keys.count }, (_, index) => `key-${index}`),
    keyed: Array.from({ length: keys.count }, () => null),
    weights: zipfTable(keys.count, keys.exponent ?? 0),
  }
}

function onLoadCommand(
  self: ProducingService,
  command: LoadCommand['command'],
  context: ProducingContext,
): void {
  if (command === 'start') {
    if (self.nextUs === -1) beginLoad(self, context)
    return
  }
  self.desk.stopped = true
  endLoad(self, context)
  flush(self.producer, context)
}

function beginLoad(self: ProducingService, context: ProducingContext): void {
  const { load, elapsedUs } = self.desk.options
  if (load.closed !== undefined) {
    const time = { fromUs: elapsedUs(), endUs: load.endUs }
    self.nextUs = Infinity
    self.desk.users = createUsers(load.closed, time, self.random)
    awaitUser(self.desk, context)
    return
  }
  self.arrivals = createArrivals(load, elapsedUs(), self.random)
  self.nextUs = nextArrivalUs(self.arrivals)
  awaitArrival(self, context)
}

function endLoad(self: ProducingService, context: ProducingContext): void {
  self.nextUs = Infinity
  self.orders.length = 0
  self.desk.timedOut.length = 0
  self.desk.users = null
  context.cancelTimer('arrive', 0)
  context.cancelTimer('followUp', 0)
}

function awaitArrival(self: ProducingService, context: ProducingContext): void {
  if (self.nextUs === Infinity) return
  const waitUs = Math.ceil(self.nextUs - self.desk.options.elapsedUs())
  context.setTimer('arrive', 0, Math.max(0, waitUs))
}

/** Makes what has arrived: one record as a rule, many after a pause of the process. */
function onArrive(self: ProducingService, context: ProducingContext): void {
  const nowUs = self.desk.options.elapsedUs()
  const { users } = self.desk
  if (users !== null) {
    while (nextUserUs(users) <= nowUs && self.desk.users !== null) {
      self.lateUs = nowUs - takeUser(users)
      arrive(self, context)
    }
    awaitUser(self.desk, context)
    return
  }
  const before = self.recordCount
  while (self.nextUs <= nowUs && self.arrivals !== null) {
    self.lateUs = nowUs - self.nextUs
    self.nextUs = nextArrivalUs(self.arrivals)
    arrive(self, context)
    // Where making a record takes time, the next one waits until it is made.
    if (self.occupies) break
  }
  if (self.occupies) occupy(self, self.recordCount - before, context)
  awaitArrival(self, context)
}

/**
 * What comes meanwhile waits for the application thread. A record takes about a µs, and time is
 * whole: what is left over is owed by the next.
 */
function occupy(self: ProducingService, records: number, context: ProducingContext): void {
  const { costs = null, load, config } = self.desk.options
  if (costs === null || records === 0) return
  const made = { records, bytes: records * load.recordBytes }
  const us = self.owedUs + makingUs(costs, made, config.compressionType)
  const whole = Math.floor(us)
  self.owedUs = us - whole
  if (whole > 0) context.serve('app', whole, 'made', 0)
}

function awaitUser({ users, options }: Desk, context: Context<'arrive'>): void {
  const nextUs = users === null ? Infinity : nextUserUs(users)
  if (nextUs === Infinity) return
  context.setTimer('arrive', 0, Math.max(0, Math.ceil(nextUs - options.elapsedUs())))
}

function arrive(self: ProducingService, context: ProducingContext): void {
  const { keys } = self.desk.options.load
  const order = self.orderCount
  self.orderCount += 1
  if (keys.kind === 'per-order') {
    sendEvents(self, newOrder(self, order, context), context)
    return
  }
  const value: OrderEvent = { kind: 'order-event', order, event: 0 }
  if (keys.kind === 'none') {
    self.unkeyed ??= { key: null, keyHash: 0, stream: newStream(self, null, context) }
    sendRecord(self, self.unkeyed, value, context)
    return
  }
  sendRecord(self, chooseKeyed(self, context), value, context)
}

function chooseKeyed(self: ProducingService, context: ProducingContext): Keyed {
  const { keys, keyed, weights } = self.keyTable as KeyTable
  const chosen = chooseKey(keys.length, weights, self.random)
  let found = keyed[chosen] ?? null
  if (found === null) {
    const key = keys[chosen] as string
    found = { key, keyHash: murmur2(key), stream: newStream(self, key, context) }
    keyed[chosen] = found
  }
  return found
}

function newOrder(self: ProducingService, order: number, context: ProducingContext): Order {
  const key = self.keyPrefix + order
  const stream = newStream(self, key, context)
  return { key, keyHash: murmur2(key), stream, order, event: 0, dueUs: 0 }
}

function newStream(
  self: ProducingService,
  key: string | null,
  context: ProducingContext,
): StreamId {
  const { history, topic } = self.desk.options
  return history.newStream({ producer: context.name, incarnation: context.incarnation, topic, key })
}

/** Sends the next event of an order, and all that follow it without a gap. */
function sendEvents(self: ProducingService, order: Order, context: ProducingContext): void {
  const { keys } = self.desk.options.load
  if (keys.kind !== 'per-order') return
  do {
    const value: OrderEvent = { kind: 'order-event', order: order.order, event: order.event }
    sendRecord(self, order, value, context)
    order.event += 1
  } while (order.event < keys.events && keys.gapUs === 0)
  if (order.event >= keys.events || isLoadFull(self)) return
  order.dueUs = self.desk.options.elapsedUs() + keys.gapUs
  self.orders.push(order)
  if (self.orders.length === 1) context.setTimer('followUp', 0, keys.gapUs)
}

/** The gap is the same for all, so orders fall due in the order in which they were put there. */
function onFollowUp(self: ProducingService, context: ProducingContext): void {
  const nowUs = self.desk.options.elapsedUs()
  for (;;) {
    const first = self.orders[0]
    if (first === undefined) return
    if (first.dueUs > nowUs) {
      context.setTimer('followUp', 0, Math.ceil(first.dueUs - nowUs))
      return
    }
    self.orders.shift()
    self.lateUs = nowUs - first.dueUs
    sendEvents(self, first, context)
  }
}

function isLoadFull(self: ProducingService): boolean {
  const { stopAfterRecords } = self.desk.options.load
  return stopAfterRecords !== undefined && self.recordCount >= stopAfterRecords
}

function sendRecord(
  self: ProducingService,
  { key, keyHash, stream }: Keyed,
  value: OrderEvent,
  context: ProducingContext,
): void {
  if (isLoadFull(self)) return
  self.recordCount += 1
  const { history, load } = self.desk.options
  const record: DataRecord = {
    stream,
    index: history.takeIndexes(stream, 1),
    key,
    value,
    bytes: self.drawBytes === null ? load.recordBytes : self.drawBytes(),
    timestampMs: context.wallMs(),
  }
  invoke(self, { record, keyHash, attempt: 0 }, context)
  if (isLoadFull(self)) endLoad(self, context)
}

/** Less is the rounding of timers. */
const LATE_US = 2

interface Attempt {
  readonly record: DataRecord
  readonly keyHash: number
  /** 0, or n for the n-th resend. */
  readonly attempt: number
}

function invoke(
  self: ProducingService,
  { record, keyHash, attempt }: Attempt,
  context: ProducingContext,
): void {
  const { desk, producer } = self
  const { history, topic } = desk.options
  const row = history.sendInvoked(desk.process, record.stream, record.index, 1, topic, attempt)
  if (attempt > 0) desk.resends.set(row, attempt)
  else if (self.lateUs >= LATE_US) history.sendWasDue(row, self.lateUs)
  send(
    producer,
    { topic, partition: -1, record, count: 1, counted: null, keyHash, token: row, next: null },
    context,
  )
}

/** On the sender thread: a send ended. */
function onCompleted(desk: Desk, token: number, result: SendResult, context: Context): void {
  const { history, resendOnTimeout } = desk.options
  const { error, partition, offset } = result
  history.sendEnded(token, outcomeOf(result), partition, offset)
  const attempt = takeResend(desk, token)
  if (!resendOnTimeout || desk.stopped || !isTimeout(error)) {
    if (desk.users !== null) nextOfUser(desk, desk.users, error !== 'NONE', context)
    return
  }
  if (desk.timedOut.length === 0) context.setTimer('resend', 0, 0)
  desk.timedOut.push({ record: result.record, attempt: attempt + 1 })
}

/** In a closed loop a user has waited for this. */
function nextOfUser(desk: Desk, users: Users, failed: boolean, context: Context): void {
  startThinking(users, desk.options.elapsedUs(), failed)
  awaitUser(desk, context)
}

/** Which resend a send was that ended: 0, or from 1 on. */
function takeResend({ resends }: Desk, token: number): number {
  if (resends.size === 0) return 0
  const attempt = resends.get(token) ?? 0
  if (attempt > 0) resends.delete(token)
  return attempt
}

/** Failed means surely not in the log; anything that was on the wire may be. */
function outcomeOf({ error, mayBeWritten }: SendResult): Outcome {
  if (error === 'NONE') return Outcome.ok
  return mayBeWritten ? Outcome.unknown : Outcome.failed
}

/** The same message again: a new record for the producer, the same id for whoever reads it. */
function onResend(self: ProducingService, context: ProducingContext): void {
  for (const { record, attempt } of self.desk.timedOut.splice(0)) {
    const again: DataRecord = { ...record, timestampMs: context.wallMs() }
    const keyHash = record.key === null ? 0 : murmur2(record.key)
    invoke(self, { record: again, keyHash, attempt }, context)
  }
}
