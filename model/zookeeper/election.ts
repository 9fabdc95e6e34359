/**
 * The election of a leader: votes by (epoch, zxid, id) until a quorum agrees (KB Z20).
 *
 * Follows FastLeaderElection of ZooKeeper 3.8. Left out: observers, and the limit on notifications
 * kept for a peer: what is sent on a connection that is not open yet is the vote of that moment.
 */

import type { Connection } from '../../sim/process.ts'
import { sendNotification, sendToAll } from './election-links.ts'
import { Guard } from './guards.ts'
import type { Notification, Vote } from './peer-messages.ts'
import { Probe } from './probes.ts'
import type {
  Election,
  ReceivedVote,
  ServerContext,
  ZooKeeperServer,
  ZooKeeperServerConfig,
} from './server-state.ts'

/** First wait before a vote is sent again; it doubles each time (KB Z20). */
const firstResendMs = 200
const longestResendMs = 60_000

export function newElection(config: ZooKeeperServerConfig): Election {
  return {
    round: 0,
    vote: { leader: config.id, epoch: 0, zxid: 0 },
    received: config.peers.map((): ReceivedVote | null => null),
    decided: config.peers.map((): ReceivedVote | null => null),
    resendMs: firstResendMs,
    finalizing: false,
    links: config.peers.map((): Connection | null => null),
    connectedUs: config.peers.map((): number => 0),
  }
}

/** Begins a round: the server votes for itself. A server without peers leads at once. */
export function startElection(self: ZooKeeperServer, context: ServerContext): void {
  const { election } = self
  election.round += 1
  election.received.fill(null)
  election.decided.fill(null)
  election.vote = ownVote(self)
  if (self.config.peers.length === 1) {
    tellVote(self)
    self.roles.lead(self, context)
    return
  }
  context.probe(Probe.electionStarted, self.config.id)
  announce(self, context)
  election.resendMs = firstResendMs
  context.setTimer('resendNotifications', 0, firstResendMs * 1000)
}

export function stopElection(self: ZooKeeperServer, context: ServerContext): void {
  self.election.finalizing = false
  context.cancelTimer('resendNotifications', 0)
  context.cancelTimer('finalizeElection', 0)
}

export function onNotification(
  self: ZooKeeperServer,
  message: Notification,
  connection: Connection,
  context: ServerContext,
): void {
  if (self.state !== 'LOOKING') {
    if (message.state === 'LOOKING') sendNotification(self, connection, context)
    return
  }
  if (message.state === 'LOOKING') onVote(self, message, connection, context)
  else onDecidedVote(self, message, context)
}

/** A vote of another server that looks for a leader. */
function onVote(
  self: ZooKeeperServer,
  message: Notification,
  connection: Connection,
  context: ServerContext,
): void {
  const { election } = self
  if (message.round > election.round) {
    election.round = message.round
    election.received.fill(null)
    const own = ownVote(self)
    election.vote = isBetter(message.vote, own, context) ? message.vote : own
    announce(self, context)
  } else if (context.guard(Guard.electionRound, message.round < election.round)) {
    sendNotification(self, connection, context)
    return
  } else if (isBetter(message.vote, election.vote, context)) {
    election.vote = message.vote
    announce(self, context)
  }
  election.received[indexOf(self, message.from)] = message
  finalizeIfAgreed(self, context)
}

/**
 * A server that has a leader says whom. Enough such servers decide, in whatever round they voted;
 * so do those of this round together with servers that still look. The leader must say it leads.
 */
function onDecidedVote(self: ZooKeeperServer, message: Notification, context: ServerContext): void {
  const { election } = self
  const from = indexOf(self, message.from)
  election.decided[from] = message
  if (message.round === election.round) election.received[from] = message
  const leader = indexOf(self, message.vote.leader)
  if (leader === self.index || election.decided[leader]?.state !== 'LEADING') return
  const supporters = Math.max(
    countDecided(election.decided, message.vote),
    message.round === election.round ? countVotes(election.received, message.vote) : 0,
  )
  if (context.guard(Guard.electionQuorum, supporters < self.quorum)) return
  election.round = message.round
  election.vote = message.vote
  tellVote(self)
  self.roles.follow(self, leader, context)
}

function finalizeIfAgreed(self: ZooKeeperServer, context: ServerContext): void {
  const { election } = self
  if (
    context.guard(Guard.electionQuorum, countVotes(election.received, election.vote) < self.quorum)
  ) {
    if (election.finalizing) context.cancelTimer('finalizeElection', 0)
    election.finalizing = false
    return
  }
  if (election.finalizing) return
  election.finalizing = true
  context.setTimer('finalizeElection', 0, self.config.finalizeWaitMs * 1000)
}

/** No better vote came while a quorum agreed. */
export function expireFinalizeElection(
  self: ZooKeeperServer,
  _key: number,
  context: ServerContext,
): void {
  if (self.state !== 'LOOKING') return
  const leader = indexOf(self, self.election.vote.leader)
  if (leader === self.index) self.roles.lead(self, context)
  else self.roles.follow(self, leader, context)
}

export function expireResendNotifications(
  self: ZooKeeperServer,
  _key: number,
  context: ServerContext,
): void {
  if (self.state !== 'LOOKING') return
  const { election } = self
  sendToAll(self, context)
  election.resendMs = Math.min(election.resendMs * 2, longestResendMs)
  context.setTimer('resendNotifications', 0, election.resendMs * 1000)
}

/** Sends the own vote to all, itself included. */
function announce(self: ZooKeeperServer, context: ServerContext): void {
  const { election } = self
  const { round, vote } = election
  election.received[self.index] = { round, state: 'LOOKING', vote }
  tellVote(self)
  const { config, currentEpoch, log, recorder } = self
  recorder.witness?.preferred(config.id, { round, ...vote }, currentEpoch, log.lastZxid)
  if (election.finalizing) context.cancelTimer('finalizeElection', 0)
  election.finalizing = false
  sendToAll(self, context)
}

/** To be called whenever the vote changes that the server tells others of. */
export function tellVote({ config, election, recorder }: ZooKeeperServer): void {
  recorder.witness?.voted(config.id, { round: election.round, ...election.vote })
}

function countVotes(votes: readonly (ReceivedVote | null)[], vote: Vote): number {
  let count = 0
  for (const other of votes) if (other !== null && isSameVote(other.vote, vote)) count += 1
  return count
}

/**
 * Servers with a leader may remember it with different zxids, from different rounds; what they have
 * in common since the leader serves is its epoch.
 */
function countDecided(votes: readonly (ReceivedVote | null)[], vote: Vote): number {
  let count = 0
  for (const other of votes) {
    if (other?.vote.leader === vote.leader && other.vote.epoch === vote.epoch) count += 1
  }
  return count
}

function indexOf(self: ZooKeeperServer, id: number): number {
  return self.config.peers.findIndex((peer) => peer.id === id)
}

function ownVote(self: ZooKeeperServer): Vote {
  return { leader: self.config.id, epoch: self.currentEpoch, zxid: self.log.lastZxid }
}

function isBetter(candidate: Vote, vote: Vote, context: ServerContext): boolean {
  const byHistory = compareVotes(candidate, vote) > 0
  const byId = candidate.leader > vote.leader
  return context.guard(Guard.voteOrder, byHistory !== byId) ? byHistory : byId
}

/** Positive if the first is to be preferred: newer epoch, then newer zxid, then higher id. */
export function compareVotes(one: Vote, other: Vote): number {
  if (one.epoch !== other.epoch) return one.epoch - other.epoch
  if (one.zxid !== other.zxid) return one.zxid - other.zxid
  return one.leader - other.leader
}

function isSameVote(one: Vote, other: Vote): boolean {
  return one.leader === other.leader && one.zxid === other.zxid && one.epoch === other.epoch
}
