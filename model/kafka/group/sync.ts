/**
 * SyncGroup: the leader brings the assignment of its generation, everyone takes its part (KC 3.3).
 *
 * Syncs wait until the assignment is stored in `__consumer_offsets`; then the group is stable.
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { MemberAssignment, SyncGroupRequest } from '../messages.ts'
import { answerSync, parkSync, refuseSync } from './answers.ts'
import { Guard } from './guards.ts'
import { ownershipOf } from './ownership.ts'
import { syncArrived } from './rebalance.ts'
import { renewSession } from './sessions.ts'
import type { Group, GroupCoordinator } from './state.ts'
import { storeAssignment } from './store.ts'

export function onSyncGroupRequest(
  self: Broker,
  request: SyncGroupRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const asked = { connection, correlationId: request.correlationId }
  const error = syncError(self.groups, request, context)
  const group = self.groups.groups.get(request.groupId)
  const member = group?.members.get(request.memberId)
  if (error !== null) {
    refuseSync(self, asked, error, context)
  } else if (group === undefined || member === undefined) {
    // Not refused although unknown: nothing is assigned to it.
    answerSync(self, asked, { error: 'NONE', partitions: [] }, context)
  } else if (group.phase === 'CompletingRebalance') {
    parkSync(group, member, asked, context)
    syncArrived(self, group, member)
    takeAssignment(self, group, request, context)
  } else {
    syncArrived(self, group, member)
    answerSync(self, asked, { error: 'NONE', partitions: member.assignment }, context)
    renewSession(self.groups, member, context)
  }
}

function syncError(
  groups: GroupCoordinator,
  request: SyncGroupRequest,
  context: BrokerContext,
): KafkaError | null {
  const ownership = ownershipOf(groups, request.groupId)
  // The generation in progress is lost with the old coordinator, so the client has to join again.
  if (context.guard(Guard.loading, ownership === 'loading')) return 'REBALANCE_IN_PROGRESS'
  if (context.guard(Guard.owner, ownership === 'none')) return 'NOT_COORDINATOR'
  const group = groups.groups.get(request.groupId)
  const known = group?.members.has(request.memberId) ?? false
  if (context.guard(Guard.syncMember, !known)) return 'UNKNOWN_MEMBER_ID'
  if (group === undefined) return null
  const stale = request.generationId !== group.generation
  if (context.guard(Guard.syncGeneration, stale)) return 'ILLEGAL_GENERATION'
  const { protocolName } = request
  const other = protocolName !== '' && protocolName !== group.protocolName
  if (context.guard(Guard.syncProtocol, other)) return 'INCONSISTENT_GROUP_PROTOCOL'
  const preparing = group.phase === 'PreparingRebalance'
  if (context.guard(Guard.syncPreparing, preparing)) return 'REBALANCE_IN_PROGRESS'
  return null
}

function takeAssignment(
  self: Broker,
  group: Group,
  request: SyncGroupRequest,
  context: BrokerContext,
): void {
  if (context.guard(Guard.assignmentByLeader, group.leader !== request.memberId)) return
  storeAssignment(self, group, completeAssignment(group, request.assignments), context)
}

/** What each member of the group is given: nothing, where the leader left it out. */
export function completeAssignment(
  group: Group,
  given: readonly MemberAssignment[],
): ReadonlyMap<string, readonly PartitionId[]> {
  const complete = new Map<string, readonly PartitionId[]>()
  for (const memberId of group.members.keys()) complete.set(memberId, [])
  for (const { memberId, partitions } of given) {
    if (complete.has(memberId)) complete.set(memberId, partitions)
  }
  return complete
}
