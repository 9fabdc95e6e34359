/**
 * LeaderAndIsr and StopReplica: how the controller tells a broker its roles (KB F-a, F-b, F-e).
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type {
  LeaderAndIsrRequest,
  LeaderAndIsrResponse,
  StopReplicaRequest,
  StopReplicaResponse,
} from '../messages.ts'
import { respond } from '../respond.ts'
import { checkControlRequest } from './control-fencing.ts'
import { completeFetches } from './fetch-purgatory.ts'
import { pump } from './fetcher.ts'
import { closeIdleFetchers, unfollow } from './fetchers.ts'
import { Guard } from './guards.ts'
import { applyPartitionState, changeError, type PartitionChange } from './leadership.ts'
import { forgetInDirectory } from './log-directories.ts'
import { isOffsetsPartition } from './partition.ts'
import { checkProduces, tellCoordinators } from './produce-purgatory.ts'
import type { Fetcher } from './state.ts'

/** Leader epoch of a StopReplica that belongs to the deletion of its topic. */
const EPOCH_DURING_DELETE = -2

type Told = { readonly partition: PartitionId; readonly error: KafkaError }

export function onLeaderAndIsrRequest(
  self: Broker,
  request: LeaderAndIsrRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const error = checkControlRequest(self, request, context)
  const partitions = error === 'NONE' ? applyAll(self, request.partitions, context) : []
  const response: LeaderAndIsrResponse = {
    type: 'LeaderAndIsrResponse',
    correlationId: request.correlationId,
    error,
    partitions,
  }
  respond(self, connection, response, context)
  tellCoordinators(self, context)
}

/** Leaders first, then followers, whose fetchers are set going together. */
function applyAll(
  self: Broker,
  changes: readonly PartitionChange[],
  context: BrokerContext,
): readonly Told[] {
  const told: Told[] = []
  const following: PartitionChange[] = []
  for (const change of changes) {
    const error = changeError(self, change, context)
    if (error !== 'NONE') told.push({ partition: change.partition, error })
    else if (change.state.leader !== self.options.id) following.push(change)
    else told.push(appliedNow(change, applyPartitionState(self, change, context).error))
  }
  const fetchers = new Set<Fetcher>()
  for (const change of following) {
    const { error, fetcher } = applyPartitionState(self, change, context)
    told.push(appliedNow(change, error))
    if (fetcher !== null) fetchers.add(fetcher)
  }
  for (const fetcher of fetchers) pump(self, fetcher, context)
  closeIdleFetchers(self, context)
  return told
}

function appliedNow(change: PartitionChange, error: KafkaError): Told {
  return { partition: change.partition, error }
}

export function onStopReplicaRequest(
  self: Broker,
  request: StopReplicaRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const error = checkControlRequest(self, request, context)
  const partitions: Told[] = []
  if (error === 'NONE') {
    for (const row of request.partitions) {
      partitions.push({ partition: row.partition, error: stop(self, row, context) })
    }
    closeIdleFetchers(self, context)
  }
  const response: StopReplicaResponse = {
    type: 'StopReplicaResponse',
    correlationId: request.correlationId,
    error,
    partitions,
  }
  respond(self, connection, response, context)
  tellCoordinators(self, context)
}

/** KB F-e. Stopping ends the copying; only a deletion takes the log and the role away. */
function stop(
  self: Broker,
  row: StopReplicaRequest['partitions'][number],
  context: BrokerContext,
): KafkaError {
  const partition = self.replicas.partitions.get(row.partition)
  if (partition === undefined) return 'NONE'
  if (partition.directory.offline) return 'KAFKA_STORAGE_ERROR'
  const deletion = row.leaderEpoch === EPOCH_DURING_DELETE
  const late = !deletion && row.leaderEpoch < partition.leaderEpoch
  if (context.guard(Guard.stopLeaderEpoch, late)) return 'FENCED_LEADER_EPOCH'
  unfollow(partition)
  if (!row.deletePartition) return 'NONE'
  if (partition.role === 'leader') self.options.facts?.ledUntil(self.options.id, partition.id)
  partition.role = 'none'
  self.replicas.partitions.delete(partition.id)
  forgetInDirectory(partition)
  checkProduces(self, partition, context)
  completeFetches(self, partition, context)
  if (isOffsetsPartition(self, partition.id)) {
    self.replicas.hooks.offsetsPartitionResigned(self, partition.id, context)
  }
  partition.log.remove()
  self.options.facts?.dropped(self.options.id, partition.id)
  return 'NONE'
}
