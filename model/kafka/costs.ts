/**
 * What a broker's threads spend on a message: a request's fixed cost, and what grows with its data.
 *
 * Follows the pipeline of KB 8: a network thread copies the bytes in, a handler thread parses,
 * checks and appends. All costs zero is the same path without time. Left out: what a response costs
 * to send, page-cache misses, compression and TLS.
 */

import type { Service } from '../../sim/process.ts'
import type { FetchResponse, ProduceRequest, ToBroker } from './messages.ts'
import { sizeOf } from './message-size.ts'

/** Nanoseconds of CPU. */
export interface BrokerCosts {
  readonly requestCpuNs: number
  readonly batchCpuNs: number
  readonly recordCpuNs: number
  /** For 1024 bytes that pass through a thread. */
  readonly kibibyteCpuNs: number
}

const FREE: readonly Service[] = []

/** True if nothing costs anything. */
export function isFree(costs: BrokerCosts): boolean {
  const { requestCpuNs, batchCpuNs, recordCpuNs, kibibyteCpuNs } = costs
  return requestCpuNs + batchCpuNs + recordCpuNs + kibibyteCpuNs === 0
}

/** Service in front of a message's handler: a network thread, then the thread of the handler. */
export function servicesOf(costs: BrokerCosts, message: ToBroker): readonly Service[] {
  switch (message.type) {
    case 'ProduceRequest':
      return staged(costs, message, producedNs(costs, message))
    case 'FetchResponse':
      return staged(costs, message, fetchedNs(costs, message), 'fetcher')
    case 'FetchRequest':
    case 'OffsetCommitRequest':
    case 'MetadataRequest':
    case 'ListOffsetsRequest':
    case 'JoinGroupRequest':
    case 'SyncGroupRequest':
    case 'HeartbeatRequest':
      return staged(costs, message, costs.requestCpuNs)
    default:
      return FREE
  }
}

function staged(
  costs: BrokerCosts,
  message: ToBroker,
  ns: number,
  station = 'io',
): readonly Service[] {
  const bytes = sizeOf(message as Parameters<typeof sizeOf>[0])
  const copyNs = (costs.kibibyteCpuNs * bytes) / 1024
  return [
    { station: 'network', us: Math.ceil(copyNs / 1000) },
    { station, us: Math.ceil(ns / 1000) },
  ]
}

function producedNs(costs: BrokerCosts, { partitions }: ProduceRequest): number {
  let ns = costs.requestCpuNs
  for (const { batch } of partitions) {
    ns +=
      costs.batchCpuNs +
      costs.recordCpuNs * batch.count +
      (costs.kibibyteCpuNs * batch.bytes) / 1024
  }
  return ns
}

function fetchedNs(costs: BrokerCosts, { partitions }: FetchResponse): number {
  let ns = costs.requestCpuNs
  for (const { entries } of partitions) {
    for (const { batch } of entries)
      ns += costs.batchCpuNs + (costs.kibibyteCpuNs * batch.bytes) / 1024
  }
  return ns
}
