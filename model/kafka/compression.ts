/**
 * What compression does to a batch: how small it gets and how long that takes (KB 8).
 *
 * A table by codec for records like JSON orders: ratios and speeds of the order that public
 * comparisons of the libraries give for one core of the 2020s, marked as assumed. A batch is
 * counted at its compressed size while it fills, as the producer's estimate does. Left out: levels,
 * and that a small batch compresses worse than a large one.
 */

import { type Batch, BATCH_HEADER_BYTES, type Codec } from '../record.ts'

interface CodecFigures {
  /** Compressed bytes to raw bytes. */
  readonly ratio: number
  /** For 1024 raw bytes. */
  readonly compressNs: number
  readonly decompressNs: number
}

const NONE: CodecFigures = { ratio: 1, compressNs: 0, decompressNs: 0 }

const figures: Readonly<Record<Codec, CodecFigures>> = {
  gzip: { ratio: 0.3, compressNs: 20_000, decompressNs: 3_000 },
  snappy: { ratio: 0.5, compressNs: 2_500, decompressNs: 800 },
  lz4: { ratio: 0.48, compressNs: 2_000, decompressNs: 400 },
  zstd: { ratio: 0.3, compressNs: 4_500, decompressNs: 1_000 },
}

/** The codec of a property's value; null for none of them. */
export function codecNamed(value: string): Codec | null {
  const name = value.toLowerCase()
  return Object.hasOwn(figures, name) ? (name as Codec) : null
}

function figuresOf(codec: Codec | null | undefined): CodecFigures {
  return codec === null || codec === undefined ? NONE : figures[codec]
}

/** Bytes that a codec makes of so many. */
export function compressedBytes(raw: number, codec: Codec | null): number {
  return codec === null ? raw : Math.ceil(raw * figures[codec].ratio)
}

/** Bytes of a batch's records before they were compressed. */
export function rawBytes(batch: Batch): number {
  const { ratio } = figuresOf(batch.codec)
  return (batch.bytes - BATCH_HEADER_BYTES) / ratio
}

/** Nanoseconds to read the records of a batch. */
export function decompressNs(batch: Batch): number {
  return (figuresOf(batch.codec).decompressNs * rawBytes(batch)) / 1024
}

/** Nanoseconds to write so many bytes with a codec. */
export function compressionNsOf(raw: number, codec: Codec | null): number {
  return (figuresOf(codec).compressNs * raw) / 1024
}

/** Nanoseconds to write the records of a batch with a codec. */
export function compressNs(batch: Batch, codec: Codec | null): number {
  return compressionNsOf(rawBytes(batch), codec)
}

/**
 * What a topic makes of a codec (`compression.type`): `producer` leaves it, everything else is
 * written with the topic's own.
 */
export function codecInLog(batch: Batch, ofTopic: string): Codec | null {
  if (ofTopic === 'producer') return batch.codec ?? null
  return codecNamed(ofTopic)
}

/** The batch as it stands in the log of a topic. */
export function batchInLog(batch: Batch, ofTopic: string): Batch {
  const codec = codecInLog(batch, ofTopic)
  if (codec === (batch.codec ?? null)) return batch
  const { codec: _before, ...rest } = batch
  const bytes = BATCH_HEADER_BYTES + compressedBytes(Math.round(rawBytes(batch)), codec)
  return { ...rest, bytes, ...(codec === null ? {} : { codec }) }
}
