/**
 * The state of one ZooKeeper server, for all parts of it (KB Z19).
 *
 * The parts are: election, leader, follower, and clients; each changes its own piece. `roles` lets
 * a part hand over to another without the modules depending on each other in a circle.
 */

import type { Disk } from '../../sim/disk.ts'
import type { Connection, Context, ProcessName } from '../../sim/process.ts'
import type { CommitRecorder } from './commit-recorder.ts'
import type { DataTree } from './data-tree.ts'
import type { ZooKeeperOperation } from './messages.ts'
import type { EnsembleObserver } from './observer.ts'
import type { ServerState, Vote } from './peer-messages.ts'
import type { ProposedTree } from './preparation.ts'
import type { SessionTracker } from './session-tracker.ts'
import type { LogIo, TransactionLog } from './transaction-log.ts'
import type { WatchTable } from './watches.ts'

export interface Peer {
  readonly id: number
  readonly name: ProcessName
}

export interface ZooKeeperServerConfig {
  readonly id: number
  /** All servers of the ensemble, this one included; all have the same list. */
  readonly peers: readonly Peer[]
  /** tickTime: 3000 ms by default, 2000 in the sample configuration (KB Z1). */
  readonly tickMs: number
  /** Ticks for followers to connect and synchronize: 10 in the sample configuration (KB Z24). */
  readonly initLimit: number
  /** Ticks of silence that end a leadership or a followership: 5 in the sample (KB Z24). */
  readonly syncLimit: number
  /** 2 ticks by default. */
  readonly minSessionTimeoutMs: number
  /** 20 ticks by default. */
  readonly maxSessionTimeoutMs: number
  /** How long a quorum of votes waits for a better one: 200 ms by default (KB Z20). */
  readonly finalizeWaitMs: number
  /** commitLogCount: how many transactions a follower may miss before it gets a snapshot: 500. */
  readonly commitLogCount?: number
  readonly observer: EnsembleObserver | null
  /** What a message costs its thread, in nanoseconds. */
  readonly cpuNs?: number
}

export type ServerTimer =
  | 'resendNotifications'
  | 'finalizeElection'
  | 'connectToLeader'
  | 'leaveSilentLeader'
  | 'giveUpLeading'
  | 'tick'
  | 'expireSessions'

export type ServerContext = Context<ServerTimer, LogIo>

/** A vote as it was received. */
export interface ReceivedVote {
  readonly round: number
  readonly state: ServerState
  readonly vote: Vote
}

export interface Election {
  /** Kept in memory only: a restarted server learns the round from the others. */
  round: number
  vote: Vote
  /** Of servers that look for a leader in this round, by index; the own one included. */
  readonly received: (ReceivedVote | null)[]
  /** Of servers that have a leader, by index. */
  readonly decided: (ReceivedVote | null)[]
  resendMs: number
  /** A quorum agrees; the wait for a better vote is on. */
  finalizing: boolean
  /** The connection that votes for a peer are sent on, by index. */
  readonly links: (Connection | null)[]
  readonly connectedUs: number[]
}

/** A connection between servers that carries votes. */
export interface ElectionLink {
  readonly kind: 'election'
  readonly peer: number
}

/** A follower or one to be, as its leader sees it. */
export interface Learner {
  readonly kind: 'learner'
  readonly peer: number
  readonly connection: Connection
  phase: 'connected' | 'epochAcked' | 'synchronizing' | 'synchronized' | 'following'
  lastZxid: number
  baseZxid: number
  /** It logged everything of this epoch up to here. */
  ackedZxid: number
  /** The tick by which it must have said something (KB Z24). */
  deadlineTick: number
  /** The oldest proposal without an answer, and the newest sent after it; 0 for none. */
  waitingZxid: number
  waitingSinceUs: number
  nextZxid: number
  nextSinceUs: number
}

/** A sync that waits for what was proposed before it. */
export interface PendingSync {
  readonly zxid: number
  readonly origin: number
  readonly sessionId: number
  readonly xid: number
}

export interface Leading {
  phase: 'discovery' | 'epochAcknowledgement' | 'synchronization' | 'broadcast'
  epoch: number
  /** The leader's own history when its leadership began. */
  readonly startEpoch: number
  readonly startZxid: number
  highestAcceptedEpoch: number
  readonly learners: (Learner | null)[]
  /** Who has told its accepted epoch, accepted the new one, logged the history; by index. */
  readonly connected: boolean[]
  readonly epochAcks: boolean[]
  readonly newLeaderAcks: boolean[]
  tick: number
  halfTick: boolean
  /** Of the last proposal. */
  counter: number
  /** Everything up to here is committed. */
  committedZxid: number
  proposed: ProposedTree
  readonly tracker: SessionTracker
  readonly pendingSyncs: PendingSync[]
  /** When the session timer is set for; −1 for not set. */
  expiryTimerUs: number
}

/** The connection to the leader. */
export interface LeaderLink {
  readonly kind: 'leader'
}

export interface Following {
  /** Index of the leader. */
  readonly leader: number
  connection: Connection | null
  attempts: number
  phase: 'connecting' | 'synchronization' | 'broadcast'
  epoch: number
  /** Entries that must be synced before NewLeader is answered; −1 for not asked or answered. */
  newLeaderEntries: number
  newLeaderAnswered: boolean
  ackedZxid: number
  committedZxid: number
  lastHeardUs: number
  /** Sessions heard of since the last ping of the leader. */
  readonly touched: Set<number>
}

/** A request that waits for its turn in its session (KB Z13). */
export interface PendingRequest {
  readonly xid: number
  /** Null for a ping. */
  readonly operation: ZooKeeperOperation | null
  /** Waits for the leader's answer; all behind it wait too. */
  readonly viaLeader: boolean
}

/** A client's connection to this server. */
export interface ClientLink {
  readonly kind: 'client'
  readonly connection: Connection
  sessionId: number
  readonly timeoutMs: number
  phase: 'creating' | 'validating' | 'ready' | 'ended'
  /** Live from `pendingHead` on. */
  pending: PendingRequest[]
  pendingHead: number
  readonly dataWatches: Set<string>
  readonly childWatches: Set<string>
}

/** Changes of role, called across parts. */
export interface Roles {
  look(self: ZooKeeperServer, context: ServerContext): void
  lead(self: ZooKeeperServer, context: ServerContext): void
  follow(self: ZooKeeperServer, leader: number, context: ServerContext): void
}

export interface ZooKeeperServer {
  readonly config: ZooKeeperServerConfig
  readonly roles: Roles
  readonly recorder: CommitRecorder
  /** Index of this server in `config.peers`. */
  readonly index: number
  readonly quorum: number

  // Kept by the disk.
  readonly disk: Disk
  readonly log: TransactionLog
  acceptedEpoch: number
  currentEpoch: number

  // Lost in a crash.
  state: ServerState
  tree: DataTree
  /** Number of log entries that are in the tree. */
  applied: number
  readonly election: Election
  leading: Leading | null
  following: Following | null
  /** By session. */
  readonly clients: Map<number, ClientLink>
  /** Waiting for the leader's word on their session. */
  readonly validating: Map<number, ClientLink>
  readonly watches: WatchTable<ClientLink>
  sessionCounter: number
}

/** True in BROADCAST: only then a server serves clients (KB Z19). */
export function isServing(self: ZooKeeperServer): boolean {
  return self.leading?.phase === 'broadcast' || self.following?.phase === 'broadcast'
}
