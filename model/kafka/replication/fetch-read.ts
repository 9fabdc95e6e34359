/**
 * Reading for a fetch: whether there is something to answer, and the answer (KB F1–F4, F8, V4).
 *
 * A fetch is looked at before anything is built, so that one that finds nothing costs nothing but
 * its own record. A follower hears of a partition only what is new (KB F10): data, errors, places
 * of divergence, a high watermark it was not told on this connection.
 */

import { nextOffsetOf, type LogEntry } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type {
  FetchPartition,
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
} from '../messages.ts'
import { cachedPartition } from '../metadata-cache.ts'
import type { EpochEnd } from './epoch-cache.ts'
import { Guard } from './guards.ts'
import { leaderEpochError } from './leader-epoch.ts'
import { remoteOf } from './partition.ts'
import { Probe } from './probes.ts'
import type { DelayedFetch, Partition, RemoteReplica } from './state.ts'

const NO_ENTRIES: readonly LogEntry[] = []
const NO_ROWS: readonly FetchPartitionResponse[] = []
const NO_TRANSACTIONS: FetchPartitionResponse['abortedTransactions'] = []

// Named, not written into the rows below: V8 puts a written number into the template of an object
// literal, and code that copies the template does not hear when another row makes the field wider.
// Every row would then be made with an outdated hidden class and moved at its first use (1 µs).
const NOBODY = -1
const UNKNOWN = -1

/** True if a fetch is to be answered now: enough data, an error or a divergence (KB F5, F6). */
export function isReady(self: Broker, request: FetchRequest, context: BrokerContext): boolean {
  let bytes = 0
  for (let index = 0; index < request.partitions.length; index += 1) {
    const row = request.partitions[index] as FetchPartition
    const partition = self.replicas.partitions.get(row.partition)
    if (partition === undefined || partition.role === 'none') return true
    if (refusal(partition, row, request, context) !== 'NONE') return true
    if (divergence(self, partition, row) !== null) return true
    if (isOutside(self, partition, row, request)) return true
    const bound = readableEnd(partition, request, context)
    if (row.fetchOffset >= bound) continue
    bytes += partition.log.bytesBetween(row.fetchOffset, bound, request.minBytes - bytes)
    if (bytes >= request.minBytes) return true
    if (partition.log.segmentOf(row.fetchOffset) !== partition.log.segmentOf(bound)) return true
  }
  return false
}

/** Takes the offset that `remote.fetchOffset` holds as what the follower has. */
export type NoteFetch = (
  self: Broker,
  partition: Partition,
  remote: RemoteReplica,
  context: BrokerContext,
) => void

/**
 * The answer to a fetch as things are now. `note` is what a follower's first read does to the
 * leader's view of it; null for all other reads.
 */
export function readAll(
  self: Broker,
  fetch: DelayedFetch,
  note: NoteFetch | null,
  context: BrokerContext,
): FetchResponse {
  let rows: FetchPartitionResponse[] | null = null
  const { request } = fetch
  fetch.budget = Math.min(request.maxBytes, self.options.config.fetchMaxBytes)
  const asked = request.partitions
  for (let index = 0; index < asked.length; index += 1) {
    const row = asked[index] as FetchPartition
    const result = readRow(self, fetch, row, context)
    if (note !== null && isRead(result)) noteRead(self, { request, row, note }, context)
    if (result === null) continue
    // Most answers have one row, and an array that is pushed to takes room for many.
    if (rows === null) rows = [result]
    else rows.push(result)
    const { entries } = result
    if (entries.length === 0) continue
    fetch.gaveNothing = false
    fetch.budget -= bytesOf(entries)
  }
  const partitions = rows ?? NO_ROWS
  return { type: 'FetchResponse', correlationId: request.correlationId, partitions }
}

function bytesOf(entries: readonly LogEntry[]): number {
  let bytes = 0
  for (let index = 0; index < entries.length; index += 1) {
    bytes += (entries[index] as LogEntry).batch.bytes
  }
  return bytes
}

/** One partition of the answer; null if a follower need not hear of it. */
function readRow(
  self: Broker,
  fetch: DelayedFetch,
  row: FetchPartition,
  context: BrokerContext,
): FetchPartitionResponse | null {
  const { request, budget } = fetch
  const partition = self.replicas.partitions.get(row.partition)
  if (partition === undefined || partition.role === 'none') {
    return errorRow(undefined, row, notHosted(self, row, context))
  }
  const error = refusal(partition, row, request, context)
  if (error !== 'NONE') return errorRow(partition, row, error)
  const end = divergence(self, partition, row)
  if (end !== null) {
    const answer = divergingRow(partition, row, end, context)
    if (answer !== null) return answer
  } else if (context.guard(Guard.offsetRange, isOutside(self, partition, row, request))) {
    return errorRow(partition, row, 'OFFSET_OUT_OF_RANGE')
  }
  const bound = readableEnd(partition, request, context)
  const maxBytes = Math.min(row.maxBytes, budget)
  const entries =
    budget > 0 && row.fetchOffset < bound
      ? partition.log.read(row.fetchOffset, bound, maxBytes, fetch.gaveNothing)
      : NO_ENTRIES
  if (request.replicaId < 0) tellExposed(self, partition, entries)
  return isNews(partition, fetch, entries) ? dataRow(partition, row, entries) : null
}

/** True if the partition was read, whether it had anything or not. */
function isRead(row: FetchPartitionResponse | null): boolean {
  return row === null || (row.error === 'NONE' && row.divergingEpoch === null)
}

interface Noting {
  readonly request: FetchRequest
  readonly row: FetchPartition
  readonly note: NoteFetch
}

function noteRead(self: Broker, { request, row, note }: Noting, context: BrokerContext): void {
  if (request.replicaId < 0) return
  const partition = self.replicas.partitions.get(row.partition)
  const remote = partition === undefined ? undefined : remoteOf(partition, request.replicaId)
  if (partition === undefined || remote === undefined) return
  remote.fetchOffset = row.fetchOffset
  note(self, partition, remote, context)
}

function notHosted(self: Broker, row: FetchPartition, context: BrokerContext): KafkaError {
  const unheardOf = cachedPartition(self.metadata, row.partition) === undefined
  if (context.guard(Guard.fetchPartition, unheardOf)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  return 'NOT_LEADER_OR_FOLLOWER'
}

/** KB F1, F2, F17: who may not be served from this replica. */
function refusal(
  partition: Partition,
  row: FetchPartition,
  request: FetchRequest,
  context: BrokerContext,
): KafkaError {
  if (partition.role === 'offline') return 'KAFKA_STORAGE_ERROR'
  const epochError = leaderEpochError(partition, row.currentLeaderEpoch, context)
  if (epochError !== 'NONE' || request.replicaId < 0) return epochError
  if (context.guard(Guard.fetchLeader, partition.role !== 'leader')) return 'NOT_LEADER_OR_FOLLOWER'
  const stranger = remoteOf(partition, request.replicaId) === undefined
  if (context.guard(Guard.assignedReplica, stranger)) return 'UNKNOWN_LEADER_EPOCH'
  return 'NONE'
}

/** Where the reader's log parts from this one, if its last epoch tells (KB V4). */
function divergence(self: Broker, partition: Partition, row: FetchPartition): EpochEnd | null {
  const { lastFetchedEpoch, fetchOffset } = row
  if (lastFetchedEpoch < 0 || !self.replicas.truncation.comparesInFetch) return null
  const { log } = partition
  if (lastFetchedEpoch === log.epochs.latest && fetchOffset <= log.endOffset) return null
  const end = log.epochs.endOf(lastFetchedEpoch, log.endOffset)
  const parts = end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset
  return parts ? end : null
}

function divergingRow(
  partition: Partition,
  row: FetchPartition,
  end: EpochEnd,
  context: BrokerContext,
): FetchPartitionResponse | null {
  if (end.endOffset === -1) {
    const asksForEnd = context.guard(Guard.knownEpoch, true)
    return asksForEnd ? errorRow(partition, row, 'OFFSET_OUT_OF_RANGE') : null
  }
  const tooOld = row.fetchOffset < partition.log.startOffset
  if (context.guard(Guard.offsetRange, tooOld)) {
    return errorRow(partition, row, 'OFFSET_OUT_OF_RANGE')
  }
  if (!context.guard(Guard.lastFetchedEpoch, true)) return null
  context.probe(Probe.fetchDiverged, partition.id)
  const { epoch, endOffset } = end
  return { ...dataRow(partition, row, NO_ENTRIES), divergingEpoch: { epoch, endOffset } }
}

/** KB F3. One level took the log of a consumer to end at the high watermark (HZ C02). */
function isOutside(
  self: Broker,
  { log }: Partition,
  { fetchOffset }: FetchPartition,
  request: FetchRequest,
): boolean {
  if (fetchOffset > log.endOffset || fetchOffset < log.startOffset) return true
  if (request.replicaId >= 0 || fetchOffset <= log.highWatermark) return false
  return self.options.protocols.fetchAboveWatermark === 'out-of-range'
}

/** KB F3: followers read to the end, consumers to the high watermark. */
function readableEnd(partition: Partition, request: FetchRequest, context: BrokerContext): number {
  return request.replicaId >= 0 ? partition.log.endOffset : consumersEnd(partition, context)
}

/** Where the log ends for consumers. */
export function consumersEnd(partition: Partition, context: BrokerContext): number {
  const { highWatermark, endOffset } = partition.log
  const bounded = context.guard(Guard.highWatermark, highWatermark < endOffset)
  return bounded ? highWatermark : endOffset
}

function tellExposed(self: Broker, partition: Partition, entries: readonly LogEntry[]): void {
  if (entries.length === 0) return
  const last = entries[entries.length - 1] as LogEntry
  self.options.facts?.exposed(self.options.id, partition.id, nextOffsetOf(last))
}

/** Consumers hear of each partition they ask for; followers of what they do not know yet. */
function isNews(partition: Partition, fetch: DelayedFetch, entries: readonly LogEntry[]): boolean {
  const { replicaId } = fetch.request
  if (replicaId < 0) return true
  const remote: RemoteReplica | undefined = remoteOf(partition, replicaId)
  if (remote === undefined) return true
  const { highWatermark, startOffset } = partition.log
  const known =
    remote.toldConnection === fetch.connection.id &&
    remote.toldHighWatermark === highWatermark &&
    remote.toldLogStart === startOffset
  if (known && entries.length === 0) return false
  remote.toldConnection = fetch.connection.id
  remote.toldHighWatermark = highWatermark
  remote.toldLogStart = startOffset
  return true
}

function dataRow(
  partition: Partition,
  row: FetchPartition,
  entries: readonly LogEntry[],
): FetchPartitionResponse {
  const { highWatermark, startOffset } = partition.log
  return {
    partition: row.partition,
    error: 'NONE',
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: startOffset,
    divergingEpoch: null,
    abortedTransactions: NO_TRANSACTIONS,
    entries,
    currentLeader: NOBODY,
    currentLeaderEpoch: UNKNOWN,
  }
}

function errorRow(
  partition: Partition | undefined,
  row: FetchPartition,
  error: KafkaError,
): FetchPartitionResponse {
  return {
    partition: row.partition,
    error,
    highWatermark: UNKNOWN,
    lastStableOffset: UNKNOWN,
    logStartOffset: UNKNOWN,
    divergingEpoch: null,
    abortedTransactions: NO_TRANSACTIONS,
    entries: NO_ENTRIES,
    currentLeader: partition?.leader ?? -1,
    currentLeaderEpoch: partition?.leaderEpoch ?? -1,
  }
}
