/**
 * How a rebalance begins and ends (KC 3.2), and what happens to a group that loses a member.
 *
 * The first rebalance of an empty group waits a fixed delay, longer while members still come; later
 * ones end as soon as all members wait, at the latest after the longest rebalance timeout.
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import { admit, answerSync, refuseParkedJoin, refuseSync } from './answers.ts'
import type { Deadline } from './deadlines.ts'
import {
  allJoined,
  electJoinedLeader,
  noteSync,
  oweSync,
  parkJoin,
  rebalanceTimeoutMs,
  removeMember,
  selectProtocol,
} from './group.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { renewSession, setDeadline, waitsForUs } from './sessions.ts'
import type { Group, Member } from './state.ts'
import { storeEmptied } from './store.ts'

/** Starts a rebalance unless one is already collecting joins. */
export function maybeRebalance(self: Broker, group: Group, context: BrokerContext): void {
  if (group.phase === 'PreparingRebalance' || group.phase === 'Dead') return
  rebalance(self, group, context)
}

function rebalance(self: Broker, group: Group, context: BrokerContext): void {
  if (group.phase === 'CompletingRebalance') {
    dropAssignment(self, group, 'REBALANCE_IN_PROGRESS', context)
  }
  const groups = self.groups
  groups.deadlines.clear(group.syncDeadline)
  const timeoutMs = joinTimeoutMs(self, group)
  const initial = group.phase === 'Empty'
  group.joinDelayMs = initial ? groups.config.groupInitialRebalanceDelayMs : timeoutMs
  group.initialRemainingMs = initial ? Math.max(timeoutMs - group.joinDelayMs, 0) : null
  group.phase = 'PreparingRebalance'
  context.probe(Probe.rebalanced, group.partition)
  setDeadline(groups, group.joinDeadline, group.joinDelayMs, context)
  endJoiningIfComplete(self, group, context)
}

/** Once a broker took nothing for what the oldest clients do not send (HZ C08). */
function joinTimeoutMs({ options }: Broker, group: Group): number {
  const waits = options.protocols['group.rebalanceTimeout'] === 'member'
  return waits ? rebalanceTimeoutMs(group) : 0
}

/** Ends the joining if nobody is missing and no initial delay runs. */
export function endJoiningIfComplete(self: Broker, group: Group, context: BrokerContext): void {
  if (group.phase !== 'PreparingRebalance' || group.initialRemainingMs !== null) return
  if (allJoined(group)) endJoining(self, group, context)
}

/** The wait for joins is over, or the initial delay starts once more because members still come. */
export function onJoinDeadline(self: Broker, group: Group, context: BrokerContext): void {
  const remainingMs = group.initialRemainingMs
  if (remainingMs !== null && remainingMs > 0 && group.newMemberAdded) {
    const ranMs = group.joinDelayMs
    group.newMemberAdded = false
    group.joinDelayMs = Math.min(self.groups.config.groupInitialRebalanceDelayMs, remainingMs)
    group.initialRemainingMs = Math.max(remainingMs - ranMs, 0)
    setDeadline(self.groups, group.joinDeadline, group.joinDelayMs, context)
    return
  }
  endJoining(self, group, context)
}

function endJoining(self: Broker, group: Group, context: BrokerContext): void {
  self.groups.deadlines.clear(group.joinDeadline)
  group.initialRemainingMs = null
  group.newMemberAdded = false
  removeUnjoined(self, group, context)
  if (!electJoinedLeader(group) && group.members.size > 0) {
    // Nobody joined, and yet members are kept: wait again until their sessions end.
    group.joinDelayMs = rebalanceTimeoutMs(group)
    setDeadline(self.groups, group.joinDeadline, group.joinDelayMs, context)
    return
  }
  group.generation += 1
  if (group.members.size === 0) becomeEmpty(self, group, context)
  else issueGeneration(self, group, context)
}

function removeUnjoined(self: Broker, group: Group, context: BrokerContext): void {
  for (const member of group.members.values()) {
    if (context.guard(Guard.unjoined, member.awaitingJoin === null)) {
      self.groups.deadlines.clear(member.session)
      removeMember(group, member)
    }
  }
}

function becomeEmpty(self: Broker, group: Group, context: BrokerContext): void {
  group.protocolName = null
  group.phase = 'Empty'
  context.probe(Probe.becameEmpty, group.partition)
  storeEmptied(self, group, context)
}

function issueGeneration(self: Broker, group: Group, context: BrokerContext): void {
  group.protocolName = selectProtocol(group)
  group.phase = 'CompletingRebalance'
  context.probe(Probe.generationIssued, group.partition)
  for (const member of group.members.values()) {
    const asked = member.awaitingJoin
    if (asked !== null) {
      parkJoin(group, member, null)
      admit(self, group, { member, asked }, context)
    }
    member.isNew = false
    oweSync(group, member)
    renewSession(self.groups, member, context)
  }
  setDeadline(self.groups, group.syncDeadline, rebalanceTimeoutMs(group), context)
}

/** Members that owe their sync since the generation was issued are removed (KC 3.2). */
export function onSyncDeadline(self: Broker, group: Group, context: BrokerContext): void {
  let removed = false
  for (const member of group.members.values()) {
    if (context.guard(Guard.syncExpired, member.missesSync)) {
      self.groups.deadlines.clear(member.session)
      removeMember(group, member)
      removed = true
    }
  }
  if (removed) maybeRebalance(self, group, context)
}

/** A member has been silent for its session timeout, or an announced id has not come back. */
export function onSessionDeadline(self: Broker, deadline: Deadline, context: BrokerContext): void {
  const { group, member } = deadline
  if (member === null) {
    forgetAnnounced(self, group, deadline.memberId, context)
    return
  }
  invariant(group.members.get(member.id) === member, 'only members of a group have a session')
  if (context.guard(Guard.sessionExpired, !waitsForUs(member))) {
    context.probe(Probe.memberExpired, group.partition)
    expel(self, group, member, context)
  }
}

/** An id that was given out is not waited for any more. */
export function forgetAnnounced(
  self: Broker,
  group: Group,
  memberId: string,
  context: BrokerContext,
): void {
  const announced = group.announced.get(memberId)
  if (announced !== undefined) self.groups.deadlines.clear(announced)
  group.announced.delete(memberId)
  endJoiningIfComplete(self, group, context)
}

/** Removes a member that left or died; the others divide its partitions among them. */
export function expel(self: Broker, group: Group, member: Member, context: BrokerContext): void {
  // A new member may still wait here; with this error it asks for another id.
  const refusal = { member, error: 'UNKNOWN_MEMBER_ID', memberId: '' } as const
  refuseParkedJoin(self, group, refusal, context)
  self.groups.deadlines.clear(member.session)
  removeMember(group, member)
  if (group.phase === 'PreparingRebalance') endJoiningIfComplete(self, group, context)
  else if (group.phase !== 'Empty') maybeRebalance(self, group, context)
}

/** The assignment of this generation was stored: everyone is told, the group is stable. */
export function giveAssignment(self: Broker, group: Group, context: BrokerContext): void {
  group.phase = 'Stable'
  for (const member of group.members.values()) {
    const asked = member.awaitingSync
    if (asked === null) continue
    member.awaitingSync = null
    answerSync(self, asked, { error: 'NONE', partitions: member.assignment }, context)
    renewSession(self.groups, member, context)
  }
}

/** There is no assignment for this generation: those that wait for it are sent back. */
export function dropAssignment(
  self: Broker,
  group: Group,
  error: KafkaError,
  context: BrokerContext,
): void {
  for (const member of group.members.values()) {
    member.assignment = []
    const asked = member.awaitingSync
    if (asked === null) continue
    member.awaitingSync = null
    refuseSync(self, asked, error, context)
    renewSession(self.groups, member, context)
  }
}

/** A member's sync has come; the wait ends with the last one. */
export function syncArrived(self: Broker, group: Group, member: Member): void {
  noteSync(group, member)
  if (group.syncsMissing === 0) self.groups.deadlines.clear(group.syncDeadline)
}
