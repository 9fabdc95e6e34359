/**
 * What the servers of an ensemble say to each other: election, and the packets of Zab (KB Z20–Z23).
 *
 * Named as in FastLeaderElection and Leader of ZooKeeper 3.8. Two things are put together to save
 * events: the packets by which a follower is brought up to date are one message, and an Ack or a
 * Commit stands for all earlier ones too, which the order of a connection allows.
 */

import type { TreeSnapshot } from './data-tree.ts'
import { sizeOfRequest } from './message-size.ts'
import type { ServerOperation, Transaction } from './transaction.ts'

export type ServerState = 'LOOKING' | 'FOLLOWING' | 'LEADING'

/** Who should lead, and how new its history is. */
export interface Vote {
  readonly leader: number
  readonly epoch: number
  readonly zxid: number
}

export interface Notification {
  readonly type: 'Notification'
  readonly from: number
  readonly state: ServerState
  readonly round: number
  readonly vote: Vote
}

// Follower → leader.

export interface FollowerInfo {
  readonly type: 'FollowerInfo'
  readonly from: number
  readonly acceptedEpoch: number
}

export interface AckEpoch {
  readonly type: 'AckEpoch'
  /** −1: this epoch was accepted before, so this answer does not count towards the quorum. */
  readonly currentEpoch: number
  readonly lastZxid: number
  /** The follower cannot truncate below this. */
  readonly baseZxid: number
}

/** Everything up to `zxid` is logged. With counter 0 it answers NewLeader. */
export interface Ack {
  readonly type: 'Ack'
  readonly zxid: number
}

/** Answer to a LeaderPing: the sessions heard of since the last one (KB Z9). */
export interface FollowerPing {
  readonly type: 'FollowerPing'
  readonly touched: readonly number[]
}

export interface ForwardedRequest {
  readonly type: 'ForwardedRequest'
  readonly sessionId: number
  readonly xid: number
  readonly operation: ServerOperation
}

export interface Revalidate {
  readonly type: 'Revalidate'
  readonly sessionId: number
}

// Leader → follower.

export interface LeaderInfo {
  readonly type: 'LeaderInfo'
  readonly epoch: number
}

/** DIFF, TRUNC and SNAP in one: cut off, or start from the tree, then log the transactions. */
export interface Synchronize {
  readonly type: 'Synchronize'
  /** −1: nothing to cut off. */
  readonly truncateAfter: number
  readonly snapshot: TreeSnapshot | null
  /** With a snapshot: the transactions that it contains already and that others may miss. */
  readonly tail: readonly Transaction[]
  readonly transactions: readonly Transaction[]
}

export interface NewLeader {
  readonly type: 'NewLeader'
  readonly epoch: number
}

/** The history up to `zxid` is committed; the follower may serve. */
export interface UpToDate {
  readonly type: 'UpToDate'
  readonly zxid: number
}

export interface Proposal {
  readonly type: 'Proposal'
  readonly transaction: Transaction
}

/** Everything up to `zxid` is committed. */
export interface Commit {
  readonly type: 'Commit'
  readonly zxid: number
}

export interface LeaderPing {
  readonly type: 'LeaderPing'
}

export interface SyncDone {
  readonly type: 'SyncDone'
  readonly sessionId: number
  readonly xid: number
}

export interface Revalidated {
  readonly type: 'Revalidated'
  readonly sessionId: number
  readonly valid: boolean
}

export type FromFollower =
  FollowerInfo | AckEpoch | Ack | FollowerPing | ForwardedRequest | Revalidate

export type FromLeader =
  | LeaderInfo
  | Synchronize
  | NewLeader
  | UpToDate
  | Proposal
  | Commit
  | LeaderPing
  | SyncDone
  | Revalidated

export type PeerMessage = Notification | FromFollower | FromLeader

export const notificationBytes = 60
/** A quorum packet without data: type, zxid, and an empty list. */
export const packetBytes = 24

export function sizeOfSynchronize(message: Synchronize): number {
  let bytes = packetBytes
  if (message.snapshot !== null) bytes += message.snapshot.bytes
  for (const transaction of message.transactions) bytes += 2 * packetBytes + transaction.bytes
  return bytes
}

export function sizeOfForwarded(operation: ServerOperation): number {
  const header = packetBytes + 16
  if (operation.op === 'createSession' || operation.op === 'closeSession') return header + 4
  return header + sizeOfRequest(operation)
}
