/**
 * What Kafka's processes say to each other, shaped and named as in Kafka 3.9's protocol.
 *
 * One request may name many partitions, each by its packed id. Every request carries the header
 * fields the model needs: `correlationId`, `clientId`, `apiVersion`. Responses to one connection
 * come in the order of its requests (KB R1). Sizes are given by `sizeOf` in `message-size.ts`. The
 * messages themselves stand in `messages/`, by what they are about.
 */

import type { ToZooKeeperClient } from '../zookeeper/messages.ts'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  CreateTopicsRequest,
  CreateTopicsResponse,
  DeleteTopicsRequest,
  DeleteTopicsResponse,
  ElectLeadersRequest,
  ElectLeadersResponse,
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
  MetadataRequest,
  MetadataResponse,
} from './messages/cluster.ts'
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
  AlterPartitionRequest,
  AlterPartitionResponse,
  ControlledShutdownRequest,
  ControlledShutdownResponse,
  LeaderAndIsrRequest,
  LeaderAndIsrResponse,
  StopReplicaRequest,
  StopReplicaResponse,
  UpdateMetadataRequest,
  UpdateMetadataResponse,
} from './messages/control.ts'
import type {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from './messages/groups.ts'
import type {
  FetchRequest,
  FetchResponse,
  InitProducerIdRequest,
  InitProducerIdResponse,
  ListOffsetsRequest,
  ListOffsetsResponse,
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
  ProduceRequest,
  ProduceResponse,
} from './messages/records.ts'

export type * from './messages/cluster.ts'
export type * from './messages/control.ts'
export type * from './messages/groups.ts'
export type * from './messages/records.ts'

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
