/**
 * The prober: writes one record to every partition with acks=all, when told, until each is taken.
 *
 * The second step of a drain: a partition that takes a write has a leader and enough of its ISR.
 * Its records belong to no stream, so no consumer hands them to an application and no check counts
 * them. Without idempotence: a lost answer may leave a record twice, and nobody minds.
 */

import type { Behaviour, Connection, Context } from '../../../sim/process.ts'
import { BATCH_HEADER_BYTES, type Batch, type PartitionId, partitionId } from '../../record.ts'
import type { MetadataResponse, ProduceRequest, ProduceResponse } from '../messages.ts'
import type { Topics } from '../topics.ts'
import { defaultMetadata, defaultNetworkOptions, RETRY_BACKOFF } from './admin.ts'
import { type Alarm, createAlarm, wakeIn, woken } from './deadlines.ts'
import {
  addTopic,
  leaderOf,
  type Metadata,
  onMetadataSettled,
  partitionCount,
  refresh,
  requestUpdate,
  requestUpdateNow,
} from './metadata.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  type Network,
  type NetworkListener,
  type NetworkTimer,
  nextCorrelationId,
  onClosed,
  onNetworkTimer,
  onOpened,
  onResponse,
  sendRequest,
  startNetwork,
} from './network.ts'

/** From the runner: write to every partition of these topics. */
export interface ProbeCommand {
  readonly type: 'ProbeCommand'
  readonly topics: readonly string[]
}

export interface ProberOptions {
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
}

export interface Prober {
  readonly options: ProberOptions
  network: Network
  readonly metadata: Metadata
  readonly alarm: Alarm
  /** Topics whose partitions are not known yet. */
  readonly unlisted: string[]
  /** Partitions that have not taken their record, in order. */
  readonly waiting: PartitionId[]
  retryAtMs: number
}

export type ProberTimer = NetworkTimer | 'attend'

type ProberContext = Context<ProberTimer>
type ToProber = ProduceResponse | MetadataResponse
type ProberBehaviour = Behaviour<Prober, ToProber | ProbeCommand, ProberTimer>

const REQUEST_TIMEOUT_MS = 5_000
/** Version of ProduceRequest in 3.9. */
const API_VERSION = 11
const VALUE_BYTES = 20

const PROBE: Batch = {
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  transactional: false,
  control: 'none',
  count: 1,
  bytes: BATCH_HEADER_BYTES + VALUE_BYTES,
  maxTimestampMs: 0,
  content: {
    kind: 'explicit',
    records: [{ stream: -1, index: 0, key: null, value: null, bytes: VALUE_BYTES, timestampMs: 0 }],
  },
}

const stations: ProberBehaviour['stations'] = { app: { servers: 1 } }

const receive: ProberBehaviour['receive'] = {
  ProbeCommand: (self, command, _connection, context) => onProbeCommand(self, command, context),
  ProduceResponse: onKafkaResponse,
  MetadataResponse: onKafkaResponse,
}

const expire: ProberBehaviour['expire'] = {
  attend: (self, _key, context) => {
    woken(self.alarm)
    attend(self, context)
  },
  network: (self, _key, context) => onNetworkTimer(self.network, context),
}

export function proberProcess(options: ProberOptions): ProberBehaviour {
  return {
    stations,
    start: (_disk, context) => start(options, context),
    receive,
    expire,
    opened: (_self, connection, context) => void onOpened(connection, context),
    closed: (_self, connection, _reason, context) => void onClosed(connection, context),
  }
}

function onKafkaResponse(
  _self: Prober,
  response: ToProber,
  connection: Connection,
  context: ProberContext,
): void {
  onResponse(connection, response, context)
}

const networkListener: NetworkListener<Prober> = {
  settled: onSettled,
  connected: (self, _broker, context) => attend(self, context),
  disconnected(self, _broker, context) {
    requestUpdate(self.metadata)
    attend(self, context)
  },
}

function start(options: ProberOptions, context: ProberContext): Prober {
  const self: Prober = {
    options,
    // Its owner is this very state, so it comes second.
    network: undefined as never,
    metadata: defaultMetadata(options),
    alarm: createAlarm('attend', 0),
    unlisted: [],
    waiting: [],
    retryAtMs: -Infinity,
  }
  const networkOptions = {
    ...defaultNetworkOptions(context.name),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  }
  self.network = startNetwork(networkOptions, { owner: self, listener: networkListener }, context)
  return self
}

function onProbeCommand(self: Prober, { topics }: ProbeCommand, context: ProberContext): void {
  self.unlisted.push(...topics)
  for (const name of topics) {
    const topic = self.options.topics.id(name)
    if (topic !== undefined) addTopic(self.metadata, topic)
  }
  requestUpdateNow(self.metadata)
  attend(self, context)
}

function onSettled(self: Prober, exchange: Exchange, context: Context): void {
  const { request, response } = exchange
  if (request.type === 'MetadataRequest') {
    onMetadataSettled(self.metadata, self.network, exchange, context)
    if (response !== null) listPartitions(self)
  } else if (response !== null) {
    take(self, response as ProduceResponse, context)
  }
  if (exchange.outcome === 'answered') attend(self, context)
}

function listPartitions(self: Prober): void {
  for (const name of self.unlisted.slice()) {
    const topic = self.options.topics.id(name)
    const partitions = topic === undefined ? 0 : partitionCount(self.metadata, topic)
    if (topic === undefined || partitions === 0) continue
    self.unlisted.splice(self.unlisted.indexOf(name), 1)
    for (let number = 0; number < partitions; number += 1)
      self.waiting.push(partitionId(topic, number))
  }
}

function take(self: Prober, { partitions }: ProduceResponse, context: Context): void {
  for (const { partition, error } of partitions) {
    const at = self.waiting.indexOf(partition)
    if (at === -1) continue
    if (error === 'NONE') {
      self.waiting.splice(at, 1)
      continue
    }
    // The leader may be another by now, or its ISR may grow: metadata first, and not at once.
    requestUpdate(self.metadata)
    self.retryAtMs = context.wallMs() + RETRY_BACKOFF.initialMs
  }
}

function attend(self: Prober, context: Context): void {
  if (self.waiting.length === 0 && self.unlisted.length === 0) return
  const { network, metadata } = self
  let waitMs = refresh(metadata, network, context)
  const pauseMs = self.retryAtMs - context.wallMs()
  if (pauseMs > 0) waitMs = Math.min(waitMs, pauseMs)
  else
    for (const broker of metadata.brokers) waitMs = Math.min(waitMs, write(self, broker, context))
  wakeIn(self.alarm, waitMs, context)
}

/** One request to a broker for all partitions that it leads. */
function write(self: Prober, broker: number, context: Context): number {
  const { network, metadata } = self
  const led = self.waiting.filter((partition) => leaderOf(metadata, partition) === broker)
  if (led.length === 0) return Infinity
  if (!isReady(network, broker, context)) return connectionDelayMs(network, broker, context)
  const request: ProduceRequest = {
    type: 'ProduceRequest',
    correlationId: nextCorrelationId(network),
    clientId: network.options.clientId,
    apiVersion: API_VERSION,
    acks: -1,
    timeoutMs: REQUEST_TIMEOUT_MS,
    transactionalId: null,
    partitions: led.map((partition) => ({ partition, batch: PROBE })),
  }
  sendRequest(network, createExchange(network, broker, request), context)
  return Infinity
}
