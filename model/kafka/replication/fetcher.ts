/**
 * The fetcher loop of a follower (KB F12, F13, F16): one question to the leader at a time.
 *
 * Before it fetches it finds out, for those partitions that need it, where their log parts from
 * the leader's (V1–V3) and what the leader's log covers at all (F24). A request that would ask the
 * same as the last one reuses its rows.
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import {
  brokerName,
  type FetchPartition,
  type KafkaRequest,
  type ListOffsetsRequest,
  type OffsetForLeaderEpochRequest,
} from '../messages.ts'
import { sizeOf } from '../message-size.ts'
import { truncateReplica } from './partition.ts'
import type { Fetcher, FetchPhase, Partition } from './state.ts'

const CLIENT_ID = 'replica-fetcher'
const NO_ROWS: readonly FetchPartition[] = []

/** Asks the next question, unless one is open or the fetcher has to wait. Also timer `fetch`. */
export function pump(self: Broker, fetcher: Fetcher, context: BrokerContext): void {
  if (fetcher.inFlight !== -1 || fetcher.partitions.length === 0) return
  const nowUs = context.monotonicUs()
  if (fetcher.backOffUntilUs > nowUs) {
    context.setTimer('fetch', fetcher.index, fetcher.backOffUntilUs - nowUs)
    return
  }
  // While all rows stand as they were, no partition has left the phase of fetching; but one that
  // was left out because it was delayed comes back with time alone.
  if (fetcher.rows === null || nowUs >= fetcher.rowsUntilUs) {
    if (fetcher.partitions.some(asksElse) && askElse(self, fetcher, context)) return
    fetcher.rows = buildRows(self, fetcher, nowUs)
  }
  if (fetcher.rows.length > 0) askForData(self, fetcher, fetcher.rows, context)
  else waitForDelayed(fetcher, context)
}

function asksElse({ phase }: Partition): boolean {
  return phase === 'truncating' || phase === 'seeking-end' || phase === 'seeking-start'
}

/** Asks for what has to be known before there can be a fetch. False if nothing is to be asked. */
function askElse(self: Broker, fetcher: Fetcher, context: BrokerContext): boolean {
  return (
    askForOffsets(self, fetcher, 'seeking-end', context) ||
    askForOffsets(self, fetcher, 'seeking-start', context) ||
    askForEpochs(self, fetcher, context)
  )
}

/** All partitions wait, after a failure of the whole request (KB F16). */
export function backOff(self: Broker, fetcher: Fetcher, context: BrokerContext): void {
  fetcher.inFlight = -1
  fetcher.rows = null
  for (const partition of fetcher.partitions) partition.asked = -1
  const delayUs = self.options.config.replicaFetchBackoffMs * 1000
  fetcher.backOffUntilUs = context.monotonicUs() + delayUs
  context.setTimer('fetch', fetcher.index, delayUs)
}

/** One partition waits, after an error of its own. */
export function delay(self: Broker, partition: Partition, context: BrokerContext): void {
  const delayUs = self.options.config.replicaFetchBackoffMs * 1000
  partition.delayedUntilUs = context.monotonicUs() + delayUs
  partition.asked = -1
  if (partition.fetcher !== null) partition.fetcher.rows = null
}

/**
 * Timer `timeOutFetch`: replica.socket.timeout.ms without an answer. Armed once, not per request.
 */
export function watchRequest(self: Broker, fetcher: Fetcher, context: BrokerContext): void {
  fetcher.watched = false
  if (fetcher.inFlight === -1) return
  const limitUs = self.options.config.replicaSocketTimeoutMs * 1000
  const leftUs = fetcher.sentUs + limitUs - context.monotonicUs()
  if (leftUs > 0) {
    fetcher.watched = true
    context.setTimer('timeOutFetch', fetcher.index, leftUs)
    return
  }
  if (fetcher.connection !== null) context.close(fetcher.connection)
  fetcher.connection = null
  backOff(self, fetcher, context)
}

/** True if the connection was a fetcher's. */
export function fetcherClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  const fetcher = self.replicas.fetchers.find((one) => one === connection.state)
  if (fetcher === undefined) return false
  if (fetcher.connection === connection) {
    fetcher.connection = null
    backOff(self, fetcher, context)
  }
  return true
}

/** The fetcher that asked on this connection, if this is the answer it waits for. */
export function answered(connection: Connection, correlationId: number): Fetcher | undefined {
  const fetcher = connection.state as Fetcher | undefined
  if (fetcher?.part !== 'fetcher') return undefined
  if (fetcher.connection !== connection || fetcher.inFlight !== correlationId) return undefined
  fetcher.inFlight = -1
  return fetcher
}

function askForData(
  self: Broker,
  fetcher: Fetcher,
  rows: readonly FetchPartition[],
  context: BrokerContext,
): void {
  const { config, id } = self.options
  const correlationId = self.replicas.nextCorrelationId++
  const request: KafkaRequest = {
    type: 'FetchRequest',
    correlationId,
    clientId: CLIENT_ID,
    apiVersion: 17,
    replicaId: id,
    replicaEpoch: self.brokerEpoch,
    maxWaitMs: config.replicaFetchWaitMaxMs,
    minBytes: config.replicaFetchMinBytes,
    maxBytes: config.replicaFetchResponseMaxBytes,
    isolation: 'read_uncommitted',
    partitions: rows,
  }
  fetcher.asking = 'fetch'
  ask(self, fetcher, request, context)
}

/** Rows of all partitions that are ready; the same object where nothing has changed. */
function buildRows(self: Broker, fetcher: Fetcher, nowUs: number): readonly FetchPartition[] {
  let rows: FetchPartition[] | null = null
  const { partitions } = fetcher
  fetcher.rowsUntilUs = Infinity
  for (let index = 0; index < partitions.length; index += 1) {
    const partition = partitions[index] as Partition
    if (partition.delayedUntilUs > nowUs) {
      fetcher.rowsUntilUs = Math.min(fetcher.rowsUntilUs, partition.delayedUntilUs)
      continue
    }
    if (partition.phase !== 'fetching') continue
    const row = rowOf(self, partition)
    partition.fetchRow = row
    partition.asked = partition.fetchOffset
    // An array that begins empty and is pushed to takes room for many.
    if (rows === null) rows = [row]
    else rows.push(row)
  }
  return rows ?? NO_ROWS
}

function rowOf(self: Broker, partition: Partition): FetchPartition {
  const { comparesInFetch, namesLeaderEpoch } = self.replicas.truncation
  const currentLeaderEpoch = namesLeaderEpoch ? partition.leaderEpoch : -1
  const lastFetchedEpoch = comparesInFetch ? partition.lastFetchedEpoch : -1
  const { fetchRow, fetchOffset } = partition
  const logStartOffset = partition.log.startOffset
  const same =
    fetchRow !== null &&
    fetchRow.fetchOffset === fetchOffset &&
    fetchRow.currentLeaderEpoch === currentLeaderEpoch &&
    fetchRow.lastFetchedEpoch === lastFetchedEpoch &&
    fetchRow.logStartOffset === logStartOffset
  if (same) return fetchRow
  return {
    partition: partition.id,
    fetchOffset,
    logStartOffset,
    currentLeaderEpoch,
    lastFetchedEpoch,
    maxBytes: self.options.config.replicaFetchMaxBytes,
  }
}

/** KB F24: the leader's end, then its start, for those whose offset it does not have. */
function askForOffsets(
  self: Broker,
  fetcher: Fetcher,
  phase: 'seeking-end' | 'seeking-start',
  context: BrokerContext,
): boolean {
  const seeking = ready(fetcher, phase, context.monotonicUs())
  if (seeking.length === 0) return false
  const timestamp = phase === 'seeking-end' ? 'latest' : 'earliest'
  const { namesLeaderEpoch } = self.replicas.truncation
  const request: ListOffsetsRequest = {
    type: 'ListOffsetsRequest',
    correlationId: self.replicas.nextCorrelationId++,
    clientId: CLIENT_ID,
    apiVersion: 9,
    replicaId: self.options.id,
    isolation: 'read_uncommitted',
    partitions: seeking.map((partition) => ({
      partition: partition.id,
      currentLeaderEpoch: namesLeaderEpoch ? partition.leaderEpoch : -1,
      timestamp,
    })),
  }
  for (const partition of seeking) partition.asked = partition.leaderEpoch
  fetcher.asking = phase === 'seeking-end' ? 'end-offsets' : 'start-offsets'
  ask(self, fetcher, request, context)
  return true
}

/** KB V1–V3: where the newest epoch of each truncating partition ends at the leader. */
function askForEpochs(self: Broker, fetcher: Fetcher, context: BrokerContext): boolean {
  const truncating = ready(fetcher, 'truncating', context.monotonicUs())
  if (truncating.length === 0) return false
  const { asksFirst, namesLeaderEpoch } = self.replicas.truncation
  const asked: OffsetForLeaderEpochRequest['partitions'][number][] = []
  for (const partition of truncating) {
    const leaderEpoch = partition.log.epochs.latest
    if (leaderEpoch === -1 || !asksFirst) {
      cutToHighWatermark(self, partition, context)
      continue
    }
    partition.asked = partition.leaderEpoch
    const currentLeaderEpoch = namesLeaderEpoch ? partition.leaderEpoch : -1
    asked.push({ partition: partition.id, currentLeaderEpoch, leaderEpoch })
  }
  if (asked.length === 0) return false
  const request: OffsetForLeaderEpochRequest = {
    type: 'OffsetForLeaderEpochRequest',
    correlationId: self.replicas.nextCorrelationId++,
    clientId: CLIENT_ID,
    apiVersion: 4,
    replicaId: self.options.id,
    partitions: asked,
  }
  fetcher.asking = 'epochs'
  ask(self, fetcher, request, context)
  return true
}

/** Without epochs there is nothing to ask for: V0's rule is the fallback of all. */
function cutToHighWatermark(self: Broker, partition: Partition, context: BrokerContext): void {
  truncateReplica(self, partition, partition.initialFetchOffset, context)
  partition.fetchOffset = partition.log.endOffset
  partition.lastFetchedEpoch = partition.log.epochs.latest
  partition.phase = 'fetching'
}

function ready(fetcher: Fetcher, phase: FetchPhase, nowUs: number): readonly Partition[] {
  return fetcher.partitions.filter(
    (partition) => partition.phase === phase && partition.delayedUntilUs <= nowUs,
  )
}

function ask(self: Broker, fetcher: Fetcher, request: KafkaRequest, context: BrokerContext): void {
  if (fetcher.connection === null) {
    fetcher.connection = context.connect(brokerName(fetcher.leader))
    fetcher.connection.state = fetcher
  }
  fetcher.inFlight = request.correlationId
  fetcher.sentUs = context.monotonicUs()
  context.send(fetcher.connection, request, sizeOf(request))
  if (fetcher.watched) return
  fetcher.watched = true
  const limitUs = self.options.config.replicaSocketTimeoutMs * 1000
  context.setTimer('timeOutFetch', fetcher.index, limitUs)
}

function waitForDelayed(fetcher: Fetcher, context: BrokerContext): void {
  fetcher.rows = null
  const nowUs = context.monotonicUs()
  let earliest = Infinity
  for (const { phase, delayedUntilUs } of fetcher.partitions) {
    if (phase !== 'failed' && delayedUntilUs > nowUs) earliest = Math.min(earliest, delayedUntilUs)
  }
  if (earliest !== Infinity) context.setTimer('fetch', fetcher.index, earliest - nowUs)
}
