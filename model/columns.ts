/**
 * A growing table of numbers, one typed array a column: rows cost no object.
 *
 * A writer opens a row with `next` and sets each column of `data` itself, by a name that the
 * compiler knows; an argument list of the length of a row would be an array for each row.
 */

export class Columns<Name extends string> {
  readonly names: readonly Name[]
  /** The columns as they are now, longer than the table. Take it anew after `next`. */
  data: Readonly<Record<Name, Float64Array>>
  #length = 0
  #capacity: number

  constructor(names: readonly Name[], capacity = 256) {
    this.names = names
    this.#capacity = capacity
    this.data = makeColumns(names, capacity)
  }

  get length(): number {
    return this.#length
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
