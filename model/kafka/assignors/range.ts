/**
 * The range assignor: each topic is cut into one contiguous piece for each of its members (KC 2.8).
 *
 * The first members get one partition more where it does not divide; with many small topics the
 * same members get them all. Left out: the rack-aware variant.
 */

import { type PartitionId, partitionId } from '../../record.ts'
import type { MemberAssignment } from '../messages.ts'
import {
  type Assignor,
  compareMembers,
  type JoinedMembers,
  type KnownTopic,
  sortedTopics,
} from './assignor.ts'

export const range: Assignor = { name: 'range', rebalance: 'eager', assign }

function assign(
  members: JoinedMembers,
  topics: readonly KnownTopic[],
): readonly MemberAssignment[] {
  const assigned = new Map<string, PartitionId[]>()
  for (const member of members) assigned.set(member.memberId, [])
  const sorted = members.toSorted(compareMembers)
  for (const topic of sortedTopics(topics)) {
    const subscribed = sorted.filter(({ subscription }) => subscription.topics.includes(topic.name))
    for (let place = 0; place < subscribed.length; place += 1) {
      const piece = pieceOf(topic.partitions, subscribed.length, place)
      const partitions = assigned.get(subscribed[place]?.memberId ?? '') ?? []
      for (let number = piece.from; number < piece.to; number += 1) {
        partitions.push(partitionId(topic.topic, number))
      }
    }
  }
  return [...assigned].map(([memberId, partitions]) => ({ memberId, partitions }))
}

/**
 * The piece of the member at `place`: the quotient, and one more for the first `remainder` members.
 */
export function pieceOf(
  partitions: number,
  members: number,
  place: number,
): { readonly from: number; readonly to: number } {
  const quotient = Math.floor(partitions / members)
  const remainder = partitions % members
  const from = quotient * place + Math.min(place, remainder)
  return { from, to: from + quotient + (place < remainder ? 1 : 0) }
}
