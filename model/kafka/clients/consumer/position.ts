/**
 * Where a consumer stands in one partition, and what has to happen before it may fetch there.
 *
 * Follows SubscriptionState of Kafka 3.9 (KC 2.3, 2.4): a position comes from a committed offset or
 * a reset, is validated whenever the partition has a new leader or leader epoch, and moves when
 * records are returned, not when they are processed.
 */

import type { PartitionId } from '../../../record.ts'
import type { FetchPartition } from '../../messages.ts'

/**
 * `initializing`: asks for the committed offset. `reset`: asks for an end of the log.
 * `validate`: asks the leader where its log left the epoch of the last record. `fetching`: knows.
 */
export type PositionPhase = 'initializing' | 'reset' | 'validate' | 'fetching'

export interface Position {
  readonly partition: PartitionId
  phase: PositionPhase
  /** The next offset to be returned; −1 while unknown. */
  offset: number
  /** Leader epoch of the record before it; −1 if not known. */
  offsetEpoch: number
  /** The leader that the position is good for, and its epoch; −1 while unknown. */
  leader: number
  leaderEpoch: number
  resetTo: 'earliest' | 'latest'
  /** Given back as soon as its positions are committed: nothing is fetched or returned (KC 2.7). */
  revoking: boolean
  /** A ListOffsets or OffsetForLeaderEpoch is under way. */
  asked: boolean
  /** A completed fetch of it is in the buffer. */
  buffered: boolean
  /** Not asked or fetched before, by the wall clock. */
  retryAtMs: number
  /** What the last fetch asked of it, good for the next one where nothing has changed. */
  fetchRow: FetchPartition | null
}

export function createPosition(partition: PartitionId): Position {
  return {
    partition,
    phase: 'initializing',
    offset: -1,
    offsetEpoch: -1,
    leader: -1,
    leaderEpoch: -1,
    resetTo: 'latest',
    revoking: false,
    asked: false,
    buffered: false,
    retryAtMs: -Infinity,
    fetchRow: null,
  }
}

/** Stands at an offset, good to be fetched from unless it has to be validated first. */
export function standAt(position: Position, offset: number, offsetEpoch: number): void {
  position.offset = offset
  position.offsetEpoch = offsetEpoch
  position.phase = 'fetching'
  position.retryAtMs = -Infinity
}

/** Without a leader epoch on both sides there is nothing to compare. */
export function needsValidation(position: Position): boolean {
  return position.offsetEpoch >= 0 && position.leaderEpoch >= 0
}

/**
 * Takes note of the partition's leader. True if there is a position that this puts in doubt: the
 * new leader's log may not hold what was read from the old one.
 */
export function follows(position: Position, leader: number, leaderEpoch: number): boolean {
  if (leader < 0) return false
  if (position.leader === leader && position.leaderEpoch === leaderEpoch) return false
  position.leader = leader
  position.leaderEpoch = leaderEpoch
  position.asked = false
  return position.phase === 'fetching' || position.phase === 'validate'
}

export function resetPosition(position: Position, to: 'earliest' | 'latest'): void {
  position.phase = 'reset'
  position.resetTo = to
  position.asked = false
}

/**
 * What the end of the position's epoch in the leader's log says about the position (KC 2.3).
 * `diverged`: the logs part at that end. `unknown`: the leader knows nothing of the epoch.
 */
export function validationOf(
  offset: number,
  leaderEpoch: number,
  endOffset: number,
): 'valid' | 'diverged' | 'unknown' {
  if (leaderEpoch < 0 || endOffset < 0) return 'unknown'
  return endOffset < offset ? 'diverged' : 'valid'
}
