/**
 * What Kafka's processes say to each other, shaped and named as in Kafka 3.9's protocol.
 *
 * One request may name many partitions, each by its packed id. Every request carries the header
 * fields the model needs: `correlationId`, `clientId`, `apiVersion`. Responses to one connection
 * come in the order of its requests (KB R1). Sizes are given by `sizeOf` in `message-size.ts`.
 */

import type { Batch, LogEntry, PartitionId, TopicId } from '../record.ts'
import type { ToZooKeeperClient } from '../zookeeper/messages.ts'
import type { KafkaError } from './errors.ts'

interface Request {
  readonly correlationId: number
  readonly clientId: string
  readonly apiVersion: number
}

interface Response {
  readonly correlationId: number
}

// Produce (KB 2).

export interface ProduceRequest extends Request {
  readonly type: 'ProduceRequest'
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: number
  readonly transactionalId: string | null
  readonly partitions: readonly { readonly partition: PartitionId; readonly batch: Batch }[]
}

export interface ProducePartitionResponse {
  readonly partition: PartitionId
  readonly error: KafkaError
  /** −1 on errors. */
  readonly baseOffset: number
  readonly logAppendTimeMs: number
  readonly logStartOffset: number
  /** Hint with NOT_LEADER_OR_FOLLOWER: −1 if unknown. */
  readonly currentLeader: number
  readonly currentLeaderEpoch: number
}

export interface ProduceResponse extends Response {
  readonly type: 'ProduceResponse'
  readonly partitions: readonly ProducePartitionResponse[]
}

// Fetch (KB 3), by followers and consumers.

export interface FetchPartition {
  readonly partition: PartitionId
  readonly fetchOffset: number
  readonly logStartOffset: number
  /** −1: not known, no check (KB F1). */
  readonly currentLeaderEpoch: number
  /** −1: not known. Followers on truncate-on-fetch and consumers send it (KB V4). */
  readonly lastFetchedEpoch: number
  readonly maxBytes: number
}

export interface FetchRequest extends Request {
  readonly type: 'FetchRequest'
  /** Broker id of a follower, −1 for a consumer. */
  readonly replicaId: number
  /** Broker epoch of the follower, −1 for consumers. */
  readonly replicaEpoch: number
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolation: 'read_uncommitted' | 'read_committed'
  readonly partitions: readonly FetchPartition[]
}

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

export interface FetchPartitionResponse {
  readonly partition: PartitionId
  readonly error: KafkaError
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** Whole batches; the first may start below the fetch offset (KB L5). */
  readonly entries: readonly LogEntry[]
  readonly currentLeader: number
  readonly currentLeaderEpoch: number
}

export interface FetchResponse extends Response {
  readonly type: 'FetchResponse'
  readonly partitions: readonly FetchPartitionResponse[]
}

// Offsets of a log (KB F9, F24; V1–V3).

export interface ListOffsetsRequest extends Request {
  readonly type: 'ListOffsetsRequest'
  readonly replicaId: number
  readonly isolation: 'read_uncommitted' | 'read_committed'
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly currentLeaderEpoch: number
    readonly timestamp: 'earliest' | 'latest' | number
  }[]
}

export interface ListOffsetsResponse extends Response {
  readonly type: 'ListOffsetsResponse'
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly error: KafkaError
    readonly offset: number
    readonly leaderEpoch: number
  }[]
}

export interface OffsetForLeaderEpochRequest extends Request {
  readonly type: 'OffsetForLeaderEpochRequest'
  readonly replicaId: number
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly currentLeaderEpoch: number
    readonly leaderEpoch: number
  }[]
}

export interface OffsetForLeaderEpochResponse extends Response {
  readonly type: 'OffsetForLeaderEpochResponse'
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly error: KafkaError
    /** −1: undefined. */
    readonly leaderEpoch: number
    readonly endOffset: number
  }[]
}

// Metadata.

export interface MetadataRequest extends Request {
  readonly type: 'MetadataRequest'
  /** null: all topics. Names, as in the real protocol. */
  readonly topics: readonly string[] | null
}

export interface MetadataPartition {
  readonly partition: PartitionId
  /** −1: none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

export interface MetadataResponse extends Response {
  readonly type: 'MetadataResponse'
  /** Ids of the brokers believed alive; broker 7 is process `broker-7`. */
  readonly brokers: readonly number[]
  readonly controllerId: number
  readonly topics: readonly {
    readonly topic: TopicId
    readonly name: string
    readonly error: KafkaError
    /** Tells it from an earlier topic of its name. */
    readonly topicId?: number
    readonly partitions: readonly MetadataPartition[]
  }[]
}

// Controller → broker (KB 4.4).

export interface PartitionState {
  readonly leader: number
  readonly leaderEpoch: number
  readonly isr: readonly number[]
  /** Version of the state znode. */
  readonly partitionEpoch: number
  readonly controllerEpoch: number
}

export interface LeaderAndIsrRequest extends Request {
  readonly type: 'LeaderAndIsrRequest'
  readonly controllerId: number
  readonly controllerEpoch: number
  readonly brokerEpoch: number
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly state: PartitionState
    readonly replicas: readonly number[]
    readonly isNew: boolean
  }[]
  readonly liveLeaders: readonly number[]
}

export interface LeaderAndIsrResponse extends Response {
  readonly type: 'LeaderAndIsrResponse'
  readonly error: KafkaError
  readonly partitions: readonly { readonly partition: PartitionId; readonly error: KafkaError }[]
}

export interface UpdateMetadataRequest extends Request {
  readonly type: 'UpdateMetadataRequest'
  readonly controllerId: number
  readonly controllerEpoch: number
  readonly brokerEpoch: number
  readonly liveBrokers: readonly number[]
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly state: PartitionState
    readonly replicas: readonly number[]
    /** Of the topic: tells it from an earlier one of its name. */
    readonly topicId?: number
  }[]
}

export interface UpdateMetadataResponse extends Response {
  readonly type: 'UpdateMetadataResponse'
  readonly error: KafkaError
}

export interface StopReplicaRequest extends Request {
  readonly type: 'StopReplicaRequest'
  readonly controllerId: number
  readonly controllerEpoch: number
  readonly brokerEpoch: number
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly leaderEpoch: number
    readonly deletePartition: boolean
  }[]
}

export interface StopReplicaResponse extends Response {
  readonly type: 'StopReplicaResponse'
  readonly error: KafkaError
  readonly partitions: readonly { readonly partition: PartitionId; readonly error: KafkaError }[]
}

// Broker → controller (KB F22).

export interface AlterPartitionRequest extends Request {
  readonly type: 'AlterPartitionRequest'
  readonly brokerId: number
  readonly brokerEpoch: number
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly leaderEpoch: number
    readonly newIsr: readonly number[]
    readonly partitionEpoch: number
  }[]
}

export interface AlterPartitionResponse extends Response {
  readonly type: 'AlterPartitionResponse'
  readonly error: KafkaError
  readonly partitions: readonly {
    readonly partition: PartitionId
    readonly error: KafkaError
    readonly state: PartitionState | null
  }[]
}

/** A block of producer ids (KB P19). */
export interface AllocateProducerIdsRequest extends Request {
  readonly type: 'AllocateProducerIdsRequest'
  readonly brokerId: number
  readonly brokerEpoch: number
}

export interface AllocateProducerIdsResponse extends Response {
  readonly type: 'AllocateProducerIdsResponse'
  readonly error: KafkaError
  readonly producerIdStart: number
  readonly producerIdLength: number
}

/** A broker is about to end: what it leads is to be led by others (KB C12). */
export interface ControlledShutdownRequest extends Request {
  readonly type: 'ControlledShutdownRequest'
  readonly brokerId: number
  readonly brokerEpoch: number
}

export interface ControlledShutdownResponse extends Response {
  readonly type: 'ControlledShutdownResponse'
  readonly error: KafkaError
  /** Partitions that it still leads although they have other replicas. */
  readonly remaining: readonly PartitionId[]
}

// Administration, answered by the controller; other brokers forward or answer NOT_CONTROLLER.

export interface CreateTopicsRequest extends Request {
  readonly type: 'CreateTopicsRequest'
  readonly topics: readonly {
    readonly name: string
    readonly partitions: number
    readonly replicationFactor: number
    /** Replica lists by partition, or null for Kafka's rack-aware assignment. */
    readonly assignment: readonly (readonly number[])[] | null
    readonly config: Readonly<Record<string, string>>
  }[]
}

export interface CreateTopicsResponse extends Response {
  readonly type: 'CreateTopicsResponse'
  readonly topics: readonly { readonly name: string; readonly error: KafkaError }[]
}

export interface CreatePartitionsRequest extends Request {
  readonly type: 'CreatePartitionsRequest'
  readonly topic: string
  readonly count: number
}

export interface CreatePartitionsResponse extends Response {
  readonly type: 'CreatePartitionsResponse'
  readonly error: KafkaError
}

export interface IncrementalAlterConfigsRequest extends Request {
  readonly type: 'IncrementalAlterConfigsRequest'
  readonly topic: string
  /** Properties to set. */
  readonly config: Readonly<Record<string, string>>
}

export interface IncrementalAlterConfigsResponse extends Response {
  readonly type: 'IncrementalAlterConfigsResponse'
  readonly topic: string
  readonly error: KafkaError
}

export interface DeleteTopicsRequest extends Request {
  readonly type: 'DeleteTopicsRequest'
  readonly topics: readonly string[]
}

export interface DeleteTopicsResponse extends Response {
  readonly type: 'DeleteTopicsResponse'
  readonly topics: readonly { readonly name: string; readonly error: KafkaError }[]
}

export interface AlterPartitionReassignmentsRequest extends Request {
  readonly type: 'AlterPartitionReassignmentsRequest'
  readonly partition: PartitionId
  /** Where it is to be, the preferred leader first. */
  readonly replicas: readonly number[]
}

export interface AlterPartitionReassignmentsResponse extends Response {
  readonly type: 'AlterPartitionReassignmentsResponse'
  readonly partition: PartitionId
  readonly error: KafkaError
}

export interface ElectLeadersRequest extends Request {
  readonly type: 'ElectLeadersRequest'
  readonly electionType: 'preferred' | 'unclean'
  readonly partitions: readonly PartitionId[]
}

export interface ElectLeadersResponse extends Response {
  readonly type: 'ElectLeadersResponse'
  readonly partitions: readonly { readonly partition: PartitionId; readonly error: KafkaError }[]
}

// Producers.

export interface InitProducerIdRequest extends Request {
  readonly type: 'InitProducerIdRequest'
  readonly transactionalId: string | null
  readonly transactionTimeoutMs: number
  readonly producerId: number
  readonly producerEpoch: number
}

export interface InitProducerIdResponse extends Response {
  readonly type: 'InitProducerIdResponse'
  readonly error: KafkaError
  readonly producerId: number
  readonly producerEpoch: number
}

// Groups, classic protocol (KC 2, KC 3).

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

export type KafkaRequest =
  | ProduceRequest
  | FetchRequest
  | ListOffsetsRequest
  | OffsetForLeaderEpochRequest
  | MetadataRequest
  | LeaderAndIsrRequest
  | UpdateMetadataRequest
  | StopReplicaRequest
  | AlterPartitionRequest
  | AllocateProducerIdsRequest
  | ControlledShutdownRequest
  | CreateTopicsRequest
  | CreatePartitionsRequest
  | DeleteTopicsRequest
  | IncrementalAlterConfigsRequest
  | AlterPartitionReassignmentsRequest
  | ElectLeadersRequest
  | InitProducerIdRequest
  | FindCoordinatorRequest
  | JoinGroupRequest
  | SyncGroupRequest
  | HeartbeatRequest
  | LeaveGroupRequest
  | OffsetCommitRequest
  | OffsetFetchRequest

/** Responses that a broker receives, because it asks other brokers. */
export type ToBrokerResponse =
  | FetchResponse
  | ListOffsetsResponse
  | OffsetForLeaderEpochResponse
  | LeaderAndIsrResponse
  | UpdateMetadataResponse
  | StopReplicaResponse
  | AlterPartitionResponse
  | AllocateProducerIdsResponse
  | ControlledShutdownResponse

export type ToProducer = ProduceResponse | MetadataResponse | InitProducerIdResponse

export type ToConsumer =
  | FetchResponse
  | ListOffsetsResponse
  | OffsetForLeaderEpochResponse
  | MetadataResponse
  | FindCoordinatorResponse
  | JoinGroupResponse
  | SyncGroupResponse
  | HeartbeatResponse
  | LeaveGroupResponse
  | OffsetCommitResponse
  | OffsetFetchResponse

export type ToAdmin =
  | MetadataResponse
  | CreateTopicsResponse
  | CreatePartitionsResponse
  | DeleteTopicsResponse
  | IncrementalAlterConfigsResponse
  | AlterPartitionReassignmentsResponse
  | ElectLeadersResponse

export type KafkaResponse = ToBrokerResponse | ToProducer | ToConsumer | ToAdmin

/** From whoever runs a broker: end in good order, as SIGTERM asks. */
export interface BrokerCommand {
  readonly type: 'BrokerCommand'
  readonly command: 'shutdown'
}

/** Everything a broker process can receive. */
export type ToBroker = KafkaRequest | ToBrokerResponse | ToZooKeeperClient | BrokerCommand

/** Name of the process that is broker `id`. */
export function brokerName(id: number): string {
  return `broker-${id}`
}
