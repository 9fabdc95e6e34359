/**
 * Fetching: one request under way to each broker, what came back in a buffer, and the records that
 * a poll takes from it.
 *
 * Follows AbstractFetch and FetchCollector of Kafka 3.9 (KC 2.3). A partition with something in the
 * buffer is not fetched again, and a position moves when records are taken. After an error a
 * partition waits for the retry back-off, which Java leaves to the pace of metadata updates.
 * Left out: fetch sessions, fetching from followers.
 */

import type { Delivered } from '../../../application.ts'
import type { LogEntry, PartitionId } from '../../../record.ts'
import { topicOf } from '../../../record.ts'
import type { FetchPartition, FetchRequest, FetchResponse } from '../../messages.ts'
import { backoffMs } from '../deadlines.ts'
import { applyLeaderHint, requestUpdate } from '../metadata.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { type CompletedFetch, completedFetch, isDrained, takeRecords } from './completed-fetch.ts'
import { Guard } from './guards.ts'
import type { Position } from './position.ts'
import { onDivergence, resetByPolicy } from './position-lookup.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext, Fetcher } from './state.ts'

const NOTHING: readonly Delivered[] = []

/** Sends what can be fetched. Returns how long to wait; infinite where an event comes first. */
export function sendFetches(self: Consumer, context: ConsumerContext): number {
  return self.positions.calm ? fetchCalm(self, context) : fetchAny(self, context)
}

/**
 * All positions wait for their fetch alone: only those of brokers that are not asked are looked at.
 */
function fetchCalm(self: Consumer, context: ConsumerContext): number {
  const { inFlight } = self.fetcher
  const byLeader = self.positions.byLeader()
  let waitMs = Infinity
  for (let broker = 0; broker < byLeader.length; broker += 1) {
    if (inFlight[broker] === true) continue
    const partitions = rowsOf(self, byLeader[broker] as readonly Position[])
    if (partitions === null) continue
    waitMs = Math.min(waitMs, sendFetch(self, broker, partitions, context))
  }
  return waitMs
}

function rowsOf(self: Consumer, positions: readonly Position[]): FetchPartition[] | null {
  let rows: FetchPartition[] | null = null
  for (let at = 0; at < positions.length; at += 1) {
    const position = positions[at] as Position
    if (position.buffered) continue
    const row = askFor(self, position)
    if (rows === null) rows = [row]
    else rows.push(row)
  }
  return rows
}

function fetchAny(self: Consumer, context: ConsumerContext): number {
  const { fetcher, positions } = self
  const { plans } = fetcher
  const nowMs = context.wallMs()
  let waitMs = Infinity
  let planned = false
  for (const position of positions.values()) {
    if (!isFetchable(position, context)) continue
    if (position.retryAtMs > nowMs) {
      waitMs = Math.min(waitMs, position.retryAtMs - nowMs)
      continue
    }
    position.retryAtMs = -Infinity
    const broker = position.leader
    if (broker < 0) {
      requestUpdate(self.metadata)
      continue
    }
    if (fetcher.inFlight[broker] === true) continue
    plan(plans, broker, askFor(self, position))
    planned = true
  }
  if (!planned) return waitMs
  for (let broker = 0; broker < plans.length; broker += 1) {
    const partitions = plans[broker] ?? null
    if (partitions === null) continue
    plans[broker] = null
    waitMs = Math.min(waitMs, sendFetch(self, broker, partitions, context))
  }
  return waitMs
}

export function onFetchSettled(self: Consumer, exchange: Exchange, context: ConsumerContext): void {
  const { broker } = exchange
  self.fetcher.inFlight[broker] = false
  const response = exchange.response as FetchResponse | null
  if (response === null) {
    requestUpdate(self.metadata)
    return
  }
  const request = exchange.request as FetchRequest
  for (let at = 0; at < response.partitions.length; at += 1) {
    const given = response.partitions[at]
    if (given === undefined) continue
    const one = checked(given, context)
    if (one.error === 'NONE' && one.entries.length === 0 && one.divergingEpoch === null) continue
    const fetchOffset = fetchOffsetOf(request, one.partition, at)
    if (fetchOffset < 0) continue
    const position = self.positions.get(one.partition)
    if (position !== undefined) position.buffered = true
    self.fetcher.buffer.push(
      completedFetch(one, {
        topic: self.options.topicTable.name(topicOf(one.partition)),
        broker,
        fetchOffset,
        isolation: request.isolation,
      }),
    )
  }
}

type Row = FetchResponse['partitions'][number]

/**
 * check.crcs: records up to the first batch whose checksum fails; that batch itself is an error.
 */
function checked(row: Row, context: ConsumerContext): Row {
  const { entries } = row
  for (let at = 0; at < entries.length; at += 1) {
    if (!context.guard(Guard.checksum, (entries[at] as LogEntry).corrupt === true)) continue
    return at === 0
      ? { ...row, error: 'CORRUPT_MESSAGE', entries: [] }
      : { ...row, entries: entries.slice(0, at) }
  }
  return row
}

/** A counted batch of up to so many polls is taken by one, unless polls are meant to be small. */
const WHOLE_POLLS = 2
const SMALL_POLL = 100

/**
 * Takes at most `max.poll.records` from the buffer, of counted ones about so many, and moves the
 * positions behind them.
 */
export function collect(self: Consumer, context: ConsumerContext): readonly Delivered[] {
  const { buffer } = self.fetcher
  if (buffer.length === 0) return NOTHING
  const limit = self.options.config.maxPollRecords
  const records: Delivered[] = []
  let taken = 0
  while (buffer.length > 0 && taken < limit) {
    const fetch = buffer[0] as CompletedFetch
    const position = self.positions.get(fetch.partition)
    if (isStale(fetch, position, context)) {
      context.probe(Probe.staleFetchDropped, fetch.partition)
      dropFirst(self, position)
      continue
    }
    if (fetch.error !== 'NONE' || fetch.diverging !== null) {
      // What was taken before is returned first; the error is dealt with by the next poll.
      if (records.length > 0) break
      dropFirst(self, position)
      if (position !== undefined) onFetchError(self, fetch, position, context)
      continue
    }
    taken += take(self, fetch, position, { limit: limit - taken, records, context })
  }
  return records
}

interface Taking {
  readonly limit: number
  readonly records: Delivered[]
  readonly context: ConsumerContext
}

function take(
  self: Consumer,
  fetch: CompletedFetch,
  position: Position | undefined,
  { limit, records, context }: Taking,
): number {
  const first = fetch.nextOffset === fetch.fetchOffset
  if (first && position !== undefined && position.leader !== fetch.broker) {
    context.probe(Probe.fetchedFromStaleLeader, fetch.partition)
  }
  const { maxPollRecords } = self.options.config
  const whole = maxPollRecords < SMALL_POLL ? 0 : WHOLE_POLLS * maxPollRecords
  const taken = takeRecords(fetch, limit, records, whole)
  if (position !== undefined) {
    position.offset = fetch.nextOffset
    if (fetch.lastEpoch >= 0) position.offsetEpoch = fetch.lastEpoch
  }
  if (!isDrained(fetch)) return taken
  dropFirst(self, position)
  // Partitions take turns at the head of a request, which the broker fills from there.
  if (position !== undefined) self.positions.moveToEnd(position)
  return taken
}

function isStale(
  fetch: CompletedFetch,
  position: Position | undefined,
  context: ConsumerContext,
): boolean {
  if (context.guard(Guard.fetchAssignment, position === undefined)) return true
  if (position === undefined) return false
  if (context.guard(Guard.pendingRevocation, position.revoking)) return true
  if (fetch.error !== 'NONE') return false
  const moved = position.phase !== 'fetching' || position.offset !== fetch.nextOffset
  return context.guard(Guard.fetchPosition, moved)
}

function dropFirst(self: Consumer, position: Position | undefined): void {
  self.fetcher.buffer.shift()
  if (position !== undefined) position.buffered = false
}

function onFetchError(
  self: Consumer,
  fetch: CompletedFetch,
  position: Position,
  context: ConsumerContext,
): void {
  const { diverging } = fetch
  // Positions have been looked at already in this poll.
  self.again = true
  if (diverging !== null && fetch.error === 'NONE') {
    const { epoch, endOffset } = diverging
    onDivergence(self, position, { leaderEpoch: epoch, endOffset }, context)
    return
  }
  switch (fetch.error) {
    case 'OFFSET_OUT_OF_RANGE': {
      const moved = position.phase !== 'fetching' || position.offset !== fetch.fetchOffset
      if (context.guard(Guard.outOfRangePosition, moved)) return
      context.probe(Probe.outOfRange, position.partition)
      resetByPolicy(self, position, context)
      return
    }
    case 'CORRUPT_MESSAGE':
      context.exit('CORRUPT_MESSAGE')
      return
    case 'UNKNOWN_LEADER_EPOCH':
      break
    default:
      requestUpdate(self.metadata)
      if (takesHint(self, fetch)) return
  }
  position.retryAtMs = context.wallMs() + backoffMs(self.retryBackoff, 0, self.jitter)
  self.positions.disturb()
}

/** True if the broker named a leader that is newer than the one known. */
function takesHint(
  { metadata }: Consumer,
  { currentLeader, currentLeaderEpoch, partition }: CompletedFetch,
): boolean {
  return applyLeaderHint(metadata, partition, currentLeader, currentLeaderEpoch)
}

function isFetchable(position: Position, context: ConsumerContext): boolean {
  if (position.phase !== 'fetching' || position.buffered) return false
  return !context.guard(Guard.pendingRevocation, position.revoking)
}

function plan(plans: Fetcher['plans'], broker: number, one: FetchPartition): void {
  while (plans.length <= broker) plans.push(null)
  const others = plans[broker] ?? null
  if (others === null) plans[broker] = [one]
  else others.push(one)
}

function askFor(self: Consumer, position: Position): FetchPartition {
  const { fetchRow, leaderEpoch, offset } = position
  const same =
    fetchRow !== null &&
    fetchRow.fetchOffset === offset &&
    fetchRow.currentLeaderEpoch === leaderEpoch
  if (same) return fetchRow
  const row: FetchPartition = {
    partition: position.partition,
    fetchOffset: offset,
    logStartOffset: -1,
    currentLeaderEpoch: leaderEpoch,
    lastFetchedEpoch: -1,
    maxBytes: self.options.config.maxPartitionFetchBytes,
  }
  position.fetchRow = row
  return row
}

function sendFetch(
  self: Consumer,
  broker: number,
  partitions: readonly FetchPartition[],
  context: ConsumerContext,
): number {
  const { fetchNetwork, options } = self
  if (!isReady(fetchNetwork, broker, context)) {
    return connectionDelayMs(fetchNetwork, broker, context)
  }
  const { config } = options
  self.fetcher.inFlight[broker] = true
  const request: FetchRequest = {
    type: 'FetchRequest',
    correlationId: nextCorrelationId(fetchNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.fetch,
    replicaId: -1,
    replicaEpoch: -1,
    maxWaitMs: config.fetchMaxWaitMs,
    minBytes: config.fetchMinBytes,
    maxBytes: config.fetchMaxBytes,
    isolation: config.isolationLevel,
    partitions,
  }
  sendRequest(fetchNetwork, createExchange(fetchNetwork, broker, request), context)
  return Infinity
}

/** Brokers answer in the order of the request, but need not. */
function fetchOffsetOf(request: FetchRequest, partition: PartitionId, at: number): number {
  const same = request.partitions[at]
  return same?.partition === partition ? same.fetchOffset : searchedOffset(request, partition)
}

function searchedOffset(request: FetchRequest, partition: PartitionId): number {
  return request.partitions.find((one) => one.partition === partition)?.fetchOffset ?? -1
}
