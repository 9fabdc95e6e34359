/**
 * How a leader brings one follower to its own history: DIFF, TRUNC or SNAP (KB Z22).
 *
 * Follows LearnerHandler.syncFollower of ZooKeeper 3.8 without its reading of old log files. One
 * thing differs: where a follower would have to cut below its own snapshot, which stops a real
 * server, it gets a snapshot.
 */

import { Guard } from './guards.ts'
import {
  type NewLeader,
  packetBytes,
  type Proposal,
  sizeOfSynchronize,
  type Synchronize,
} from './peer-messages.ts'
import { Probe } from './probes.ts'
import type { Leading, Learner, ServerContext, ZooKeeperServer } from './server-state.ts'
import { firstAfter, type Transaction } from './transaction.ts'

/** commitLogCount: 500 by default. */
const defaultCommitLogCount = 500
/**
 * Transactions kept beside a snapshot. If its receiver leads next, it may be the first to commit
 * the last of them, and the observer has to hear what they changed.
 */
const tailLength = 500

/** Sends the history up to what is applied, then NewLeader, then what is proposed beyond. */
export function synchronize(
  self: ZooKeeperServer,
  leading: Leading,
  learner: Learner,
  context: ServerContext,
): void {
  learner.phase = 'synchronizing'
  const { entries } = self.log
  const message = difference(self, learner, context) ?? wholeTree(self)
  context.probe(
    message.snapshot === null ? Probe.synchronizedByDifference : Probe.synchronizedBySnapshot,
  )
  context.send(learner.connection, message, sizeOfSynchronize(message))
  const newLeader: NewLeader = { type: 'NewLeader', epoch: leading.epoch }
  context.send(learner.connection, newLeader, packetBytes)
  for (let index = self.applied; index < entries.length; index += 1) {
    const transaction = entries[index] as Transaction
    const proposal: Proposal = { type: 'Proposal', transaction }
    context.send(learner.connection, proposal, packetBytes + transaction.bytes)
  }
}

/**
 * What the follower lacks, and where its history parts from the leader's; null if that is too far
 * back.
 */
function difference(
  self: ZooKeeperServer,
  learner: Learner,
  context: ServerContext,
): Synchronize | null {
  const { entries } = self.log
  const { lastZxid } = learner
  if (lastZxid === self.tree.lastZxid) return differenceOf(-1, [])

  const first = Math.max(0, self.applied - (self.config.commitLogCount ?? defaultCommitLogCount))
  // What is only proposed is cut off too, and proposed to it again.
  const next = Math.min(firstAfter(entries, lastZxid), self.applied)
  const common = next === 0 ? 0 : (entries[next - 1] as Transaction).zxid
  const inWindow = next > first || (self.applied === 0 && next === 0)
  if (!inWindow) return null
  const transactions = entries.slice(next, self.applied)
  if (!context.guard(Guard.followerTruncation, common !== lastZxid)) {
    return differenceOf(-1, transactions)
  }
  return common < learner.baseZxid ? null : differenceOf(common, transactions)
}

function differenceOf(truncateAfter: number, transactions: readonly Transaction[]): Synchronize {
  return { type: 'Synchronize', truncateAfter, snapshot: null, tail: [], transactions }
}

function wholeTree(self: ZooKeeperServer): Synchronize {
  const first = Math.max(0, self.applied - tailLength)
  const tail = self.log.entries.slice(first, self.applied)
  const snapshot = self.tree.snapshot()
  return { type: 'Synchronize', truncateAfter: -1, snapshot, tail, transactions: [] }
}
