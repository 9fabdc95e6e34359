/**
 * Following a leader: its epoch, its history, then its proposals and commits (KB Z21–Z24).
 *
 * Follows Learner and Follower of ZooKeeper 3.8. A proposal that comes between NewLeader and
 * UpToDate is logged at once. The current epoch is written only when the history is on the platter;
 * versions of 3.8 that wrote it before could lose committed transactions (ZOOKEEPER-4643).
 */

import { invariant } from '../../sim/invariant.ts'
import type { CloseReason, Connection, ProcessName } from '../../sim/process.ts'
import { applyUpTo, rebuildTree, tellServing } from './application.ts'
import { finishValidation } from './clients.ts'
import { tellVote } from './election.ts'
import { acceptEpoch, enterEpoch } from './epochs.ts'
import { Guard } from './guards.ts'
import {
  type Ack,
  type AckEpoch,
  type Commit,
  type FollowerInfo,
  type FollowerPing,
  type LeaderInfo,
  type LeaderPing,
  type NewLeader,
  packetBytes,
  type Proposal,
  type Revalidated,
  type SyncDone,
  type Synchronize,
  type UpToDate,
} from './peer-messages.ts'
import { Probe } from './probes.ts'
import type { Following, LeaderLink, Peer, ServerContext, ZooKeeperServer } from './server-state.ts'
import { completeRequest } from './session-requests.ts'
import { epochOf, type Transaction, zxidOf } from './transaction.ts'

/** How often a server tries to reach the leader it voted for before it votes again. */
const connectAttempts = 5
const connectRetryUs = 100_000

const leaderLink: LeaderLink = { kind: 'leader' }

export function startFollowing(
  self: ZooKeeperServer,
  leader: number,
  context: ServerContext,
): void {
  self.following = {
    leader,
    connection: null,
    attempts: 0,
    phase: 'connecting',
    epoch: 0,
    newLeaderEntries: -1,
    newLeaderAnswered: false,
    ackedZxid: 0,
    committedZxid: 0,
    lastHeardUs: context.monotonicUs(),
    touched: new Set(),
  }
  context.setTimer('leaveSilentLeader', 0, silenceLimitUs(self, self.following))
  expireConnectToLeader(self, 0, context)
}

export function stopFollowing(self: ZooKeeperServer, context: ServerContext): void {
  const { following } = self
  if (following === null) return
  if (following.connection !== null) context.close(following.connection)
  self.following = null
  context.cancelTimer('connectToLeader', 0)
  context.cancelTimer('leaveSilentLeader', 0)
}

export function expireConnectToLeader(
  self: ZooKeeperServer,
  _key: number,
  context: ServerContext,
): void {
  const { following, config } = self
  if (following === null) return
  following.attempts += 1
  const name: ProcessName = (config.peers[following.leader] as Peer).name
  const connection = context.connect(name)
  connection.state = leaderLink
  following.connection = connection
  const { acceptedEpoch } = self
  const message: FollowerInfo = { type: 'FollowerInfo', from: config.id, acceptedEpoch }
  context.send(connection, message, packetBytes + 20)
}

export function leaderClosed(
  self: ZooKeeperServer,
  connection: Connection,
  _reason: CloseReason,
  context: ServerContext,
): void {
  const { following } = self
  if (following === null || following.connection?.id !== connection.id) return
  following.connection = null
  if (following.phase === 'connecting' && following.attempts < connectAttempts) {
    context.setTimer('connectToLeader', 0, connectRetryUs)
    return
  }
  leave(self, following, context)
}

/** The leader was silent for too long, if it was: the timer is set anew for what is left. */
export function expireLeaveSilentLeader(
  self: ZooKeeperServer,
  _key: number,
  context: ServerContext,
): void {
  const { following } = self
  if (following === null) return
  const limit = silenceLimitUs(self, following)
  const left = following.lastHeardUs + limit - context.monotonicUs()
  if (context.guard(Guard.leaderSilent, left <= 0)) {
    leave(self, following, context)
    return
  }
  context.setTimer('leaveSilentLeader', 0, left > 0 ? left : limit)
}

export function onLeaderInfo(
  self: ZooKeeperServer,
  message: LeaderInfo,
  connection: Connection,
  context: ServerContext,
): void {
  const following = hear(self, connection, context)
  if (following === null) return
  const { epoch } = message
  if (context.guard(Guard.acceptedEpoch, epoch < self.acceptedEpoch)) {
    leave(self, following, context)
    return
  }
  const isNew = epoch !== self.acceptedEpoch
  if (isNew) acceptEpoch(self, epoch, context)
  following.epoch = epoch
  following.phase = 'synchronization'
  const currentEpoch = isNew ? self.currentEpoch : -1
  const { lastZxid, baseZxid } = self.log
  const answer: AckEpoch = { type: 'AckEpoch', currentEpoch, lastZxid, baseZxid }
  context.send(connection, answer, packetBytes + 12)
}

export function onSynchronize(
  self: ZooKeeperServer,
  message: Synchronize,
  connection: Connection,
  context: ServerContext,
): void {
  if (hear(self, connection, context) === null) return
  const { truncateAfter, snapshot, tail, transactions } = message
  const { log } = self
  let outcome = snapshot === null ? 'ok' : log.replace(snapshot, tail)
  if (truncateAfter !== -1) {
    context.probe(Probe.followerTruncated, self.config.id)
    outcome = log.truncateAfter(truncateAfter)
  }
  if (outcome !== 'ok') context.exit('the transaction log cannot be written')
  if (snapshot !== null || truncateAfter !== -1) rebuildTree(self)
  for (const transaction of transactions) append(self, transaction, context)
}

export function onNewLeader(
  self: ZooKeeperServer,
  _message: NewLeader,
  connection: Connection,
  context: ServerContext,
): void {
  const following = hear(self, connection, context)
  if (following === null) return
  following.newLeaderEntries = self.log.entries.length
  self.log.sync()
  logSyncedAtFollower(self, context)
}

/** The log has reached the disk further than before: tells the leader what it waits for. */
export function logSyncedAtFollower(self: ZooKeeperServer, context: ServerContext): void {
  const { following, log } = self
  if (following === null || following.connection === null) return
  if (!following.newLeaderAnswered) {
    if (following.newLeaderEntries === -1 || log.synced < following.newLeaderEntries) return
    enterEpoch(self, following.epoch, context)
    following.newLeaderAnswered = true
    sendAck(following.connection, zxidOf(following.epoch, 0), context)
  }
  const zxid = log.durableZxid
  if (zxid <= following.ackedZxid || epochOf(zxid) !== following.epoch) return
  following.ackedZxid = zxid
  sendAck(following.connection, zxid, context)
}

export function onUpToDate(
  self: ZooKeeperServer,
  message: UpToDate,
  connection: Connection,
  context: ServerContext,
): void {
  const following = hear(self, connection, context)
  if (following === null) return
  following.phase = 'broadcast'
  following.committedZxid = Math.max(following.committedZxid, message.zxid)
  self.election.vote = { ...self.election.vote, epoch: following.epoch }
  tellVote(self)
  applyUpTo(self, following.committedZxid, context)
  tellServing(self, following.committedZxid)
  context.setTimer('leaveSilentLeader', 0, silenceLimitUs(self, following))
}

export function onProposal(
  self: ZooKeeperServer,
  message: Proposal,
  connection: Connection,
  context: ServerContext,
): void {
  const following = hear(self, connection, context)
  if (following === null) return
  const { transaction } = message
  invariant(epochOf(transaction.zxid) === following.epoch, 'a connection carries one epoch')
  append(self, transaction, context)
  self.log.sync()
}

export function onCommit(
  self: ZooKeeperServer,
  message: Commit,
  connection: Connection,
  context: ServerContext,
): void {
  const following = hear(self, connection, context)
  if (following === null) return
  following.committedZxid = message.zxid
  if (following.phase === 'broadcast') applyUpTo(self, message.zxid, context)
}

export function onLeaderPing(
  self: ZooKeeperServer,
  _message: LeaderPing,
  connection: Connection,
  context: ServerContext,
): void {
  const following = hear(self, connection, context)
  if (following?.phase !== 'broadcast') return
  const answer: FollowerPing = { type: 'FollowerPing', touched: takeTouched(following) }
  context.send(connection, answer, packetBytes + 12 * answer.touched.length)
}

/** Between most pings no client spoke. */
const NOBODY: readonly number[] = []

function takeTouched({ touched }: Following): readonly number[] {
  if (touched.size === 0) return NOBODY
  const sessions = [...touched]
  touched.clear()
  return sessions
}

export function onSyncDone(
  self: ZooKeeperServer,
  message: SyncDone,
  connection: Connection,
  context: ServerContext,
): void {
  if (hear(self, connection, context) === null) return
  const link = self.clients.get(message.sessionId)
  if (link === undefined) return
  const result = { error: 'OK', zxid: self.tree.lastZxid } as const
  completeRequest(self, link, { xid: message.xid, result }, context)
}

export function onRevalidated(
  self: ZooKeeperServer,
  message: Revalidated,
  connection: Connection,
  context: ServerContext,
): void {
  if (hear(self, connection, context) === null) return
  const link = self.validating.get(message.sessionId)
  if (link !== undefined) finishValidation(self, link, message.valid, context)
}

/** The followership that this connection belongs to, or null. Notes that the leader spoke. */
function hear(
  self: ZooKeeperServer,
  connection: Connection,
  context: ServerContext,
): Following | null {
  const { following } = self
  if (following === null || following.connection?.id !== connection.id) return null
  following.lastHeardUs = context.monotonicUs()
  return following
}

function leave(self: ZooKeeperServer, following: Following, context: ServerContext): void {
  if (following.phase === 'broadcast') context.probe(Probe.followerLostLeader, self.config.id)
  self.roles.look(self, context)
}

function append(self: ZooKeeperServer, transaction: Transaction, context: ServerContext): void {
  if (self.log.append(transaction) !== 'ok') context.exit('the transaction log cannot be written')
}

function sendAck(connection: Connection, zxid: number, context: ServerContext): void {
  const message: Ack = { type: 'Ack', zxid }
  context.send(connection, message, packetBytes)
}

function silenceLimitUs(self: ZooKeeperServer, following: Following): number {
  const { initLimit, syncLimit, tickMs } = self.config
  return (following.phase === 'broadcast' ? syncLimit : initLimit) * tickMs * 1000
}
