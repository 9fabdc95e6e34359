/**
 * The connections of one Kafka client: a FIFO of requests in flight to each broker (KC 1.6).
 *
 * Follows NetworkClient of Kafka 3.9: reconnect back-off, connection set-up timeout, a limit of
 * requests in flight, and a request timeout that closes the connection and fails all that is in
 * flight on it. Left out: the ApiVersions exchange, throttling, `connections.max.idle.ms`, and the
 * separate connections to bootstrap addresses (a broker is known by its id from the start).
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Connection, Context } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import { brokerName, type KafkaRequest, type KafkaResponse } from '../messages.ts'
import { sizeOf } from '../message-size.ts'
import {
  type Alarm,
  type BackoffConfig,
  backoffMs,
  createAlarm,
  wakeIn,
  woken,
} from './deadlines.ts'
import { Guard } from './guards.ts'

export interface NetworkOptions {
  /** Header field of every request. */
  readonly clientId: string
  /** Tells this network's timer and random stream from those of others in the same process. */
  readonly key: number
  /** `max.in.flight.requests.per.connection`: 5 for producers by default, 100 in a consumer. */
  readonly inFlightMax: number
  /** `request.timeout.ms`: 30 s by default. */
  readonly requestTimeoutMs: number
  /** `reconnect.backoff.ms`, `.max.ms`: 50 ms and 1 s by default. */
  readonly reconnectBackoff: BackoffConfig
  /** `socket.connection.setup.timeout.ms`, `.max.ms`: 10 s and 30 s by default. */
  readonly setupTimeout: BackoffConfig
}

/** One request and how it ended. */
export interface Exchange {
  readonly broker: number
  readonly request: KafkaRequest
  /** For the owner: whatever it wants to find again when the exchange is settled. */
  readonly token: unknown
  /** How long the answer may take: `request.timeout.ms` unless the request blocks at the broker. */
  readonly timeoutMs: number
  sentMs: number
  response: KafkaResponse | null
  /** `written`: a request without an answer (acks=0) went out. */
  outcome: 'pending' | 'answered' | 'written' | 'disconnected' | 'timed-out'
}

/** What the owner of a network hears. A method may send again at once. */
export interface NetworkListener<Owner> {
  /** Exactly once for each exchange that was sent, in the order of sending on a connection. */
  settled(owner: Owner, exchange: Exchange, context: Context): void
  /** A connection is ready for requests. */
  connected(owner: Owner, broker: number, context: Context): void
  /** A connection broke, was refused or was given up; its exchanges have been settled. */
  disconnected(owner: Owner, broker: number, context: Context): void
}

/** The way to one broker. A class, because each response asks whether its connection has one. */
export class Link {
  readonly network: Network
  readonly broker: number
  state: 'idle' | 'connecting' | 'ready' = 'idle'
  connection: Connection | null = null
  /** Attempts to connect that failed in a row. */
  failures = 0
  /** When the last attempt began, and when the next one is allowed, in wall time. */
  attemptedMs: number = -Infinity
  retryAtMs: number = -Infinity
  setupDeadlineMs: number = Infinity
  inFlight: Exchange[] = []

  constructor(network: Network, broker: number) {
    this.network = network
    this.broker = broker
  }
}

export interface Network<Owner = unknown> {
  readonly owner: Owner
  readonly options: NetworkOptions
  readonly listener: NetworkListener<Owner>
  /** By broker id; undefined for brokers never spoken to. */
  readonly links: (Link | undefined)[]
  readonly jitter: Stream
  readonly alarm: Alarm
  correlationId: number
}

/** The one timer of a network; its key is that of the options. */
export type NetworkTimer = 'network'

export interface NetworkOwner<Owner> {
  readonly owner: Owner
  readonly listener: NetworkListener<Owner>
}

export function startNetwork<Owner>(
  options: NetworkOptions,
  { owner, listener }: NetworkOwner<Owner>,
  context: Context,
): Network<Owner> {
  return {
    owner,
    options,
    listener,
    links: [],
    jitter: context.random(`network-${options.key}`),
    alarm: createAlarm('network', options.key),
    correlationId: 0,
  }
}

/** The next correlation id, for the header of a request. */
export function nextCorrelationId(network: Network): number {
  network.correlationId += 1
  return network.correlationId
}

export function createExchange(
  network: Network,
  broker: number,
  request: KafkaRequest,
  token: unknown = null,
): Exchange {
  const { requestTimeoutMs } = network.options
  return exchangeWithin(requestTimeoutMs, broker, request, token)
}

/** An exchange with a timeout of its own, such as JoinGroup's. */
export function exchangeWithin(
  timeoutMs: number,
  broker: number,
  request: KafkaRequest,
  token: unknown,
): Exchange {
  return { broker, request, token, timeoutMs, sentMs: 0, response: null, outcome: 'pending' }
}

/** True if a request can go to the broker now; otherwise connects to it when that is allowed. */
export function isReady(network: Network, broker: number, context: Context): boolean {
  const link = linkTo(network, broker)
  if (link.state === 'ready') {
    const full = link.inFlight.length >= network.options.inFlightMax
    return !context.guard(Guard.inFlightLimit, full)
  }
  if (link.state === 'idle' && context.wallMs() >= link.retryAtMs) open(link, context)
  return false
}

/**
 * How long to wait before asking `isReady` again; infinite where an event of the network will tell
 * (a connection being set up, a full pipeline).
 */
export function connectionDelayMs(network: Network, broker: number, context: Context): number {
  const link = network.links[broker]
  if (link === undefined) return 0
  if (link.state !== 'idle') return Infinity
  return Math.max(0, link.retryAtMs - context.wallMs())
}

/** Sends on a connection that is ready. Settled at once if the request has no answer (acks=0). */
export function sendRequest(network: Network, exchange: Exchange, context: Context): void {
  const link = linkTo(network, exchange.broker)
  const { connection } = link
  invariant(link.state === 'ready' && connection !== null, 'a request needs a ready connection')
  exchange.sentMs = context.wallMs()
  const { request } = exchange
  context.send(connection, request, sizeOf(request))
  if (request.type === 'ProduceRequest' && request.acks === 0) {
    exchange.outcome = 'written'
    network.listener.settled(network.owner, exchange, context)
    return
  }
  link.inFlight.push(exchange)
  wakeIn(network.alarm, exchange.timeoutMs, context)
}

/** Closes the connection to a broker; its requests in flight end as disconnected. */
export function disconnect(network: Network, broker: number, context: Context): void {
  const link = network.links[broker]
  if (link === undefined || link.state === 'idle') return
  if (link.connection !== null) context.close(link.connection)
  drop(link, 'disconnected', context)
}

/**
 * The broker with the fewest requests in flight, for requests that any of them can answer: from a
 * random start, prefers an idle connection, then a busy one, then one that is being opened, then
 * the one that was not tried for longest. Undefined if all are backing off.
 */
export function leastLoadedBroker(
  network: Network,
  brokers: readonly number[],
  context: Context,
): number | undefined {
  const nowMs = context.wallMs()
  const start = brokers.length < 2 ? 0 : network.jitter.int(brokers.length)
  let best: number | undefined
  let bestLoad = Infinity
  for (let step = 0; step < brokers.length; step += 1) {
    const broker = brokers[(start + step) % brokers.length] as number
    const load = loadOf(network, broker, nowMs)
    const earlier =
      load === CLOSED &&
      best !== undefined &&
      attemptedMs(network, broker) < attemptedMs(network, best)
    if (load > bestLoad || (load === bestLoad && !earlier)) continue
    best = broker
    bestLoad = load
    if (load === 0) break
  }
  return best
}

/** For the host process: a response arrived on one of its connections. */
export function onResponse(
  connection: Connection,
  response: KafkaResponse,
  context: Context,
): void {
  const link = linkOf(connection)
  // A response can wait for its thread while another handler gives the connection up.
  if (link === null) return
  const exchange = link.inFlight.shift()
  invariant(
    exchange !== undefined && exchange.request.correlationId === response.correlationId,
    'a broker answers the requests of a connection in order',
  )
  exchange.response = response
  exchange.outcome = 'answered'
  const { network } = link
  network.listener.settled(network.owner, exchange, context)
}

/** For the host process: a connection is established. False if it belongs to no network. */
export function onOpened(connection: Connection, context: Context): boolean {
  const link = linkOf(connection)
  if (link === null) return false
  link.state = 'ready'
  link.failures = 0
  const { network } = link
  network.listener.connected(network.owner, link.broker, context)
  return true
}

/** For the host process: a connection ended. False if it belongs to no network. */
export function onClosed(connection: Connection, context: Context): boolean {
  const link = linkOf(connection)
  if (link === null) return false
  drop(link, 'disconnected', context)
  return true
}

/** For the host process: the timer `network` with this network's key fired. */
export function onNetworkTimer(network: Network, context: Context): void {
  woken(network.alarm)
  expireRequests(network, context)
  const nowMs = context.wallMs()
  let nextMs = Infinity
  for (const link of network.links) {
    if (link === undefined) continue
    const deadlineMs = deadlineOf(link)
    if (deadlineMs < nextMs) nextMs = deadlineMs
  }
  wakeIn(network.alarm, nextMs - nowMs, context)
}

/** Gives up connections whose set-up or oldest request has run out of time. */
export function expireRequests(network: Network, context: Context): void {
  const nowMs = context.wallMs()
  for (const link of network.links) {
    if (link === undefined || deadlineOf(link) > nowMs) continue
    if (link.connection !== null) context.close(link.connection)
    drop(link, 'timed-out', context)
  }
}

function linkTo(network: Network, broker: number): Link {
  let link = network.links[broker]
  if (link === undefined) {
    link = new Link(network, broker)
    while (network.links.length < broker) network.links.push(undefined)
    network.links[broker] = link
  }
  return link
}

/** The link a connection stands for; null if it is another part's or was given up. */
function linkOf(connection: Connection): Link | null {
  const link = connection.state
  return link instanceof Link && link.connection === connection ? link : null
}

function open(link: Link, context: Context): void {
  const { network } = link
  const connection = context.connect(brokerName(link.broker))
  connection.state = link
  link.connection = connection
  link.state = 'connecting'
  const timeoutMs = backoffMs(network.options.setupTimeout, link.failures, network.jitter)
  link.attemptedMs = context.wallMs()
  link.setupDeadlineMs = link.attemptedMs + timeoutMs
  wakeIn(network.alarm, timeoutMs, context)
}

/** The connection is no more: what was in flight on it ends, and the next attempt has to wait. */
function drop(link: Link, outcome: 'disconnected' | 'timed-out', context: Context): void {
  const { network, inFlight } = link
  const pauseMs = backoffMs(network.options.reconnectBackoff, link.failures, network.jitter)
  link.retryAtMs = context.wallMs() + pauseMs
  link.failures += 1
  link.state = 'idle'
  link.connection = null
  link.inFlight = []
  for (const exchange of inFlight) {
    exchange.outcome = outcome
    network.listener.settled(network.owner, exchange, context)
  }
  network.listener.disconnected(network.owner, link.broker, context)
}

function deadlineOf(link: Link): number {
  if (link.state === 'connecting') return link.setupDeadlineMs
  let deadlineMs = Infinity
  for (const exchange of link.inFlight) {
    const due = exchange.sentMs + exchange.timeoutMs
    if (due < deadlineMs) deadlineMs = due
  }
  return deadlineMs
}

function attemptedMs(network: Network, broker: number): number {
  return network.links[broker]?.attemptedMs ?? -Infinity
}

const CONNECTING = 1_000_000
const CLOSED = 2_000_000

function loadOf(network: Network, broker: number, nowMs: number): number {
  const link = network.links[broker]
  if (link === undefined) return CLOSED
  if (link.state === 'connecting') return CONNECTING
  if (link.state === 'idle') return nowMs >= link.retryAtMs ? CLOSED : Infinity
  const load = link.inFlight.length
  return load < network.options.inFlightMax ? load : Infinity
}
