/**
 * JoinGroup: how a member enters a group or comes back to it for the next generation (KC 3.3).
 *
 * Left out: static membership (KC 2.9). A member with an instance id joins as any other, with the
 * exception that Kafka makes already here: it is not given an id first.
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { JoinGroupRequest } from '../messages.ts'
import { admit, refuseJoin } from './answers.ts'
import {
  acceptsJoin,
  addMember,
  announcedDeadline,
  createMember,
  parkJoin,
  removeMember,
  sameProtocols,
  supportsProtocols,
} from './group.ts'
import { Guard } from './guards.ts'
import { groupNamed, ownershipOf } from './ownership.ts'
import { Probe } from './probes.ts'
import { endJoiningIfComplete, maybeRebalance } from './rebalance.ts'
import { NEW_MEMBER_JOIN_TIMEOUT_MS, setDeadline } from './sessions.ts'
import type { Group, GroupCoordinator, Member, Parked } from './state.ts'

/** From this version of the request on, a member is given its id before it joins (KC 3.3). */
const ID_FIRST_VERSION = 4

/** A join and the connection that waits for its answer. */
interface Join {
  readonly request: JoinGroupRequest
  readonly asked: Parked
}

export function onJoinGroupRequest(
  self: Broker,
  request: JoinGroupRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const join = { request, asked: { connection, correlationId: request.correlationId } }
  const error = joinError(self.groups, request, context)
  if (error !== null) {
    refuse(self, join, error, context)
    return
  }
  const group = groupNamed(self.groups, request.groupId)
  const sizeMax = self.groups.config.groupMaxSize
  if (context.guard(Guard.maxSize, !acceptsJoin(group, request.memberId, sizeMax))) {
    turnAway(self, group, join, context)
  } else if (context.guard(Guard.joinProtocol, !protocolsFit(group, request))) {
    refuse(self, join, 'INCONSISTENT_GROUP_PROTOCOL', context)
  } else if (request.memberId === '') {
    joinAsNew(self, group, join, context)
  } else {
    joinWithId(self, group, join, context)
  }
  endJoiningIfComplete(self, group, context)
}

function joinError(
  groups: GroupCoordinator,
  request: JoinGroupRequest,
  context: BrokerContext,
): KafkaError | null {
  const ownership = ownershipOf(groups, request.groupId)
  if (context.guard(Guard.loading, ownership === 'loading')) return 'COORDINATOR_LOAD_IN_PROGRESS'
  if (context.guard(Guard.owner, ownership === 'none')) return 'NOT_COORDINATOR'
  const { groupMinSessionTimeoutMs: least, groupMaxSessionTimeoutMs: most } = groups.config
  const sessionMs = request.sessionTimeoutMs
  if (context.guard(Guard.sessionTimeout, sessionMs < least || sessionMs > most)) {
    return 'INVALID_SESSION_TIMEOUT'
  }
  const known = request.memberId === '' || groups.groups.has(request.groupId)
  if (context.guard(Guard.joinMember, !known)) return 'UNKNOWN_MEMBER_ID'
  return null
}

function protocolsFit(group: Group, request: JoinGroupRequest): boolean {
  return supportsProtocols(group, request.protocolType, request.protocols)
}

function refuse(self: Broker, join: Join, error: KafkaError, context: BrokerContext): void {
  refuseJoin(self, join.asked, { error, memberId: join.request.memberId }, context)
}

/** The group is full. A member that comes back too late to a group that must shrink is dropped. */
function turnAway(self: Broker, group: Group, join: Join, context: BrokerContext): void {
  const member = group.members.get(join.request.memberId)
  if (member !== undefined) {
    self.groups.deadlines.clear(member.session)
    removeMember(group, member)
  }
  dropAnnounced(self.groups, group, join.request.memberId)
  refuseJoin(self, join.asked, { error: 'GROUP_MAX_SIZE_REACHED', memberId: '' }, context)
}

function dropAnnounced(groups: GroupCoordinator, group: Group, memberId: string): void {
  const announced = group.announced.get(memberId)
  if (announced === undefined) return
  groups.deadlines.clear(announced)
  group.announced.delete(memberId)
}

function joinAsNew(self: Broker, group: Group, join: Join, context: BrokerContext): void {
  const { request } = join
  const memberId = newMemberId(self.groups, request.clientId)
  const idFirst = request.apiVersion >= ID_FIRST_VERSION && request.groupInstanceId === null
  if (context.guard(Guard.memberIdRequired, idFirst)) {
    const announced = announcedDeadline(group, memberId)
    group.announced.set(memberId, announced)
    setDeadline(self.groups, announced, request.sessionTimeoutMs, context)
    refuseJoin(self, join.asked, { error: 'MEMBER_ID_REQUIRED', memberId }, context)
    return
  }
  enter(self, group, join, { memberId, context })
}

function joinWithId(self: Broker, group: Group, join: Join, context: BrokerContext): void {
  const { memberId } = join.request
  const member = group.members.get(memberId)
  const announced = group.announced.has(memberId)
  if (context.guard(Guard.joinMember, member === undefined && !announced)) {
    refuse(self, join, 'UNKNOWN_MEMBER_ID', context)
  } else if (member === undefined) {
    enter(self, group, join, { memberId, context })
  } else if (repeatsCurrent(group, member, join.request)) {
    admit(self, group, { member, asked: join.asked }, context)
  } else {
    rejoin(self, group, { member, join }, context)
  }
}

/** A member is added and a rebalance starts, or goes on with one more. */
function enter(
  self: Broker,
  group: Group,
  join: Join,
  entry: { readonly memberId: string; readonly context: BrokerContext },
): void {
  const { request } = join
  const { memberId, context } = entry
  const member = createMember(group, {
    id: memberId,
    clientId: request.clientId,
    instanceId: request.groupInstanceId,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
  })
  member.isNew = true
  dropAnnounced(self.groups, group, memberId)
  addMember(group, member, request.protocolType)
  // Only the very first rebalance is extended for members that still come (KC 3.2).
  if (group.phase === 'PreparingRebalance' && group.generation === 0) group.newMemberAdded = true
  park(group, member, join.asked, context)
  setDeadline(self.groups, member.session, NEW_MEMBER_JOIN_TIMEOUT_MS, context)
  maybeRebalance(self, group, context)
}

function rejoin(
  self: Broker,
  group: Group,
  back: { readonly member: Member; readonly join: Join },
  context: BrokerContext,
): void {
  const { member, join } = back
  member.protocols = join.request.protocols
  member.rebalanceTimeoutMs = join.request.rebalanceTimeoutMs
  member.sessionTimeoutMs = join.request.sessionTimeoutMs
  park(group, member, join.asked, context)
  maybeRebalance(self, group, context)
}

function park(group: Group, member: Member, asked: Parked, context: BrokerContext): void {
  context.mute(asked.connection)
  parkJoin(group, member, asked)
  context.probe(Probe.joinParked, group.partition)
}

/** `<client id>-` and 64 drawn bits, where Kafka has a random UUID. */
function newMemberId(groups: GroupCoordinator, clientId: string): string {
  const high = groups.memberIds.int(0x1_0000_0000)
  const low = groups.memberIds.int(0x1_0000_0000)
  return `${clientId}-${hexOf(high)}${hexOf(low)}`
}

function hexOf(bits: number): string {
  return bits.toString(16).padStart(8, '0')
}

/**
 * Whether a known member is simply told the present generation again: it may have missed the
 * answer. A join of the leader in a stable group means that it wants a new assignment (KC 3.3).
 */
export function repeatsCurrent(
  group: Group,
  member: Member,
  request: Pick<JoinGroupRequest, 'protocols'>,
): boolean {
  switch (group.phase) {
    case 'CompletingRebalance':
      return sameProtocols(member.protocols, request.protocols)
    case 'Stable':
      return group.leader !== member.id && sameProtocols(member.protocols, request.protocols)
    case 'PreparingRebalance':
    case 'Empty':
    case 'Dead':
      return false
  }
}
