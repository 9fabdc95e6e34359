/**
 * What one fetch brought of one partition, and the records still to be taken from it.
 *
 * Follows CompletedFetch of Kafka 3.9 (KC 2.3). A batch may begin below the offset that was asked
 * for; control batches are never returned but move the position; for read_committed whole batches
 * of aborted transactions are passed over. Left out: records that cannot be read.
 */

import { COUNTED, type Delivered } from '../../../application.ts'
import {
  type Batch,
  type LogEntry,
  nextOffsetOf,
  type PartitionId,
  partitionOf,
  type RecordRange,
  recordsOf,
} from '../../../record.ts'
import type { KafkaError } from '../../errors.ts'
import type { AbortedTransaction, FetchPartitionResponse } from '../../messages.ts'

export interface CompletedFetch {
  readonly partition: PartitionId
  readonly topic: string
  readonly broker: number
  readonly error: KafkaError
  /** Where the leader's log parted from the position's epoch, if the broker said so. */
  readonly diverging: FetchPartitionResponse['divergingEpoch']
  /** The broker's hint with an error: −1 if it knows none. */
  readonly currentLeader: number
  readonly currentLeaderEpoch: number
  readonly entries: readonly LogEntry[]
  readonly aborted: AbortedFilter | null
  /** The offset that was asked for. */
  readonly fetchOffset: number
  /** The next record to be taken; and the leader epoch of the one before it. */
  nextOffset: number
  lastEpoch: number
  /** Index of the entry that holds the next record. */
  entry: number
}

/** Producers whose open transaction was aborted, at the place that has been read up to. */
interface AbortedFilter {
  /** By first offset. */
  readonly transactions: readonly AbortedTransaction[]
  next: number
  readonly producers: Set<number>
}

export interface FetchedFrom {
  readonly topic: string
  readonly broker: number
  readonly fetchOffset: number
  readonly isolation: 'read_uncommitted' | 'read_committed'
}

export function completedFetch(
  response: FetchPartitionResponse,
  from: FetchedFrom,
): CompletedFetch {
  const filters = from.isolation === 'read_committed' && response.abortedTransactions.length > 0
  return {
    partition: response.partition,
    topic: from.topic,
    broker: from.broker,
    error: response.error,
    diverging: response.divergingEpoch,
    currentLeader: response.currentLeader,
    currentLeaderEpoch: response.currentLeaderEpoch,
    entries: response.entries,
    aborted: filters ? abortedFilter(response.abortedTransactions) : null,
    fetchOffset: from.fetchOffset,
    nextOffset: from.fetchOffset,
    lastEpoch: -1,
    entry: 0,
  }
}

export function isDrained(fetch: CompletedFetch): boolean {
  return fetch.entry >= fetch.entries.length
}

/**
 * Adds at most `limit` records to `into` and moves on behind them. Returns how many it were.
 *
 * A counted batch of no more than `whole` is not cut. What it stands for came over a while and
 * would have been polled as it came; left in the buffer it would keep its partition out of the next
 * fetch.
 */
export function takeRecords(
  fetch: CompletedFetch,
  limit: number,
  into: Delivered[],
  whole = 0,
): number {
  const { entries } = fetch
  let left = limit
  while (fetch.entry < entries.length) {
    const entry = entries[fetch.entry] as LogEntry
    const end = nextOffsetOf(entry)
    if (fetch.nextOffset < end) {
      if (isPassedOver(fetch, entry)) {
        fetch.nextOffset = end
        fetch.lastEpoch = entry.leaderEpoch
      } else {
        if (left <= 0) break
        const uncut = entry.batch.content.kind === 'counted' && entry.batch.count <= whole
        left -= takeFrom(fetch, entry, uncut ? entry.batch.count : left, into)
        if (fetch.nextOffset < end) return limit - left
      }
    }
    fetch.entry += 1
  }
  return limit - left
}

function takeFrom(
  fetch: CompletedFetch,
  entry: LogEntry,
  limit: number,
  into: Delivered[],
): number {
  const from = Math.max(fetch.nextOffset, entry.baseOffset)
  const until = Math.min(nextOffsetOf(entry), from + limit)
  for (let offset = from; offset < until;) {
    const delivered = deliveredAt(fetch, entry, offset, until - offset)
    into.push(delivered)
    offset += delivered.count
  }
  fetch.nextOffset = until
  fetch.lastEpoch = entry.leaderEpoch
  return until - from
}

/** The record at an offset; of counted ones as many as follow in its range, up to `limit`. */
function deliveredAt(
  fetch: CompletedFetch,
  entry: LogEntry,
  offset: number,
  limit: number,
): Delivered {
  const at = offset - entry.baseOffset
  const record = recordsOf(entry.batch)[at]
  const read = record ?? recordInRanges(entry.batch, at)
  const range = entry.corrupt === true ? misread(read) : read
  const counted = entry.batch.content.kind === 'counted'
  return {
    topic: fetch.topic,
    partition: partitionOf(fetch.partition),
    partitionId: fetch.partition,
    offset,
    key: record?.key ?? null,
    value: counted ? COUNTED : record?.value,
    stream: range.stream,
    index: range.index,
    count: counted ? Math.min(limit, rangeLeft(entry.batch, at)) : 1,
    timestampMs: record?.timestampMs ?? entry.batch.maxTimestampMs,
  }
}

/** What rot makes of a record, where nobody asks for its checksum: it passes for another. */
function misread({ stream }: { readonly stream: number }): {
  readonly stream: number
  readonly index: number
} {
  return { stream, index: 0 }
}

/** Identity of a batch's record that is known by its range alone. */
export function recordInRanges(
  batch: Batch,
  at: number,
): { readonly stream: number; readonly index: number } {
  const ranges: readonly RecordRange[] =
    batch.content.kind === 'explicit' ? [] : batch.content.ranges
  let left = at
  for (const { stream, index, count } of ranges) {
    if (left < count) return { stream, index: index + left }
    left -= count
  }
  return { stream: -1, index: at }
}

/** Records of the range from this place in its batch on. */
function rangeLeft({ content, count }: Batch, at: number): number {
  if (content.kind === 'explicit') return 1
  let end = 0
  for (const range of content.ranges) {
    end += range.count
    if (at < end) return end - at
  }
  return count - at
}

/** Probes and inspections write records of no stream, which applications are not to see. */
function isOfTheHarness(batch: Batch): boolean {
  const { content } = batch
  return content.kind === 'explicit' && content.records[0]?.stream === -1
}

function isPassedOver(fetch: CompletedFetch, { batch, baseOffset }: LogEntry): boolean {
  const { aborted } = fetch
  if (isOfTheHarness(batch)) return true
  if (aborted === null) return batch.control !== 'none'
  const lastOffset = baseOffset + batch.count - 1
  while (aborted.next < aborted.transactions.length) {
    const next = aborted.transactions[aborted.next] as AbortedTransaction
    if (next.firstOffset > lastOffset) break
    aborted.producers.add(next.producerId)
    aborted.next += 1
  }
  if (batch.control === 'abort') aborted.producers.delete(batch.producerId)
  if (batch.control !== 'none') return true
  return batch.transactional && aborted.producers.has(batch.producerId)
}

function abortedFilter(transactions: readonly AbortedTransaction[]): AbortedFilter {
  return {
    transactions: transactions.toSorted((one, other) => one.firstOffset - other.firstOffset),
    next: 0,
    producers: new Set(),
  }
}
