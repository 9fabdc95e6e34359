/**
 * Heartbeat and LeaveGroup: how a member says that it lives, and that it goes (KC 3.3).
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { HeartbeatRequest, LeaveGroupRequest } from '../messages.ts'
import { respond } from '../respond.ts'
import { Guard } from './guards.ts'
import { ownershipOf } from './ownership.ts'
import { expel, forgetAnnounced } from './rebalance.ts'
import { renewSession } from './sessions.ts'
import type { GroupCoordinator } from './state.ts'

export function onHeartbeatRequest(
  self: Broker,
  request: HeartbeatRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const { correlationId } = request
  const error = heartbeatAnswer(self.groups, request, context)
  respond(self, connection, { type: 'HeartbeatResponse', correlationId, error }, context)
}

function heartbeatAnswer(
  groups: GroupCoordinator,
  request: HeartbeatRequest,
  context: BrokerContext,
): KafkaError {
  const ownership = ownershipOf(groups, request.groupId)
  if (context.guard(Guard.heartbeatLoading, ownership === 'loading')) return 'NONE'
  if (context.guard(Guard.owner, ownership === 'none')) return 'NOT_COORDINATOR'
  const group = groups.groups.get(request.groupId)
  const member = group?.members.get(request.memberId)
  if (context.guard(Guard.heartbeatMember, member === undefined)) return 'UNKNOWN_MEMBER_ID'
  if (group === undefined || member === undefined) return 'NONE'
  const stale = request.generationId !== group.generation
  if (context.guard(Guard.heartbeatGeneration, stale)) return 'ILLEGAL_GENERATION'
  renewSession(groups, member, context)
  const preparing = group.phase === 'PreparingRebalance'
  if (context.guard(Guard.heartbeatPreparing, preparing)) return 'REBALANCE_IN_PROGRESS'
  return 'NONE'
}

export function onLeaveGroupRequest(
  self: Broker,
  request: LeaveGroupRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const { correlationId } = request
  const error = leave(self, request, context)
  respond(self, connection, { type: 'LeaveGroupResponse', correlationId, error }, context)
}

function leave(self: Broker, request: LeaveGroupRequest, context: BrokerContext): KafkaError {
  const { memberId } = request
  const ownership = ownershipOf(self.groups, request.groupId)
  if (context.guard(Guard.loading, ownership === 'loading')) return 'COORDINATOR_LOAD_IN_PROGRESS'
  if (context.guard(Guard.owner, ownership === 'none')) return 'NOT_COORDINATOR'
  const group = self.groups.groups.get(request.groupId)
  const member = group?.members.get(memberId)
  const known = member !== undefined || (group?.announced.has(memberId) ?? false)
  if (context.guard(Guard.leaveMember, !known)) return 'UNKNOWN_MEMBER_ID'
  if (group === undefined) return 'NONE'
  if (member === undefined) forgetAnnounced(self, group, memberId, context)
  else expel(self, group, member, context)
  return 'NONE'
}
