/**
 * Questions to a leader about its log: its ends, and where an epoch ends (KB F9, F24, V1–V3).
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type {
  ListOffsetsRequest,
  ListOffsetsResponse,
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '../messages.ts'
import { cachedPartition } from '../metadata-cache.ts'
import { respond } from '../respond.ts'
import { Guard } from './guards.ts'
import { leaderEpochError } from './leader-epoch.ts'
import type { Partition } from './state.ts'

type AskedOffset = ListOffsetsRequest['partitions'][number]
type ToldOffset = ListOffsetsResponse['partitions'][number]
type AskedEpoch = OffsetForLeaderEpochRequest['partitions'][number]
type ToldEpoch = OffsetForLeaderEpochResponse['partitions'][number]

export function onListOffsetsRequest(
  self: Broker,
  request: ListOffsetsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const response: ListOffsetsResponse = {
    type: 'ListOffsetsResponse',
    correlationId: request.correlationId,
    partitions: request.partitions.map((row) => tellOffset(self, request, row, context)),
  }
  respond(self, connection, response, context)
}

export function onOffsetForLeaderEpochRequest(
  self: Broker,
  request: OffsetForLeaderEpochRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const response: OffsetForLeaderEpochResponse = {
    type: 'OffsetForLeaderEpochResponse',
    correlationId: request.correlationId,
    partitions: request.partitions.map((row) => tellEpoch(self, request, row, context)),
  }
  respond(self, connection, response, context)
}

function tellOffset(
  self: Broker,
  request: ListOffsetsRequest,
  row: AskedOffset,
  context: BrokerContext,
): ToldOffset {
  const partition = self.replicas.partitions.get(row.partition)
  if (partition === undefined || partition.role === 'none') {
    return noOffset(row, notHosted(self, row, context))
  }
  if (partition.role === 'offline') return noOffset(row, 'KAFKA_STORAGE_ERROR')
  const epochError = leaderEpochError(partition, row.currentLeaderEpoch, context)
  if (epochError !== 'NONE') return noOffset(row, epochError)
  if (context.guard(Guard.offsetsLeader, partition.role !== 'leader')) {
    return noOffset(row, 'NOT_LEADER_OR_FOLLOWER')
  }
  return offsetAt(self, partition, { row, replicaId: request.replicaId }, context)
}

function offsetAt(
  self: Broker,
  partition: Partition,
  { row, replicaId }: { readonly row: AskedOffset; readonly replicaId: number },
  context: BrokerContext,
): ToldOffset {
  const { log, leaderEpoch } = partition
  if (row.timestamp === 'earliest') return offset(row, log.startOffset, leaderEpoch)
  if (row.timestamp === 'latest') {
    if (replicaId >= 0) return offset(row, log.endOffset, leaderEpoch)
    const waits = self.options.protocols['listOffsets.waitForEpochStart'] === 'on'
    const early = log.highWatermark < partition.epochStartOffset
    if (waits && context.guard(Guard.epochStart, early)) {
      return noOffset(row, 'OFFSET_NOT_AVAILABLE')
    }
    return offset(row, log.highWatermark, leaderEpoch)
  }
  const found = log.firstSince(row.timestamp)
  if (found === undefined || found.baseOffset >= log.highWatermark) return offset(row, -1, -1)
  return offset(row, found.baseOffset, found.leaderEpoch)
}

/**
 * Levels of a time in which consumers did not ask, because leaders could not tell them (KIP-320).
 */
const WITHOUT_CONSUMERS: readonly string[] = ['hw', 'kip101', 'kip279']

function tellEpoch(
  self: Broker,
  request: OffsetForLeaderEpochRequest,
  row: AskedEpoch,
  context: BrokerContext,
): ToldEpoch {
  const partition = self.replicas.partitions.get(row.partition)
  if (partition === undefined || partition.role === 'none') {
    return noEpoch(row, notHosted(self, row, context))
  }
  if (partition.role === 'offline') return noEpoch(row, 'KAFKA_STORAGE_ERROR')
  const epochError = leaderEpochError(partition, row.currentLeaderEpoch, context)
  if (epochError !== 'NONE') return noEpoch(row, epochError)
  if (context.guard(Guard.epochAnswer, partition.role !== 'leader')) {
    return noEpoch(row, 'NOT_LEADER_OR_FOLLOWER')
  }
  if (request.replicaId < 0 && WITHOUT_CONSUMERS.includes(self.options.protocols.truncation)) {
    const { partition: id, leaderEpoch } = row
    return { partition: id, error: 'NONE', leaderEpoch, endOffset: Number.MAX_SAFE_INTEGER }
  }
  const end = self.replicas.truncation.answer(partition.log, row.leaderEpoch)
  return {
    partition: row.partition,
    error: 'NONE',
    leaderEpoch: end.epoch,
    endOffset: end.endOffset,
  }
}

function notHosted(
  self: Broker,
  row: { readonly partition: number },
  context: BrokerContext,
): KafkaError {
  const unheardOf = cachedPartition(self.metadata, row.partition) === undefined
  if (context.guard(Guard.fetchPartition, unheardOf)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  return 'NOT_LEADER_OR_FOLLOWER'
}

function offset(row: AskedOffset, at: number, leaderEpoch: number): ToldOffset {
  return { partition: row.partition, error: 'NONE', offset: at, leaderEpoch }
}

function noOffset(row: AskedOffset, error: KafkaError): ToldOffset {
  return { partition: row.partition, error, offset: -1, leaderEpoch: -1 }
}

function noEpoch(row: AskedEpoch, error: KafkaError): ToldEpoch {
  return { partition: row.partition, error, leaderEpoch: -1, endOffset: -1 }
}
