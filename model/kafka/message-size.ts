/**
 * Bytes of each Kafka message on the wire, from the flexible versions of the protocol of 3.9.
 *
 * Every array costs its length byte and every partition its fixed fields; a topic is charged once
 * a message at the price of its id (16 bytes) where the protocol sends ids, and of a short name
 * elsewhere. Left out: the exact length of each varint, client software names, tagged fields.
 */

import type { LogEntry } from '../record.ts'
import type {
  FetchRequest,
  FetchResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  KafkaRequest,
  KafkaResponse,
  MetadataResponse,
  OffsetFetchResponse,
  ProduceRequest,
  Subscription,
  SyncGroupRequest,
} from './messages.ts'

/** Size, api key, version, correlation id, tags; and the client id, charged at a usual length. */
const REQUEST_HEADER = 4 + 2 + 2 + 4 + 1 + 2 + 16
/** Size, correlation id, tags. */
const RESPONSE_HEADER = 4 + 4 + 1
/** Topic id or short name, array lengths, tags. */
const TOPIC = 20
const PARTITION_STATE = 4 + 4 + 4 + 4 + 4 + 4 + 1
const MEMBER_ID = 48

/** Bytes of a message on the wire, frame length included. */
export function sizeOf(message: KafkaRequest | KafkaResponse): number {
  switch (message.type) {
    case 'FetchRequest':
      return fetchRequestSize(message)
    case 'FetchResponse':
      return fetchResponseSize(message)
    case 'ProduceRequest':
      return produceRequestSize(message)
    case 'ProduceResponse':
      return RESPONSE_HEADER + TOPIC + 5 + message.partitions.length * 34
    case 'HeartbeatRequest':
      return REQUEST_HEADER + message.groupId.length + MEMBER_ID + 6
    case 'OffsetCommitRequest':
      return REQUEST_HEADER + message.groupId.length + MEMBER_ID + 6 + TOPIC + rows(message, 18)
    default:
      return sizeOfOther(message)
  }
}

type Other = Exclude<
  KafkaRequest | KafkaResponse,
  {
    readonly type:
      | 'FetchRequest'
      | 'FetchResponse'
      | 'ProduceRequest'
      | 'ProduceResponse'
      | 'HeartbeatRequest'
      | 'OffsetCommitRequest'
  }
>

function sizeOfOther(message: Other): number {
  switch (message.type) {
    case 'ListOffsetsRequest':
      return REQUEST_HEADER + 6 + TOPIC + rows(message, 17)
    case 'ListOffsetsResponse':
      return RESPONSE_HEADER + 5 + TOPIC + rows(message, 27)
    case 'OffsetForLeaderEpochRequest':
      return REQUEST_HEADER + 5 + TOPIC + rows(message, 13)
    case 'OffsetForLeaderEpochResponse':
      return RESPONSE_HEADER + 5 + TOPIC + rows(message, 19)
    case 'MetadataRequest':
      return REQUEST_HEADER + 4 + (message.topics === null ? 0 : names(message.topics))
    case 'MetadataResponse':
      return metadataResponseSize(message)
    case 'OffsetCommitResponse':
      return RESPONSE_HEADER + 5 + TOPIC + rows(message, 7)
    case 'OffsetFetchRequest':
      return (
        REQUEST_HEADER + message.groupId.length + MEMBER_ID + TOPIC + listed(message.partitions, 4)
      )
    case 'OffsetFetchResponse':
      return offsetFetchResponseSize(message)
    case 'FindCoordinatorRequest':
      return REQUEST_HEADER + 3 + message.key.length
    case 'FindCoordinatorResponse':
      return RESPONSE_HEADER + 4 + 40
    default:
      return sizeOfGroupOrControl(message)
  }
}

type GroupOrControl = Exclude<
  Other,
  {
    readonly type:
      | 'ListOffsetsRequest'
      | 'ListOffsetsResponse'
      | 'OffsetForLeaderEpochRequest'
      | 'OffsetForLeaderEpochResponse'
      | 'MetadataRequest'
      | 'MetadataResponse'
      | 'OffsetCommitResponse'
      | 'OffsetFetchRequest'
      | 'OffsetFetchResponse'
      | 'FindCoordinatorRequest'
      | 'FindCoordinatorResponse'
  }
>

function sizeOfGroupOrControl(message: GroupOrControl): number {
  switch (message.type) {
    case 'HeartbeatResponse':
    case 'LeaveGroupResponse':
      return RESPONSE_HEADER + 7
    case 'JoinGroupRequest':
      return joinGroupRequestSize(message)
    case 'JoinGroupResponse':
      return joinGroupResponseSize(message)
    case 'SyncGroupRequest':
      return syncGroupRequestSize(message)
    case 'SyncGroupResponse':
      return RESPONSE_HEADER + 30 + message.partitions.length * 4
    case 'LeaveGroupRequest':
      return REQUEST_HEADER + message.groupId.length + MEMBER_ID
    case 'InitProducerIdRequest':
      return REQUEST_HEADER + 20 + (message.transactionalId?.length ?? 0)
    case 'InitProducerIdResponse':
      return RESPONSE_HEADER + 17
    default:
      return sizeOfControl(message)
  }
}

type Control = Exclude<
  GroupOrControl,
  {
    readonly type:
      | 'HeartbeatResponse'
      | 'LeaveGroupRequest'
      | 'LeaveGroupResponse'
      | 'JoinGroupRequest'
      | 'JoinGroupResponse'
      | 'SyncGroupRequest'
      | 'SyncGroupResponse'
      | 'InitProducerIdRequest'
      | 'InitProducerIdResponse'
  }
>

function sizeOfControl(message: Control): number {
  switch (message.type) {
    case 'LeaderAndIsrRequest':
      return REQUEST_HEADER + 18 + TOPIC + states(message) + message.liveLeaders.length * 26
    case 'UpdateMetadataRequest':
      return REQUEST_HEADER + 18 + TOPIC + states(message) + message.liveBrokers.length * 40
    case 'LeaderAndIsrResponse':
    case 'StopReplicaResponse':
      return RESPONSE_HEADER + 3 + TOPIC + rows(message, 7)
    case 'UpdateMetadataResponse':
      return RESPONSE_HEADER + 3
    case 'StopReplicaRequest':
      return REQUEST_HEADER + 18 + TOPIC + rows(message, 10)
    case 'AlterPartitionRequest':
      return REQUEST_HEADER + 13 + TOPIC + alteredSize(message.partitions)
    case 'AlterPartitionResponse':
      return RESPONSE_HEADER + 7 + TOPIC + rows(message, PARTITION_STATE + 14)
    case 'ControlledShutdownRequest':
      return REQUEST_HEADER + 13
    case 'ControlledShutdownResponse':
      return RESPONSE_HEADER + 7 + listed(message.remaining, 8)
    case 'AllocateProducerIdsRequest':
      return REQUEST_HEADER + 13
    case 'AllocateProducerIdsResponse':
      return RESPONSE_HEADER + 19
    case 'CreateTopicsRequest':
      return REQUEST_HEADER + 6 + createdSize(message.topics)
    case 'CreateTopicsResponse':
      return RESPONSE_HEADER + 5 + message.topics.length * (TOPIC + 24)
    case 'CreatePartitionsRequest':
      return REQUEST_HEADER + 6 + message.topic.length + 6
    case 'CreatePartitionsResponse':
      return RESPONSE_HEADER + 5 + TOPIC + 3
    case 'DeleteTopicsRequest':
      return REQUEST_HEADER + 6 + names(message.topics)
    case 'DeleteTopicsResponse':
      return RESPONSE_HEADER + 5 + message.topics.length * (TOPIC + 20)
    case 'IncrementalAlterConfigsRequest':
      return REQUEST_HEADER + 8 + message.topic.length + propertiesSize(message.config)
    case 'IncrementalAlterConfigsResponse':
      return RESPONSE_HEADER + 11 + message.topic.length
    case 'AlterPartitionReassignmentsRequest':
      return REQUEST_HEADER + 6 + TOPIC + 6 + message.replicas.length * 4
    case 'AlterPartitionReassignmentsResponse':
      return RESPONSE_HEADER + 9 + TOPIC + 8
    case 'ElectLeadersRequest':
      return REQUEST_HEADER + 6 + TOPIC + message.partitions.length * 4
    case 'ElectLeadersResponse':
      return RESPONSE_HEADER + 7 + TOPIC + rows(message, 8)
  }
}

function propertiesSize(config: Readonly<Record<string, string>>): number {
  let bytes = 0
  for (const [name, value] of Object.entries(config)) bytes += name.length + value.length + 4
  return bytes
}

function rows(message: { readonly partitions: readonly unknown[] }, bytes: number): number {
  return message.partitions.length * bytes
}

function listed(list: readonly unknown[] | null, bytes: number): number {
  return list === null ? 0 : list.length * bytes
}

function names(list: readonly string[]): number {
  let bytes = 0
  for (const name of list) bytes += name.length + 18
  return bytes
}

function entriesSize(entries: readonly LogEntry[]): number {
  let bytes = 0
  for (const entry of entries) bytes += entry.batch.bytes
  return bytes
}

function fetchRequestSize(message: FetchRequest): number {
  return REQUEST_HEADER + 31 + TOPIC + message.partitions.length * 33
}

function fetchResponseSize(message: FetchResponse): number {
  let bytes = RESPONSE_HEADER + 11 + TOPIC
  for (const partition of message.partitions) {
    bytes += 36 + entriesSize(partition.entries)
    bytes += partition.abortedTransactions.length * 17
    if (partition.divergingEpoch !== null) bytes += 16
  }
  return bytes
}

function produceRequestSize(message: ProduceRequest): number {
  let bytes = REQUEST_HEADER + 8 + TOPIC + (message.transactionalId?.length ?? 0)
  for (const { batch } of message.partitions) bytes += 9 + batch.bytes
  return bytes
}

function metadataResponseSize(message: MetadataResponse): number {
  let bytes = RESPONSE_HEADER + 40 + message.brokers.length * 40
  for (const topic of message.topics) {
    bytes += topic.name.length + 26
    for (const partition of topic.partitions) {
      bytes += 20 + 4 * (partition.replicas.length + partition.isr.length)
    }
  }
  return bytes
}

function offsetFetchResponseSize(message: OffsetFetchResponse): number {
  return RESPONSE_HEADER + 32 + TOPIC + rows(message, 20)
}

function subscriptionSize(subscription: Subscription): number {
  return 10 + names(subscription.topics) + subscription.ownedPartitions.length * 8
}

function joinGroupRequestSize(message: JoinGroupRequest): number {
  let bytes = REQUEST_HEADER + message.groupId.length + message.memberId.length + 30
  for (const protocol of message.protocols) {
    bytes += protocol.name.length + subscriptionSize(protocol.subscription)
  }
  return bytes
}

function joinGroupResponseSize(message: JoinGroupResponse): number {
  let bytes = RESPONSE_HEADER + 20 + message.protocolName.length + 2 * MEMBER_ID
  for (const member of message.members) bytes += MEMBER_ID + subscriptionSize(member.subscription)
  return bytes
}

function syncGroupRequestSize(message: SyncGroupRequest): number {
  let bytes = REQUEST_HEADER + message.groupId.length + MEMBER_ID + 20
  for (const assignment of message.assignments) {
    bytes += MEMBER_ID + 10 + assignment.partitions.length * 4
  }
  return bytes
}

function states(message: {
  readonly partitions: readonly {
    readonly state: { readonly isr: readonly number[] }
    readonly replicas: readonly number[]
  }[]
}): number {
  let bytes = 0
  for (const { state, replicas } of message.partitions) {
    bytes += PARTITION_STATE + 8 + 4 * (state.isr.length + replicas.length)
  }
  return bytes
}

function alteredSize(partitions: readonly { readonly newIsr: readonly number[] }[]): number {
  let bytes = 0
  for (const { newIsr } of partitions) bytes += 15 + newIsr.length * 13
  return bytes
}

function createdSize(
  topics: readonly {
    readonly name: string
    readonly partitions: number
    readonly assignment: readonly (readonly number[])[] | null
    readonly config: Readonly<Record<string, string>>
  }[],
): number {
  let bytes = 0
  for (const topic of topics) {
    bytes += topic.name.length + 12 + listed(topic.assignment, 18)
    for (const [name, value] of Object.entries(topic.config))
      bytes += name.length + value.length + 3
  }
  return bytes
}
