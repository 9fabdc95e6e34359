/**
 * One batch of a producer: how it fills, what it looks like on the wire, how it is split (KC 1.2, 1.7).
 */

import {
  type Batch,
  BATCH_HEADER_BYTES,
  type DataRecord,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  sequenceAfter,
} from '../../../record.ts'
import type { Outgoing, PartitionQueue, ProducerBatch } from './state.ts'

export interface BatchOrigin {
  readonly id: number
  readonly createdMs: number
  readonly allocatedBytes: number
}

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
    bytes: BATCH_HEADER_BYTES,
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
export function hasRoom(batch: ProducerBatch, bytes: number, batchSize: number): boolean {
  if (batch.closed) return false
  return batch.count === 0 || batch.bytes + bytes <= batchSize
}

export function appendTo(batch: ProducerBatch, outgoing: Outgoing): void {
  outgoing.next = null
  if (batch.last === null) batch.first = outgoing
  else batch.last.next = outgoing
  batch.last = outgoing
  batch.count += 1
  batch.bytes += outgoing.record.bytes
}

export function isFull(batch: ProducerBatch, batchSize: number): boolean {
  return batch.closed || batch.bytes >= batchSize
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
  batch.wire ??= makeWire(batch, recordsIn(batch))
  return batch.wire
}

function makeWire(batch: ProducerBatch, records: readonly DataRecord[]): Batch {
  return {
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: false,
    control: 'none',
    count: batch.count,
    bytes: batch.bytes,
    maxTimestampMs: newestTimestamp(records),
    content: { kind: 'explicit', records },
  }
}

/** In an array of just their number: logs keep it, and one that is pushed to takes room for many. */
function recordsIn(batch: ProducerBatch): readonly DataRecord[] {
  for (let send = batch.first; send !== null; send = send.next) scratch.push(send.record)
  const records = scratch.slice()
  while (scratch.length > 0) scratch.pop()
  return records
}

/**
 * Cuts a batch that the broker finds too large into pieces of at most `batchSize`, in order and
 * with consecutive sequences. They are as old as it was, but count as never tried.
 */
export function split(batch: ProducerBatch, batchSize: number): ProducerBatch[] {
  const pieces: ProducerBatch[] = []
  let piece: ProducerBatch | null = null
  let next: Outgoing | null
  for (let send = batch.first; send !== null; send = next) {
    next = send.next
    if (piece === null || !hasRoom(piece, send.record.bytes, batchSize)) {
      piece = createBatch(batch.queue, { ...batch, allocatedBytes: 0 })
      // Some earlier attempt of the whole may have been appended after all.
      piece.written = batch.written
      piece.reopened = batch.reopened
      pieces.push(piece)
    }
    appendTo(piece, send)
  }
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

function newestTimestamp(records: readonly DataRecord[]): number {
  let newest = -1
  for (const record of records) if (record.timestampMs > newest) newest = record.timestampMs
  return newest
}
