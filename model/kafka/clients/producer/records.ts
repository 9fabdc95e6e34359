/**
 * What a producing service sends: records of its keys, and the events of its orders one by one.
 *
 * Left out: keys with a life longer than an incarnation (orders that a restarted service would
 * finish).
 */

import type { DataRecord, StreamId } from '../../../record.ts'
import { murmur2 } from '../../partitioner.ts'
import { chooseKey, type Load, zipfTable } from './load.ts'
import { send } from './producer.ts'
import type {
  Keyed,
  KeyTable,
  Order,
  OrderEvent,
  ProducingContext,
  ProducingService,
} from './service.ts'

export function keyTable({ keys }: Load): KeyTable | null {
  if (keys.kind !== 'fixed') return null
  return {
    keys: Array.from({ length: keys.count }, (_, index) => `key-${index}`),
    keyed: Array.from({ length: keys.count }, () => null),
    weights: zipfTable(keys.count, keys.exponent ?? 0),
  }
}

/** Nothing more is made. */
export function endLoad(self: ProducingService, context: ProducingContext): void {
  self.nextUs = Infinity
  self.orders.length = 0
  self.desk.timedOut.length = 0
  self.desk.users = null
  context.cancelTimer('arrive', 0)
  context.cancelTimer('followUp', 0)
}

/** An order came in, or a record of a key: its first record is sent. */
export function arrive(self: ProducingService, context: ProducingContext): void {
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
export function onFollowUp(self: ProducingService, context: ProducingContext): void {
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

/** The same message again: a new record for the producer, the same id for whoever reads it. */
export function onResend(self: ProducingService, context: ProducingContext): void {
  for (const { record, attempt } of self.desk.timedOut.splice(0)) {
    const again: DataRecord = { ...record, timestampMs: context.wallMs() }
    const keyHash = record.key === null ? 0 : murmur2(record.key)
    invoke(self, { record: again, keyHash, attempt }, context)
  }
}
