/**
 * Between the controller and its brokers, in both directions.
 */

import type { PartitionId } from '../../record.ts'
import type { KafkaError } from '../errors.ts'
import type { Request, Response } from './header.ts'

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
