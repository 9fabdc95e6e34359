/**
 * Groups, classic protocol (KC 2, KC 3): coordinator, membership, offsets.
 */

import type { PartitionId } from '../../record.ts'
import type { KafkaError } from '../errors.ts'
import type { Request, Response } from './header.ts'

export interface FindCoordinatorRequest extends Request {
  readonly type: 'FindCoordinatorRequest'
  readonly keyType: 'group' | 'transaction'
  readonly key: string
}

export interface FindCoordinatorResponse extends Response {
  readonly type: 'FindCoordinatorResponse'
  readonly error: KafkaError
  /** Broker id, −1 on errors. */
  readonly coordinator: number
}

/** What a member tells about itself for one assignor. */
export interface Subscription {
  readonly topics: readonly string[]
  readonly ownedPartitions: readonly PartitionId[]
  readonly generation: number
}

export interface JoinGroupRequest extends Request {
  readonly type: 'JoinGroupRequest'
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Empty for a new member. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolType: string
  /** In the member's order of preference. */
  readonly protocols: readonly { readonly name: string; readonly subscription: Subscription }[]
}

export interface JoinGroupResponse extends Response {
  readonly type: 'JoinGroupResponse'
  readonly error: KafkaError
  readonly generationId: number
  readonly protocolName: string
  readonly leader: string
  readonly memberId: string
  readonly skipAssignment: boolean
  /** All members for the leader, none for others. */
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly subscription: Subscription
  }[]
}

export interface MemberAssignment {
  readonly memberId: string
  readonly partitions: readonly PartitionId[]
}

export interface SyncGroupRequest extends Request {
  readonly type: 'SyncGroupRequest'
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolName: string
  /** From the leader; empty from others. */
  readonly assignments: readonly MemberAssignment[]
}

export interface SyncGroupResponse extends Response {
  readonly type: 'SyncGroupResponse'
  readonly error: KafkaError
  readonly partitions: readonly PartitionId[]
}

export interface HeartbeatRequest extends Request {
  readonly type: 'HeartbeatRequest'
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
}

export interface HeartbeatResponse extends Response {
  readonly type: 'HeartbeatResponse'
  readonly error: KafkaError
}

export interface LeaveGroupRequest extends Request {
  readonly type: 'LeaveGroupRequest'
  readonly groupId: string
  readonly memberId: string
}

export interface LeaveGroupResponse extends Response {
  readonly type: 'LeaveGroupResponse'
  readonly error: KafkaError
}

export interface OffsetCommitRequest extends Request {
  readonly type: 'OffsetCommitRequest'
  readonly groupId: string
  /** −1 for a standalone consumer. */
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly offset: number
    readonly leaderEpoch: number
  }[]
}

export interface OffsetCommitResponse extends Response {
  readonly type: 'OffsetCommitResponse'
  readonly partitions: readonly { readonly partition: PartitionId; readonly error: KafkaError }[]
}

export interface OffsetFetchRequest extends Request {
  readonly type: 'OffsetFetchRequest'
  readonly groupId: string
  readonly requireStable: boolean
  /** null: all of the group. */
  readonly partitions: readonly PartitionId[] | null
}

export interface OffsetFetchResponse extends Response {
  readonly type: 'OffsetFetchResponse'
  readonly error: KafkaError
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly error: KafkaError
    /** −1: none committed. */
    readonly offset: number
    readonly leaderEpoch: number
  }[]
}
