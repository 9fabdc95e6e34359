/**
 * Taking partitions over and giving them back: onJoinPrepare and onJoinComplete (KC 2.7).
 *
 * Follows ConsumerCoordinator of Kafka 3.9 with the eager protocol: everything is given back before
 * a member joins, after a last commit of what was consumed. The cooperative protocol would give
 * back only what it loses, in `takeOver`.
 */

import { Ownership } from '../../../history.ts'
import type { PartitionId } from '../../../record.ts'
import { forwardMs } from '../deadlines.ts'
import { leaderEpochOf, leaderOf } from '../metadata.ts'
import { allConsumed, beginBlockingCommit, driveBlockingCommit } from './commit.ts'
import { hasGeneration } from './generation.ts'
import { createPosition, follows } from './position.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext, Joined } from './state.ts'

/**
 * Moves the start of a round on. Returns 0 once all is given back, otherwise how long to wait;
 * infinite where an event of the network comes first.
 */
export function driveGivingBack(self: Consumer, context: ConsumerContext): number {
  const { membership } = self
  if (!membership.preparing) {
    membership.preparing = true
    // Fetching on would let the positions run ahead of the commit.
    for (const position of self.positions.values()) position.revoking = true
    self.positions.disturb()
    beginLastCommit(self, 'prepare', context)
  }
  const waitMs = driveBlockingCommit(self, context)
  if (self.commits.blocking !== null) return waitMs
  membership.preparing = false
  membership.prepareNeeded = false
  giveBack(self, context)
  return 0
}

/** Commits what was consumed, if the consumer commits at all and is still in its group. */
export function beginLastCommit(
  self: Consumer,
  kind: 'prepare' | 'close',
  context: ConsumerContext,
): void {
  if (!self.options.autoCommit || self.membership.state !== 'stable') return
  const offsets = allConsumed(self)
  if (offsets.length > 0) beginBlockingCommit(self, kind, offsets, context)
}

/** Drops all partitions: revoked, or lost where the group has gone on without this member. */
export function giveBack(self: Consumer, context: ConsumerContext): void {
  const { group, membership, options, positions, process } = self
  if (positions.size === 0) return
  const kept = hasGeneration(self)
  const kind = kept ? Ownership.revoked : Ownership.lost
  for (const { partition, offset } of positions.values()) {
    options.history.owned(process, group, membership.ownedGeneration, partition, kind, offset)
  }
  positions.clear()
  context.probe(kept ? Probe.revoked : Probe.lost, options.groupNumber)
}

/** Takes over what the new generation assigns. */
export function takeOver(self: Consumer, joined: Joined, context: ConsumerContext): void {
  const { commits, group, membership, options, positions, process } = self
  membership.prepareNeeded = true
  membership.ownedGeneration = joined.generation
  positions.clear()
  self.lookingUpOffsets = false
  self.offsetsRetryAtUs = -Infinity
  for (const partition of joined.partitions) {
    add(self, partition)
    options.history.owned(process, group, joined.generation, partition, Ownership.assigned, -1)
  }
  commits.nextAutomaticMs = forwardMs(self.clock, context) + options.config.autoCommitIntervalMs
  context.probe(Probe.rebalanced, options.groupNumber)
}

function add(self: Consumer, partition: PartitionId): void {
  const position = createPosition(partition)
  const { metadata, positions } = self
  follows(position, leaderOf(metadata, partition), leaderEpochOf(metadata, partition))
  positions.add(position)
}
