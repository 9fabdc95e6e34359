/**
 * What a broker's threads spend on messages: a fixed cost for each request, batch and partition,
 * and what grows with records and bytes (KB 8).
 *
 * A network thread copies a request in, a handler thread parses, checks and appends, a network
 * thread sends the response: by sendfile, or encrypted. A follower's fetcher does all of that for
 * what it fetches. Whoever appends waits while too much of the memory is dirty. A counted batch
 * pays for the requests and batches of the clients that it stands for; they came over a while, so
 * its work is spread over it and only the last request waits. The controller's thread works for
 * each answer of ZooKeeper. All costs zero is the same path without time. Left out: the cost of a
 * connection, garbage collection.
 */

import type { Service } from '../../sim/process.ts'
import type { Batch, PartitionId } from '../record.ts'
import { codecInLog, compressNs, decompressNs } from './compression.ts'
import type { FetchResponse, KafkaResponse, ProduceRequest, ToBroker } from './messages.ts'
import { sizeOf } from './message-size.ts'

/** Nanoseconds of CPU; those of bytes are for 1024 of them. */
export interface BrokerCosts {
  readonly requestCpuNs: number
  readonly partitionCpuNs: number
  readonly batchCpuNs: number
  readonly recordCpuNs: number
  /** Copied: from a socket, or into a log. */
  readonly kibibyteCpuNs: number
  readonly checksumCpuNs: number
  /** Sent by sendfile. */
  readonly sendCpuNs: number
  /** Encrypted or decrypted; 0: connections are plaintext. */
  readonly tlsCpuNs: number
  /** Of the time that compression takes by the table of codecs. */
  readonly codecPercent: number
  /** The controller's thread, for each operation that ZooKeeper has answered. */
  readonly controllerCpuNs: number
}

const FREE: readonly Service[] = []

/** A network thread does so much of a request's fixed cost to read it, and again to answer it. */
const NETWORK_SHARE = 0.5

/** True if nothing costs anything. */
export function isFree(costs: BrokerCosts): boolean {
  const { requestCpuNs, partitionCpuNs, batchCpuNs, recordCpuNs, kibibyteCpuNs } = costs
  const { checksumCpuNs, sendCpuNs, tlsCpuNs, codecPercent, controllerCpuNs } = costs
  const work = requestCpuNs + partitionCpuNs + batchCpuNs + recordCpuNs + kibibyteCpuNs
  return work + checksumCpuNs + sendCpuNs + tlsCpuNs + codecPercent + controllerCpuNs === 0
}

/** Service in front of a message's handler: a network thread, then the thread of the handler. */
export function servicesOf(
  costs: BrokerCosts,
  message: ToBroker,
  now: Circumstances = USUAL,
): readonly Service[] {
  switch (message.type) {
    case 'ProduceRequest':
      return produceServices(costs, message, now)
    case 'FetchResponse':
      return [
        {
          station: 'fetcher',
          us: fetchedNs(costs, message) / 1000,
          waitUs: fetchedWaitUs(message, now),
        },
      ]
    case 'FetchRequest':
    case 'ListOffsetsRequest':
    case 'OffsetForLeaderEpochRequest':
    case 'LeaderAndIsrRequest':
    case 'UpdateMetadataRequest':
    case 'StopReplicaRequest':
      return staged(costs, message, costs.requestCpuNs + partitionsNs(costs, message.partitions))
    case 'OffsetCommitRequest':
    case 'OffsetFetchRequest':
    case 'MetadataRequest':
    case 'FindCoordinatorRequest':
    case 'InitProducerIdRequest':
    case 'JoinGroupRequest':
    case 'SyncGroupRequest':
    case 'LeaveGroupRequest':
    case 'HeartbeatRequest':
    case 'AlterPartitionRequest':
      return staged(costs, message, costs.requestCpuNs)
    case 'ZooKeeperReply':
      return controllerServices(costs, now.operationsAnswered())
    default:
      return FREE
  }
}

/** KafkaZkClient waits for a whole batch of operations; then one thread looks at each answer. */
function controllerServices(
  { controllerCpuNs }: BrokerCosts,
  answered: number,
): readonly Service[] {
  const ns = controllerCpuNs * answered
  return ns === 0 ? FREE : [{ station: 'controllerEvent', us: ns / 1000 }]
}

/** Time of a network thread to send a response, in µs. */
export function responseUs(costs: BrokerCosts, response: KafkaResponse, bytes: number): number {
  const { tlsCpuNs, kibibyteCpuNs, sendCpuNs } = costs
  // Only what stands in a file can be sent without a copy, and only as it stands there.
  const copied = tlsCpuNs > 0 || response.type !== 'FetchResponse'
  const byteNs = copied ? tlsCpuNs + kibibyteCpuNs : sendCpuNs
  return (costs.requestCpuNs * NETWORK_SHARE + (byteNs * bytes) / 1024) / 1000
}

type Staged = Extract<ToBroker, { readonly correlationId: number }>

function staged(costs: BrokerCosts, message: Staged, handlerNs: number): readonly Service[] {
  return [
    { station: 'network', us: receivedNs(costs, message, 1) / 1000 },
    { station: 'io', us: handlerNs / 1000 },
  ]
}

/** A network thread's part of so many requests; of all but one the response too. */
function receivedNs(costs: BrokerCosts, message: Staged, requests: number): number {
  const bytes = sizeOf(message as Parameters<typeof sizeOf>[0])
  const fixed = costs.requestCpuNs * NETWORK_SHARE * (2 * requests - 1)
  return fixed + ((costs.kibibyteCpuNs + costs.tlsCpuNs) * bytes) / 1024
}

function partitionsNs({ partitionCpuNs }: BrokerCosts, partitions: readonly unknown[]): number {
  return partitionCpuNs * partitions.length
}

/** What the costs depend on beside the message. */
export interface Circumstances {
  /** The `compression.type` of a partition's topic. */
  codec(partition: PartitionId): string
  /** How long an append has to wait for room in memory. */
  writeDelayUs(partition: PartitionId, bytes: number): number
  /** Operations of the controller's batch that the next reply of ZooKeeper makes whole; 0: none. */
  operationsAnswered(): number
}

const USUAL: Circumstances = {
  codec: () => 'producer',
  writeDelayUs: () => 0,
  operationsAnswered: () => 0,
}

function produceServices(
  costs: BrokerCosts,
  request: ProduceRequest,
  now: Circumstances,
): readonly Service[] {
  let requests = 0
  let waitUs = 0
  let ns = partitionsNs(costs, request.partitions)
  for (const { partition, batch } of request.partitions) {
    if (batch.content.kind === 'counted') requests += batch.content.requests
    ns += appendedNs(costs, batch) + costs.recordCpuNs * batch.count
    ns += recodedNs(costs, batch, now.codec(partition))
    waitUs = Math.max(waitUs, now.writeDelayUs(partition, batch.bytes))
  }
  requests = Math.max(1, requests)
  ns += costs.requestCpuNs * requests
  return [
    spread('network', receivedNs(costs, request, requests), requests),
    { ...spread('io', ns, requests), waitUs },
  ]
}

/** Work of so many requests that came one after the other. */
function spread(station: string, ns: number, requests: number): Service {
  const us = ns / 1000
  return requests === 1 ? { station, us } : { station, us: us / requests, workUs: us }
}

/** Both leader and follower look at the checksum of a batch and copy it into their log. */
function appendedNs(costs: BrokerCosts, { bytes, content }: Batch): number {
  const batches = content.kind === 'counted' ? content.batches : 1
  const kibibytes = bytes / 1024
  return costs.batchCpuNs * batches + (costs.kibibyteCpuNs + costs.checksumCpuNs) * kibibytes
}

/** A leader reads what is compressed, and writes it anew where its topic has another codec. */
function recodedNs({ codecPercent }: BrokerCosts, batch: Batch, ofTopic: string): number {
  const codec = codecInLog(batch, ofTopic)
  const anew = codec === (batch.codec ?? null) ? 0 : compressNs(batch, codec)
  return ((decompressNs(batch) + anew) * codecPercent) / 100
}

function fetchedWaitUs({ partitions }: FetchResponse, now: Circumstances): number {
  let waitUs = 0
  for (const { partition, entries } of partitions) {
    let bytes = 0
    for (const { batch } of entries) bytes += batch.bytes
    if (bytes > 0) waitUs = Math.max(waitUs, now.writeDelayUs(partition, bytes))
  }
  return waitUs
}

/** A fetcher's thread reads the response from its socket by itself. */
function fetchedNs(costs: BrokerCosts, response: FetchResponse): number {
  const bytes = sizeOf(response)
  let ns = costs.requestCpuNs + partitionsNs(costs, response.partitions)
  ns += ((costs.kibibyteCpuNs + costs.tlsCpuNs) * bytes) / 1024
  for (const { entries } of response.partitions) {
    for (const { batch } of entries) ns += appendedNs(costs, batch)
  }
  return ns
}
