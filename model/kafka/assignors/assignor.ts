/**
 * What an assignor is: a pure function by which the leader of a group divides partitions (KC 2.8).
 *
 * It sees the members as they joined and the partitions that the leader's own metadata knows; the
 * coordinator never looks into it.
 */

import type { TopicId } from '../../record.ts'
import type { JoinGroupResponse, MemberAssignment } from '../messages.ts'

/** The members of a group as its leader is told them. */
export type JoinedMembers = JoinGroupResponse['members']

export type JoinedMember = JoinedMembers[number]

/** A topic of the leader's metadata and how many partitions it has. */
export interface KnownTopic {
  readonly name: string
  readonly topic: TopicId
  readonly partitions: number
}

export interface Assignor {
  /** The name it goes by in JoinGroup. */
  readonly name: string
  /** Eager: members give up all their partitions before they join. */
  readonly rebalance: 'eager' | 'cooperative'
  /**
   * One row for each member, in the members' order; subscribed topics that are not known give
   * nothing.
   */
  assign(members: JoinedMembers, topics: readonly KnownTopic[]): readonly MemberAssignment[]
}

/** Kafka's order of members: static before dynamic, then by instance id or member id. */
export function compareMembers(one: JoinedMember, other: JoinedMember): number {
  const left = one.groupInstanceId
  const right = other.groupInstanceId
  if (left !== null && right !== null) return compareText(left, right)
  if (left !== null) return -1
  if (right !== null) return 1
  return compareText(one.memberId, other.memberId)
}

/** By UTF-16 units, as Java compares strings; never by locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** The topics of the list in the order of their names. */
export function sortedTopics(topics: readonly KnownTopic[]): readonly KnownTopic[] {
  return topics.toSorted((one, other) => compareText(one.name, other.name))
}
