/**
 * Records as dense numbers, so that judging them is arithmetic on arrays and not look-ups in maps.
 *
 * An atom is a range of one stream that no operation ever splits; it stands for `weight` records.
 * Where operations are about single records an atom is a record, and its number is the prefix sum
 * of the streams before plus its index. Where they are about counted ranges, atoms are cut at every
 * boundary that an operation or a batch has.
 */

import type { History } from '../../model/history.ts'
import type { Batch, StreamId } from '../../model/record.ts'
import type { FinalLog } from '../result.ts'

/** Up to so many records each gets an atom of its own. */
const DENSE_MAX = 2_000_000

/** Calls back for each range of records in a batch; those of the system are passed over. */
export function eachRange(
  batch: Batch,
  visit: (stream: StreamId, index: number, count: number, at: number) => void,
): void {
  const { content } = batch
  if (content.kind === 'explicit') {
    const { records } = content
    for (let at = 0; at < records.length; at += 1) {
      const { stream, index } = records[at] as (typeof records)[number]
      if (stream >= 0) visit(stream, index, 1, at)
    }
    return
  }
  let at = 0
  for (const { stream, index, count } of content.ranges) {
    if (stream >= 0) visit(stream, index, count, at)
    at += count
  }
}

export class Atoms {
  readonly count: number
  readonly streams: number
  readonly #bases: Float64Array
  readonly #lengths: readonly number[]
  /** First index of each atom in its stream; null where each record is an atom. */
  readonly #starts: Float64Array | null

  constructor(history: History, logs: readonly FinalLog[]) {
    const lengths = history.streamLengths
    this.#lengths = lengths
    this.streams = lengths.length
    let records = 0
    for (let stream = 0; stream < lengths.length; stream += 1) records += lengths[stream] as number
    if (records <= Math.max(DENSE_MAX, history.sends.length * 2)) {
      this.#starts = null
      this.#bases = prefixSums(lengths)
      this.count = records
    } else {
      const cuts = boundaries(history, logs)
      this.#bases = prefixSums(cuts.map((one) => one.length))
      this.count = this.#bases[this.streams] as number
      this.#starts = new Float64Array(this.count)
      for (let stream = 0; stream < cuts.length; stream += 1) {
        this.#starts.set(cuts[stream] as number[], this.#bases[stream])
      }
    }
  }

  /** Whether history knows such records. */
  has(stream: StreamId, index: number, count: number): boolean {
    return stream < this.streams && index >= 0 && index + count <= (this.#lengths[stream] as number)
  }

  /** The atom that begins at an index; one past the last atom of its stream at the stream's end. */
  at(stream: StreamId, index: number): number {
    const base = this.#bases[stream] as number
    const starts = this.#starts
    if (starts === null) return base + index
    let low = base
    let high = this.#bases[stream + 1] as number
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] as number) < index) low = middle + 1
      else high = middle
    }
    return low
  }

  first(stream: StreamId): number {
    return this.#bases[stream] as number
  }

  end(stream: StreamId): number {
    return this.#bases[stream + 1] as number
  }

  streamOf(atom: number): StreamId {
    let low = 0
    let high = this.streams - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#bases[middle] as number) <= atom) low = middle
      else high = middle - 1
    }
    return low
  }

  indexOf(atom: number): number {
    const starts = this.#starts
    if (starts !== null) return starts[atom] as number
    return atom - (this.#bases[this.streamOf(atom)] as number)
  }

  /** Records that an atom stands for. */
  weight(atom: number): number {
    const starts = this.#starts
    if (starts === null) return 1
    const stream = this.streamOf(atom)
    const next =
      atom + 1 < this.end(stream) ? (starts[atom + 1] as number) : (this.#lengths[stream] as number)
    return next - (starts[atom] as number)
  }

  /** `stream:index`, as evidence names a record. */
  name(atom: number): string {
    return `${this.streamOf(atom)}:${this.indexOf(atom)}`
  }
}

function prefixSums(lengths: readonly number[]): Float64Array {
  const sums = new Float64Array(lengths.length + 1)
  for (let at = 0; at < lengths.length; at += 1) {
    sums[at + 1] = (sums[at] as number) + (lengths[at] as number)
  }
  return sums
}

/** By stream, every index at which an operation or a batch begins or ends, in order. */
function boundaries(history: History, logs: readonly FinalLog[]): number[][] {
  const cuts: number[][] = history.streamLengths.map((length) => (length === 0 ? [] : [0]))
  const cut = (stream: StreamId, index: number, count: number): void => {
    const of = cuts[stream]
    if (of === undefined) return
    of.push(index, index + count)
  }
  for (const table of [history.sends, history.deliveries, history.processings]) {
    const { stream, index, count } = table.data
    for (let row = 0; row < table.length; row += 1) {
      cut(stream[row] as number, index[row] as number, count[row] as number)
    }
  }
  for (const { entries } of logs) for (const { batch } of entries) eachRange(batch, cut)
  return cuts.map((of, stream) => inOrder(of, history.streamLengths[stream] as number))
}

/** Sorted and without repetition; the end of the stream begins nothing. */
function inOrder(cuts: number[], length: number): number[] {
  let sorted = true
  for (let at = 1; at < cuts.length && sorted; at += 1) {
    sorted = (cuts[at - 1] as number) <= (cuts[at] as number)
  }
  if (!sorted) cuts.sort((left, right) => left - right)
  const kept: number[] = []
  for (const index of cuts) {
    if (index < length && index !== kept.at(-1)) kept.push(index)
  }
  return kept
}
