/**
 * The round-robin assignor: all partitions of all topics dealt one by one to the members (KC 2.8).
 *
 * Balanced to one partition where all members subscribe to the same topics; otherwise members that
 * do not subscribe are passed over, which can leave the rest uneven.
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

export const roundRobin: Assignor = { name: 'roundrobin', rebalance: 'eager', assign }

function assign(
  members: JoinedMembers,
  topics: readonly KnownTopic[],
): readonly MemberAssignment[] {
  const assigned = new Map<string, PartitionId[]>()
  for (const member of members) assigned.set(member.memberId, [])
  const sorted = members.toSorted(compareMembers)
  let turn = 0
  for (const topic of sortedTopics(topics)) {
    for (let number = 0; number < topic.partitions; number += 1) {
      const place = nextSubscriber(sorted, topic.name, turn)
      if (place === -1) break
      const partitions = assigned.get(sorted[place]?.memberId ?? '') ?? []
      partitions.push(partitionId(topic.topic, number))
      turn = (place + 1) % sorted.length
    }
  }
  return [...assigned].map(([memberId, partitions]) => ({ memberId, partitions }))
}

/** The first member from `turn` on, in the circle, that wants the topic; −1 if nobody does. */
export function nextSubscriber(members: JoinedMembers, topic: string, turn: number): number {
  for (let step = 0; step < members.length; step += 1) {
    const place = (turn + step) % members.length
    if (members[place]?.subscription.topics.includes(topic) === true) return place
  }
  return -1
}
