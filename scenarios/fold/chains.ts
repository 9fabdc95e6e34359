/**
 * Chains: how far the rows of each stream follow one another without a gap, in the order of a table.
 *
 * A row that is out of place or not over bounds its stream: nothing from there on can be folded.
 */

import type { History } from '../../model/history.ts'

const NONE = -1

/** Sends that are over, in the order of their stream. */
export class SendChains {
  /** By stream: nothing from this index on can be folded. */
  readonly limit: Float64Array
  /** By stream: the index after its last send in the chain. */
  readonly end: Float64Array
  /** By stream: the row of its first send in the chain; −1: none. */
  readonly head: Int32Array
  /** By row: the next one of its chain. */
  readonly next: Int32Array

  constructor(
    { sends, streams }: History,
    folded: readonly number[],
    isOver: (row: number) => boolean,
  ) {
    const tail = new Int32Array(streams.length).fill(NONE)
    this.limit = new Float64Array(streams.length).fill(Infinity)
    this.end = Float64Array.from(streams, (_, of) => folded[of] ?? 0)
    this.head = tail.slice()
    this.next = new Int32Array(sends.length).fill(NONE)
    const { limit, end, head, next } = this
    const { stream, index, count } = sends.data
    for (let row = 0; row < sends.length; row += 1) {
      const of = stream[row] as number
      const first = index[row] as number
      if (first >= (limit[of] as number)) continue
      const until = first + (count[row] as number)
      // Sent again after it was folded.
      if (until <= (folded[of] ?? 0)) continue
      const expected = end[of] as number
      if (first !== expected || !isOver(row)) {
        limit[of] = Math.min(first, expected)
        continue
      }
      end[of] = until
      const before = tail[of] as number
      if (before === NONE) head[of] = row
      else next[before] = row
      tail[of] = row
    }
  }
}

/** A range that a group processed. */
export interface Processing {
  /** Of the group in the scenario. */
  readonly place: number
  readonly stream: number
  readonly first: number
  readonly end: number
  /** −1: not to the end, or not yet. */
  readonly endedUs: number
}

/** How far each group processed each stream, once and in order. */
export class ProcessedChains {
  readonly #folded: readonly number[]
  readonly #streams: number
  readonly #ends: Float64Array
  readonly #endedUs: Float64Array

  constructor(folded: readonly number[], streams: number, groups: number) {
    this.#folded = folded
    this.#streams = streams
    this.#ends = Float64Array.from(
      { length: groups * streams },
      (_, at) => folded[at % streams] ?? 0,
    )
    this.#endedUs = new Float64Array(groups * streams)
  }

  /** Takes the next row; gives the index from which on it keeps its stream from being folded. */
  take({ place, stream, first, end, endedUs }: Processing): number {
    const folded = this.#folded[stream] ?? 0
    if (end <= folded) return Infinity
    const at = place * this.#streams + stream
    const expected = this.#ends[at] as number
    const lastUs = this.#endedUs[at] as number
    if (endedUs !== NONE && endedUs < lastUs) return folded
    if (first !== expected || endedUs === NONE) return Math.min(first, expected)
    this.#ends[at] = end
    this.#endedUs[at] = endedUs
    return Infinity
  }

  end(place: number, stream: number): number {
    return this.#ends[place * this.#streams + stream] as number
  }
}
