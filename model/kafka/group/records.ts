/**
 * What the coordinator keeps in `__consumer_offsets` (KC 3.4): one record for a group's members and
 * generation, one for each committed offset.
 *
 * The key of the real records (group; group, topic, partition) is part of the value here, because
 * nothing compacts this topic. Sizes follow the real formats closely enough for disk and network.
 */

import {
  BATCH_HEADER_BYTES,
  type Batch,
  type DataRecord,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  type PartitionId,
} from '../../record.ts'
import type { OffsetCommitRequest, Subscription } from '../messages.ts'
import { subscriptionOf } from './group.ts'
import type { Group, Member } from './state.ts'

export interface StoredMember {
  readonly id: string
  readonly clientId: string
  readonly instanceId: string | null
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** For the selected assignor only: what a member said for others is lost with a fail-over. */
  readonly subscription: Subscription
  readonly assignment: readonly PartitionId[]
}

export interface GroupRecord {
  readonly kind: 'group'
  readonly groupId: string
  readonly generation: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leader: string | null
  readonly members: readonly StoredMember[]
}

export interface OffsetRecord {
  readonly kind: 'offset'
  readonly groupId: string
  readonly partition: PartitionId
  readonly offset: number
  readonly leaderEpoch: number
  readonly commitTimestampMs: number
}

/** The offset of a record without a value: nothing is committed for the partition any more. */
export const FORGOTTEN = -1

export type CoordinatorRecord = GroupRecord | OffsetRecord

/** Key, value and record header of a commit, without the names. */
const OFFSET_RECORD_BYTES = 45
const GROUP_RECORD_BYTES = 50
const MEMBER_BYTES = 40
const NAME_BYTES = 20

/** The group as it will be stable: its present members with this assignment. */
export function groupBatch(
  group: Group,
  assignments: ReadonlyMap<string, readonly PartitionId[]>,
  timestampMs: number,
): Batch {
  const members: StoredMember[] = []
  for (const member of group.members.values()) {
    members.push(storedMember(group, member, assignments.get(member.id) ?? []))
  }
  const value: GroupRecord = {
    kind: 'group',
    groupId: group.id,
    generation: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leader,
    members,
  }
  let bytes = GROUP_RECORD_BYTES + group.id.length
  for (const member of members) bytes += storedMemberBytes(member)
  return batchOf([recordOf(value, bytes, timestampMs)], timestampMs)
}

function storedMember(
  group: Group,
  member: Member,
  assignment: readonly PartitionId[],
): StoredMember {
  return {
    id: member.id,
    clientId: member.clientId,
    instanceId: member.instanceId,
    sessionTimeoutMs: member.sessionTimeoutMs,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    subscription: subscriptionOf(group, member),
    assignment,
  }
}

function storedMemberBytes(member: StoredMember): number {
  const { subscription } = member
  const partitions = member.assignment.length + subscription.ownedPartitions.length
  return (
    MEMBER_BYTES +
    member.id.length +
    member.clientId.length +
    NAME_BYTES * subscription.topics.length +
    4 * partitions
  )
}

/** One record for each partition of a commit. */
export function offsetsBatch(
  groupId: string,
  commits: OffsetCommitRequest['partitions'],
  timestampMs: number,
): Batch {
  const records: DataRecord[] = []
  for (const { partition, offset, leaderEpoch } of commits) {
    const value: OffsetRecord = {
      kind: 'offset',
      groupId,
      partition,
      offset,
      leaderEpoch,
      commitTimestampMs: timestampMs,
    }
    const bytes = OFFSET_RECORD_BYTES + NAME_BYTES + groupId.length
    records.push(recordOf(value, bytes, timestampMs))
  }
  return batchOf(records, timestampMs)
}

function recordOf(value: CoordinatorRecord, bytes: number, timestampMs: number): DataRecord {
  return { stream: -1, index: 0, key: null, value, bytes, timestampMs }
}

function batchOf(records: readonly DataRecord[], timestampMs: number): Batch {
  let bytes = BATCH_HEADER_BYTES
  for (const record of records) bytes += record.bytes
  return {
    producerId: NO_PRODUCER_ID,
    producerEpoch: -1,
    baseSequence: NO_SEQUENCE,
    transactional: false,
    control: 'none',
    count: records.length,
    bytes,
    maxTimestampMs: timestampMs,
    content: { kind: 'explicit', records },
  }
}
