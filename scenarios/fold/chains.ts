/**
 * Chains: how far the rows of each stream follow one another without a gap, in the order of a
 * table.
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

  constructor({ sends }: History, folded: Float64Array, isOver: (row: number) => boolean) {
    const tail = new Int32Array(folded.length).fill(NONE)
    this.limit = new Float64Array(folded.length).fill(Infinity)
    this.end = folded.slice()
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
      if (until <= (folded[of] as number)) continue
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

/** How far each group processed each stream, once and in order. */
export class ProcessedChains {
  readonly #folded: Float64Array
  readonly #ends: Float64Array
  readonly #endedUs: Float64Array

  constructor(folded: Float64Array, groups: number) {
    this.#folded = folded
    this.#ends = new Float64Array(groups * folded.length)
    for (let place = 0; place < groups; place += 1) this.#ends.set(folded, place * folded.length)
    this.#endedUs = new Float64Array(this.#ends.length)
  }

  /**
   * Takes the next row of the group at a place: what it processed of a stream, and when that ended
   * (−1: not to the end, or not yet). Gives the index from which on it keeps its stream from being
   * folded.
   */
  // oxlint-disable-next-line max-params -- an object for each row costs more than all that is done with it.
  take(place: number, stream: number, first: number, end: number, endedUs: number): number {
    const folded = this.#folded[stream] as number
    if (end <= folded) return Infinity
    const at = place * this.#folded.length + stream
    const expected = this.#ends[at] as number
    const lastUs = this.#endedUs[at] as number
    if (endedUs !== NONE && endedUs < lastUs) return folded
    if (first !== expected || endedUs === NONE) return Math.min(first, expected)
    this.#ends[at] = end
    this.#endedUs[at] = endedUs
    return Infinity
  }

  end(place: number, stream: number): number {
    return this.#ends[place * this.#folded.length + stream] as number
  }
}
