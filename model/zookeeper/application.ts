/**
 * Applying what is committed, in order: the tree, the watches, the sessions, the answers (KB Z13,
 * Z15).
 *
 * A server out of BROADCAST has no clients; there, applying is the tree alone.
 */

import { endLink, completeRequest, fireWatch, writeResult } from './session-requests.ts'
import { connectResponseBytes } from './message-size.ts'
import type { ConnectResponse, Stat } from './messages.ts'
import { DataTree } from './data-tree.ts'
import { passwordOf } from './session-identity.ts'
import type { ClientLink, ServerContext, ZooKeeperServer } from './server-state.ts'
import { createSessionXid, firstAfter, type Transaction } from './transaction.ts'

/** Applies the log up to `zxid`, and answers the clients of this server. */
export function applyUpTo(self: ZooKeeperServer, zxid: number, context: ServerContext): void {
  const { entries } = self.log
  while (self.applied < entries.length) {
    const transaction = entries[self.applied] as Transaction
    if (transaction.zxid > zxid) return
    self.applied += 1
    // Only the server that its client is at answers a write, and needs what the answer names.
    const stats: (Stat | null)[] | null = self.clients.has(transaction.sessionId) ? [] : null
    self.tree.apply(transaction, stats)
    self.recorder.applied(self.config.id, transaction)
    self.leading?.proposed.applied(transaction)
    for (const change of transaction.changes) {
      for (const fired of self.watches.take(change)) fireWatch(self, fired, context)
    }
    tellSession(self, transaction, stats, context)
  }
}

/** Applies all that is logged, committed or not: what a server votes with (KB Z20, Z22). */
export function fastForward(self: ZooKeeperServer): void {
  const { entries } = self.log
  for (; self.applied < entries.length; self.applied += 1) {
    self.tree.apply(entries[self.applied] as Transaction)
  }
}

/** Builds the tree again from the log, after that was cut or replaced. */
export function rebuildTree(self: ZooKeeperServer): void {
  self.tree = new DataTree(self.log.snapshot)
  self.applied = firstAfter(self.log.entries, self.log.baseZxid)
  fastForward(self)
}

/** Tells the witness with how much of the history this server begins to serve. */
export function tellServing({ config, log, recorder }: ZooKeeperServer, upTo: number): void {
  const { entries, baseZxid } = log
  const count = firstAfter(entries, upTo) - firstAfter(entries, baseZxid)
  recorder.witness?.serves(config.id, baseZxid, upTo, count)
}

function tellSession(
  self: ZooKeeperServer,
  transaction: Transaction,
  stats: readonly (Stat | null)[] | null,
  context: ServerContext,
): void {
  const { kind, sessionId, xid } = transaction
  const link = self.clients.get(sessionId)
  if (kind === 'closeSession') {
    self.leading?.tracker.remove(sessionId)
    if (link !== undefined) endLink(self, link, context)
    return
  }
  if (link === undefined) return
  if (kind === 'createSession') {
    if (link.phase === 'creating' && xid === createSessionXid) welcome(link, context)
    return
  }
  if (transaction.error === 'SESSIONMOVED') {
    // ZooKeeper breaks off with such a client instead of answering: it has to find its session
    // anew.
    if (link.pending[link.pendingHead]?.xid === xid) endLink(self, link, context)
    return
  }
  completeRequest(self, link, { xid, result: writeResult(stats ?? [], transaction) }, context)
}

/** The session is the client's, at this server. */
export function welcome(link: ClientLink, context: ServerContext): void {
  link.phase = 'ready'
  const { sessionId, timeoutMs } = link
  const password = passwordOf(sessionId)
  const message: ConnectResponse = { type: 'ConnectResponse', timeoutMs, sessionId, password }
  context.send(link.connection, message, connectResponseBytes)
}
