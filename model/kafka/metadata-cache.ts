/**
 * What a broker believes about the cluster, and tells its clients (KB C24).
 *
 * Filled by UpdateMetadata alone: living brokers are replaced as a whole, partitions one by one.
 * Not kept on disk, so a restarted broker knows nothing until its controller has told it. Left
 * out: listeners, racks, authorised operations, the creation of topics that are asked for.
 */

import type { Behaviour, Connection } from '../../sim/process.ts'
import { partitionOf, topicOf, type PartitionId, type TopicId } from '../record.ts'
import type { Broker, BrokerContext, BrokerIo, BrokerTimer } from './broker-state.ts'
import type { KafkaError } from './errors.ts'
import type {
  MetadataPartition,
  MetadataRequest,
  MetadataResponse,
  PartitionState,
  ToBroker,
  UpdateMetadataRequest,
} from './messages.ts'
import { forgetOffsets } from './group/store.ts'
import { Guard } from './replication/guards.ts'
import { checkControlRequest } from './replication/control-fencing.ts'
import { respond } from './respond.ts'

/** Leader of a partition that is being deleted: brokers forget it. */
export const LEADER_DURING_DELETE = -2

export interface CachedPartition {
  readonly partition: PartitionId
  readonly state: PartitionState
  readonly replicas: readonly number[]
  readonly topicId?: number
}

export interface MetadataCache {
  /** Ids of the brokers believed alive, ascending. */
  alive: readonly number[]
  /** The same by broker id. */
  readonly aliveById: boolean[]
  /** −1 until the first UpdateMetadata. */
  controllerId: number
  readonly partitions: Map<PartitionId, CachedPartition>
  /** Partitions of each topic by number, indexed by topic id; a hole where one is unknown. */
  readonly topics: (CachedPartition | undefined)[][]
  /** What clients are told of each topic, by its id, as far as they asked since the last change. */
  described: (readonly MetadataPartition[] | undefined)[]
}

export function startMetadataCache(): MetadataCache {
  return {
    alive: [],
    aliveById: [],
    controllerId: -1,
    partitions: new Map(),
    topics: [],
    described: [],
  }
}

export function isAlive(cache: MetadataCache, broker: number): boolean {
  return broker >= 0 && cache.aliveById[broker] === true
}

/** The leader that this broker believes in; −1 if there is none or it is not known. */
export function leaderOf(cache: MetadataCache, partition: PartitionId): number {
  return cache.partitions.get(partition)?.state.leader ?? -1
}

export function cachedPartition(
  cache: MetadataCache,
  partition: PartitionId,
): CachedPartition | undefined {
  return cache.partitions.get(partition)
}

/** Number of partitions of a topic; 0 if it is not known. */
export function partitionCount(cache: MetadataCache, topic: TopicId): number {
  return cache.topics[topic]?.length ?? 0
}

function onUpdateMetadataRequest(
  self: Broker,
  request: UpdateMetadataRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const error = checkControlRequest(self, request, context)
  if (error === 'NONE') {
    updateCache(self.metadata, request)
    forgetDeleted(self, request, context)
  }
  respond(
    self,
    connection,
    { type: 'UpdateMetadataResponse', correlationId: request.correlationId, error },
    context,
  )
}

/**
 * What a broker keeps for partitions that are being deleted: offsets of groups, altered properties.
 */
function forgetDeleted(
  self: Broker,
  { partitions }: UpdateMetadataRequest,
  context: BrokerContext,
): void {
  if (self.options.topicsMayGo !== true) return
  const deleted = new Set<PartitionId>()
  for (const { partition, state } of partitions) {
    if (state.leader !== LEADER_DURING_DELETE) continue
    deleted.add(partition)
    self.topicConfigs.altered.delete(topicOf(partition))
  }
  if (deleted.size > 0) forgetOffsets(self, deleted, context)
}

/** Takes over what the controller says, without questions. */
export function updateCache(cache: MetadataCache, request: UpdateMetadataRequest): void {
  cache.controllerId = request.controllerId
  cache.alive = request.liveBrokers.toSorted((a, b) => a - b)
  cache.aliveById.fill(false)
  for (const broker of cache.alive) {
    while (cache.aliveById.length < broker) cache.aliveById.push(false)
    cache.aliveById[broker] = true
  }
  for (const row of request.partitions) cachePartition(cache, row)
  cache.described = []
}

function cachePartition(cache: MetadataCache, row: CachedPartition): void {
  const topic = topicOf(row.partition)
  while (cache.topics.length <= topic) cache.topics.push([])
  const partitions = cache.topics[topic] as (CachedPartition | undefined)[]
  if (row.state.leader === LEADER_DURING_DELETE) {
    cache.partitions.delete(row.partition)
    cache.topics[topic] = []
    return
  }
  const number = partitionOf(row.partition)
  while (partitions.length < number) partitions.push(undefined)
  partitions[number] = row
  cache.partitions.set(row.partition, row)
}

function onMetadataRequest(
  self: Broker,
  request: MetadataRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const topics: MetadataResponse['topics'][number][] = []
  const names = request.topics ?? knownTopics(self)
  for (const name of names) topics.push(describeTopic(self, name, context))
  const response: MetadataResponse = {
    type: 'MetadataResponse',
    correlationId: request.correlationId,
    brokers: self.metadata.alive,
    controllerId: self.metadata.controllerId,
    topics,
  }
  respond(self, connection, response, context)
}

/** Requests that the metadata cache answers. */
export const metadataReceive: Pick<
  Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>['receive'],
  'MetadataRequest' | 'UpdateMetadataRequest'
> = {
  MetadataRequest: onMetadataRequest,
  UpdateMetadataRequest: onUpdateMetadataRequest,
}

function knownTopics(self: Broker): readonly string[] {
  const names: string[] = []
  for (const [topic, partitions] of self.metadata.topics.entries()) {
    if (partitions.length > 0) names.push(self.options.topics.name(topic))
  }
  return names
}

function describeTopic(
  self: Broker,
  name: string,
  context: BrokerContext,
): MetadataResponse['topics'][number] {
  const topic = self.options.topics.id(name) ?? -1
  const cached = self.metadata.topics[topic] ?? []
  const unknown = context.guard(Guard.topicKnown, cached.length === 0)
  const error: KafkaError = unknown ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE'
  const partitions = topic === -1 ? NONE_KNOWN : describePartitions(self.metadata, topic)
  const topicId = cached[0]?.topicId ?? 0
  return { topic, name, error, topicId, partitions }
}

const NONE_KNOWN: readonly MetadataPartition[] = []

function describePartitions(cache: MetadataCache, topic: TopicId): readonly MetadataPartition[] {
  const known = cache.described[topic]
  if (known !== undefined) return known
  const partitions: MetadataPartition[] = []
  for (const row of cache.topics[topic] ?? []) {
    if (row !== undefined) partitions.push(describePartition(cache, row))
  }
  cache.described[topic] = partitions
  return partitions
}

function describePartition(cache: MetadataCache, row: CachedPartition): MetadataPartition {
  const { leader, leaderEpoch, isr } = row.state
  // A leader that this broker does not believe alive has no address to give.
  const reachable = isAlive(cache, leader) ? leader : -1
  return { partition: row.partition, leader: reachable, leaderEpoch, replicas: row.replicas, isr }
}
