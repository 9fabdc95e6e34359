/**
 * One server of a ZooKeeper 3.8 ensemble: its roles, and the table of all it reacts to (KB 5, KB
 * Z19).
 *
 * LOOKING → LEADING or FOLLOWING → LOOKING …; a handler belongs to one role and does nothing in
 * another. Left out: observers, reconfiguration, ACLs, local sessions, TTL and container nodes.
 */

import type { Disk } from '../../sim/disk.ts'
import type { Behaviour, CloseReason, Connection } from '../../sim/process.ts'
import { fastForward } from './application.ts'
import {
  clientLinkClosed,
  closeClients,
  onCloseSessionRequest,
  onConnectRequest,
  onPingRequest,
  onSetWatchesRequest,
  onZooKeeperRequest,
} from './clients.ts'
import { CommitRecorder } from './commit-recorder.ts'
import { DataTree } from './data-tree.ts'
import { adoptElectionLink, electionLinkClosed, electionLinkOpened } from './election-links.ts'
import {
  expireFinalizeElection,
  expireResendNotifications,
  newElection,
  onNotification,
  startElection,
  stopElection,
} from './election.ts'
import { storedEpochs } from './epochs.ts'
import {
  expireConnectToLeader,
  expireLeaveSilentLeader,
  leaderClosed,
  logSyncedAtFollower,
  onCommit,
  onLeaderInfo,
  onLeaderPing,
  onNewLeader,
  onProposal,
  onRevalidated,
  onSyncDone,
  onSynchronize,
  onUpToDate,
  startFollowing,
  stopFollowing,
} from './follower.ts'
import { expireExpireSessions } from './leader-broadcast.ts'
import {
  expireGiveUpLeading,
  expireTick,
  learnerClosed,
  logSyncedAtLeader,
  onAck,
  onAckEpoch,
  onFollowerInfo,
  onFollowerPing,
  onForwardedRequest,
  onRevalidate,
  startLeading,
  stopLeading,
} from './leader.ts'
import type { FromZooKeeperClient } from './messages.ts'
import type { PeerMessage } from './peer-messages.ts'
import type {
  ClientLink,
  ElectionLink,
  LeaderLink,
  Learner,
  Roles,
  ServerContext,
  ServerTimer,
  ZooKeeperServer,
  ZooKeeperServerConfig,
} from './server-state.ts'
import { type LogIo, TransactionLog } from './transaction-log.ts'
import { firstAfter } from './transaction.ts'
import { WatchTable } from './watches.ts'

export type ZooKeeperServerBehaviour = Behaviour<
  ZooKeeperServer,
  FromZooKeeperClient | PeerMessage,
  ServerTimer,
  LogIo
>

type Link = ClientLink | ElectionLink | LeaderLink | Learner

/**
 * The behaviour of one server. The servers of one run share a recorder, so that their observer
 * hears of each transaction once: see `createEnsemble`.
 */
export function zooKeeperServer(
  config: ZooKeeperServerConfig,
  recorder: CommitRecorder = new CommitRecorder(config.observer),
): ZooKeeperServerBehaviour {
  const { cpuNs = 0 } = config
  // Every message costs the same.
  const services = [{ station: 'server', us: cpuNs / 1000 }]
  return {
    stations,
    ...(cpuNs === 0 ? {} : { cost: () => services }),
    start: (disk, context) => start({ config, recorder }, disk, context),
    receive,
    expire,
    done,
    opened: onOpened,
    closed: onClosed,
  }
}

function start(
  { config, recorder }: Pick<ZooKeeperServer, 'config' | 'recorder'>,
  disk: Disk,
  context: ServerContext,
): ZooKeeperServer {
  const log = new TransactionLog(disk)
  const self: ZooKeeperServer = {
    config,
    roles,
    recorder,
    index: config.peers.findIndex((peer) => peer.id === config.id),
    quorum: Math.floor(config.peers.length / 2) + 1,
    disk,
    log,
    ...storedEpochs(disk),
    state: 'LOOKING',
    tree: new DataTree(log.snapshot),
    applied: firstAfter(log.entries, log.baseZxid),
    election: newElection(config),
    leading: null,
    following: null,
    clients: new Map(),
    validating: new Map(),
    watches: new WatchTable(),
    sessionCounter: 0,
  }
  if (log.rotten) {
    context.exit('the transaction log fails its checksum')
    return self
  }
  recorder.witness?.started(config.id, self.acceptedEpoch)
  look(self, context)
  return self
}

const roles: Roles = { look, lead, follow }

/** Leaves whatever role there was and looks for a leader. */
function look(self: ZooKeeperServer, context: ServerContext): void {
  stopLeading(self, context)
  stopFollowing(self, context)
  closeClients(self, context)
  self.state = 'LOOKING'
  fastForward(self)
  startElection(self, context)
}

function lead(self: ZooKeeperServer, context: ServerContext): void {
  stopElection(self, context)
  self.state = 'LEADING'
  startLeading(self, context)
}

function follow(self: ZooKeeperServer, leader: number, context: ServerContext): void {
  stopElection(self, context)
  self.state = 'FOLLOWING'
  startFollowing(self, leader, context)
}

// Tables are shared by all servers: the world prepares each once (`sim/definition.ts`).
const stations: ZooKeeperServerBehaviour['stations'] = { server: { servers: 1 } }

const receive: ZooKeeperServerBehaviour['receive'] = {
  Notification: (self, message, connection, context) => {
    adoptElectionLink(self, connection, message.from, context)
    onNotification(self, message, connection, context)
  },
  FollowerInfo: onFollowerInfo,
  LeaderInfo: onLeaderInfo,
  AckEpoch: onAckEpoch,
  Synchronize: onSynchronize,
  NewLeader: onNewLeader,
  UpToDate: onUpToDate,
  Proposal: onProposal,
  Ack: onAck,
  Commit: onCommit,
  LeaderPing: onLeaderPing,
  FollowerPing: onFollowerPing,
  ForwardedRequest: onForwardedRequest,
  SyncDone: onSyncDone,
  Revalidate: onRevalidate,
  Revalidated: onRevalidated,
  ConnectRequest: onConnectRequest,
  ZooKeeperRequest: onZooKeeperRequest,
  PingRequest: onPingRequest,
  SetWatchesRequest: onSetWatchesRequest,
  CloseSessionRequest: onCloseSessionRequest,
}

const expire: ZooKeeperServerBehaviour['expire'] = {
  resendNotifications: expireResendNotifications,
  finalizeElection: expireFinalizeElection,
  connectToLeader: expireConnectToLeader,
  leaveSilentLeader: expireLeaveSilentLeader,
  giveUpLeading: expireGiveUpLeading,
  tick: expireTick,
  expireSessions: expireExpireSessions,
}

const done: NonNullable<ZooKeeperServerBehaviour['done']> = {
  transactionsSynced: onTransactionsSynced,
}

function onTransactionsSynced(
  self: ZooKeeperServer,
  generation: number,
  outcome: 'ok' | 'io-error',
  context: ServerContext,
): void {
  if (outcome !== 'ok') {
    context.exit('the transaction log cannot be synced')
    return
  }
  self.log.onSynced(generation)
  logSyncedAtLeader(self, context)
  logSyncedAtFollower(self, context)
}

function onOpened(self: ZooKeeperServer, connection: Connection, context: ServerContext): void {
  const link = connection.state as Link | undefined
  if (link?.kind === 'election') electionLinkOpened(self, connection, context)
}

function onClosed(
  self: ZooKeeperServer,
  connection: Connection,
  reason: CloseReason,
  context: ServerContext,
): void {
  const link = connection.state as Link | undefined
  switch (link?.kind) {
    case 'election':
      electionLinkClosed(self, connection, reason, context)
      break
    case 'leader':
      leaderClosed(self, connection, reason, context)
      break
    case 'learner':
      learnerClosed(self, link)
      break
    case 'client':
      clientLinkClosed(self, link)
      break
    case undefined:
      break
  }
}
