/**
 * The requests of one session at its server: in order, reads behind the writes they follow (KB Z13,
 * Z14).
 *
 * Follows CommitProcessor and FinalRequestProcessor of ZooKeeper 3.8. A write's answer leaves when
 * this server has applied it, after the watches that it fired.
 */

import { type DataTree, statOf } from './data-tree.ts'
import { pingReplyBytes, sizeOfNotification, sizeOfReply } from './message-size.ts'
import type {
  PingReply,
  Read,
  Stat,
  WatchNotification,
  ZooKeeperReply,
  ZooKeeperResult,
} from './messages.ts'
import { Probe } from './probes.ts'
import type { ClientLink, PendingRequest, ServerContext, ZooKeeperServer } from './server-state.ts'
import type { Change, Transaction } from './transaction.ts'
import type { FiredWatch } from './watches.ts'

export interface Outcome {
  readonly xid: number
  readonly result: ZooKeeperResult
}

export function hasPending(link: ClientLink): boolean {
  return link.pendingHead < link.pending.length
}

/** Answers the request that the leader decided, and what waited behind it. */
export function completeRequest(
  self: ZooKeeperServer,
  link: ClientLink,
  outcome: Outcome,
  context: ServerContext,
): void {
  if (link.pending[link.pendingHead]?.xid !== outcome.xid) return
  link.pendingHead += 1
  reply(link, outcome, 0, context)
  while (hasPending(link)) {
    const next = link.pending[link.pendingHead] as PendingRequest
    if (next.viaLeader) return
    link.pendingHead += 1
    answer(self, link, next, context)
  }
  link.pending.length = 0
  link.pendingHead = 0
}

/** Answers a read or a ping from what this server has applied. */
export function answer(
  self: ZooKeeperServer,
  link: ClientLink,
  request: PendingRequest,
  context: ServerContext,
): void {
  const { operation, xid } = request
  if (operation === null) {
    const message: PingReply = { type: 'PingReply', zxid: self.tree.lastZxid }
    context.send(link.connection, message, pingReplyBytes)
    return
  }
  const read = operation as Read
  const node = self.tree.node(read.path)
  if (read.watch) {
    if (read.op === 'getChildren') {
      if (node !== undefined) self.watches.watchChildren(read.path, link)
    } else if (node !== undefined || read.op === 'exists') {
      self.watches.watchData(read.path, link)
    }
  }
  const dataBytes = read.op === 'getData' ? (node?.bytes ?? 0) : 0
  reply(link, { xid, result: readResult(self.tree, read) }, dataBytes, context)
}

export function readResult(tree: DataTree, read: Read): ZooKeeperResult {
  const zxid = tree.lastZxid
  const node = tree.node(read.path)
  if (node === undefined) return { error: 'NONODE', zxid }
  const stat = statOf(node)
  if (read.op === 'exists') return { error: 'OK', zxid, stat }
  if (read.op === 'getData') return { error: 'OK', zxid, data: node.data, stat }
  return { error: 'OK', zxid, stat, children: [...(node.children ?? [])] }
}

/**
 * What the client of a write hears, once applied: a stat a change, each as of that change (KB Z17).
 */
export function writeResult(
  stats: readonly (Stat | null)[],
  transaction: Transaction,
): ZooKeeperResult {
  const { zxid, kind, changes, error, results } = transaction
  if (kind === 'error') return results === null ? { error, zxid } : { error, zxid, results }
  if (kind === 'multi') {
    const results = changes.map((change, at) => changeResult(stats[at] ?? null, change, zxid))
    return { error: 'OK', zxid, results }
  }
  const change = changes[0]
  return change === undefined ? { error: 'OK', zxid } : changeResult(stats[0] ?? null, change, zxid)
}

function changeResult(stat: Stat | null, { kind, path }: Change, zxid: number): ZooKeeperResult {
  if (stat === null) return { error: 'OK', zxid }
  return kind === 'created' ? { error: 'OK', zxid, path, stat } : { error: 'OK', zxid, stat }
}

export function fireWatch(
  self: ZooKeeperServer,
  fired: FiredWatch<ClientLink>,
  context: ServerContext,
): void {
  const { owner, event, path } = fired
  const zxid = self.tree.lastZxid
  const message: WatchNotification = { type: 'WatchNotification', event, path, zxid }
  context.probe(Probe.watchFired)
  context.send(owner.connection, message, sizeOfNotification(path))
}

/** Ends a client's connection; its session lives on unless the ensemble ends it. */
export function endLink(self: ZooKeeperServer, link: ClientLink, context: ServerContext): void {
  context.close(link.connection)
  forgetLink(self, link)
}

export function forgetLink(self: ZooKeeperServer, link: ClientLink): void {
  link.phase = 'ended'
  self.watches.forget(link)
  if (self.clients.get(link.sessionId) === link) self.clients.delete(link.sessionId)
  if (self.validating.get(link.sessionId) === link) self.validating.delete(link.sessionId)
}

function reply(
  link: ClientLink,
  outcome: Outcome,
  dataBytes: number,
  context: ServerContext,
): void {
  const { xid, result } = outcome
  const message: ZooKeeperReply = { type: 'ZooKeeperReply', xid, result }
  context.send(link.connection, message, sizeOfReply(result, dataBytes))
}
