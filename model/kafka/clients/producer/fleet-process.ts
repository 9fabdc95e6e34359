/**
 * A process that stands for a fleet of producing clients.
 *
 * Its arrivals come by slot (`fleet.ts`). With `counted` records each turn of a bucket is sent as
 * one range at the end of its slot, with the batches and requests that real clients would have made
 * of it (`multiplicity.ts`); with `explicit` ones each record is placed inside the slot and sent by
 * itself. Everything behind `send` is the producer that single clients have, several of them
 * (`fleet-lanes.ts`). A counted range has waited for as much of its slot as `linger.ms` lets
 * records wait.
 */

import { power } from '../../../../sim/arithmetic.ts'
import type { Behaviour, Connection, Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import { COUNTED } from '../../../application.ts'
import { type History, Outcome } from '../../../history.ts'
import type { DataRecord, StreamId, TopicId } from '../../../record.ts'
import type { ProducerConfig } from '../../config/producer-config.ts'
import type { ToProducer } from '../../messages.ts'
import { murmur2 } from '../../partitioner.ts'
import type { Topics } from '../../topics.ts'
import { onClosed, onNetworkTimer, onOpened, onResponse } from '../network.ts'
import { COUNTED_RECORDS_MAX } from './batch.ts'
import { type Bucket, FleetArrivals, isLong } from './fleet.ts'
import { areQuiet, flushAll, laneOf, type Lanes, startLanes } from './fleet-lanes.ts'
import type { Load } from './load.ts'
import { type ClientShape, type RecordShare, recordShare } from './multiplicity.ts'
import { onRunSender, send } from './producer.ts'
import type { LoadCommand, OrderEvent } from './service.ts'
import type { Outgoing, Producer, ProducerListener, ProducerTimer, SendResult } from './state.ts'

export interface FleetProcessOptions {
  /** How many real clients it stands for. */
  readonly clients: number
  readonly records: 'explicit' | 'counted'
  /** 0: `auto`. */
  readonly slotUs: number
  readonly buckets: readonly Bucket[]
  /** At `producer.split=halves`. */
  readonly halves?: boolean
  readonly topic: TopicId
  readonly partitions: number
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
  readonly config: ProducerConfig
  readonly load: Load
  readonly history: History
  /** True time since the load began in µs; negative before. Then `LoadCommand` starts it. */
  readonly elapsedUs: () => number
}

/** The desk where results arrive. */
interface Desk {
  readonly options: FleetProcessOptions
  /** Number of this process in the history. */
  readonly process: number
}

/** An explicit record that is to come inside of the slot at hand. */
interface Placed {
  readonly atUs: number
  readonly bucket: number
}

export interface FleetService {
  readonly desk: Desk
  readonly lanes: Lanes<Desk>
  readonly random: Stream
  readonly placing: Stream
  /** Null while there is no load. */
  arrivals: FleetArrivals | null
  /** Time of the next arrival; infinite when there is none any more, −1 before the load. */
  nextUs: number
  /** By bucket. */
  readonly streams: StreamId[]
  readonly hashes: number[]
  /** Explicit records of the slot at hand in the order of time, and the next of them. */
  placed: readonly Placed[]
  place: number
  recordCount: number
  /** Of each bucket, for the rate that they were worked out for. */
  readonly shape: ClientShape
  readonly shares: (RecordShare | undefined)[]
  sharesFor: number
}

export type FleetTimer = ProducerTimer | 'arrive'

type FleetContext = Context<FleetTimer>
type FleetBehaviour = Behaviour<FleetService, ToProducer | LoadCommand, FleetTimer>

const stations: FleetBehaviour['stations'] = { app: { servers: 1 }, sender: { servers: 1 } }

const threads: NonNullable<FleetBehaviour['threads']> = {
  ProduceResponse: 'sender',
  MetadataResponse: 'sender',
  InitProducerIdResponse: 'sender',
  runSender: 'sender',
  network: 'sender',
}

const receive: FleetBehaviour['receive'] = {
  ProduceResponse: onKafkaResponse,
  MetadataResponse: onKafkaResponse,
  InitProducerIdResponse: onKafkaResponse,
  LoadCommand: (self, { command }, _connection, context) => onLoadCommand(self, command, context),
}

const expire: FleetBehaviour['expire'] = {
  arrive: (self, _key, context) => onArrive(self, context),
  runSender: ({ lanes }, key, context) => onRunSender(lanes[key] as Producer, context),
  network: ({ lanes }, key, context) => onNetworkTimer((lanes[key] as Producer).network, context),
}

/** The behaviour of one process of a fleet. */
export function fleetProcess(options: FleetProcessOptions): FleetBehaviour {
  return {
    stations,
    threads,
    start: (_disk, context) => start(options, context),
    receive,
    expire,
    opened: (_self, connection, context) => void onOpened(connection, context),
    closed: (_self, connection, _reason, context) => void onClosed(connection, context),
  }
}

function onKafkaResponse(
  _self: FleetService,
  response: ToProducer,
  connection: Connection,
  context: FleetContext,
): void {
  onResponse(connection, response, context)
}

/** True if the load is over and every send has its outcome. */
export function isFleetDone(self: FleetService): boolean {
  return self.nextUs === Infinity && areQuiet(self.lanes)
}

const listener: ProducerListener<Desk> = {
  completed: onCompleted,
  flushed() {},
  closed() {},
}

function start(options: FleetProcessOptions, context: FleetContext): FleetService {
  const { buckets, history, load } = options
  const desk: Desk = { options, process: history.name(context.name) }
  const self: FleetService = {
    desk,
    lanes: startLanes({ ...options, long: isLong(load) }, { owner: desk, listener }, context),
    random: context.random('load'),
    placing: context.random('placing'),
    arrivals: null,
    nextUs: -1,
    streams: [],
    hashes: buckets.map(({ key }) => (key === null ? 0 : murmur2(key))),
    placed: [],
    place: 0,
    recordCount: 0,
    shape: shapeOf(options),
    shares: [],
    sharesFor: -1,
  }
  if (options.elapsedUs() >= 0) beginLoad(self, context)
  return self
}

function shapeOf({ clients, config, load, partitions, brokers }: FleetProcessOptions): ClientShape {
  return {
    clients,
    lingerMs: config.lingerMs,
    batchSize: config.batchSize,
    recordBytes: load.recordBytes,
    keyed: load.keys.kind !== 'none' && !config.partitionerIgnoreKeys,
    partitions,
    brokers: brokers.length,
  }
}

function onLoadCommand(
  self: FleetService,
  command: LoadCommand['command'],
  context: FleetContext,
): void {
  if (command === 'start') {
    if (self.arrivals === null) beginLoad(self, context)
    return
  }
  endLoad(self, context)
  flushAll(self.lanes, context)
}

function beginLoad(self: FleetService, context: FleetContext): void {
  const { brokers, buckets, history, load, slotUs, topic, elapsedUs } = self.desk.options
  for (const { key } of buckets) {
    const { name: producer, incarnation } = context
    self.streams.push(history.newStream({ producer, incarnation, topic, key }))
  }
  const { random } = self
  self.arrivals = new FleetArrivals({
    load,
    buckets,
    brokers: brokers.length,
    slotUs,
    fromUs: elapsedUs(),
    random,
  })
  nextSlot(self, self.arrivals)
  awaitArrival(self, context)
}

function endLoad(self: FleetService, context: FleetContext): void {
  self.nextUs = Infinity
  context.cancelTimer('arrive', 0)
}

function awaitArrival(self: FleetService, context: FleetContext): void {
  if (self.nextUs === Infinity) return
  const waitUs = Math.ceil(self.nextUs - self.desk.options.elapsedUs())
  context.setTimer('arrive', 0, Math.max(0, waitUs))
}

/** Takes the next slot in hand: counted ranges go out at its end, records in its course. */
function nextSlot(self: FleetService, arrivals: FleetArrivals): void {
  if (!arrivals.next()) {
    self.nextUs = Infinity
    return
  }
  const { load, records } = self.desk.options
  // What came in the last slot came before the load ended.
  self.nextUs = Math.min(arrivals.untilUs, load.endUs - 1)
  if (records === 'counted') return
  self.placed = placesOf(self, arrivals)
  self.place = 0
  self.nextUs = self.placed[0]?.atUs ?? arrivals.untilUs
}

function placesOf({ placing }: FleetService, arrivals: FleetArrivals): readonly Placed[] {
  const { fromUs, untilUs } = arrivals
  const placed: Placed[] = []
  for (const { bucket, count } of arrivals.turns) {
    for (let nth = 0; nth < count; nth += 1) {
      placed.push({ atUs: fromUs + placing.next() * (untilUs - fromUs), bucket })
    }
  }
  return placed.sort((one, other) => one.atUs - other.atUs)
}

/** What has come: one slot or record as a rule, many after a pause of the process. */
function onArrive(self: FleetService, context: FleetContext): void {
  const { arrivals } = self
  const nowUs = self.desk.options.elapsedUs()
  while (arrivals !== null && self.nextUs <= nowUs) {
    if (self.desk.options.records === 'counted') {
      for (const { bucket, count } of arrivals.turns) sendCounted(self, bucket, count, context)
      nextSlot(self, arrivals)
    } else if (self.place < self.placed.length) {
      sendPlaced(self, self.placed[self.place] as Placed, context)
      self.place += 1
      self.nextUs = self.placed[self.place]?.atUs ?? arrivals.untilUs
    } else {
      nextSlot(self, arrivals)
    }
    if (isLoadFull(self)) endLoad(self, context)
  }
  awaitArrival(self, context)
}

function isLoadFull({ desk, recordCount }: FleetService): boolean {
  return recordCount >= (desk.options.load.stopAfterRecords ?? Infinity)
}

/** Sends what came of a bucket as ranges that a counted batch has room for. */
function sendCounted(
  self: FleetService,
  bucket: number,
  count: number,
  context: FleetContext,
): void {
  const { stopAfterRecords = Infinity } = self.desk.options.load
  let left = Math.min(count, stopAfterRecords - self.recordCount)
  while (left > 0) {
    const some = Math.min(left, COUNTED_RECORDS_MAX)
    sendRange(self, bucket, some, context)
    left -= some
  }
}

/** More of them have their first one where it is expected. */
const FEW = 50

/** Which part of a slot lies behind the first of so many records that lie anywhere in it. */
function afterFirst(placing: Stream, count: number): number {
  return count > FEW ? count / (count + 1) : power(1 - placing.next(), 1 / count)
}

function sendRange(self: FleetService, bucket: number, count: number, context: FleetContext): void {
  const { config, history } = self.desk.options
  const arrivals = self.arrivals as FleetArrivals
  const share = shareOf(self, bucket, arrivals.perSecond)
  const slotMs = (arrivals.untilUs - arrivals.fromUs) / 1_000
  // In whole ms, as the clock that linger is measured with.
  const sinceFirstMs = Math.round(slotMs * afterFirst(self.placing, count))
  const waitedMs = Math.min(config.lingerMs, sinceFirstMs)
  const record = newRecord(self, { bucket, count, value: COUNTED }, context)
  const token = invoke(self, record, count)
  noteLate(self, token, arrivals.untilUs)
  history.sendWaited(token, waitedMs * 1_000)
  const { batches, requests } = share
  const counted = { batches: batches * count, requests: requests * count, waitedMs }
  hand(self, bucket, { record, count, counted, token }, context)
}

function sendPlaced(self: FleetService, { bucket, atUs }: Placed, context: FleetContext): void {
  if (isLoadFull(self)) return
  const value: OrderEvent = { kind: 'order-event', order: self.recordCount, event: 0 }
  const record = newRecord(self, { bucket, count: 1, value }, context)
  const token = invoke(self, record, 1)
  noteLate(self, token, atUs)
  hand(self, bucket, { record, count: 1, counted: null, token }, context)
}

/** A timer fires within a µs of its time: what is later than that stood and waited. */
const LATE_US = 2

function noteLate({ desk }: FleetService, token: number, dueUs: number): void {
  const lateUs = desk.options.elapsedUs() - dueUs
  if (lateUs >= LATE_US) desk.options.history.sendWasDue(token, lateUs)
}

function newRecord(
  self: FleetService,
  one: { readonly bucket: number; readonly count: number; readonly value: unknown },
  context: FleetContext,
): DataRecord {
  const { bucket, count, value } = one
  const { buckets, history, load } = self.desk.options
  const stream = self.streams[bucket] as StreamId
  self.recordCount += count
  return {
    stream,
    index: history.takeIndexes(stream, count),
    key: (buckets[bucket] as Bucket).key,
    value,
    bytes: load.recordBytes * count,
    timestampMs: context.wallMs(),
  }
}

function invoke({ desk }: FleetService, { stream, index }: DataRecord, count: number): number {
  const { history, topic } = desk.options
  return history.sendInvoked(desk.process, stream, index, count, topic, 0)
}

/** To the producer of the bucket's partition. */
function hand(
  self: FleetService,
  bucket: number,
  { record, count, counted, token }: Pick<Outgoing, 'record' | 'count' | 'counted' | 'token'>,
  context: FleetContext,
): void {
  const { desk, hashes, lanes } = self
  const { brokers, buckets, topic } = desk.options
  const { partition } = buckets[bucket] as Bucket
  const lane = lanes[laneOf(partition, brokers.length, lanes.length)] as Producer
  const keyHash = hashes[bucket] as number
  send(lane, { topic, partition, record, count, counted, keyHash, token, next: null }, context)
}

/** Worked out anew when the rate has changed by more than a hundredth. */
function shareOf(self: FleetService, bucket: number, perSecond: number): RecordShare {
  if (Math.abs(perSecond - self.sharesFor) > 0.01 * perSecond) {
    self.shares.fill(undefined)
    self.sharesFor = perSecond
  }
  let share = self.shares[bucket]
  if (share === undefined) {
    const { weight } = self.desk.options.buckets[bucket] as Bucket
    share = recordShare(self.shape, self.sharesFor, weight)
    self.shares[bucket] = share
  }
  return share
}

function onCompleted(desk: Desk, token: number, result: SendResult): void {
  const { error, mayBeWritten, offset, partition } = result
  const failed = mayBeWritten ? Outcome.unknown : Outcome.failed
  desk.options.history.sendEnded(token, error === 'NONE' ? Outcome.ok : failed, partition, offset)
}
