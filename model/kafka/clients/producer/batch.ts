/**
 * One batch of a producer: how it fills, what it looks like on the wire, how it is split (KC 1.2,
 * 1.7).
 *
 * A counted batch stands for several of real clients. What bounds a batch of theirs (`batch.size`,
 * `max.request.size`, `max.message.bytes`) is judged by its bytes ÷ batches; it has itself room for
 * so many records that it stays a fine unit of time.
 */

import {
  type Batch,
  BATCH_HEADER_BYTES,
  type Codec,
  type Content,
  type DataRecord,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  type RecordRange,
  sequenceAfter,
} from '../../../record.ts'
import { compressedBytes } from '../../compression.ts'
import type { Outgoing, PartitionQueue, ProducerBatch } from './state.ts'

export interface BatchOrigin {
  readonly id: number
  readonly createdMs: number
  readonly allocatedBytes: number
  readonly codec: Codec | null
}

/** Records that a counted batch takes. */
export const COUNTED_RECORDS_MAX = 1_000

/** Where the records of one batch are put together; empty in between. */
const scratch: DataRecord[] = []

export function createBatch(queue: PartitionQueue, origin: BatchOrigin): ProducerBatch {
  return {
    id: origin.id,
    queue,
    createdMs: origin.createdMs,
    first: null,
    last: null,
    count: 0,
    bytes: 0,
    batches: 0,
    requests: 0,
    codec: origin.codec,
    allocatedBytes: origin.allocatedBytes,
    closed: false,
    attempts: 0,
    lastAttemptMs: origin.createdMs,
    pauseMs: 0,
    leaderEpoch: -1,
    attemptsAtLeaderChange: -1,
    producerId: NO_PRODUCER_ID,
    producerEpoch: -1,
    baseSequence: NO_SEQUENCE,
    reopened: false,
    told: 'nothing',
    written: false,
    wire: null,
  }
}

/** The first record always has room. */
export function hasRoom(batch: ProducerBatch, outgoing: Outgoing, batchSize: number): boolean {
  if (batch.closed) return false
  if (batch.count === 0) return true
  if (outgoing.counted !== null) return batch.count + outgoing.count <= COUNTED_RECORDS_MAX
  return batch.bytes + compressedBytes(outgoing.record.bytes, batch.codec) <= batchSize
}

export function appendTo(batch: ProducerBatch, outgoing: Outgoing): void {
  outgoing.next = null
  if (batch.last === null) batch.first = outgoing
  else batch.last.next = outgoing
  batch.last = outgoing
  const { counted } = outgoing
  if (counted !== null) {
    batch.batches += counted.batches
    batch.requests += counted.requests
  }
  batch.bytes += compressedBytes(outgoing.record.bytes, batch.codec) + headerBytes(batch, outgoing)
  batch.count += outgoing.count
}

/** Bytes of batch headers that come with a range: one for each batch of a real client. */
function headerBytes({ count }: ProducerBatch, { counted }: Outgoing): number {
  if (counted !== null) return Math.ceil(BATCH_HEADER_BYTES * counted.batches)
  return count === 0 ? BATCH_HEADER_BYTES : 0
}

/** What a range takes of `buffer.memory` as the first of a batch. */
export function memoryOf({ record, counted }: Outgoing, batchSize: number): number {
  if (counted === null) return Math.max(batchSize, BATCH_HEADER_BYTES + record.bytes)
  const headers = Math.ceil(BATCH_HEADER_BYTES * counted.batches)
  return Math.max(Math.ceil(batchSize * counted.batches), headers + record.bytes)
}

/** Bytes of one record; on average, of a counted range. */
export function recordBytesOf({ record, count }: Outgoing): number {
  return count === 1 ? record.bytes : record.bytes / count
}

export function isFull(batch: ProducerBatch, batchSize: number): boolean {
  if (batch.closed) return true
  return batch.batches > 0 ? batch.count >= COUNTED_RECORDS_MAX : batch.bytes >= batchSize
}

/** Bytes of one batch of a real client. */
export function realBytes({ bytes, batches }: ProducerBatch): number {
  return batches > 0 ? bytes / batches : bytes
}

/** Whether a batch of a real client has more than one record. */
export function hasSeveral({ count, batches }: ProducerBatch): boolean {
  return count > Math.max(1, batches)
}

export function hasSequence(batch: ProducerBatch): boolean {
  return batch.baseSequence !== NO_SEQUENCE
}

/** The sequence of its last record. */
export function lastSequence(batch: ProducerBatch): number {
  return sequenceAfter(batch.baseSequence, batch.count - 1)
}

/** Gives it its place in the sequence; what was on the wire before keeps its old one. */
export function setSequence(
  batch: ProducerBatch,
  producerId: number,
  producerEpoch: number,
  baseSequence: number,
): void {
  batch.producerId = producerId
  batch.producerEpoch = producerEpoch
  batch.baseSequence = baseSequence
  batch.wire = null
}

/** The record batch as it goes out. Its records no longer change. */
export function wireOf(batch: ProducerBatch): Batch {
  batch.closed = true
  batch.wire ??= makeWire(batch)
  return batch.wire
}

function makeWire(batch: ProducerBatch): Batch {
  const wire = {
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: false,
    control: 'none' as const,
    count: batch.count,
    bytes: batch.bytes,
    maxTimestampMs: newestTimestamp(batch),
    content: contentOf(batch),
  } satisfies Batch
  return batch.codec === null ? wire : { ...wire, codec: batch.codec }
}

function contentOf(batch: ProducerBatch): Content {
  const { batches, requests } = batch
  if (batches > 0) return { kind: 'counted', ranges: rangesIn(batch), requests, batches }
  return { kind: 'explicit', records: recordsIn(batch) }
}

/** Ranges that follow each other in their stream are one. */
function rangesIn(batch: ProducerBatch): readonly RecordRange[] {
  const ranges: RecordRange[] = []
  let stream = -1
  let index = 0
  let count = 0
  for (let send = batch.first; send !== null; send = send.next) {
    const { record } = send
    if (record.stream === stream && record.index === index + count) {
      count += send.count
      continue
    }
    if (count > 0) ranges.push({ stream, index, count })
    stream = record.stream
    index = record.index
    count = send.count
  }
  ranges.push({ stream, index, count })
  return ranges
}

/**
 * In an array of just their number: logs keep it, and one that is pushed to takes room for many.
 */
function recordsIn(batch: ProducerBatch): readonly DataRecord[] {
  for (let send = batch.first; send !== null; send = send.next) scratch.push(send.record)
  const records = scratch.slice()
  while (scratch.length > 0) scratch.pop()
  return records
}

/**
 * Cuts a batch that the broker finds too large into pieces of at most `batchSize`, in order and
 * with consecutive sequences. They are as old as it was, but count as never tried.
 *
 * Of a counted batch each real one is cut: it is one piece still, and stands for more of them.
 */
export function split(batch: ProducerBatch, batchSize: number): ProducerBatch[] {
  const parts = Math.ceil(realBytes(batch) / batchSize)
  const pieces: ProducerBatch[] = []
  let piece: ProducerBatch | null = null
  let next: Outgoing | null
  for (let send = batch.first; send !== null; send = next) {
    next = send.next
    if (piece === null || !hasRoom(piece, send, batchSize)) {
      piece = createBatch(batch.queue, { ...batch, allocatedBytes: 0 })
      // Some earlier attempt of the whole may have been appended after all.
      piece.written = batch.written
      piece.reopened = batch.reopened
      pieces.push(piece)
    }
    appendTo(piece, send)
  }
  for (const one of pieces) cutRealOnes(one, parts)
  sequencePieces(batch, pieces)
  return pieces
}

function sequencePieces(batch: ProducerBatch, pieces: readonly ProducerBatch[]): void {
  let sequence = batch.baseSequence
  for (const piece of pieces) {
    piece.closed = true
    if (!hasSequence(batch)) continue
    setSequence(piece, batch.producerId, batch.producerEpoch, sequence)
    sequence = sequenceAfter(sequence, piece.count)
  }
}

function cutRealOnes(piece: ProducerBatch, parts: number): void {
  if (piece.batches === 0) return
  piece.bytes += Math.ceil(BATCH_HEADER_BYTES * piece.batches * (parts - 1))
  piece.batches *= parts
}

function newestTimestamp({ first }: ProducerBatch): number {
  let newest = -1
  for (let send = first; send !== null; send = send.next) {
    if (send.record.timestampMs > newest) newest = send.record.timestampMs
  }
  return newest
}
