/**
 * Appends to `__consumer_offsets` (KC 3.4): assignments, the end of a group's last member, commits.
 *
 * Nothing that is stored counts before its append has been committed with acks=all (stored.ts). The
 * answer to an append may come before `append` returns, so what waits for it is noted first.
 */

import { type Batch, type PartitionId, partitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { FORGOTTEN, groupBatch, offsetsBatch } from './records.ts'
import type { Group, PendingAppend } from './state.ts'

export type OffsetsAppend = Extract<PendingAppend, { kind: 'offsets' }>

const NOBODY: ReadonlyMap<string, readonly PartitionId[]> = new Map()

/** Stores the leader's assignment; the group is stable once it is committed. */
export function storeAssignment(
  self: Broker,
  group: Group,
  assignments: ReadonlyMap<string, readonly PartitionId[]>,
  context: BrokerContext,
): void {
  const { generation } = group
  const pending = { kind: 'assignment', group, generation, assignments } as const
  append(self, pending, groupBatch(group, assignments, context.wallMs()), context)
}

/** Stores that the group has no members. Nobody waits for it. */
export function storeEmptied(self: Broker, group: Group, context: BrokerContext): void {
  append(self, { kind: 'emptied', group }, groupBatch(group, NOBODY, context.wallMs()), context)
}

/** Stores a commit and answers it. */
export function storeOffsets(self: Broker, pending: OffsetsAppend, context: BrokerContext): void {
  const batch = offsetsBatch(pending.group.id, pending.partitions, context.wallMs())
  append(self, pending, batch, context)
}

/**
 * Partitions that are being deleted have no committed offsets any more: what this coordinator
 * remembers of them goes at once, and its log says so. Nobody waits for it.
 */
export function forgetOffsets(
  self: Broker,
  deleted: ReadonlySet<PartitionId>,
  context: BrokerContext,
): void {
  for (const group of self.groups.groups.values()) {
    const gone = [...group.offsets.keys()].filter((partition) => deleted.has(partition))
    if (gone.length === 0) continue
    for (const partition of gone) group.offsets.delete(partition)
    const tombstones = gone.map((partition) => ({ partition, offset: FORGOTTEN, leaderEpoch: -1 }))
    const batch = offsetsBatch(group.id, tombstones, context.wallMs())
    append(self, { kind: 'forgotten', group }, batch, context)
  }
}

function append(self: Broker, pending: PendingAppend, batch: Batch, context: BrokerContext): void {
  const groups = self.groups
  const token = groups.nextToken
  groups.nextToken += 1
  groups.appends.set(token, pending)
  if (pending.kind === 'offsets') stage(pending, token)
  const timeoutMs = groups.config.offsetsCommitTimeoutMs
  const partition = partitionId(groups.topic, pending.group.partition)
  groups.log.append(self, partition, { batch, timeoutMs, token }, context)
}

function stage(pending: OffsetsAppend, token: number): void {
  for (const { partition } of pending.partitions) {
    pending.group.pendingCommits.set(partition, token)
  }
}
