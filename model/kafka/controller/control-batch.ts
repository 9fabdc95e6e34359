/**
 * What changed since the last flush, gathered into as few requests as can be (KB C9, C15).
 *
 * Follows AbstractControllerBrokerRequestBatch: to each broker first LeaderAndIsr, then
 * UpdateMetadata, with the states as the controller holds them at the flush. StopReplica goes
 * by itself, after both.
 */

import { type PartitionId, topicOf } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { LeaderAndIsrRequest, StopReplicaRequest, UpdateMetadataRequest } from '../messages.ts'
import { LEADER_DURING_DELETE } from '../metadata-cache.ts'
import { sendControl } from './control-channels.ts'
import type { PartitionRecord } from './state.ts'

type LeaderAndIsrPartition = LeaderAndIsrRequest['partitions'][number]
type UpdateMetadataPartition = UpdateMetadataRequest['partitions'][number]

/** The live ones of `brokers` are to hear the partition's state, and all brokers its metadata. */
export function tellReplicas(
  self: Broker,
  brokers: readonly number[],
  record: PartitionRecord,
  isNew: boolean,
): void {
  const { batch, live } = self.controller
  for (const broker of brokers) {
    if (!live.has(broker) || isGoing(self, record)) continue
    let partitions = batch.leaderAndIsr.get(broker)
    if (partitions === undefined) {
      partitions = new Map()
      batch.leaderAndIsr.set(broker, partitions)
    }
    partitions.set(record.partition, isNew || partitions.get(record.partition) === true)
  }
  tellEveryone(self, [record.partition])
}

/** Its topic is being deleted: nobody leads or copies it any more. */
export function isGoing({ controller }: Broker, { partition }: PartitionRecord): boolean {
  const { deletions } = controller
  return deletions.size > 0 && deletions.get(topicOf(partition))?.begun === true
}

/** All live brokers are to hear who lives, and the metadata of these partitions. */
export function tellEveryone(self: Broker, partitions: Iterable<PartitionId>): void {
  tellBrokers(self, self.controller.live.keys(), partitions)
}

/** These brokers are to hear who lives, and the metadata of these partitions. */
export function tellBrokers(
  self: Broker,
  brokers: Iterable<number>,
  partitions: Iterable<PartitionId>,
): void {
  const { batch } = self.controller
  for (const broker of brokers) batch.updateMetadata.add(broker)
  for (const partition of partitions) batch.updatedPartitions.add(partition)
}

/** Queues the gathered requests on the channels, and begins a new batch. */
export function flushBatch(self: Broker, context: BrokerContext): void {
  const { batch } = self.controller
  for (const [broker, partitions] of batch.leaderAndIsr) {
    sendControl(self, broker, leaderAndIsrRequest(self, broker, partitions, context), context)
  }
  if (batch.updateMetadata.size > 0) {
    const partitions = updatedPartitions(self)
    const liveBrokers = [...self.controller.live.keys()]
    for (const broker of batch.updateMetadata) {
      const { correlationId, clientId, apiVersion, controllerId, controllerEpoch, brokerEpoch } =
        header(self, broker, context)
      const request: UpdateMetadataRequest = {
        type: 'UpdateMetadataRequest',
        correlationId,
        clientId,
        apiVersion,
        controllerId,
        controllerEpoch,
        brokerEpoch,
        liveBrokers,
        partitions,
      }
      sendControl(self, broker, request, context)
    }
  }
  forgetBatch(self)
}

/** Leader epoch of a StopReplica that belongs to the deletion of a topic (KB F-e). */
const EPOCH_DURING_DELETE = -2

/**
 * A broker is to stop copying these partitions; their logs stay unless it `deletes` them. Gives the
 * request's correlation id, -1 if there was nothing to ask.
 */
export function sendStopReplica(
  self: Broker,
  broker: number,
  {
    partitions,
    deletes,
  }: { readonly partitions: readonly PartitionId[]; readonly deletes: boolean },
  context: BrokerContext,
): number {
  if (partitions.length === 0) return -1
  const rows = partitions.map((partition) => ({
    partition,
    leaderEpoch: epochToStop(self, partition),
    deletePartition: deletes,
  }))
  flushBatch(self, context)
  const request: StopReplicaRequest = {
    type: 'StopReplicaRequest',
    ...header(self, broker, context),
    partitions: rows,
  }
  sendControl(self, broker, request, context)
  return request.correlationId
}

function epochToStop(self: Broker, partition: PartitionId): number {
  const record = self.controller.partitions.get(partition)
  if (record !== undefined && isGoing(self, record)) return EPOCH_DURING_DELETE
  return record?.state?.leaderEpoch ?? -1
}

/** A controller that steps down takes what it did not say with it. */
export function forgetBatch(self: Broker): void {
  const { batch } = self.controller
  batch.leaderAndIsr.clear()
  batch.updateMetadata.clear()
  batch.updatedPartitions.clear()
}

function header(self: Broker, broker: number, context: BrokerContext) {
  const { controller, options } = self
  controller.nextCorrelationId += 1
  const named = options.protocols.brokerEpoch === 'on'
  return {
    correlationId: controller.nextCorrelationId,
    clientId: context.name,
    apiVersion: 0,
    controllerId: options.id,
    controllerEpoch: controller.epoch,
    brokerEpoch: named ? (controller.channels.get(broker)?.epoch ?? -1) : -1,
  }
}

function leaderAndIsrRequest(
  self: Broker,
  broker: number,
  partitions: ReadonlyMap<PartitionId, boolean>,
  context: BrokerContext,
): LeaderAndIsrRequest {
  const rows: LeaderAndIsrPartition[] = []
  const leaders = new Set<number>()
  for (const [partition, isNew] of partitions) {
    const record = self.controller.partitions.get(partition)
    if (record === undefined || record.state === null) continue
    rows.push({ partition, state: record.state, replicas: record.replicas, isNew })
    if (self.controller.live.has(record.state.leader)) leaders.add(record.state.leader)
  }
  const { correlationId, clientId, apiVersion, controllerId, controllerEpoch, brokerEpoch } =
    header(self, broker, context)
  return {
    type: 'LeaderAndIsrRequest',
    correlationId,
    clientId,
    apiVersion,
    controllerId,
    controllerEpoch,
    brokerEpoch,
    partitions: rows,
    liveLeaders: [...leaders],
  }
}

function updatedPartitions(self: Broker): readonly UpdateMetadataPartition[] {
  const rows: UpdateMetadataPartition[] = []
  for (const partition of self.controller.batch.updatedPartitions) {
    const record = self.controller.partitions.get(partition)
    if (record === undefined || record.state === null) continue
    const { replicas } = record
    const state = isGoing(self, record)
      ? { ...record.state, leader: LEADER_DURING_DELETE }
      : record.state
    const topicId = self.controller.topics.get(topicOf(partition)) ?? 0
    rows.push({ partition, state, replicas, topicId })
  }
  return rows
}
