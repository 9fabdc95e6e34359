/**
 * A growing table of numbers, one typed array a column: rows cost no object.
 */

export class Columns<Name extends string> {
  readonly names: readonly Name[]
  readonly #arrays: Float64Array[]
  readonly #index: Readonly<Record<string, number>>
  #length = 0
  #capacity: number

  constructor(names: readonly Name[], capacity = 256) {
    this.names = names
    this.#capacity = capacity
    this.#arrays = names.map(() => new Float64Array(capacity))
    this.#index = Object.fromEntries(names.map((name, index) => [name, index]))
  }

  get length(): number {
    return this.#length
  }

  /** Adds a row, values in the order of the names; returns its number. */
  add(...values: number[]): number {
    if (this.#length === this.#capacity) this.#grow()
    const row = this.#length
    const arrays = this.#arrays
    for (let column = 0; column < arrays.length; column += 1) {
      ;(arrays[column] as Float64Array)[row] = values[column] as number
    }
    this.#length = row + 1
    return row
  }

  get(name: Name, row: number): number {
    return (this.#arrays[this.#index[name] as number] as Float64Array)[row] as number
  }

  set(name: Name, row: number, value: number): void {
    ;(this.#arrays[this.#index[name] as number] as Float64Array)[row] = value
  }

  /** The values of one column, `length` long. A view: take it again after rows were added. */
  column(name: Name): Float64Array {
    return (this.#arrays[this.#index[name] as number] as Float64Array).subarray(0, this.#length)
  }

  /** All columns in the order of the names. */
  columns(): Float64Array[] {
    return this.#arrays.map((array) => array.subarray(0, this.#length))
  }

  #grow(): void {
    this.#capacity *= 2
    for (let column = 0; column < this.#arrays.length; column += 1) {
      const grown = new Float64Array(this.#capacity)
      grown.set(this.#arrays[column] as Float64Array)
      this.#arrays[column] = grown
    }
  }
}
