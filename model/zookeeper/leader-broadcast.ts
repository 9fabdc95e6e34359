/**
 * A leader at work: proposals, their commit by a quorum, and the sessions (KB Z8–Z13, Z23).
 *
 * Follows Leader, ProposalRequestProcessor and LeaderSessionTracker of ZooKeeper 3.8. The number of
 * proposals under way is not limited.
 */

import { applyUpTo } from './application.ts'
import { Guard } from './guards.ts'
import type { Write, ZooKeeperError } from './messages.ts'
import {
  type Commit,
  type ForwardedRequest,
  packetBytes,
  type Proposal,
  sizeOfForwarded,
  type SyncDone,
} from './peer-messages.ts'
import type { Decision } from './preparation.ts'
import { Probe } from './probes.ts'
import type { Leading, Learner, ServerContext, ZooKeeperServer } from './server-state.ts'
import { completeRequest } from './session-requests.ts'
import { type Transaction, zxidOf } from './transaction.ts'

/** A request by the server with index `origin`, in the order in which it was made there. */
export function takeRequest(
  self: ZooKeeperServer,
  origin: number,
  request: ForwardedRequest,
  context: ServerContext,
): void {
  const { leading } = self
  if (leading?.phase !== 'broadcast') return
  if (request.operation.op === 'sync') requestSync(self, leading, { origin, request }, context)
  else propose(self, origin, request, context)
}

function propose(
  self: ZooKeeperServer,
  origin: number,
  request: ForwardedRequest,
  context: ServerContext,
): void {
  const leading = self.leading as Leading
  leading.counter += 1
  const transaction = decide(self, origin, request, context)
  if (self.log.append(transaction) !== 'ok') {
    context.exit('the transaction log cannot be written')
    return
  }
  const proposal: Proposal = { type: 'Proposal', transaction }
  const now = context.monotonicUs()
  for (const learner of leading.learners) {
    if (learner === null || !isForwarding(learner)) continue
    context.send(learner.connection, proposal, packetBytes + transaction.bytes)
    noteProposal(learner, transaction.zxid, now)
  }
  self.log.sync()
}

function decide(
  self: ZooKeeperServer,
  origin: number,
  request: ForwardedRequest,
  context: ServerContext,
): Transaction {
  const leading = self.leading as Leading
  const { operation, sessionId, xid } = request
  const zxid = zxidOf(leading.epoch, leading.counter)
  const named: Named = { zxid, sessionId, xid, bytes: sizeOfForwarded(operation) }
  if (operation.op === 'createSession') {
    const { timeoutMs, owner } = operation
    leading.tracker.add(sessionId, timeoutMs, context.monotonicUs()).owner = origin
    scheduleExpiry(leading, context)
    return transactionOf(named, 'createSession', NOTHING, { timeoutMs, owner, expired: false })
  }
  if (operation.op === 'closeSession') {
    const session = leading.tracker.find(sessionId)
    if (session !== undefined) session.closing = true
    const changes = leading.proposed.decideEndOf(sessionId, zxid)
    const { expired } = operation
    const decision: Decision = { error: 'OK', changes, results: null }
    return transactionOf(named, 'closeSession', decision, { timeoutMs: 0, owner: '', expired })
  }
  const refusal = sessionError(leading, sessionId, origin, context)
  const writes = operation.op === 'multi' ? operation.writes : [operation as Write]
  const decision: Decision =
    refusal === null
      ? leading.proposed.decide(writes, sessionId, zxid, context)
      : { error: refusal, changes: [], results: null }
  if (decision.error === 'OK') {
    return transactionOf(named, operation.op === 'multi' ? 'multi' : 'write', decision)
  }
  const results = operation.op === 'multi' ? decision.results : null
  return transactionOf(named, 'error', {
    error: decision.error,
    changes: decision.changes,
    results,
  })
}

type Named = Pick<Transaction, 'zxid' | 'sessionId' | 'xid' | 'bytes'>
type SessionPart = Pick<Transaction, 'timeoutMs' | 'owner' | 'expired'>

const NOTHING: Decision = { error: 'OK', changes: [], results: null }
const NO_SESSION: SessionPart = { timeoutMs: 0, owner: '', expired: false }

/**
 * Field by field, because copies made by spreading have a hidden class of their own at each place.
 */
function transactionOf(
  { zxid, sessionId, xid, bytes }: Named,
  kind: Transaction['kind'],
  { error, changes, results }: Decision,
  { timeoutMs, owner, expired }: SessionPart = NO_SESSION,
): Transaction {
  return {
    zxid,
    kind,
    sessionId,
    xid,
    changes,
    error,
    results,
    timeoutMs,
    owner,
    expired,
    bytes,
  }
}

/** Whether a session may write by the server with index `origin` (KB Z10, Z12). */
function sessionError(
  leading: Leading,
  sessionId: number,
  origin: number,
  context: ServerContext,
): ZooKeeperError | null {
  const session = leading.tracker.find(sessionId)
  const ended = session === undefined || session.closing
  if (context.guard(Guard.sessionExpired, ended)) return 'SESSIONEXPIRED'
  if (session === undefined) return null
  if (session.owner === -1) session.owner = origin
  if (!context.guard(Guard.sessionMoved, session.owner !== origin)) return null
  context.probe(Probe.sessionMoved)
  return 'SESSIONMOVED'
}

function requestSync(
  self: ZooKeeperServer,
  leading: Leading,
  { origin, request }: { readonly origin: number; readonly request: ForwardedRequest },
  context: ServerContext,
): void {
  const { sessionId, xid } = request
  leading.pendingSyncs.push({ zxid: self.log.lastZxid, origin, sessionId, xid })
  finishSyncs(self, leading, context)
}

/** Answers the syncs behind whose last proposal the commit has come (KB Z14). */
function finishSyncs(self: ZooKeeperServer, leading: Leading, context: ServerContext): void {
  let done = 0
  for (const { zxid, origin, sessionId, xid } of leading.pendingSyncs) {
    if (zxid > leading.committedZxid) break
    done += 1
    if (origin === self.index) {
      const link = self.clients.get(sessionId)
      const result = { error: 'OK', zxid: self.tree.lastZxid } as const
      if (link !== undefined) completeRequest(self, link, { xid, result }, context)
      continue
    }
    const learner = leading.learners[origin] ?? null
    const message: SyncDone = { type: 'SyncDone', sessionId, xid }
    if (learner !== null) context.send(learner.connection, message, packetBytes + 16)
  }
  leading.pendingSyncs.splice(0, done)
}

/** Commits, in order, what a quorum has logged; to be called when anyone has logged more. */
export function commitLogged(self: ZooKeeperServer, context: ServerContext): void {
  const { leading, log } = self
  if (leading?.phase !== 'broadcast') return
  let committed = 0
  for (let index = self.applied; index < log.entries.length; index += 1) {
    const transaction = log.entries[index] as Transaction
    const logged = countLogged(self, leading, index)
    if (context.guard(Guard.commitQuorum, logged < self.quorum)) break
    self.recorder.commit(transaction)
    probeSessionEnd(transaction, context)
    committed = transaction.zxid
  }
  if (committed === 0) return
  // A sync is answered between the commits before it and those after it, so it cuts the range.
  for (let sync = leading.pendingSyncs[0]; sync !== undefined; sync = leading.pendingSyncs[0]) {
    if (sync.zxid >= committed) break
    commitUpTo(self, leading, sync.zxid, context)
  }
  commitUpTo(self, leading, committed, context)
}

function commitUpTo(
  self: ZooKeeperServer,
  leading: Leading,
  zxid: number,
  context: ServerContext,
): void {
  leading.committedZxid = zxid
  const message: Commit = { type: 'Commit', zxid }
  for (const learner of leading.learners) {
    if (learner !== null && isForwarding(learner)) {
      context.send(learner.connection, message, packetBytes)
    }
  }
  applyUpTo(self, zxid, context)
  finishSyncs(self, leading, context)
}

function countLogged(self: ZooKeeperServer, leading: Leading, index: number): number {
  const { zxid } = self.log.entries[index] as Transaction
  let count = self.log.synced > index ? 1 : 0
  for (const learner of leading.learners) {
    if (learner !== null && learner.ackedZxid >= zxid) count += 1
  }
  return count
}

function probeSessionEnd(transaction: Transaction, context: ServerContext): void {
  if (transaction.kind !== 'closeSession') return
  context.probe(transaction.expired ? Probe.sessionExpired : Probe.sessionClosed)
}

/** True for a learner that has the history and gets all that follows. */
export function isForwarding(learner: Learner): boolean {
  return learner.phase !== 'connected' && learner.phase !== 'epochAcked'
}

function noteProposal(learner: Learner, zxid: number, now: number): void {
  if (learner.phase === 'synchronizing') return
  if (learner.waitingZxid === 0) {
    learner.waitingZxid = zxid
    learner.waitingSinceUs = now
  } else {
    learner.nextZxid = zxid
    learner.nextSinceUs = now
  }
}

/** The learner has logged up to `zxid`. */
export function noteAck(learner: Learner, zxid: number): void {
  if (zxid > learner.ackedZxid) learner.ackedZxid = zxid
  if (zxid < learner.waitingZxid) return
  if (zxid >= learner.nextZxid) {
    learner.waitingZxid = 0
  } else {
    learner.waitingZxid = learner.nextZxid
    learner.waitingSinceUs = learner.nextSinceUs
  }
  learner.nextZxid = 0
}

/**
 * A client came back with its session by the server `origin`: true if the session lives (KB Z12).
 */
export function validateSession(
  leading: Leading,
  sessionId: number,
  origin: number,
  context: ServerContext,
): boolean {
  const session = leading.tracker.find(sessionId)
  const ended = session === undefined || session.closing
  if (context.guard(Guard.sessionUnknown, ended)) return false
  if (session === undefined) return true
  leading.tracker.touch(sessionId, context.monotonicUs())
  session.owner = origin
  return true
}

/** Ends the sessions whose time has come (KB Z8): their ends are proposed like any write. */
export function expireExpireSessions(
  self: ZooKeeperServer,
  _key: number,
  context: ServerContext,
): void {
  const { leading } = self
  if (leading?.phase !== 'broadcast') return
  leading.expiryTimerUs = -1
  for (const { sessionId } of leading.tracker.takeExpired(context.monotonicUs(), context)) {
    context.probe(Probe.sessionExpiring)
    const operation = { op: 'closeSession', expired: true } as const
    const request: ForwardedRequest = { type: 'ForwardedRequest', sessionId, xid: 0, operation }
    propose(self, self.index, request, context)
  }
  scheduleExpiry(leading, context)
}

/** Sets the one timer of all sessions to the earliest bucket. */
export function scheduleExpiry(leading: Leading, context: ServerContext): void {
  const next = leading.tracker.nextUs()
  if (next === -1 || (leading.expiryTimerUs !== -1 && leading.expiryTimerUs <= next)) return
  leading.expiryTimerUs = next
  context.setTimer('expireSessions', 0, Math.max(0, next - context.monotonicUs()))
}
