/**
 * The connections on which servers send their votes: at most one lasting per pair (KB Z20).
 *
 * Follows QuorumCnxManager: where both ends connected at once, the one begun by the higher id
 * stays. A peer that is dead or cut off costs one attempt per resend of the vote, never more.
 */

import type { CloseReason, Connection, ProcessName } from '../../sim/process.ts'
import { type Notification, notificationBytes } from './peer-messages.ts'
import type { ElectionLink, ServerContext, ZooKeeperServer } from './server-state.ts'

/** zookeeper.cnxTimeout: how long an attempt to connect may hang. */
const connectTimeoutUs = 5_000_000
/** A vote that broke off with its connection is sent again after this. */
const resendAfterLossUs = 200_000

export function sendToAll(self: ZooKeeperServer, context: ServerContext): void {
  for (let peer = 0; peer < self.config.peers.length; peer += 1) {
    if (peer !== self.index) sendToPeer(self, peer, context)
  }
}

export function sendNotification(
  self: ZooKeeperServer,
  connection: Connection,
  context: ServerContext,
): void {
  const { round, vote } = self.election
  const from = self.config.id
  const message: Notification = { type: 'Notification', from, state: self.state, round, vote }
  context.send(connection, message, notificationBytes)
}

/** A connection that this server began for votes is open: what it votes now goes out. */
export function electionLinkOpened(
  self: ZooKeeperServer,
  connection: Connection,
  context: ServerContext,
): void {
  if (self.state === 'LOOKING') sendNotification(self, connection, context)
}

/** Keeps one connection of the two that a pair may have: that of the higher id. */
export function adoptElectionLink(
  self: ZooKeeperServer,
  connection: Connection,
  from: number,
  context: ServerContext,
): void {
  const peer = self.config.peers.findIndex(({ id }) => id === from)
  const link: ElectionLink = { kind: 'election', peer }
  connection.state = link
  const { links } = self.election
  const known = links[peer] ?? null
  if (known === null) {
    links[peer] = connection
    return
  }
  if (known.id === connection.id || connection.outgoing) return
  const theirsStays = !known.outgoing || !known.open || from > self.config.id
  if (!theirsStays) return
  links[peer] = connection
  if (known.open) context.close(known)
  else context.reset(known)
}

export function electionLinkClosed(
  self: ZooKeeperServer,
  connection: Connection,
  reason: CloseReason,
  context: ServerContext,
): void {
  const { links } = self.election
  const { peer } = connection.state as ElectionLink
  if (links[peer]?.id !== connection.id) return
  links[peer] = null
  if (reason === 'refused' || self.state !== 'LOOKING') return
  // What was sent may be lost with the connection; the peer is likely to be back or to come back.
  context.setTimer('resendNotifications', 0, resendAfterLossUs)
}

function sendToPeer(self: ZooKeeperServer, peer: number, context: ServerContext): void {
  const { links, connectedUs } = self.election
  const known = links[peer] ?? null
  if (known?.open === true) {
    sendNotification(self, known, context)
    return
  }
  const now = context.monotonicUs()
  if (known !== null) {
    if (now - (connectedUs[peer] ?? 0) < connectTimeoutUs) return
    context.reset(known)
  }
  const name: ProcessName = (self.config.peers[peer] as { readonly name: ProcessName }).name
  const connection = context.connect(name)
  const link: ElectionLink = { kind: 'election', peer }
  connection.state = link
  links[peer] = connection
  connectedUs[peer] = now
}
