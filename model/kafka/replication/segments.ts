/**
 * The segments of one log: where each begins, how old it is, and how full the active one (KB L6,
 * L21).
 *
 * They are ranges of one file: a roll is a note of where the next one begins. What retention asks
 * of a segment, its newest time and its bytes, is kept as batches come.
 */

import type { LogEntry } from '../../record.ts'

/** When a log rolls to a new segment, from its topic's configuration (KB L6). */
export interface RollLimits {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
}

export class Segments {
  readonly #bases: number[]
  /** Of each segment the newest time of a batch; −Infinity while it has none. */
  #newestMs: number[] = []
  /** Bytes of each but the active one. */
  readonly #sizes: number[] = []
  /** Of the active one. */
  #bytes = 0
  #firstMs = -1

  constructor(bases: readonly number[]) {
    this.#bases = [...bases]
  }

  /** Oldest first; the last is the active one. */
  get bases(): readonly number[] {
    return this.#bases
  }

  /** Where the first one begins; undefined without any. */
  get first(): number | undefined {
    return this.#bases[0]
  }

  /** True if this batch has to begin a new one. */
  rollsBefore({ batch }: LogEntry, limits: RollLimits): boolean {
    if (this.#bytes === 0) return false
    if (this.#bytes > limits.segmentBytes - batch.bytes) return true
    return batch.maxTimestampMs - this.#firstMs > limits.segmentMs - limits.segmentJitterMs
  }

  begin(base: number): void {
    if (this.#bases.length > 0) this.#sizes.push(this.#bytes)
    this.#bases.push(base)
    this.#newestMs.push(-Infinity)
    this.#bytes = 0
  }

  /** The active one has got a batch; the first one begins with it. */
  took({ baseOffset, batch }: LogEntry): void {
    if (this.#bases.length === 0) this.begin(baseOffset)
    const { bytes, maxTimestampMs } = batch
    if (this.#bytes === 0) this.#firstMs = maxTimestampMs
    this.#bytes += bytes
    const active = this.#bases.length - 1
    if (maxTimestampMs > (this.#newestMs[active] as number)) this.#newestMs[active] = maxTimestampMs
  }

  /** Base of the one that holds an offset; `least` where none does. */
  holding(offset: number, least: number): number {
    let base = least
    for (const start of this.#bases) if (start <= offset) base = start
    return base
  }

  /** True if all of a segment is older than this time. */
  isOlder(place: number, timestampMs: number): boolean {
    return (this.#newestMs[place] as number) < timestampMs
  }

  /** The oldest go, never the active one. Gives their bytes. */
  drop(count: number): number {
    let bytes = 0
    for (let place = 0; place < count; place += 1) bytes += this.#sizes[place] as number
    this.#bases.splice(0, count)
    this.#newestMs.splice(0, count)
    this.#sizes.splice(0, count)
    return bytes
  }

  /** Nothing but an empty one is left. */
  restartAt(base: number): void {
    this.#bases.length = 0
    this.#newestMs.length = 0
    this.#sizes.length = 0
    this.begin(base)
  }

  /**
   * Of a log that may have become shorter: none begins behind its end, and all is looked at anew.
   */
  cutTo(endOffset: number, entries: readonly LogEntry[]): void {
    const bases = this.#bases
    while (bases.length > 1 && (bases.at(-1) as number) > endOffset) bases.pop()
    this.#newestMs = bases.map(() => -Infinity)
    this.#sizes.length = 0
    for (let closed = 1; closed < bases.length; closed += 1) this.#sizes.push(0)
    this.#bytes = 0
    this.#firstMs = -1
    let place = 0
    for (const { baseOffset, batch } of entries) {
      while (baseOffset >= (bases[place + 1] ?? Infinity)) place += 1
      this.#newestMs[place] = Math.max(this.#newestMs[place] ?? -Infinity, batch.maxTimestampMs)
      if (place < bases.length - 1) {
        this.#sizes[place] = (this.#sizes[place] as number) + batch.bytes
        continue
      }
      if (this.#bytes === 0) this.#firstMs = batch.maxTimestampMs
      this.#bytes += batch.bytes
    }
  }
}
