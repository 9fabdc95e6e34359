/**
 * An administrator: a client that creates, alters and deletes topics, adds and moves partitions
 * and asks for elections.
 *
 * Follows KafkaAdminClient of Kafka 3.9: requests go to the controller that metadata names, again
 * after a back-off while the error can pass, until `default.api.timeout.ms`. Commands come as
 * messages from the runner. Left out: all other calls; a lost answer is made good only by asking
 * again, so an addition that was made may end as unknown.
 */

import type { Behaviour, Connection, Context } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import { type History, Outcome } from '../../history.ts'
import type { KafkaError } from '../errors.ts'
import type { ToAdmin } from '../messages.ts'
import type { Topics } from '../topics.ts'
import {
  type AdminAction,
  type AdminTask,
  endRows,
  requestOf,
  startTask,
  takeAnswer,
} from './admin-task.ts'
import {
  type Alarm,
  type BackoffConfig,
  backoffMs,
  createAlarm,
  wakeIn,
  woken,
} from './deadlines.ts'
import {
  createMetadata,
  type Metadata,
  onMetadataSettled,
  refresh,
  requestUpdate,
} from './metadata.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  type Network,
  type NetworkListener,
  type NetworkOptions,
  type NetworkTimer,
  onClosed,
  onNetworkTimer,
  onOpened,
  onResponse,
  sendRequest,
  startNetwork,
} from './network.ts'

/** From the runner: do this, and give up after so long. */
export interface AdminCommand {
  readonly type: 'AdminCommand'
  readonly action: AdminAction
  /**
   * `default.api.timeout.ms`: 60 s by default; infinite for the topics that a run is built with.
   */
  readonly timeoutMs: number
}

/** What a client is told of its cluster before it asks. */
type Known = Pick<AdminOptions, 'topics' | 'brokers'>

export interface AdminOptions {
  readonly topics: Topics
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
  readonly history: History
}

export interface Admin {
  readonly options: AdminOptions
  network: Network
  readonly metadata: Metadata
  readonly alarm: Alarm
  readonly jitter: Stream
  /** Commands that have not ended, in the order in which they came. */
  readonly tasks: AdminTask[]
  /** How commands ended, in that order. */
  readonly ended: Ended[]
}

interface Ended {
  readonly action: AdminAction
  readonly error: KafkaError
  /** Some request got no answer: it may have been carried out in spite of the error. */
  readonly ambiguous: boolean
}

export type AdminTimer = NetworkTimer | 'attend'

/** Defaults of AdminClientConfig; scenarios do not set them. */
export const RETRY_BACKOFF: BackoffConfig = { initialMs: 100, maxMs: 1000 }
const METADATA_MAX_AGE_MS = 300_000

type AdminContext = Context<AdminTimer>

type AdminBehaviour = Behaviour<Admin, ToAdmin | AdminCommand, AdminTimer>

// The tables are constants, so that each run's are known to the world.

const stations: AdminBehaviour['stations'] = { app: { servers: 1 } }

const receive: AdminBehaviour['receive'] = {
  AdminCommand: (self, command, _connection, context) => onAdminCommand(self, command, context),
  MetadataResponse: onKafkaResponse,
  CreateTopicsResponse: onKafkaResponse,
  CreatePartitionsResponse: onKafkaResponse,
  DeleteTopicsResponse: onKafkaResponse,
  IncrementalAlterConfigsResponse: onKafkaResponse,
  AlterPartitionReassignmentsResponse: onKafkaResponse,
  ElectLeadersResponse: onKafkaResponse,
}

const expire: AdminBehaviour['expire'] = {
  attend: (self, _key, context) => {
    woken(self.alarm)
    attend(self, context)
  },
  network: (self, _key, context) => onNetworkTimer(self.network, context),
}

export function adminProcess(options: AdminOptions): AdminBehaviour {
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
  _self: Admin,
  response: ToAdmin,
  connection: Connection,
  context: AdminContext,
): void {
  onResponse(connection, response, context)
}

/** True if every command has ended. */
export function isAdminIdle(self: Admin): boolean {
  return self.tasks.length === 0
}

/** Settings of a network for clients that have no configuration of their own. */
export function defaultNetworkOptions(clientId: string): NetworkOptions {
  return {
    clientId,
    key: 0,
    inFlightMax: 1,
    requestTimeoutMs: 30_000,
    reconnectBackoff: { initialMs: 50, maxMs: 1000 },
    setupTimeout: { initialMs: 10_000, maxMs: 30_000 },
  }
}

/** Metadata of such a client. */
export function defaultMetadata({ brokers, topics }: Known): Metadata {
  return createMetadata({
    bootstrap: brokers,
    topics,
    allTopics: false,
    maxAgeMs: METADATA_MAX_AGE_MS,
    retryBackoff: RETRY_BACKOFF,
  })
}

const networkListener: NetworkListener<Admin> = {
  settled: onSettled,
  connected: (self, _broker, context) => attend(self, context),
  disconnected(self, _broker, context) {
    requestUpdate(self.metadata)
    attend(self, context)
  },
}

function start(options: AdminOptions, context: AdminContext): Admin {
  const self: Admin = {
    options,
    // Its owner is this very state, so it comes second.
    network: undefined as never,
    metadata: defaultMetadata(options),
    alarm: createAlarm('attend', 0),
    jitter: context.random('admin-backoff'),
    tasks: [],
    ended: [],
  }
  const networkOptions = defaultNetworkOptions(context.name)
  self.network = startNetwork(networkOptions, { owner: self, listener: networkListener }, context)
  return self
}

function onAdminCommand(self: Admin, command: AdminCommand, context: AdminContext): void {
  const deadlineMs = context.wallMs() + command.timeoutMs
  self.tasks.push(startTask(command.action, deadlineMs, self.options))
  attend(self, context)
}

function onSettled(self: Admin, exchange: Exchange, context: Context): void {
  if (exchange.request.type === 'MetadataRequest') {
    onMetadataSettled(self.metadata, self.network, exchange, context)
  } else {
    const task = exchange.token as AdminTask
    task.inFlight = false
    const error = takeAnswer(task, exchange)
    if (error !== null) end(self, task, error)
    else postpone(self, task, context)
  }
  if (exchange.outcome === 'answered') attend(self, context)
}

/** Tries again after a back-off, at the controller that metadata names by then. */
function postpone(self: Admin, task: AdminTask, context: Context): void {
  const pauseMs = backoffMs(RETRY_BACKOFF, task.attempts, self.jitter)
  task.attempts += 1
  task.retryAtMs = context.wallMs() + pauseMs
  requestUpdate(self.metadata)
}

function end(self: Admin, task: AdminTask, error: KafkaError): void {
  self.tasks.splice(self.tasks.indexOf(task), 1)
  self.ended.push({ action: task.action, error, ambiguous: task.ambiguous })
}

/** Gives up what is late, refreshes metadata, and sends what can be sent. */
function attend(self: Admin, context: Context): void {
  if (self.tasks.length === 0) return
  giveUp(self, context)
  const { network, metadata } = self
  let waitMs = Infinity
  const nowMs = context.wallMs()
  for (const task of self.tasks) {
    // A request under way is awaited even past the deadline: its end comes with the connection's.
    if (task.inFlight) continue
    waitMs = Math.min(waitMs, task.deadlineMs - nowMs)
    if (task.retryAtMs > nowMs) waitMs = Math.min(waitMs, task.retryAtMs - nowMs)
    else waitMs = Math.min(waitMs, attempt(self, task, context))
  }
  waitMs = Math.min(waitMs, refresh(metadata, network, context))
  wakeIn(self.alarm, waitMs, context)
}

function attempt(self: Admin, task: AdminTask, context: Context): number {
  const { network, metadata } = self
  const { controller } = metadata
  if (controller < 0) requestUpdate(metadata)
  // Whoever was the controller when something failed may not be by now.
  if (metadata.updateRequested || metadata.inFlight) return Infinity
  if (!isReady(network, controller, context)) {
    return connectionDelayMs(network, controller, context)
  }
  task.inFlight = true
  const request = requestOf(task, network)
  sendRequest(network, createExchange(network, controller, request, task), context)
  return Infinity
}

function giveUp(self: Admin, context: Context): void {
  const nowMs = context.wallMs()
  for (const task of self.tasks.slice()) {
    if (task.deadlineMs > nowMs || task.inFlight) continue
    endRows(task, task.ambiguous ? Outcome.unknown : Outcome.failed)
    end(self, task, 'REQUEST_TIMED_OUT')
  }
}
