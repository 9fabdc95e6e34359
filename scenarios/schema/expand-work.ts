/**
 * Expands times and sizes that are drawn: constant, through two percentiles, or with a mean.
 */

import { naturalLog } from '../../sim/arithmetic.ts'
import { meanBytes, RECORD_BYTES_MAX } from '../../model/kafka/clients/producer/sizes.ts'
import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import type { Sizes, Work } from './scenario.ts'
import type { SizesEntry, WorkEntry } from './surface.ts'
import { parseBytes, parseDuration } from './units.ts'

export function expandWork(
  entry: WorkEntry | undefined,
  path: Path,
  { findings }: Expansion,
): Work {
  if (entry === undefined) return { p50Us: 0, p99Us: 0 }
  if (typeof entry === 'string') {
    const us = findings.attempt(path, 0, () => parseDuration(entry))
    return { p50Us: us, p99Us: us }
  }
  if ('mean' in entry) {
    const meanUs = findings.attempt([...path, 'mean'], 1, () => parseDuration(entry.mean))
    if (meanUs === 0) findings.add([...path, 'mean'], 'is no time at all: leave work out')
    return { p50Us: share(meanUs, 0.5), p99Us: share(meanUs, 0.99), meanUs }
  }
  const work = {
    p50Us: findings.attempt([...path, 'p50'], 0, () => parseDuration(entry.p50)),
    p99Us: findings.attempt([...path, 'p99'], 0, () => parseDuration(entry.p99)),
  }
  if (work.p99Us < work.p50Us) findings.add([...path, 'p99'], 'is less than p50')
  return work
}

/** The time within which this share of exponential times ends. */
function share(meanUs: number, below: number): number {
  return Math.round(-meanUs * naturalLog(1 - below))
}

/** One size, or sizes and their mean. */
export interface RecordSizes {
  readonly recordBytes: number
  readonly sizes?: Sizes
}

export function expandSizes(entry: SizesEntry, path: Path, expansion: Expansion): RecordSizes {
  const read = (text: string, at: Path): number => sizeOf(text, at, expansion)
  if (typeof entry === 'string') return { recordBytes: read(entry, path) }
  if (Array.isArray(entry)) {
    const bytes = entry.map(({ size }, index) => read(size, [...path, index, 'size']))
    const weights = entry.map(({ weight }) => weight ?? 1)
    return withMean({ kind: 'list', bytes, weights })
  }
  if ('mean' in entry) {
    return withMean({ kind: 'exponential', mean: read(entry.mean, [...path, 'mean']) })
  }
  const p50 = read(entry.p50, [...path, 'p50'])
  const p99 = read(entry.p99, [...path, 'p99'])
  if (p99 < p50) expansion.findings.add([...path, 'p99'], 'is less than p50')
  return withMean({ kind: 'log-normal', p50, p99 })
}

function withMean(sizes: Sizes): RecordSizes {
  return { recordBytes: meanBytes(sizes), sizes }
}

/** The size of a record, at least one byte. */
export function sizeOf(text: string, path: Path, { findings }: Expansion): number {
  const bytes = findings.attempt(path, 1, () => parseBytes(text))
  if (bytes === 0) findings.add(path, 'a record has at least 1B')
  if (bytes > RECORD_BYTES_MAX) {
    findings.add(path, `${text} is more than a record can be: Kafka counts it in 31 bits, 2 GiB`)
  }
  return Math.max(1, bytes)
}
