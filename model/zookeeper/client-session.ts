/**
 * The client's connection and session: finding a server, keeping in touch, losing touch (KB Z1–Z5).
 *
 * Follows ClientCnxn and StaticHostProvider of ZooKeeper 3.8. The client never declares its session
 * expired: while no server answers it stays `disconnected`, however long that takes. Left out:
 * authentication, read-only servers, and the retry of name resolution.
 */

import { invariant } from '../../sim/invariant.ts'
import type { CloseReason, Connection, ProcessName } from '../../sim/process.ts'
import type { Stream } from '../../sim/random.ts'
import {
  failRequests,
  hasEnded,
  loseRequests,
  sendAllWaiting,
  sendWaiting,
} from './client-requests.ts'
import type {
  SessionState,
  ZooKeeperClient,
  ZooKeeperClientOptions,
  ZooKeeperContext,
  ZooKeeperListener,
} from './client-state.ts'
import { forgetWatches, sendWatches } from './client-watches.ts'
import { connectRequestBytes, pingBytes } from './message-size.ts'
import type { ConnectResponse, PingReply } from './messages.ts'
import { Probe } from './probes.ts'

/** A ping is sent at least this often, however long the session (KB Z2). */
const longestPingIntervalUs = 10_000_000
/** How long before the read timeout's half a ping leaves, once the connection is idle that long. */
const pingLeadUs = 1_000_000
/** Upper end of the random sleep before each attempt but the first (KB Z3). */
const reconnectSleepMs = 1000
/** Extra sleep when all servers were tried in vain. */
const roundSleepUs = 1_000_000

/** Starts connecting at once. The listener hears nothing before this returns. */
export function startClient<Owner>(
  options: ZooKeeperClientOptions<Owner>,
  listener: ZooKeeperListener<Owner>,
  context: ZooKeeperContext,
): ZooKeeperClient {
  const stream = context.random('zookeeper client')
  const client: ZooKeeperClient = {
    owner: options.owner,
    listener,
    servers: shuffled(options.servers, stream),
    requestedTimeoutMs: options.sessionTimeoutMs,
    maxInFlight: options.maxInFlight ?? 10,
    retryOnConnectionLoss: options.retryOnConnectionLoss ?? false,
    stream,
    state: 'connecting',
    sessionId: 0,
    password: 0,
    timeoutMs: options.sessionTimeoutMs,
    lastZxid: 0,
    connection: null,
    closing: false,
    serverIndex: -1,
    reachedIndex: -1,
    lastSentUs: 0,
    lastHeardUs: 0,
    nextXid: 0,
    inFlight: [],
    waiting: [],
    waitingHead: 0,
    dataWatches: new Set(),
    existWatches: new Set(),
    childWatches: new Set(),
  }
  invariant(client.servers.length > 0, 'a ZooKeeper client knows at least one server')
  nextServer(client)
  attempt(client, context)
  return client
}

/**
 * After `expired` or `closed`: forgets the old session and its watches, and opens a new one (KB
 * C18).
 */
export function newSession(client: ZooKeeperClient, context: ZooKeeperContext): void {
  invariant(hasEnded(client), 'a new session is opened only after the old one has ended')
  forgetWatches(client)
  client.state = 'connecting'
  client.sessionId = 0
  client.password = 0
  client.timeoutMs = client.requestedTimeoutMs
  client.lastZxid = 0
  client.closing = false
  nextServer(client)
  attempt(client, context)
}

/**
 * Ends the session in good order: its ephemerals go at once (KB Z10). The listener hears `closed`
 * when the server has done so, or at once if none is connected; then the session expires by itself.
 */
export function closeSession(client: ZooKeeperClient, context: ZooKeeperContext): void {
  if (client.closing || hasEnded(client)) return
  client.closing = true
  const { connection } = client
  if (connection === null || client.state !== 'connected') {
    drop(client, context)
    finish(client, 'closed', context)
    return
  }
  sendAllWaiting(client, connection, context)
  client.lastSentUs = context.monotonicUs()
  context.send(connection, { type: 'CloseSessionRequest' } as const, pingBytes)
}

/** The host process's `opened` hands each connection here first. True if it is the client's. */
export function clientOpened(client: ZooKeeperClient, connection: Connection): boolean {
  return connection.id === client.connection?.id
}

/** The host process's `closed` hands each connection here first. True if it was the client's. */
export function clientClosed(
  client: ZooKeeperClient,
  connection: Connection,
  _reason: CloseReason,
  context: ZooKeeperContext,
): boolean {
  if (connection.id !== client.connection?.id) return false
  client.connection = null
  loseConnection(client, context)
  return true
}

export function onConnectResponse(
  client: ZooKeeperClient,
  message: ConnectResponse,
  connection: Connection,
  context: ZooKeeperContext,
): void {
  if (connection.id !== client.connection?.id) return
  client.lastHeardUs = context.monotonicUs()
  if (message.timeoutMs === 0) {
    drop(client, context)
    context.probe(Probe.sessionFoundExpired)
    finish(client, 'expired', context)
    return
  }
  if (client.sessionId !== 0) context.probe(Probe.sessionReattached)
  client.sessionId = message.sessionId
  client.password = message.password
  client.timeoutMs = message.timeoutMs
  client.reachedIndex = client.serverIndex
  client.state = 'connected'
  context.setTimer('zookeeper.readTimeout', 0, readTimeoutUs(client))
  context.setTimer('zookeeper.ping', 0, pingIntervalUs(readTimeoutUs(client)))
  sendWatches(client, connection, context)
  sendWaiting(client, context)
  client.listener.session(client.owner, 'connected', context)
}

export function onPingReply(
  client: ZooKeeperClient,
  _message: PingReply,
  connection: Connection,
  context: ZooKeeperContext,
): void {
  if (connection.id !== client.connection?.id) return
  client.lastHeardUs = context.monotonicUs()
}

/** Timer `zookeeper.ping`: pings if nothing was sent for long enough, else sleeps for the rest. */
export function expirePing(client: ZooKeeperClient, _key: number, context: ZooKeeperContext): void {
  const { connection } = client
  if (connection === null || client.state !== 'connected') return
  const now = context.monotonicUs()
  const interval = pingIntervalUs(readTimeoutUs(client))
  if (now - client.lastSentUs >= interval) {
    client.lastSentUs = now
    context.send(connection, { type: 'PingRequest' } as const, pingBytes)
  }
  context.setTimer('zookeeper.ping', 0, client.lastSentUs + interval - now)
}

/** Timer `zookeeper.readTimeout`: also the limit for connecting, as in ClientCnxn (KB Z2). */
export function expireReadTimeout(
  client: ZooKeeperClient,
  _key: number,
  context: ZooKeeperContext,
): void {
  if (client.connection === null) return
  const limit = client.state === 'connected' ? readTimeoutUs(client) : connectTimeoutUs(client)
  const left = client.lastHeardUs + limit - context.monotonicUs()
  if (left > 0) {
    context.setTimer('zookeeper.readTimeout', 0, left)
    return
  }
  drop(client, context)
  loseConnection(client, context)
}

/** Timer `zookeeper.reconnect`: the next attempt, or the end of requests made without a session. */
export function expireReconnect(
  client: ZooKeeperClient,
  _key: number,
  context: ZooKeeperContext,
): void {
  if (hasEnded(client)) failRequests(client, 'SESSIONEXPIRED', context)
  else if (client.connection === null) attempt(client, context)
}

/** The connection is gone; the session, for all this client knows, is not. */
function loseConnection(client: ZooKeeperClient, context: ZooKeeperContext): void {
  context.cancelTimer('zookeeper.ping', 0)
  context.cancelTimer('zookeeper.readTimeout', 0)
  if (client.closing) {
    finish(client, 'closed', context)
    return
  }
  const wasConnected = client.state === 'connected'
  if (wasConnected) client.state = 'disconnected'
  const sleepUs = client.stream.int(reconnectSleepMs) * 1000
  const extraUs = nextServer(client) ? roundSleepUs : 0
  context.setTimer('zookeeper.reconnect', 0, sleepUs + extraUs)
  loseRequests(client, context)
  if (!wasConnected) return
  context.probe(Probe.connectionLoss)
  client.listener.session(client.owner, 'disconnected', context)
}

/** Closes the own end. What was sent before may still arrive, however late. */
function drop(client: ZooKeeperClient, context: ZooKeeperContext): void {
  if (client.connection !== null) context.close(client.connection)
  client.connection = null
  context.cancelTimer('zookeeper.ping', 0)
  context.cancelTimer('zookeeper.readTimeout', 0)
}

function finish(client: ZooKeeperClient, state: SessionState, context: ZooKeeperContext): void {
  client.state = state
  context.cancelTimer('zookeeper.reconnect', 0)
  failRequests(client, 'SESSIONEXPIRED', context)
  client.listener.session(client.owner, state, context)
}

function attempt(client: ZooKeeperClient, context: ZooKeeperContext): void {
  const connection = context.connect(client.servers[client.serverIndex] as ProcessName)
  client.connection = connection
  client.lastHeardUs = context.monotonicUs()
  client.lastSentUs = client.lastHeardUs
  const request = {
    type: 'ConnectRequest',
    lastZxidSeen: client.lastZxid,
    timeoutMs: client.requestedTimeoutMs,
    sessionId: client.sessionId,
    password: client.password,
  } as const
  context.send(connection, request, connectRequestBytes)
  context.setTimer('zookeeper.readTimeout', 0, connectTimeoutUs(client))
}

/** Moves on to the next server. True if a whole round was in vain (KB Z3). */
function nextServer(client: ZooKeeperClient): boolean {
  client.serverIndex = (client.serverIndex + 1) % client.servers.length
  const roundInVain = client.serverIndex === client.reachedIndex
  if (client.reachedIndex === -1) client.reachedIndex = 0
  return roundInVain
}

function readTimeoutUs(client: ZooKeeperClient): number {
  return Math.floor((client.timeoutMs * 2) / 3) * 1000
}

function connectTimeoutUs(client: ZooKeeperClient): number {
  return Math.floor(client.timeoutMs / client.servers.length) * 1000
}

/** How long a connection may be idle before a ping leaves, for a read timeout (KB Z2). */
export function pingIntervalUs(readTimeout: number): number {
  const half = Math.floor(readTimeout / 2)
  const interval = half <= pingLeadUs ? half : Math.max(pingLeadUs, half - pingLeadUs)
  return Math.min(interval, longestPingIntervalUs)
}

function shuffled(servers: readonly ProcessName[], stream: Stream): readonly ProcessName[] {
  const order = [...servers]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = stream.int(last + 1)
    const moved = order[last] as ProcessName
    order[last] = order[other] as ProcessName
    order[other] = moved
  }
  return order
}
