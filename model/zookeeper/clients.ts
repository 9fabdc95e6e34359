/**
 * The clients of one server: sessions begun and resumed, requests routed (KB Z3–Z5, Z9, Z12, Z19).
 *
 * Follows ZooKeeperServer, FollowerRequestProcessor and LearnerSessionTracker of ZooKeeper 3.8. A
 * server out of BROADCAST accepts a connection and closes it at the first request. Left out:
 * authentication, quotas, throttling of requests, and the server's own close of idle connections.
 */

import type { Connection } from '../../sim/process.ts'
import { welcome } from './application.ts'
import { Guard } from './guards.ts'
import { takeRequest, validateSession } from './leader-broadcast.ts'
import { connectResponseBytes } from './message-size.ts'
import type {
  CloseSessionRequest,
  ConnectRequest,
  ConnectResponse,
  PingRequest,
  SetWatchesRequest,
  WatchEventType,
  ZooKeeperRequest,
} from './messages.ts'
import {
  type ForwardedRequest,
  packetBytes,
  type Revalidate,
  sizeOfForwarded,
} from './peer-messages.ts'
import { Probe } from './probes.ts'
import {
  type ClientLink,
  isServing,
  type PendingRequest,
  type ServerContext,
  type ZooKeeperServer,
} from './server-state.ts'
import { passwordOf, sessionIdOf } from './session-identity.ts'
import { answer, endLink, fireWatch, forgetLink, hasPending } from './session-requests.ts'
import { closeSessionXid, createSessionXid, pingXid, type ServerOperation } from './transaction.ts'

export function onConnectRequest(
  self: ZooKeeperServer,
  message: ConnectRequest,
  connection: Connection,
  context: ServerContext,
): void {
  const ahead = message.lastZxidSeen > self.tree.lastZxid
  if (context.guard(Guard.serving, !isServing(self)) || context.guard(Guard.zxidAhead, ahead)) {
    context.close(connection)
    return
  }
  const link = newLink(self, message, connection)
  connection.state = link
  if (message.sessionId === 0) {
    self.sessionCounter += 1
    link.sessionId = sessionIdOf(self.config.id, context.incarnation, self.sessionCounter)
    self.clients.set(link.sessionId, link)
    const { timeoutMs } = link
    const owner = connection.peer
    const operation = { op: 'createSession', timeoutMs, owner } as const
    route(self, requestOf(link, createSessionXid, operation), context)
    return
  }
  link.phase = 'validating'
  self.validating.set(link.sessionId, link)
  const stranger = message.password !== passwordOf(message.sessionId)
  if (context.guard(Guard.sessionPassword, stranger)) finishValidation(self, link, false, context)
  else validate(self, link, context)
}

function validate(self: ZooKeeperServer, link: ClientLink, context: ServerContext): void {
  const { sessionId } = link
  const { leading, following } = self
  if (leading !== null) {
    const valid = validateSession(leading, sessionId, self.index, context)
    finishValidation(self, link, valid, context)
  } else if (following?.connection) {
    const request: Revalidate = { type: 'Revalidate', sessionId }
    context.send(following.connection, request, packetBytes + 12)
  } else {
    finishValidation(self, link, self.tree.sessions.has(sessionId), context)
  }
}

/** The leader has said whether the session lives. */
export function finishValidation(
  self: ZooKeeperServer,
  link: ClientLink,
  valid: boolean,
  context: ServerContext,
): void {
  self.validating.delete(link.sessionId)
  if (!valid) {
    const refusal: ConnectResponse = {
      type: 'ConnectResponse',
      timeoutMs: 0,
      sessionId: 0,
      password: 0,
    }
    context.send(link.connection, refusal, connectResponseBytes)
    endLink(self, link, context)
    return
  }
  const old = self.clients.get(link.sessionId)
  if (old !== undefined) endLink(self, old, context)
  self.clients.set(link.sessionId, link)
  touch(self, link.sessionId, context)
  welcome(link, context)
}

export function onZooKeeperRequest(
  self: ZooKeeperServer,
  message: ZooKeeperRequest,
  connection: Connection,
  context: ServerContext,
): void {
  const link = readyLink(self, connection, context)
  if (link === null) return
  const { xid, operation } = message
  const viaLeader = !('watch' in operation)
  const request: PendingRequest = { xid, operation, viaLeader }
  if (viaLeader) {
    link.pending.push(request)
    route(self, requestOf(link, xid, operation), context)
  } else {
    answerInOrder(self, link, request, context)
  }
}

export function onPingRequest(
  self: ZooKeeperServer,
  _message: PingRequest,
  connection: Connection,
  context: ServerContext,
): void {
  const link = readyLink(self, connection, context)
  if (link === null) return
  const ping: PendingRequest = { xid: pingXid, operation: null, viaLeader: false }
  answerInOrder(self, link, ping, context)
}

function answerInOrder(
  self: ZooKeeperServer,
  link: ClientLink,
  request: PendingRequest,
  context: ServerContext,
): void {
  if (context.guard(Guard.sessionOrder, hasPending(link))) link.pending.push(request)
  else answer(self, link, request, context)
}

/** Sets watches again after a reconnect; what changed meanwhile fires at once (KB Z4). */
export function onSetWatchesRequest(
  self: ZooKeeperServer,
  message: SetWatchesRequest,
  connection: Connection,
  context: ServerContext,
): void {
  const link = readyLink(self, connection, context)
  if (link === null) return
  const { relativeZxid } = message
  const { tree, watches } = self
  const late = (event: WatchEventType, path: string): void => {
    context.probe(Probe.watchFiredLate)
    fireWatch(self, { owner: link, event, path }, context)
  }
  for (const path of message.dataWatches) {
    const node = tree.node(path)
    if (node === undefined) late('NodeDeleted', path)
    else if (node.mzxid > relativeZxid) late('NodeDataChanged', path)
    else watches.watchData(path, link)
  }
  for (const path of message.existWatches) {
    if (tree.node(path) === undefined) watches.watchData(path, link)
    else late('NodeCreated', path)
  }
  for (const path of message.childWatches) {
    const node = tree.node(path)
    if (node === undefined) late('NodeDeleted', path)
    else if (node.pzxid > relativeZxid) late('NodeChildrenChanged', path)
    else watches.watchChildren(path, link)
  }
}

export function onCloseSessionRequest(
  self: ZooKeeperServer,
  _message: CloseSessionRequest,
  connection: Connection,
  context: ServerContext,
): void {
  const link = readyLink(self, connection, context)
  if (link === null) return
  const operation = { op: 'closeSession', expired: false } as const
  route(self, requestOf(link, closeSessionXid, operation), context)
}

export function clientLinkClosed(self: ZooKeeperServer, link: ClientLink): void {
  forgetLink(self, link)
}

/** On leaving BROADCAST: no client stays (KB Z19). Their sessions live on. */
export function closeClients(self: ZooKeeperServer, context: ServerContext): void {
  for (const link of self.clients.values()) endLink(self, link, context)
  for (const link of self.validating.values()) endLink(self, link, context)
}

/** The link of a client whose session is established; notes that the client spoke (KB Z9). */
function readyLink(
  self: ZooKeeperServer,
  connection: Connection,
  context: ServerContext,
): ClientLink | null {
  const link = connection.state as ClientLink | undefined
  if (link?.phase !== 'ready') return null
  touch(self, link.sessionId, context)
  return link
}

function touch(self: ZooKeeperServer, sessionId: number, context: ServerContext): void {
  if (self.leading !== null) self.leading.tracker.touch(sessionId, context.monotonicUs())
  else self.following?.touched.add(sessionId)
}

/** Brings a request before the leader: this server, or the one it follows. */
function route(self: ZooKeeperServer, request: ForwardedRequest, context: ServerContext): void {
  const connection = self.following?.connection ?? null
  if (self.leading !== null) takeRequest(self, self.index, request, context)
  else if (connection !== null) {
    context.send(connection, request, sizeOfForwarded(request.operation))
  }
}

function requestOf(link: ClientLink, xid: number, operation: ServerOperation): ForwardedRequest {
  return { type: 'ForwardedRequest', sessionId: link.sessionId, xid, operation }
}

function newLink(
  self: ZooKeeperServer,
  message: ConnectRequest,
  connection: Connection,
): ClientLink {
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = self.config
  return {
    kind: 'client',
    connection,
    sessionId: message.sessionId,
    timeoutMs: clampTimeout(message.timeoutMs, minSessionTimeoutMs, maxSessionTimeoutMs),
    phase: 'creating',
    pending: [],
    pendingHead: 0,
    dataWatches: new Set(),
    childWatches: new Set(),
  }
}

/** The session timeout that a server grants (KB Z1). */
export function clampTimeout(requestedMs: number, lowMs: number, highMs: number): number {
  return Math.min(Math.max(requestedMs, lowMs), highMs)
}
