/**
 * One group and its members as data, and the decisions that depend on nothing else (KC 3.1, 3.2).
 *
 * Nothing here sends, stores or sets a time: that is for the handlers. Members stand in the order
 * in which they came, which decides where Kafka leaves the choice to a hash map.
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Subscription } from '../messages.ts'
import type { Deadline, DeadlineKind } from './deadlines.ts'
import type { Group, Member, MemberProtocols, Parked } from './state.ts'

/** A group nobody has joined yet. */
export function createGroup(id: string, partition: number): Group {
  const fields: Omit<Group, 'joinDeadline' | 'syncDeadline'> = {
    id,
    partition,
    phase: 'Empty',
    generation: 0,
    protocolType: null,
    protocolName: null,
    leader: null,
    members: new Map(),
    announced: new Map(),
    joinsParked: 0,
    syncsMissing: 0,
    newMemberAdded: false,
    initialRemainingMs: null,
    joinDelayMs: 0,
    offsets: new Map(),
    pendingCommits: new Map(),
  }
  const group = fields as Group
  group.joinDeadline = deadlineOf('join', group)
  group.syncDeadline = deadlineOf('sync', group)
  return group
}

/** What a joining member says about itself, or what was stored about it. */
export type MemberTraits = Pick<
  Member,
  'id' | 'clientId' | 'instanceId' | 'sessionTimeoutMs' | 'rebalanceTimeoutMs' | 'protocols'
>

export function createMember(group: Group, traits: MemberTraits): Member {
  const fields: Omit<Member, 'session'> = {
    id: traits.id,
    clientId: traits.clientId,
    instanceId: traits.instanceId,
    sessionTimeoutMs: traits.sessionTimeoutMs,
    rebalanceTimeoutMs: traits.rebalanceTimeoutMs,
    protocols: traits.protocols,
    assignment: NOTHING,
    awaitingJoin: null,
    awaitingSync: null,
    isNew: false,
    missesSync: false,
  }
  const member = fields as Member
  member.session = deadlineOf('session', group, member)
  return member
}

/** The deadline of an id that was given out and has not come back. */
export function announcedDeadline(group: Group, memberId: string): Deadline {
  return deadlineOf('announced', group, null, memberId)
}

function deadlineOf(
  kind: DeadlineKind,
  group: Group,
  member: Member | null = null,
  memberId = '',
): Deadline {
  return { kind, group, member, memberId, atUs: 0, order: 0, position: -1 }
}

const NOTHING: readonly number[] = []

export function addMember(group: Group, member: Member, protocolType: string): void {
  invariant(!group.members.has(member.id), 'a member is added to its group once')
  if (group.members.size === 0) group.protocolType = protocolType
  group.leader ??= member.id
  group.members.set(member.id, member)
}

/** Takes a member out; the first of those that stay leads if it led. */
export function removeMember(group: Group, member: Member): void {
  parkJoin(group, member, null)
  noteSync(group, member)
  group.members.delete(member.id)
  if (group.leader === member.id) group.leader = firstMember(group)?.id ?? null
}

function firstMember(group: Group): Member | undefined {
  for (const member of group.members.values()) return member
  return undefined
}

/** Keeps the request by which a member waits for the others, or forgets it. */
export function parkJoin(group: Group, member: Member, join: Parked | null): void {
  if (member.awaitingJoin !== null) group.joinsParked -= 1
  if (join !== null) group.joinsParked += 1
  member.awaitingJoin = join
}

/** The member was given a generation and owes its sync. */
export function oweSync(group: Group, member: Member): void {
  if (!member.missesSync) group.syncsMissing += 1
  member.missesSync = true
}

export function noteSync(group: Group, member: Member): void {
  if (member.missesSync) group.syncsMissing -= 1
  member.missesSync = false
}

/** All members wait and no id that was given out is missing: the joining can end (KC 3.2). */
export function allJoined(group: Group): boolean {
  return group.joinsParked === group.members.size && group.announced.size === 0
}

/** The longest that any member allows the others. */
export function rebalanceTimeoutMs(group: Group): number {
  let longest = 0
  for (const member of group.members.values()) {
    if (member.rebalanceTimeoutMs > longest) longest = member.rebalanceTimeoutMs
  }
  return longest
}

/** Keeps a leader that has joined, else takes the first member that has; false if nobody has. */
export function electJoinedLeader(group: Group): boolean {
  if (group.leader === null) return false
  const leader = group.members.get(group.leader)
  if (leader !== undefined && leader.awaitingJoin !== null) return true
  for (const member of group.members.values()) {
    if (member.awaitingJoin === null) continue
    group.leader = member.id
    return true
  }
  return false
}

/** Whether a group of this size still takes this join (KC 3.3). */
export function acceptsJoin(group: Group, memberId: string, sizeMax: number): boolean {
  const member = group.members.get(memberId)
  switch (group.phase) {
    case 'Empty':
    case 'Dead':
      return true
    case 'PreparingRebalance':
      // Those that wait are counted, so that the last to rejoin a group that is too large drop out.
      return (member !== undefined && member.awaitingJoin !== null) || group.joinsParked < sizeMax
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.members.size < sizeMax
  }
}

/** Whether a join fits the group: same type, and an assignor that every member has. */
export function supportsProtocols(
  group: Group,
  protocolType: string,
  protocols: MemberProtocols,
): boolean {
  if (group.phase === 'Empty') return protocolType !== '' && protocols.length > 0
  if (group.protocolType !== protocolType) return false
  return protocols.some((protocol) => supportedByAll(group, protocol.name))
}

function supportedByAll(group: Group, name: string): boolean {
  for (const member of group.members.values()) {
    if (!member.protocols.some((protocol) => protocol.name === name)) return false
  }
  return true
}

/**
 * The assignor with most votes: each member votes for its first one that all support. A tie goes to
 * the one voted for first.
 */
export function selectProtocol(group: Group): string {
  const votes = new Map<string, number>()
  for (const member of group.members.values()) {
    const vote =
      member.protocols.find((protocol) => supportedByAll(group, protocol.name)) ??
      // Nothing in common: possible only where joins are not checked for it.
      member.protocols[0]
    if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1)
  }
  let selected = ''
  let most = 0
  for (const [name, count] of votes) {
    if (count <= most) continue
    selected = name
    most = count
  }
  return selected
}

/** What a member says for the group's assignor. */
export function subscriptionOf(group: Group, member: Member): Subscription {
  const protocols = member.protocols
  const selected = protocols.find((protocol) => protocol.name === group.protocolName)
  return (selected ?? protocols[0])?.subscription ?? NO_SUBSCRIPTION
}

const NO_SUBSCRIPTION: Subscription = { topics: [], ownedPartitions: [], generation: -1 }

/**
 * Whether a member says the same as before: same assignors in the same order, same subscriptions.
 */
export function sameProtocols(one: MemberProtocols, other: MemberProtocols): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) {
    const left = one[at]
    const right = other[at]
    if (left === undefined || right === undefined || left.name !== right.name) return false
    if (!sameSubscription(left.subscription, right.subscription)) return false
  }
  return true
}

function sameSubscription(one: Subscription, other: Subscription): boolean {
  return (
    one.generation === other.generation &&
    sameList(one.topics, other.topics) &&
    sameList(one.ownedPartitions, other.ownedPartitions)
  )
}

function sameList<Element>(one: readonly Element[], other: readonly Element[]): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return false
  }
  return true
}
