/**
 * One replica: how it comes to be, how its log is cut, who else holds it (KB 1.1, F18).
 */

import { OFFSETS_TOPIC } from '../topics.ts'
import { partitionOf, topicOf, type PartitionId } from '../../record.ts'
import type { Broker, BrokerContext, BrokerOptions } from '../broker-state.ts'
import { writeRecoveryPoints } from './checkpoints.ts'
import { Log } from './log.ts'
import { Probe } from './probes.ts'
import type { LogDirectory, Partition, RemoteReplica } from './state.ts'
import { tellHighWatermark } from './high-watermark.ts'

/** `orders-3`. */
export function partitionName(options: BrokerOptions, id: PartitionId): string {
  return `${options.topics.name(topicOf(id))}-${partitionOf(id)}`
}

/** A replica without a role, with the log that its directory kept. */
export function createPartition(
  options: BrokerOptions,
  directory: LogDirectory,
  id: PartitionId,
): Partition {
  const name = partitionName(options, id)
  const partition: Partition = {
    id,
    name,
    config: options.topicConfig(options.topics.name(topicOf(id))),
    directory,
    log: new Log(directory.disk, name),
    role: 'none',
    leader: -1,
    leaderEpoch: -1,
    partitionEpoch: -1,
    controllerEpoch: -1,
    replicas: [],
    epochStartOffset: 0,
    minIsr: 1,
    isr: [],
    pendingIsr: null,
    remotes: [],
    produces: [],
    fetches: [],
    fetcher: null,
    phase: 'stopped',
    fetchOffset: 0,
    lastFetchedEpoch: -1,
    initialFetchOffset: 0,
    asked: -1,
    leaderEnd: -1,
    delayedUntilUs: 0,
    fetchRow: null,
    ledEpoch: -1,
  }
  directory.partitions.push(partition)
  return partition
}

export function isOffsetsPartition(self: Broker, partition: PartitionId): boolean {
  return self.options.topics.id(OFFSETS_TOPIC) === topicOf(partition)
}

export function remoteOf(partition: Partition, broker: number): RemoteReplica | undefined {
  for (let index = 0; index < partition.remotes.length; index += 1) {
    const remote = partition.remotes[index] as RemoteReplica
    if (remote.broker === broker) return remote
  }
  return undefined
}

/** Members of the committed ISR and of the one that is being asked for (KB P8, F21). */
export function maximalIsr(partition: Partition): readonly number[] {
  const { isr, pendingIsr } = partition
  return pendingIsr !== null && pendingIsr.isr.length > isr.length ? pendingIsr.isr : isr
}

/** Brings the marks of the remote replicas in line with the ISR lists. */
export function markMembers(partition: Partition): void {
  const maximal = maximalIsr(partition)
  for (const remote of partition.remotes) {
    remote.inIsr = partition.isr.includes(remote.broker)
    remote.inMaximalIsr = maximal.includes(remote.broker)
  }
}

/** Cuts a replica's log by protocol, and writes the recovery point as Kafka does (KB L20). */
export function truncateReplica(
  self: Broker,
  partition: Partition,
  offset: number,
  context: BrokerContext,
): void {
  const { log } = partition
  if (offset >= log.endOffset) {
    log.truncateTo(offset)
    return
  }
  const before = log.highWatermark
  const ledItself = log.epochs.endOf(partition.ledEpoch, log.endOffset)
  const cutsOwn = ledItself.epoch === partition.ledEpoch && ledItself.endOffset > offset
  log.truncateTo(offset)
  told(self, partition, before)
  context.probe(Probe.followerTruncated, partition.id)
  if (cutsOwn && partition.ledEpoch >= 0) context.probe(Probe.leaderTruncated, partition.id)
}

/** Drops a replica's whole log and goes on at `offset` (KB F24). */
export function restartReplica(
  self: Broker,
  partition: Partition,
  offset: number,
  context: BrokerContext,
): void {
  const before = partition.log.highWatermark
  partition.log.restartAt(offset)
  told(self, partition, before)
  context.probe(Probe.followerTruncated, partition.id)
}

function told(self: Broker, partition: Partition, highWatermarkBefore: number): void {
  const { facts, id } = self.options
  const { startOffset, endOffset } = partition.log
  facts?.truncated(id, partition.id, endOffset)
  if (startOffset > 0) facts?.trimmed(id, partition.id, startOffset)
  partition.directory.checkpointDue = true
  if (partition.log.highWatermark !== highWatermarkBefore) tellHighWatermark(self, partition)
  writeRecoveryPoints(partition.directory)
}
