/**
 * What a Kafka client knows of the cluster: brokers, controller, and the leader of each partition.
 *
 * Follows Metadata of Kafka 3.9 (KC 1.6): refreshed by age, on request with a back-off that also
 * grows while answers bring no news, never replaced by an older leader epoch, and corrected at once
 * by leader hints in responses. A topic that brokers do not know is forgotten, and one that is
 * there again under another id begins anew. Left out: `metadata.max.idle.ms`, rebootstrap.
 */

import type { Context } from '../../../sim/process.ts'
import { type PartitionId, partitionId, partitionOf, type TopicId, topicOf } from '../../record.ts'
import type { MetadataPartition, MetadataRequest, MetadataResponse } from '../messages.ts'
import type { Topics } from '../topics.ts'
import { type BackoffConfig, backoffMs } from './deadlines.ts'
import { Guard } from './guards.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  leastLoadedBroker,
  type Network,
  nextCorrelationId,
  sendRequest,
} from './network.ts'

export interface MetadataOptions {
  /** Ids of the brokers to ask first: all of the deployment. */
  readonly bootstrap: readonly number[]
  readonly topics: Topics
  /** Asks for every topic of the cluster, not only for those added. */
  readonly allTopics: boolean
  /** `metadata.max.age.ms`: 5 min by default. */
  readonly maxAgeMs: number
  /** `retry.backoff.ms`, `.max.ms`: 100 ms and 1 s by default. */
  readonly retryBackoff: BackoffConfig
}

export interface Metadata {
  readonly options: MetadataOptions
  /** Counts the changes to anything below. */
  version: number
  brokers: readonly number[]
  /** −1 while unknown. */
  controller: number
  /** By topic id, then by partition number. */
  readonly topics: (readonly MetadataPartition[] | undefined)[]
  /** What was last known of topics that are not known any more: an older epoch is still older. */
  readonly forgotten: (readonly MetadataPartition[] | undefined)[]
  /** By topic id: what tells a topic from an earlier one of its name. */
  readonly topicIds: number[]
  /** Topics of interest, in the order in which they were added. */
  readonly wanted: TopicId[]
  updateRequested: boolean
  inFlight: boolean
  /** How many of the topics of interest the request under way, or the last one, asked for. */
  asked: number
  /** Earliest time of the next request, in wall time. */
  allowedMs: number
  /** When the last answer came; minus infinity before the first. */
  refreshedMs: number
  /** Requests that failed in a row, and answers in a row that named no newer leader. */
  failures: number
  equivalentResponses: number
}

/** Version of MetadataRequest in 3.9. */
const API_VERSION = 12

export function createMetadata(options: MetadataOptions): Metadata {
  return {
    options,
    version: 0,
    brokers: options.bootstrap,
    controller: -1,
    topics: [],
    forgotten: [],
    topicIds: [],
    wanted: [],
    updateRequested: false,
    inFlight: false,
    asked: 0,
    allowedMs: -Infinity,
    refreshedMs: -Infinity,
    failures: 0,
    equivalentResponses: 0,
  }
}

/** Adds a topic of interest; one that is new is asked for without back-off. */
export function addTopic(metadata: Metadata, topic: TopicId): void {
  if (metadata.wanted.includes(topic)) return
  metadata.wanted.push(topic)
  requestUpdateNow(metadata)
}

/** Wants a refresh as soon as the back-off allows. */
export function requestUpdate(metadata: Metadata): void {
  metadata.updateRequested = true
}

/** Wants a refresh at once, back-off or not. */
export function requestUpdateNow(metadata: Metadata): void {
  metadata.updateRequested = true
  metadata.allowedMs = -Infinity
  metadata.equivalentResponses = 0
}

/** −1 while unknown or without a leader. */
export function leaderOf(metadata: Metadata, partition: PartitionId): number {
  return partitionMetadata(metadata, partition)?.leader ?? -1
}

/** −1 while unknown. */
export function leaderEpochOf(metadata: Metadata, partition: PartitionId): number {
  return partitionMetadata(metadata, partition)?.leaderEpoch ?? -1
}

export function partitionMetadata(
  metadata: Metadata,
  partition: PartitionId,
): MetadataPartition | undefined {
  return metadata.topics[topicOf(partition)]?.[partitionOf(partition)]
}

/** Number of partitions of a topic; 0 while unknown. Counts partitions without a leader too. */
export function partitionCount(metadata: Metadata, topic: TopicId): number {
  return metadata.topics[topic]?.length ?? 0
}

/** True if a request is due now and none is under way: no data goes out before it (KC 1.6). */
export function isUpdateDue(metadata: Metadata, nowMs: number): boolean {
  return !metadata.inFlight && untilUpdateMs(metadata, nowMs) === 0
}

/**
 * Asks the least loaded broker if a refresh is due. Returns how long to wait before the next call;
 * infinite where an event of the network comes first.
 */
export function refresh(metadata: Metadata, network: Network, context: Context): number {
  if (metadata.inFlight) return Infinity
  const waitMs = untilUpdateMs(metadata, context.wallMs())
  if (waitMs > 0) return waitMs
  const broker = leastLoadedBroker(network, metadata.brokers, context)
  if (broker === undefined) return network.options.reconnectBackoff.initialMs
  if (!isReady(network, broker, context)) return connectionDelayMs(network, broker, context)
  metadata.inFlight = true
  metadata.asked = metadata.wanted.length
  if (isExpired(metadata, context.wallMs())) metadata.equivalentResponses = 0
  sendRequest(network, createExchange(network, broker, metadataRequest(metadata, network)), context)
  return Infinity
}

/**
 * To be called by the network's owner for each exchange of a MetadataRequest. True if anything
 * changed. An answer settles all that was wanted until then, except for topics added meanwhile: who
 * doubted the metadata while it was under way has to doubt it anew.
 */
export function onMetadataSettled(
  metadata: Metadata,
  network: Network,
  exchange: Exchange,
  context: Context,
): boolean {
  metadata.inFlight = false
  const nowMs = context.wallMs()
  const response = exchange.response as MetadataResponse | null
  // An answer without brokers comes from one that has heard nothing of its controller yet.
  if (response === null || response.brokers.length === 0) {
    metadata.updateRequested = true
    metadata.allowedMs = nowMs + pauseMs(metadata, network, metadata.failures)
    metadata.failures += 1
    metadata.equivalentResponses = 0
    return false
  }
  const versionBefore = metadata.version
  metadata.updateRequested = metadata.wanted.length > metadata.asked
  metadata.equivalentResponses += 1
  applyResponse(metadata, response, context)
  metadata.failures = 0
  metadata.refreshedMs = nowMs
  const repeated = Math.max(0, metadata.equivalentResponses - 1)
  metadata.allowedMs = nowMs + pauseMs(metadata, network, repeated)
  return metadata.version !== versionBefore
}

/** A response named the partition's leader: believed if its epoch is newer than what is known. */
export function applyLeaderHint(
  metadata: Metadata,
  partition: PartitionId,
  leader: number,
  leaderEpoch: number,
): boolean {
  const known = partitionMetadata(metadata, partition)
  if (known === undefined || leader < 0 || leaderEpoch <= known.leaderEpoch) return false
  const topic = topicOf(partition)
  const { replicas, isr } = known
  const partitions = (metadata.topics[topic] ?? []).slice()
  partitions[partitionOf(partition)] = { partition, leader, leaderEpoch, replicas, isr }
  metadata.topics[topic] = partitions
  metadata.version += 1
  return true
}

/** Refreshes by age do not add up to answers without news. */
function isExpired({ options, refreshedMs }: Metadata, nowMs: number): boolean {
  return nowMs >= refreshedMs + options.maxAgeMs
}

function untilUpdateMs(metadata: Metadata, nowMs: number): number {
  const expiresMs = metadata.updateRequested
    ? nowMs
    : metadata.refreshedMs + metadata.options.maxAgeMs
  return Math.max(0, expiresMs - nowMs, metadata.allowedMs - nowMs)
}

function pauseMs(metadata: Metadata, network: Network, attempt: number): number {
  return backoffMs(metadata.options.retryBackoff, attempt, network.jitter)
}

function metadataRequest(metadata: Metadata, network: Network): MetadataRequest {
  const { options } = metadata
  return {
    type: 'MetadataRequest',
    correlationId: nextCorrelationId(network),
    clientId: network.options.clientId,
    apiVersion: API_VERSION,
    topics: options.allTopics ? null : metadata.wanted.map((topic) => options.topics.name(topic)),
  }
}

function applyResponse(metadata: Metadata, response: MetadataResponse, context: Context): void {
  if (
    metadata.controller !== response.controllerId ||
    !sameIds(metadata.brokers, response.brokers)
  ) {
    metadata.brokers = response.brokers
    metadata.controller = response.controllerId
    metadata.version += 1
  }
  for (const { topic, error, partitions, topicId = 0 } of response.topics) {
    // The controller has not told this broker of the topic yet, or it does not exist.
    if (error !== 'NONE') {
      metadata.updateRequested = true
      forgetTopic(metadata, topic)
      continue
    }
    identify(metadata, topic, topicId)
    applyTopic(metadata, topic, partitions, context)
  }
}

function forgetTopic(metadata: Metadata, topic: TopicId): void {
  const known = metadata.topics[topic]
  if (known === undefined) return
  metadata.forgotten[topic] = known
  metadata.topics[topic] = undefined
  metadata.version += 1
}

/** A topic of another id is another topic: nothing that was known of the old one holds for it. */
function identify(metadata: Metadata, topic: TopicId, topicId: number): void {
  while (metadata.topicIds.length <= topic) metadata.topicIds.push(0)
  const before = metadata.topicIds[topic] as number
  if (before === topicId) return
  metadata.topicIds[topic] = topicId
  if (before === 0) return
  metadata.forgotten[topic] = undefined
  metadata.topics[topic] = undefined
}

function applyTopic(
  metadata: Metadata,
  topic: TopicId,
  partitions: readonly MetadataPartition[],
  context: Context,
): void {
  const known = metadata.topics[topic] ?? metadata.forgotten[topic]
  const merged: MetadataPartition[] = []
  let changed =
    metadata.topics[topic] === undefined || metadata.topics[topic].length !== partitions.length
  for (let number = 0; number < partitions.length; number += 1) {
    const before = known?.[number]
    const next = newerOf(before, numbered(partitions, topic, number), context)
    if (next !== before) changed = true
    if (before === undefined || next.leaderEpoch > before.leaderEpoch) {
      metadata.equivalentResponses = 0
    }
    if (next.leader < 0) metadata.updateRequested = true
    merged.push(next)
  }
  if (!changed) return
  metadata.topics[topic] = merged
  metadata.forgotten[topic] = undefined
  metadata.version += 1
}

/** Partition `number` of the list, which brokers fill in the order of numbers but need not. */
function numbered(
  partitions: readonly MetadataPartition[],
  topic: TopicId,
  number: number,
): MetadataPartition {
  const id = partitionId(topic, number)
  const found = partitions[number]
  if (found?.partition === id) return found
  return (
    partitions.find(({ partition }) => partition === id) ?? {
      partition: id,
      leader: -1,
      leaderEpoch: -1,
      replicas: [],
      isr: [],
    }
  )
}

function newerOf(
  known: MetadataPartition | undefined,
  next: MetadataPartition,
  context: Context,
): MetadataPartition {
  if (known === undefined) return next
  if (context.guard(Guard.metadataLeaderEpoch, next.leaderEpoch < known.leaderEpoch)) return known
  return samePartition(known, next) ? known : next
}

function samePartition(one: MetadataPartition, other: MetadataPartition): boolean {
  return (
    one.leader === other.leader &&
    one.leaderEpoch === other.leaderEpoch &&
    sameIds(one.isr, other.isr) &&
    sameIds(one.replicas, other.replicas)
  )
}

function sameIds(one: readonly number[], other: readonly number[]): boolean {
  if (one === other) return true
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] !== other[index]) return false
  }
  return true
}
