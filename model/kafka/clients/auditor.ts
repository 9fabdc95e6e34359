/**
 * The auditor: a reader without a group that reads logs from their start to their end, when told.
 *
 * It asks the leaders for the earliest offset and then fetches batch by batch, as any consumer can,
 * up to the high watermark or, at `read_committed`, the last stable offset. What it has read is
 * kept for the checks. One request a broker and round; nothing is skipped that cannot be read: a
 * partition without a leader stays incomplete for as long as the runner waits.
 */

import type { Behaviour, Connection, Context } from '../../../sim/process.ts'
import { type LogEntry, nextOffsetOf, type PartitionId, partitionId } from '../../record.ts'
import type {
  FetchRequest,
  FetchResponse,
  ListOffsetsRequest,
  ListOffsetsResponse,
  MetadataResponse,
} from '../messages.ts'
import type { Topics } from '../topics.ts'
import { defaultMetadata, defaultNetworkOptions, RETRY_BACKOFF } from './admin.ts'
import { type Alarm, createAlarm, wakeIn, woken } from './deadlines.ts'
import {
  addTopic,
  leaderEpochOf,
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

export type Isolation = FetchRequest['isolation']

/** From the runner: read these topics; what was read before is forgotten. */
export interface AuditCommand {
  readonly type: 'AuditCommand'
  readonly isolation: Isolation
  readonly topics: readonly string[]
}

export interface AuditorOptions {
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
}

/** What was read of one log. */
export interface AuditedLog {
  readonly partition: PartitionId
  readonly entries: LogEntry[]
  /** −1 before the leader told where its log begins. */
  startOffset: number
  nextOffset: number
  /** It was read to the end as the leader last told it. */
  complete: boolean
}

export interface Auditor {
  readonly options: AuditorOptions
  network: Network
  readonly metadata: Metadata
  readonly alarm: Alarm
  isolation: Isolation
  /** Topics whose partitions are not known yet. */
  readonly unlisted: string[]
  /** In the order of partitions. */
  readonly logs: AuditedLog[]
  /** Counts audits, so that an answer to an earlier one is not taken for one of this. */
  audit: number
  retryAtMs: number
}

export type AuditorTimer = NetworkTimer | 'attend'

type AuditorContext = Context<AuditorTimer>

type ToAuditor = FetchResponse | ListOffsetsResponse | MetadataResponse

/** `fetch.max.bytes`, `max.partition.fetch.bytes`. */
const FETCH_BYTES_MAX = 52_428_800
const PARTITION_BYTES_MAX = 1_048_576

type AuditorBehaviour = Behaviour<Auditor, ToAuditor | AuditCommand, AuditorTimer>

// The tables are constants, so that each run's are known to the world.

const stations: AuditorBehaviour['stations'] = { app: { servers: 1 } }

const receive: AuditorBehaviour['receive'] = {
  AuditCommand: (self, command, _connection, context) => onAuditCommand(self, command, context),
  FetchResponse: onKafkaResponse,
  ListOffsetsResponse: onKafkaResponse,
  MetadataResponse: onKafkaResponse,
}

const expire: AuditorBehaviour['expire'] = {
  attend: (self, _key, context) => {
    woken(self.alarm)
    attend(self, context)
  },
  network: (self, _key, context) => onNetworkTimer(self.network, context),
}

export function auditorProcess(options: AuditorOptions): AuditorBehaviour {
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
  _self: Auditor,
  response: ToAuditor,
  connection: Connection,
  context: AuditorContext,
): void {
  onResponse(connection, response, context)
}

/** True if an audit was asked for and every log has been read to its end. */
export function isAuditComplete(self: Auditor): boolean {
  if (self.audit === 0 || self.unlisted.length > 0) return false
  return self.logs.every(({ complete }) => complete)
}

const networkListener: NetworkListener<Auditor> = {
  settled: onSettled,
  connected: (self, _broker, context) => attend(self, context),
  disconnected(self, _broker, context) {
    requestUpdate(self.metadata)
    attend(self, context)
  },
}

function start(options: AuditorOptions, context: AuditorContext): Auditor {
  const self: Auditor = {
    options,
    // Its owner is this very state, so it comes second.
    network: undefined as never,
    metadata: defaultMetadata(options),
    alarm: createAlarm('attend', 0),
    isolation: 'read_uncommitted',
    unlisted: [],
    logs: [],
    audit: 0,
    retryAtMs: -Infinity,
  }
  const networkOptions = defaultNetworkOptions(context.name)
  self.network = startNetwork(networkOptions, { owner: self, listener: networkListener }, context)
  return self
}

function onAuditCommand(self: Auditor, command: AuditCommand, context: AuditorContext): void {
  self.audit += 1
  self.isolation = command.isolation
  self.logs.length = 0
  self.unlisted.length = 0
  self.unlisted.push(...command.topics)
  for (const name of command.topics) {
    const topic = self.options.topics.id(name)
    if (topic !== undefined) addTopic(self.metadata, topic)
  }
  // Partitions may have been added since the last look.
  requestUpdateNow(self.metadata)
  attend(self, context)
}

function onSettled(self: Auditor, exchange: Exchange, context: Context): void {
  const { request } = exchange
  if (request.type === 'MetadataRequest') {
    onMetadataSettled(self.metadata, self.network, exchange, context)
    if (exchange.response !== null) listLogs(self)
  } else if (exchange.token === self.audit && exchange.response !== null) {
    if (exchange.response.type === 'ListOffsetsResponse')
      takeStarts(self, exchange.response, context)
    else takeFetched(self, exchange.response as FetchResponse, context)
  }
  if (exchange.outcome === 'answered') attend(self, context)
}

/** Takes up the partitions of topics that metadata knows by now. */
function listLogs(self: Auditor): void {
  for (const name of self.unlisted.slice()) {
    const topic = self.options.topics.id(name)
    const partitions = topic === undefined ? 0 : partitionCount(self.metadata, topic)
    if (topic === undefined || partitions === 0) continue
    self.unlisted.splice(self.unlisted.indexOf(name), 1)
    for (let number = 0; number < partitions; number += 1) {
      const partition = partitionId(topic, number)
      self.logs.push({ partition, entries: [], startOffset: -1, nextOffset: 0, complete: false })
    }
  }
  self.logs.sort((one, other) => one.partition - other.partition)
}

function takeStarts(self: Auditor, { partitions }: ListOffsetsResponse, context: Context): void {
  for (const { partition, error, offset } of partitions) {
    const log = self.logs.find((one) => one.partition === partition)
    if (log === undefined || log.startOffset !== -1) continue
    if (error === 'NONE') {
      log.startOffset = offset
      log.nextOffset = offset
    } else lookAgain(self, context)
  }
}

function takeFetched(self: Auditor, { partitions }: FetchResponse, context: Context): void {
  for (const fetched of partitions) {
    const log = self.logs.find((one) => one.partition === fetched.partition)
    if (log === undefined || log.complete) continue
    if (fetched.error !== 'NONE') {
      if (fetched.error === 'OFFSET_OUT_OF_RANGE') readAnew(log)
      lookAgain(self, context)
      continue
    }
    const { highWatermark, lastStableOffset } = fetched
    const end = self.isolation === 'read_committed' ? lastStableOffset : highWatermark
    for (const entry of fetched.entries) {
      if (entry.baseOffset < log.nextOffset || nextOffsetOf(entry) > end) continue
      // Nobody can read on from here: what is left stays unread.
      if (entry.corrupt === true) {
        lookAgain(self, context)
        break
      }
      log.entries.push(entry)
      log.nextOffset = nextOffsetOf(entry)
    }
    log.complete = log.nextOffset >= end
  }
}

/** The log does not reach there: it was cut at either end while it was read. */
function readAnew(log: AuditedLog): void {
  log.entries.length = 0
  log.startOffset = -1
  log.nextOffset = 0
}

/** The leader may be another by now: metadata first, and not at once. */
function lookAgain(self: Auditor, context: Context): void {
  requestUpdate(self.metadata)
  self.retryAtMs = context.wallMs() + RETRY_BACKOFF.initialMs
}

function attend(self: Auditor, context: Context): void {
  if (self.audit === 0 || isAuditComplete(self)) return
  const { network, metadata } = self
  let waitMs = refresh(metadata, network, context)
  const pauseMs = self.retryAtMs - context.wallMs()
  if (pauseMs > 0) waitMs = Math.min(waitMs, pauseMs)
  else {
    for (const broker of metadata.brokers) {
      waitMs = Math.min(waitMs, ask(self, broker, context))
    }
  }
  wakeIn(self.alarm, waitMs, context)
}

/** One request to a broker for the logs it leads: where they begin, then what they hold. */
function ask(self: Auditor, broker: number, context: Context): number {
  const led = self.logs.filter(
    ({ partition, complete }) => !complete && leaderOf(self.metadata, partition) === broker,
  )
  if (led.length === 0) return Infinity
  const { network } = self
  if (!isReady(network, broker, context)) return connectionDelayMs(network, broker, context)
  const unstarted = led.filter(({ startOffset }) => startOffset === -1)
  const request =
    unstarted.length > 0 ? listOffsetsRequest(self, unstarted) : fetchRequest(self, led)
  sendRequest(network, createExchange(network, broker, request, self.audit), context)
  return Infinity
}

function listOffsetsRequest(self: Auditor, logs: readonly AuditedLog[]): ListOffsetsRequest {
  const { network, metadata, isolation } = self
  return {
    type: 'ListOffsetsRequest',
    correlationId: nextCorrelationId(network),
    clientId: network.options.clientId,
    apiVersion: 9,
    replicaId: -1,
    isolation,
    partitions: logs.map(({ partition }) => ({
      partition,
      currentLeaderEpoch: leaderEpochOf(metadata, partition),
      timestamp: 'earliest',
    })),
  }
}

function fetchRequest(self: Auditor, logs: readonly AuditedLog[]): FetchRequest {
  const { network, metadata, isolation } = self
  return {
    type: 'FetchRequest',
    correlationId: nextCorrelationId(network),
    clientId: network.options.clientId,
    apiVersion: 17,
    replicaId: -1,
    replicaEpoch: -1,
    // Nothing more is coming: an empty answer at once is an answer.
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: FETCH_BYTES_MAX,
    isolation,
    partitions: logs.map(({ partition, nextOffset }) => ({
      partition,
      fetchOffset: nextOffset,
      logStartOffset: -1,
      currentLeaderEpoch: leaderEpochOf(metadata, partition),
      lastFetchedEpoch: -1,
      maxBytes: PARTITION_BYTES_MAX,
    })),
  }
}
