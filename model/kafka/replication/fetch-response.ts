/**
 * What a follower does with the answers of its leader (KB F14–F16, F24, V1–V4).
 */

import type { Connection } from '../../../sim/process.ts'
import type { LogEntry } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type {
  FetchPartitionResponse,
  FetchResponse,
  ListOffsetsResponse,
  OffsetForLeaderEpochResponse,
} from '../messages.ts'
import type { EpochEnd } from './epoch-cache.ts'
import { checkReaders } from './fetch-purgatory.ts'
import { answered, delay, pump } from './fetcher.ts'
import { flushBeforeFetch, isFlushDue, rollInBackground } from './flush.ts'
import { Guard } from './guards.ts'
import { setHighWatermark } from './high-watermark.ts'
import { failDirectory } from './offline.ts'
import { restartReplica, truncateReplica } from './partition.ts'
import { Probe } from './probes.ts'
import type { Fetcher, Partition } from './state.ts'

export function onFetchResponse(
  self: Broker,
  response: FetchResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const fetcher = answered(connection, response.correlationId)
  if (fetcher === undefined) return
  for (const row of response.partitions) {
    const partition = ownPartition(self, fetcher, row.partition)
    if (partition === undefined || partition.phase !== 'fetching') continue
    const overtaken = partition.asked !== partition.fetchOffset
    if (context.guard(Guard.answerMatches, overtaken)) continue
    takeRow(self, partition, row, context)
  }
  takeTurns(self, fetcher, response.partitions)
  goOn(self, fetcher, isAnyFlushDue(self, response.partitions), context)
}

/**
 * After a response that was full, those who got something ask last, or the others starve (KB F4).
 */
function takeTurns(self: Broker, fetcher: Fetcher, rows: readonly FetchPartitionResponse[]): void {
  const { replicaFetchMaxBytes, replicaFetchResponseMaxBytes } = self.options.config
  let left = replicaFetchResponseMaxBytes
  for (const { entries } of rows) for (const { batch } of entries) left -= batch.bytes
  if (left >= replicaFetchMaxBytes) return
  const { partitions } = fetcher
  for (const { partition: id, entries } of rows) {
    const place = entries.length === 0 ? -1 : partitions.findIndex((one) => one.id === id)
    if (place !== -1) partitions.push(...partitions.splice(place, 1))
  }
  fetcher.rows = null
}

/** Only what has just grown can be due, or wait behind what is. */
function isAnyFlushDue(self: Broker, rows: readonly FetchPartitionResponse[]): boolean {
  for (let index = 0; index < rows.length; index += 1) {
    const { entries, partition: id } = rows[index] as FetchPartitionResponse
    if (entries.length === 0) continue
    const partition = self.replicas.partitions.get(id)
    if (partition !== undefined && isFlushDue(partition)) return true
  }
  return false
}

/** The next fetch acknowledges what came with the last: not before it is on the platter (KB L8). */
export function goOn(
  self: Broker,
  fetcher: Fetcher,
  mayBeUnsynced: boolean,
  context: BrokerContext,
): void {
  const due = mayBeUnsynced ? fetcher.partitions.find(isFlushDue) : undefined
  if (due === undefined) pump(self, fetcher, context)
  else flushBeforeFetch(self, fetcher, due, context)
}

export function onOffsetForLeaderEpochResponse(
  self: Broker,
  response: OffsetForLeaderEpochResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const fetcher = answered(connection, response.correlationId)
  if (fetcher === undefined) return
  for (const row of response.partitions) {
    const partition = ownPartition(self, fetcher, row.partition)
    if (partition === undefined || partition.phase !== 'truncating') continue
    const former = partition.asked !== partition.leaderEpoch
    if (context.guard(Guard.truncationEpoch, former)) continue
    if (row.error !== 'NONE') takeError(self, partition, row.error, context)
    else cutBy(self, partition, { epoch: row.leaderEpoch, endOffset: row.endOffset }, context)
  }
  fetcher.rows = null
  pump(self, fetcher, context)
}

export function onListOffsetsResponse(
  self: Broker,
  response: ListOffsetsResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const fetcher = answered(connection, response.correlationId)
  if (fetcher === undefined) return
  for (const row of response.partitions) {
    const partition = ownPartition(self, fetcher, row.partition)
    if (partition === undefined || partition.asked !== partition.leaderEpoch) continue
    if (row.error !== 'NONE') takeError(self, partition, row.error, context)
    else if (partition.phase === 'seeking-end') takeLeaderEnd(self, partition, row.offset, context)
    else if (partition.phase === 'seeking-start') {
      takeLeaderStart(self, partition, row.offset, context)
    }
  }
  fetcher.rows = null
  pump(self, fetcher, context)
}

function ownPartition(self: Broker, fetcher: Fetcher, id: number): Partition | undefined {
  const partition = self.replicas.partitions.get(id)
  return partition?.fetcher === fetcher ? partition : undefined
}

function takeRow(
  self: Broker,
  partition: Partition,
  row: FetchPartitionResponse,
  context: BrokerContext,
): void {
  if (row.error !== 'NONE') takeError(self, partition, row.error, context)
  else if (row.divergingEpoch !== null) cutBy(self, partition, row.divergingEpoch, context)
  else if (takeEntries(self, partition, row.entries, context)) {
    takeHighWatermark(self, partition, row.highWatermark, context)
    takeLogStart(self, partition, row.logStartOffset)
  }
}

/** KB F15. Answers false if the partition cannot go on. */
function takeEntries(
  self: Broker,
  partition: Partition,
  entries: readonly LogEntry[],
  context: BrokerContext,
): boolean {
  const { log } = partition
  const first = entries[0]
  const breaks =
    partition.fetchOffset !== log.endOffset ||
    (first !== undefined && first.baseOffset < log.endOffset)
  if (context.guard(Guard.offsetsContinue, breaks)) {
    fail(partition, context)
    return false
  }
  let whole = true
  for (let index = 0; index < entries.length && whole; index += 1) {
    whole = copy(self, partition, entries[index] as LogEntry, context)
  }
  if (first === undefined || partition.fetcher === null) return whole
  partition.fetchOffset = log.endOffset
  partition.lastFetchedEpoch = log.epochs.latest
  partition.fetcher.rows = null
  return whole
}

function copy(
  self: Broker,
  partition: Partition,
  entry: LogEntry,
  context: BrokerContext,
): boolean {
  const { log } = partition
  if (context.guard(Guard.followerChecksum, entry.corrupt === true)) {
    context.probe(Probe.followerCorrupt, partition.id)
    delay(self, partition, context)
    return false
  }
  if (log.rollsBefore(entry, partition.config)) rollInBackground(self, partition, context)
  if (log.append(entry) !== 'ok') {
    failDirectory(self, partition.directory, context)
    return false
  }
  const { facts, id } = self.options
  const { baseOffset, leaderEpoch, batch } = entry
  facts?.appended(id, partition.id, baseOffset, leaderEpoch, batch, false)
  if (entry.corrupt === true) facts?.damaged(id, partition.id, baseOffset)
  return true
}

/** A follower’s watermark is the leader's, as far as its own log reaches; it may fall (KB L3). */
function takeHighWatermark(
  self: Broker,
  partition: Partition,
  leaders: number,
  context: BrokerContext,
): void {
  const { log } = partition
  const beyond = context.guard(Guard.hwFollowerEnd, leaders > log.endOffset)
  const next = Math.max(beyond ? log.endOffset : leaders, log.startOffset)
  if (next === log.highWatermark) return
  setHighWatermark(self, partition, next)
  checkReaders(self, partition, context)
}

/** A follower's log starts where its leader's does, but never above its watermark (KB L21). */
function takeLogStart(self: Broker, partition: Partition, leaders: number): void {
  const { log } = partition
  if (!log.raiseStart(Math.min(leaders, log.highWatermark))) return
  const { facts, id } = self.options
  facts?.trimmed(id, partition.id, log.startOffset)
}

/** KB F16. */
function takeError(
  self: Broker,
  partition: Partition,
  error: KafkaError,
  context: BrokerContext,
): void {
  switch (error) {
    case 'OFFSET_OUT_OF_RANGE':
      context.probe(Probe.followerOutOfRange, partition.id)
      partition.phase = 'seeking-end'
      partition.asked = -1
      if (partition.fetcher !== null) partition.fetcher.rows = null
      return
    case 'FENCED_LEADER_EPOCH':
      // Whoever changed our epoch meanwhile also made `asked` forget the answer.
      if (context.guard(Guard.fencedFollower, true)) fail(partition, context)
      else delay(self, partition, context)
      return
    case 'KAFKA_STORAGE_ERROR':
    case 'UNKNOWN_LEADER_EPOCH':
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'OFFSET_NOT_AVAILABLE':
      delay(self, partition, context)
      return
    default:
      fail(partition, context)
  }
}

function fail(partition: Partition, context: BrokerContext): void {
  partition.phase = 'failed'
  partition.asked = -1
  if (partition.fetcher !== null) partition.fetcher.rows = null
  context.probe(Probe.followerFailed, partition.id)
}

/** Cuts where the leader's answer says, and goes on or asks again (KB V1–V4). */
function cutBy(self: Broker, partition: Partition, answer: EpochEnd, context: BrokerContext): void {
  const { truncation } = self.replicas
  const point = truncation.place(partition.log, answer, partition.initialFetchOffset)
  truncateReplica(self, partition, point.offset, context)
  partition.fetchOffset = point.offset
  partition.lastFetchedEpoch = partition.log.epochs.latest
  partition.asked = -1
  const again = !point.done && !truncation.comparesInFetch
  partition.phase = again ? 'truncating' : 'fetching'
  if (partition.fetcher !== null) partition.fetcher.rows = null
}

/** KB F24, first question; the levels before are those of HZ R11. */
function takeLeaderEnd(
  self: Broker,
  partition: Partition,
  leaderEnd: number,
  context: BrokerContext,
): void {
  partition.leaderEnd = leaderEnd
  partition.asked = -1
  if (leaderEnd >= partition.log.endOffset) {
    partition.phase = 'seeking-start'
    return
  }
  const halts = self.options.protocols.followerOutOfRange === 'halt'
  if (halts && !partition.config.uncleanLeaderElectionEnable) {
    context.exit(`log truncation is not allowed for ${partition.name}`)
    return
  }
  truncateReplica(self, partition, leaderEnd, context)
  resumeFetching(partition, leaderEnd)
}

/** KB F24, second question. */
function takeLeaderStart(
  self: Broker,
  partition: Partition,
  leaderStart: number,
  context: BrokerContext,
): void {
  const { endOffset } = partition.log
  const resets = self.options.protocols.followerOutOfRange === 'reset-to-log-start'
  if (resets || leaderStart > endOffset) restartReplica(self, partition, leaderStart, context)
  resumeFetching(partition, resets ? leaderStart : Math.max(leaderStart, endOffset))
}

function resumeFetching(partition: Partition, offset: number): void {
  partition.phase = 'fetching'
  partition.fetchOffset = offset
  partition.lastFetchedEpoch = partition.log.epochs.latest
  partition.asked = -1
}
