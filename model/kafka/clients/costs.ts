/**
 * What Kafka's Java clients spend on records: a producer's application thread makes and compresses
 * them, its sender thread has a request to answer for, a consumer's application thread reads what
 * was fetched (KB 8, client CPU).
 *
 * Left out: the processes of a fleet, whose clients have machines of their own.
 */

import type { Service } from '../../../sim/process.ts'
import type { Codec } from '../../record.ts'
import { compressedBytes, compressionNsOf, decompressNs } from '../compression.ts'
import type { FetchResponse, ProduceResponse } from '../messages.ts'

/** Nanoseconds of CPU; those of bytes are for 1024 of them. */
export interface ClientCosts {
  readonly clientRequestCpuNs: number
  readonly clientBatchCpuNs: number
  readonly clientRecordCpuNs: number
  readonly kibibyteCpuNs: number
  readonly checksumCpuNs: number
  readonly codecPercent: number
}

/** True if nothing costs anything. */
export function isClientFree(costs: ClientCosts): boolean {
  const { clientRequestCpuNs, clientBatchCpuNs, clientRecordCpuNs } = costs
  return clientRequestCpuNs + clientBatchCpuNs + clientRecordCpuNs === 0
}

/** Time of the application thread to make so many records, in µs. */
export function makingUs(
  costs: ClientCosts,
  made: { readonly records: number; readonly bytes: number },
  codec: Codec | null,
): number {
  const { clientRecordCpuNs, kibibyteCpuNs, checksumCpuNs, codecPercent } = costs
  const copied = (kibibyteCpuNs * made.bytes) / 1024
  const checked = (checksumCpuNs * compressedBytes(made.bytes, codec)) / 1024
  const compressed = (compressionNsOf(made.bytes, codec) * codecPercent) / 100
  return (clientRecordCpuNs * made.records + copied + checked + compressed) / 1000
}

/** A sender's work for a request, and for the batches that it settles. */
export function settlingServices(costs: ClientCosts, response: ProduceResponse): Service[] {
  const { clientRequestCpuNs, clientBatchCpuNs } = costs
  const ns = clientRequestCpuNs + clientBatchCpuNs * response.partitions.length
  return [{ station: 'sender', us: ns / 1000 }]
}

/** A consumer's work for what it has fetched. */
export function readingServices(costs: ClientCosts, response: FetchResponse): Service[] {
  let ns = costs.clientRequestCpuNs
  for (const { entries } of response.partitions) {
    for (const { batch } of entries) {
      const batches = batch.content.kind === 'counted' ? batch.content.batches : 1
      ns += costs.clientBatchCpuNs * batches + costs.clientRecordCpuNs * batch.count
      ns += ((costs.kibibyteCpuNs + costs.checksumCpuNs) * batch.bytes) / 1024
      ns += (decompressNs(batch) * costs.codecPercent) / 100
    }
  }
  return [{ station: 'app', us: ns / 1000 }]
}
