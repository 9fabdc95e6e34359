/**
 * The controller as a part of a broker: its handlers, for the broker's tables (KB 4).
 *
 * Requests wait in the controller's event queue with their connections muted; responses are those
 * of the brokers it commands, and of the controller that gives this broker its producer ids.
 */

import type { Behaviour, Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext, BrokerIo, BrokerTimer } from '../broker-state.ts'
import type { ToBroker } from '../messages.ts'
import { onAlterPartitionRequest } from './alter-partition.ts'
import {
  channelClosed,
  expireResendControl,
  expireTimeOutControl,
  onControlResponse,
} from './control-channels.ts'
import { onControlledShutdownRequest } from './controlled-shutdown.ts'
import { onIncrementalAlterConfigsRequest } from './alter-configs.ts'
import { onCreatePartitionsRequest } from './create-partitions.ts'
import { onCreateTopicsRequest } from './create-topics.ts'
import { onElectLeadersRequest } from './elect-leaders.ts'
import { onLeaderAndIsrResponse } from './log-directory-events.ts'
import { onAllocateProducerIdsRequest } from './producer-id-blocks.ts'
import {
  allocationClosed,
  expireTimeOutAllocation,
  onAllocateProducerIdsResponse,
  onInitProducerIdRequest,
} from './producer-ids.ts'
import { expireRebalanceLeaders } from './rebalance.ts'
import { onAlterPartitionReassignmentsRequest } from './reassign.ts'
import type { ControllerTimer } from './state.ts'
import { onDeleteTopicsRequest } from './delete-topics.ts'
import { onStopReplicaResponse } from './topic-deletions.ts'

export { startController } from './state.ts'

type BrokerBehaviour = Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>

/** AlterPartition, the admin's requests and responses of brokers. */
export const controllerReceive: Pick<
  BrokerBehaviour['receive'],
  | 'AlterPartitionRequest'
  | 'CreateTopicsRequest'
  | 'CreatePartitionsRequest'
  | 'DeleteTopicsRequest'
  | 'IncrementalAlterConfigsRequest'
  | 'AlterPartitionReassignmentsRequest'
  | 'ElectLeadersRequest'
  | 'AllocateProducerIdsRequest'
  | 'InitProducerIdRequest'
  | 'ControlledShutdownRequest'
  | 'LeaderAndIsrResponse'
  | 'UpdateMetadataResponse'
  | 'StopReplicaResponse'
  | 'AllocateProducerIdsResponse'
> = {
  AlterPartitionRequest: onAlterPartitionRequest,
  CreateTopicsRequest: onCreateTopicsRequest,
  CreatePartitionsRequest: onCreatePartitionsRequest,
  DeleteTopicsRequest: onDeleteTopicsRequest,
  IncrementalAlterConfigsRequest: onIncrementalAlterConfigsRequest,
  AlterPartitionReassignmentsRequest: onAlterPartitionReassignmentsRequest,
  ElectLeadersRequest: onElectLeadersRequest,
  AllocateProducerIdsRequest: onAllocateProducerIdsRequest,
  InitProducerIdRequest: onInitProducerIdRequest,
  ControlledShutdownRequest: onControlledShutdownRequest,
  LeaderAndIsrResponse: onLeaderAndIsrResponse,
  UpdateMetadataResponse: (...given) => void onControlResponse(...given),
  StopReplicaResponse: onStopReplicaResponse,
  AllocateProducerIdsResponse: onAllocateProducerIdsResponse,
}

export const controllerExpire: Pick<BrokerBehaviour['expire'], ControllerTimer> = {
  resendControl: expireResendControl,
  timeOutControl: expireTimeOutControl,
  timeOutAllocation: expireTimeOutAllocation,
  rebalanceLeaders: expireRebalanceLeaders,
}

/** True if the closed connection was one of the controller's own. */
export function controllerClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  return channelClosed(self, connection, context) || allocationClosed(self, connection, context)
}
