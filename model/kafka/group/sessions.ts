/**
 * The sessions of members and the one timer that serves all deadlines (KC 3.3; KB 12).
 *
 * The timer is moved only when an earlier deadline comes up: heartbeats move deadlines later, and
 * then it goes off early once, finds nothing due and is set again.
 */

import type { BrokerContext } from '../broker-state.ts'
import type { Deadline } from './deadlines.ts'
import type { Group, GroupCoordinator, Member } from './state.ts'

/** A new member's first join is given up after 5 minutes, whatever its session timeout (KC 3.3). */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000

/** The member has been heard: its session starts again. */
export function renewSession(
  groups: GroupCoordinator,
  member: Member,
  context: BrokerContext,
): void {
  setDeadline(groups, member.session, member.sessionTimeoutMs, context)
}

export function setDeadline(
  groups: GroupCoordinator,
  deadline: Deadline,
  delayMs: number,
  context: BrokerContext,
): void {
  groups.deadlines.set(deadline, context.monotonicUs() + delayMs * 1_000)
  armTimer(groups, context)
}

/** Sets the timer for the earliest deadline, unless it goes off before that anyway. */
export function armTimer(groups: GroupCoordinator, context: BrokerContext): void {
  const first = groups.deadlines.first()
  if (first === undefined) {
    if (groups.armedUs !== -1) context.cancelTimer('expireGroups', 0)
    groups.armedUs = -1
    return
  }
  if (groups.armedUs !== -1 && groups.armedUs <= first.atUs) return
  groups.armedUs = first.atUs
  context.setTimer('expireGroups', 0, Math.max(0, first.atUs - context.monotonicUs()))
}

/** Forgets the deadlines of a group and of all its members. */
export function clearDeadlines(groups: GroupCoordinator, group: Group): void {
  groups.deadlines.clear(group.joinDeadline)
  groups.deadlines.clear(group.syncDeadline)
  for (const member of group.members.values()) groups.deadlines.clear(member.session)
  for (const announced of group.announced.values()) groups.deadlines.clear(announced)
}

/**
 * Whether a member's silence does not count now: it waits for an answer of ours. The wait of a new
 * member counts, because a client that gives up and joins anew would leave one ghost each time.
 */
export function waitsForUs(member: Member): boolean {
  return !member.isNew && (member.awaitingJoin !== null || member.awaitingSync !== null)
}
