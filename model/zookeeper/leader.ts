/**
 * Becoming and staying leader: a new epoch, followers brought up to date, ticks (KB Z21, Z22, Z24).
 *
 * Follows Leader and LearnerHandler of ZooKeeper 3.8. What a new leader has logged is committed
 * whole, and what it does not have is cut off from its followers.
 */

import { invariant } from '../../sim/invariant.ts'
import type { Connection } from '../../sim/process.ts'
import { tellServing } from './application.ts'
import {
  commitLogged,
  isForwarding,
  noteAck,
  scheduleExpiry,
  takeRequest,
  validateSession,
} from './leader-broadcast.ts'
import { tellVote } from './election.ts'
import { acceptEpoch, enterEpoch } from './epochs.ts'
import { Guard } from './guards.ts'
import { synchronize } from './leader-synchronization.ts'
import {
  type Ack,
  type AckEpoch,
  type FollowerInfo,
  type FollowerPing,
  type ForwardedRequest,
  type LeaderInfo,
  type LeaderPing,
  packetBytes,
  type Revalidate,
  type Revalidated,
  type UpToDate,
} from './peer-messages.ts'
import { ProposedTree } from './preparation.ts'
import { Probe } from './probes.ts'
import type { Leading, Learner, ServerContext, ZooKeeperServer } from './server-state.ts'
import { SessionTracker } from './session-tracker.ts'
import { epochOf, firstAfter, type Transaction } from './transaction.ts'

/** The server was elected; now it needs a quorum that follows it. */
export function startLeading(self: ZooKeeperServer, context: ServerContext): void {
  const { config, election, index } = self
  const leading: Leading = {
    phase: 'discovery',
    epoch: 0,
    startEpoch: self.currentEpoch,
    startZxid: self.log.lastZxid,
    highestAcceptedEpoch: self.acceptedEpoch,
    learners: config.peers.map((): Learner | null => null),
    connected: config.peers.map((): boolean => false),
    epochAcks: config.peers.map((): boolean => false),
    newLeaderAcks: config.peers.map((): boolean => false),
    tick: 0,
    halfTick: false,
    counter: 0,
    committedZxid: 0,
    proposed: new ProposedTree(self.tree),
    tracker: new SessionTracker(config.tickMs),
    pendingSyncs: [],
    expiryTimerUs: -1,
  }
  self.leading = leading
  context.probe(Probe.leaderChosen, config.id)
  self.recorder.witness?.chosen(config.id, { round: election.round, ...election.vote })
  leading.connected[index] = true
  waitForQuorum(self, context)
  chooseEpoch(self, leading, context)
}

export function stopLeading(self: ZooKeeperServer, context: ServerContext): void {
  const { leading } = self
  if (leading === null) return
  for (const learner of leading.learners) if (learner !== null) context.close(learner.connection)
  self.leading = null
  context.cancelTimer('tick', 0)
  context.cancelTimer('giveUpLeading', 0)
  context.cancelTimer('expireSessions', 0)
}

export function onFollowerInfo(
  self: ZooKeeperServer,
  message: FollowerInfo,
  connection: Connection,
  context: ServerContext,
): void {
  const { leading } = self
  if (leading === null) {
    // Nobody listens for followers here: the caller tries again a moment later.
    context.close(connection)
    return
  }
  const peer = self.config.peers.findIndex(({ id }) => id === message.from)
  const old = leading.learners[peer] ?? null
  if (old !== null) context.close(old.connection)
  const learner = newLearner(self, leading, peer, connection)
  connection.state = learner
  leading.learners[peer] = learner
  leading.connected[peer] = true
  if (leading.phase !== 'discovery') {
    sendLeaderInfo(leading, learner, context)
    return
  }
  leading.highestAcceptedEpoch = Math.max(leading.highestAcceptedEpoch, message.acceptedEpoch)
  chooseEpoch(self, leading, context)
}

/** With the accepted epochs of a quorum the next epoch is known (KB Z21). */
function chooseEpoch(self: ZooKeeperServer, leading: Leading, context: ServerContext): void {
  if (context.guard(Guard.discoveryQuorum, count(leading.connected) < self.quorum)) return
  leading.phase = 'epochAcknowledgement'
  leading.epoch = leading.highestAcceptedEpoch + 1
  acceptEpoch(self, leading.epoch, context)
  leading.epochAcks[self.index] = true
  waitForQuorum(self, context)
  for (const learner of leading.learners) {
    if (learner !== null) sendLeaderInfo(leading, learner, context)
  }
  beginSynchronization(self, leading, context)
}

export function onAckEpoch(
  self: ZooKeeperServer,
  message: AckEpoch,
  connection: Connection,
  context: ServerContext,
): void {
  const learner = connection.state as Learner
  const leading = leadingOf(self, learner)
  if (leading === null) return
  const { currentEpoch, lastZxid, baseZxid } = message
  if (leading.phase === 'epochAcknowledgement' && currentEpoch !== -1) {
    const ahead =
      currentEpoch > leading.startEpoch ||
      (currentEpoch === leading.startEpoch && lastZxid > leading.startZxid)
    if (context.guard(Guard.followerAhead, ahead)) {
      dropLearner(leading, learner, context)
      return
    }
    leading.epochAcks[learner.peer] = true
  }
  learner.phase = 'epochAcked'
  learner.lastZxid = lastZxid
  learner.baseZxid = baseZxid
  hear(self, leading, learner)
  if (leading.phase === 'epochAcknowledgement') beginSynchronization(self, leading, context)
  else synchronize(self, leading, learner, context)
}

/** A quorum has promised to follow no older epoch: now it has to log this server's history. */
function beginSynchronization(
  self: ZooKeeperServer,
  leading: Leading,
  context: ServerContext,
): void {
  if (context.guard(Guard.discoveryQuorum, count(leading.epochAcks) < self.quorum)) return
  leading.phase = 'synchronization'
  context.probe(Probe.epochDiscovered, self.config.id)
  self.recorder.witness?.discovered(self.config.id, leading.epoch)
  waitForQuorum(self, context)
  for (const learner of leading.learners) {
    if (learner?.phase === 'epochAcked') synchronize(self, leading, learner, context)
  }
  self.log.sync()
  logSyncedAtLeader(self, context)
}

/** The leader's own log has reached the disk further than before. */
export function logSyncedAtLeader(self: ZooKeeperServer, context: ServerContext): void {
  const { leading, log } = self
  if (leading === null) return
  if (leading.phase === 'broadcast') {
    commitLogged(self, context)
    return
  }
  if (leading.phase !== 'synchronization' || log.synced < log.entries.length) return
  if (leading.newLeaderAcks[self.index] !== true) {
    enterEpoch(self, leading.epoch, context)
    leading.newLeaderAcks[self.index] = true
  }
  beginBroadcast(self, leading, context)
}

/** A quorum has logged the history: it is committed, and clients may come (KB Z22). */
function beginBroadcast(self: ZooKeeperServer, leading: Leading, context: ServerContext): void {
  // Its own log and epoch have to be on the platter too: with an old epoch its vote would lose
  // later.
  if (leading.newLeaderAcks[self.index] !== true) return
  const acks = count(leading.newLeaderAcks)
  if (context.guard(Guard.synchronizationQuorum, acks < self.quorum)) return
  const { election, log, recorder, config } = self
  leading.phase = 'broadcast'
  leading.committedZxid = log.lastZxid
  if (log.lastZxid > recorder.zxid) context.probe(Probe.inheritedCommitted)
  for (let index = firstAfter(log.entries, recorder.zxid); index < log.entries.length; index += 1) {
    recorder.commit(log.entries[index] as Transaction)
  }
  election.vote = { ...election.vote, epoch: leading.epoch }
  tellVote(self)
  context.cancelTimer('giveUpLeading', 0)
  context.setTimer('tick', 0, halfTickUs(self))
  const now = context.monotonicUs()
  for (const [sessionId, timeoutMs] of self.tree.sessions) {
    leading.tracker.add(sessionId, timeoutMs, now)
  }
  scheduleExpiry(leading, context)
  context.probe(Probe.leaderElected, config.id)
  recorder.led(config.id, leading.epoch, (zxid) => log.holds(zxid))
  tellServing(self, leading.committedZxid)
  for (const learner of leading.learners) {
    if (learner?.phase === 'synchronized') sendUpToDate(leading, learner, context)
  }
}

export function onAck(
  self: ZooKeeperServer,
  message: Ack,
  connection: Connection,
  context: ServerContext,
): void {
  const learner = connection.state as Learner
  const leading = leadingOf(self, learner)
  if (leading === null) return
  invariant(epochOf(message.zxid) === leading.epoch, 'a connection carries one epoch')
  hear(self, leading, learner)
  if (learner.phase !== 'synchronizing') {
    noteAck(learner, message.zxid)
    commitLogged(self, context)
    return
  }
  learner.phase = 'synchronized'
  leading.newLeaderAcks[learner.peer] = true
  if (leading.phase === 'broadcast') sendUpToDate(leading, learner, context)
  else beginBroadcast(self, leading, context)
}

export function onFollowerPing(
  self: ZooKeeperServer,
  message: FollowerPing,
  connection: Connection,
  context: ServerContext,
): void {
  const learner = connection.state as Learner
  const leading = leadingOf(self, learner)
  if (leading === null) return
  hear(self, leading, learner)
  const now = context.monotonicUs()
  for (const sessionId of message.touched) leading.tracker.touch(sessionId, now)
}

export function onForwardedRequest(
  self: ZooKeeperServer,
  message: ForwardedRequest,
  connection: Connection,
  context: ServerContext,
): void {
  const learner = connection.state as Learner
  const leading = leadingOf(self, learner)
  if (leading === null) return
  hear(self, leading, learner)
  takeRequest(self, learner.peer, message, context)
}

export function onRevalidate(
  self: ZooKeeperServer,
  message: Revalidate,
  connection: Connection,
  context: ServerContext,
): void {
  const learner = connection.state as Learner
  const leading = leadingOf(self, learner)
  if (leading === null) return
  hear(self, leading, learner)
  const { sessionId } = message
  const valid = validateSession(leading, sessionId, learner.peer, context)
  const answer: Revalidated = { type: 'Revalidated', sessionId, valid }
  context.send(learner.connection, answer, packetBytes + 9)
}

export function learnerClosed(self: ZooKeeperServer, learner: Learner): void {
  const { leading } = self
  if (leading?.learners[learner.peer] === learner) leading.learners[learner.peer] = null
}

/** Twice a tick: pings; once a tick: is there still a quorum that answers? (KB Z9, Z24) */
export function expireTick(self: ZooKeeperServer, _key: number, context: ServerContext): void {
  const { leading } = self
  if (leading === null) return
  leading.halfTick = !leading.halfTick
  if (!leading.halfTick) {
    leading.tick += 1
    let heard = 1
    for (const learner of leading.learners) {
      if (learner === null) continue
      if (leading.tick <= learner.deadlineTick) heard += 1
      else dropLearner(leading, learner, context)
    }
    if (context.guard(Guard.quorumLost, heard < self.quorum)) {
      context.probe(Probe.leaderLostQuorum, self.config.id)
      self.roles.look(self, context)
      return
    }
  }
  pingLearners(self, leading, context)
  context.setTimer('tick', 0, halfTickUs(self))
}

export function expireGiveUpLeading(
  self: ZooKeeperServer,
  _key: number,
  context: ServerContext,
): void {
  const waiting = self.leading !== null && self.leading.phase !== 'broadcast'
  if (context.guard(Guard.startLimit, waiting)) self.roles.look(self, context)
}

function pingLearners(self: ZooKeeperServer, leading: Leading, context: ServerContext): void {
  const now = context.monotonicUs()
  const limitUs = self.config.syncLimit * self.config.tickMs * 1000
  const ping: LeaderPing = { type: 'LeaderPing' }
  for (const learner of leading.learners) {
    if (learner === null || !isForwarding(learner)) continue
    const overdue = learner.waitingZxid !== 0 && now - learner.waitingSinceUs >= limitUs
    if (context.guard(Guard.slowFollower, overdue)) {
      context.probe(Probe.slowFollowerDropped)
      dropLearner(leading, learner, context)
    } else {
      context.send(learner.connection, ping, packetBytes)
    }
  }
}

/** Gives the next step of becoming leader its own initLimit (KB Z21). */
function waitForQuorum(self: ZooKeeperServer, context: ServerContext): void {
  const limitMs = self.config.initLimit * self.config.tickMs
  context.setTimer('giveUpLeading', 0, limitMs * 1000)
}

function newLearner(
  self: ZooKeeperServer,
  leading: Leading,
  peer: number,
  connection: Connection,
): Learner {
  const { initLimit, syncLimit } = self.config
  return {
    kind: 'learner',
    peer,
    connection,
    phase: 'connected',
    lastZxid: 0,
    baseZxid: 0,
    ackedZxid: 0,
    deadlineTick: leading.tick + initLimit + syncLimit,
    waitingZxid: 0,
    waitingSinceUs: 0,
    nextZxid: 0,
    nextSinceUs: 0,
  }
}

/** The leadership that this learner belongs to; null if it is over or the learner was replaced. */
function leadingOf(self: ZooKeeperServer, learner: Learner): Leading | null {
  const { leading } = self
  return leading?.learners[learner.peer] === learner ? leading : null
}

function hear(self: ZooKeeperServer, leading: Leading, learner: Learner): void {
  const limit = isForwarding(learner) && learner.phase !== 'synchronizing'
  if (limit) learner.deadlineTick = leading.tick + self.config.syncLimit
}

function dropLearner(leading: Leading, learner: Learner, context: ServerContext): void {
  context.close(learner.connection)
  leading.learners[learner.peer] = null
}

function sendLeaderInfo(leading: Leading, learner: Learner, context: ServerContext): void {
  const message: LeaderInfo = { type: 'LeaderInfo', epoch: leading.epoch }
  context.send(learner.connection, message, packetBytes)
}

function sendUpToDate(leading: Leading, learner: Learner, context: ServerContext): void {
  invariant(leading.phase === 'broadcast', 'a follower serves only after its leader does')
  learner.phase = 'following'
  const message: UpToDate = { type: 'UpToDate', zxid: leading.committedZxid }
  context.send(learner.connection, message, packetBytes)
}

function halfTickUs(self: ZooKeeperServer): number {
  return self.config.tickMs * 500
}

function count(flags: readonly boolean[]): number {
  let set = 0
  for (const flag of flags) if (flag) set += 1
  return set
}
