/**
 * A broker's life in ZooKeeper: its session, its ephemeral znode `/brokers/ids/<id>`, its epoch.
 *
 * Follows KB C18 and C22: the broker epoch is the czxid of the node; a node that another session
 * holds ends a starting process; after an expiry the controller role goes first, then comes a new
 * session and a new registration. A starting broker that gets no session within
 * zookeeper.connection.timeout.ms ends. Left out: endpoints and feature versions in the node.
 */

import { beginServing } from './admission.ts'
import type { Behaviour } from '../../sim/process.ts'
import {
  expirePing,
  expireReadTimeout,
  expireReconnect,
  newSession,
  onConnectResponse,
  onPingReply,
  onWatchNotification,
  onZooKeeperReply,
  startClient,
  submit,
} from '../zookeeper/client.ts'
import type {
  SessionState,
  ZooKeeperClient,
  ZooKeeperListener,
  ZooKeeperTimer,
} from '../zookeeper/client.ts'
import type {
  ToZooKeeperClient,
  WatchEventType,
  ZooKeeperOperation,
  ZooKeeperResult,
} from '../zookeeper/messages.ts'
import type { Broker, BrokerContext, BrokerIo, BrokerOptions, BrokerTimer } from './broker-state.ts'
import { brokersChanged } from './controller/broker-changes.ts'
import { configsChanged } from './controller/config-changes.ts'
import {
  askUndone,
  clearEvents,
  enqueue,
  finish,
  onControllerReply,
} from './controller/event-queue.ts'
import { Guard } from './controller/guards.ts'
import { logDirectoriesChanged } from './controller/log-directory-events.ts'
import { Probe } from './controller/probes.ts'
import { controllerChanged, runForController } from './controller/race.ts'
import { resign } from './controller/role.ts'
import { sessionClosed } from './shutdown.ts'
import { topicModified, topicsChanged } from './controller/topic-changes.ts'
import { ISR_TOKENS, onIsrReply } from './replication/isr-by-znode.ts'
import { isrsChanged } from './controller/isr-changes.ts'
import { deletionsChanged } from './controller/topic-deletions.ts'
import {
  brokerPath,
  createNode,
  DELETION_NODES,
  ISR_NODES,
  TOP_LEVEL_NODES,
  znodeName,
} from './controller/znodes.ts'

export interface Registration {
  /** `unregistered` for good if the node could not be had after an expiry (HZ Z05). */
  phase: 'waiting' | 'registering' | 'registered' | 'unregistered'
  /** Counts attempts, so that replies to an abandoned one are recognised. */
  attempt: number
  /** What has been answered to the present attempt. */
  readonly results: ZooKeeperResult[]
  /** Sessions that this process has owned, oldest first. */
  readonly ownSessions: number[]
}

const REGISTRATION_BYTES = 180
/** Operations of an attempt: creating the node, and reading what then stands there. */
const STEPS = 2
/** Belongs to no attempt: the outcome shows in the creation that follows. */
const UNHEARD_TOKEN = -1

export function startRegistration(): Registration {
  return { phase: 'waiting', attempt: 0, results: [], ownSessions: [] }
}

/** The broker's ZooKeeper client. `self` is called back only after the broker is complete. */
export function startBrokerSession(
  self: Broker,
  { zookeeper, config }: BrokerOptions,
  context: BrokerContext,
): ZooKeeperClient {
  const options = {
    owner: self,
    servers: zookeeper,
    sessionTimeoutMs: config.zookeeperSessionTimeoutMs,
    maxInFlight: config.zookeeperMaxInFlightRequests,
    retryOnConnectionLoss: true,
  }
  context.setTimer('zookeeper.connectionTimeout', 0, config.zookeeperConnectionTimeoutMs * 1000)
  return startClient(options, brokerSession, context)
}

type SessionBehaviour = Behaviour<Broker, ToZooKeeperClient, BrokerTimer, BrokerIo>

/** What ZooKeeper servers say, for the broker's table. */
export const sessionReceive: SessionBehaviour['receive'] = {
  ConnectResponse: ({ zookeeper }, message, connection, context) =>
    onConnectResponse(zookeeper, message, connection, context),
  ZooKeeperReply: ({ zookeeper }, message, connection, context) =>
    onZooKeeperReply(zookeeper, message, connection, context),
  PingReply: ({ zookeeper }, message, connection, context) =>
    onPingReply(zookeeper, message, connection, context),
  WatchNotification: ({ zookeeper }, message, connection, context) =>
    onWatchNotification(zookeeper, message, connection, context),
}

export const sessionExpire: Pick<
  SessionBehaviour['expire'],
  ZooKeeperTimer | 'zookeeper.connectionTimeout'
> = {
  'zookeeper.connectionTimeout': (self, _key, context) => {
    if (context.guard(Guard.connectionTimeout, self.registration.ownSessions.length === 0))
      context.exit('no session with ZooKeeper within zookeeper.connection.timeout.ms')
  },
  'zookeeper.ping': ({ zookeeper }, key, context) => expirePing(zookeeper, key, context),
  'zookeeper.readTimeout': ({ zookeeper }, key, context) =>
    expireReadTimeout(zookeeper, key, context),
  'zookeeper.reconnect': ({ zookeeper }, key, context) => expireReconnect(zookeeper, key, context),
}

/**
 * What the broker's ZooKeeper client tells: replies by token (the controller's count up from 0, the
 * registration's down from −1), watches by path, the session to registration and controller.
 */
const brokerSession: ZooKeeperListener<Broker> = {
  reply(self: Broker, token: number, result: ZooKeeperResult, context: BrokerContext): void {
    if (token >= ISR_TOKENS) onIsrReply(self, token, result, context)
    else if (token >= 0) onControllerReply(self, token, result, context)
    else onRegistrationReply(self, token, result, context)
  },
  watch(self: Broker, event: WatchEventType, path: string, context: BrokerContext): void {
    onWatch(self, event, path, context)
  },
  session(self: Broker, state: SessionState, context: BrokerContext): void {
    if (state === 'connected') onConnected(self, context)
    else if (state === 'expired') onExpired(self, context)
    else if (state === 'closed') sessionClosed(self, context)
  },
}

function onWatch(self: Broker, event: WatchEventType, path: string, context: BrokerContext): void {
  const name = znodeName(path, self.options.topics)
  if (name.kind === 'controller') {
    if (event === 'NodeDeleted') runForController(self, context)
    else controllerChanged(self, context)
  } else if (name.kind === 'brokers') brokersChanged(self, context)
  else if (name.kind === 'topics') topicsChanged(self, context)
  else if (name.kind === 'isrChanges') isrsChanged(self, context)
  else if (name.kind === 'deletions') deletionsChanged(self, context)
  else if (name.kind === 'logDirEvents') logDirectoriesChanged(self, context)
  else if (name.kind === 'configChanges') configsChanged(self, context)
  else if (name.kind === 'topic' && event === 'NodeDataChanged') {
    topicModified(self, name.topic, context)
  }
}

function onConnected(self: Broker, context: BrokerContext): void {
  const { registration, zookeeper } = self
  // The same session on another connection: its nodes stand.
  if (registration.ownSessions.at(-1) === zookeeper.sessionId) return
  registration.ownSessions.push(zookeeper.sessionId)
  context.cancelTimer('zookeeper.connectionTimeout', 0)
  register(self, context)
}

/** Steps down first, then opens a new session; the broker's role in partitions stays (KB C18). */
function onExpired(self: Broker, context: BrokerContext): void {
  context.probe(Probe.registrationExpired, self.options.id)
  self.registration.phase = 'waiting'
  if (self.options.protocols.controllerFencing === 'rpc-only') {
    expireInTurn(self, context)
    return
  }
  clearEvents(self)
  stepDown(self, context)
  newSession(self.zookeeper, context)
}

/** Before 2.2 the expiry waited its turn; older events went on in the new session (HZ Z03). */
function expireInTurn(self: Broker, context: BrokerContext): void {
  newSession(self.zookeeper, context)
  askUndone(self, context)
  const run = (): void => {
    stepDown(self, context)
    finish(self)
  }
  enqueue(self, { name: 'expire', run, drop: null })
}

function stepDown(self: Broker, context: BrokerContext): void {
  resign(self, context)
  self.controller.activeId = -1
}

function register(self: Broker, context: BrokerContext): void {
  const { registration, options, zookeeper } = self
  const path = brokerPath(options.id)
  const node = { id: options.id, rack: options.rack }
  const operations: readonly ZooKeeperOperation[] = [
    createNode(path, node, REGISTRATION_BYTES, 'ephemeral'),
    { op: 'getData', path, watch: false },
  ]
  registration.phase = 'registering'
  registration.attempt += 1
  registration.results.length = 0
  operations.forEach((operation, step) => {
    submit(zookeeper, operation, -(registration.attempt * STEPS + step), context)
  })
}

function onRegistrationReply(
  self: Broker,
  token: number,
  result: ZooKeeperResult,
  context: BrokerContext,
): void {
  const { registration } = self
  const current = Math.floor(-token / STEPS) === registration.attempt
  if (!current || registration.phase !== 'registering') return
  if (result.error === 'SESSIONEXPIRED') return
  registration.results.push(result)
  const [created, found] = registration.results
  if (created === undefined || found === undefined) return
  conclude(self, created, found, context)
}

function conclude(
  self: Broker,
  created: ZooKeeperResult,
  found: ZooKeeperResult,
  context: BrokerContext,
): void {
  const owner = found.stat?.ephemeralOwner
  const moved = created.error === 'SESSIONMOVED' || found.error === 'SESSIONMOVED'
  // A request on an old connection counts for nothing; and a node may have gone between the two.
  if (created.error === 'NONODE') registerBelow(self, context)
  else if (moved || owner === undefined) register(self, context)
  else if (owner === self.zookeeper.sessionId) becomeRegistered(self, found, context)
  else if (isOwnLeftover(self, owner)) replaceLeftover(self, context)
  else refuse(self, found, context)
}

/** The first broker of all finds nothing; of several at once, one creates the nodes above. */
function registerBelow(self: Broker, context: BrokerContext): void {
  const { isrsChangeByNode, topicsMayGo } = self.options
  const writes = [...TOP_LEVEL_NODES]
  if (topicsMayGo === true) writes.push(...DELETION_NODES)
  if (isrsChangeByNode === true) writes.push(...ISR_NODES)
  submit(self.zookeeper, { op: 'multi', writes }, UNHEARD_TOKEN, context)
  register(self, context)
}

/** A node of an earlier session of this same process, which ZooKeeper was slow to remove. */
function isOwnLeftover(self: Broker, owner: number): boolean {
  const { registration, options } = self
  return (
    options.protocols.registration === 'own-session' && registration.ownSessions.includes(owner)
  )
}

function replaceLeftover(self: Broker, context: BrokerContext): void {
  context.probe(Probe.registrationReplaced, self.options.id)
  const path = brokerPath(self.options.id)
  submit(self.zookeeper, { op: 'delete', path, version: -1 }, UNHEARD_TOKEN, context)
  register(self, context)
}

function refuse(self: Broker, found: ZooKeeperResult, context: BrokerContext): void {
  if (!context.guard(Guard.otherSession, true)) {
    becomeRegistered(self, found, context)
    return
  }
  context.probe(Probe.registrationRefused, self.options.id)
  self.registration.phase = 'unregistered'
  // A broker that is already running only notes the failure (HZ Z05); a starting one ends.
  if (self.registration.ownSessions.length > 1) return
  context.exit(`${brokerPath(self.options.id)} belongs to another session`)
}

function becomeRegistered(self: Broker, found: ZooKeeperResult, context: BrokerContext): void {
  self.registration.phase = 'registered'
  self.brokerEpoch = found.stat?.czxid ?? -1
  context.probe(Probe.registered, self.options.id)
  beginServing(self, context)
  configsChanged(self, context)
  runForController(self, context)
}
