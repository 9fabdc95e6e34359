/**
 * What a cluster looks like, asked of any broker, and changes to it, asked of the controller. Other
 * brokers forward what is for the controller, or answer NOT_CONTROLLER.
 */

import type { PartitionId, TopicId } from '../../record.ts'
import type { KafkaError } from '../errors.ts'
import type { Request, Response } from './header.ts'

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
