/**
 * A growing table of numbers, one typed array a column: rows cost no object.
 *
 * A writer opens a row with `next` and sets each column of `data` itself, by a name that the
 * compiler knows; an argument list of the length of a row would be an array for each row. Rows that
 * are over may be dropped: each row has a number for good, which is its place until something is
 * dropped.
 */

const NONE = new Float64Array(0)

export class Columns<Name extends string> {
  readonly names: readonly Name[]
  /** The columns as they are now, longer than the table. Take it anew after `next`. */
  data: Readonly<Record<Name, Float64Array>>
  #length = 0
  #capacity: number
  /** How many rows were dropped. */
  #dropped = 0
  /** Numbers of the rows that were kept when others were dropped, in order; they stand first. */
  #kept: Float64Array = NONE

  constructor(names: readonly Name[], capacity = 256) {
    this.names = names
    this.#capacity = capacity
    this.data = makeColumns(names, capacity)
  }

  get length(): number {
    return this.#length
  }

  /** The number that the next row will have. */
  get nextNumber(): number {
    return this.#length + this.#dropped
  }

  /** The number of the row at a place. */
  numberOf(row: number): number {
    return row < this.#kept.length ? (this.#kept[row] as number) : row + this.#dropped
  }

  /** Where the row of a number stands; −1 if it was dropped. */
  rowOf(number: number): number {
    const row = number - this.#dropped
    return row >= this.#kept.length ? row : this.#placeOf(number)
  }

  /** Drops the rows that are marked; the others move up and keep their order and their numbers. */
  drop(marked: Uint8Array): void {
    const length = this.#length
    let kept = 0
    for (let row = 0; row < length; row += 1) if (marked[row] !== 1) kept += 1
    if (kept === length) return
    const numbers = new Float64Array(kept)
    for (let row = 0, to = 0; row < length; row += 1) {
      if (marked[row] !== 1) numbers[to++] = this.numberOf(row)
    }
    for (const name of this.names) {
      const column = this.data[name]
      for (let row = 0, to = 0; row < length; row += 1) {
        if (marked[row] !== 1) column[to++] = column[row] as number
      }
    }
    this.#kept = numbers
    this.#dropped += length - kept
    this.#length = kept
  }

  /** Opens the next row, its columns undefined until they are set; returns its number. */
  next(): number {
    if (this.#length === this.#capacity) this.#grow()
    const row = this.#length
    this.#length = row + 1
    return row
  }

  get(name: Name, row: number): number {
    return this.data[name][row] as number
  }

  /** The values of one column, `length` long. A view: take it again after rows were added. */
  column(name: Name): Float64Array {
    return this.data[name].subarray(0, this.#length)
  }

  /** All columns in the order of the names. */
  columns(): Float64Array[] {
    return this.names.map((name) => this.column(name))
  }

  #placeOf(number: number): number {
    let low = 0
    let high = this.#kept.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#kept[middle] as number) < number) low = middle + 1
      else high = middle
    }
    return this.#kept[low] === number ? low : -1
  }

  #grow(): void {
    this.#capacity *= 2
    const grown = makeColumns(this.names, this.#capacity)
    for (const name of this.names) grown[name].set(this.data[name])
    this.data = grown
  }
}

function makeColumns<Name extends string>(
  names: readonly Name[],
  capacity: number,
): Record<Name, Float64Array> {
  // One block for all columns: a run has many tables, and each block costs as much as many rows.
  const block = new ArrayBuffer(8 * capacity * names.length)
  const columns: Partial<Record<Name, Float64Array>> = {}
  let start = 0
  for (const name of names) {
    columns[name] = new Float64Array(block, start, capacity)
    start += 8 * capacity
  }
  return columns as Record<Name, Float64Array>
}
