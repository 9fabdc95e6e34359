/**
 * A set of indexes of one stream, as the ranges it consists of: mostly one, that grows at its end.
 */

export class IndexRanges {
  /** Where ranges begin and end by turns, in order; ranges do not touch. */
  readonly #edges: number[] = []

  has(index: number): boolean {
    return this.#edgesUpTo(index) % 2 === 1
  }

  /** The first index behind this one from which on it is the other way round. */
  nextChange(index: number): number {
    return this.#edges[this.#edgesUpTo(index)] ?? Infinity
  }

  /** Adds all from `from` to below `until`. */
  add(from: number, until: number): void {
    // Edges at the ends themselves go as well: ranges that touch become one.
    const first = this.#edgesUpTo(from - 1)
    const last = this.#edgesUpTo(until)
    const edges: number[] = []
    if (first % 2 === 0) edges.push(from)
    if (last % 2 === 0) edges.push(until)
    this.#edges.splice(first, last - first, ...edges)
  }

  /** How many edges lie at or below an index. */
  #edgesUpTo(index: number): number {
    let count = this.#edges.length
    while (count > 0 && (this.#edges[count - 1] as number) > index) count -= 1
    return count
  }
}
