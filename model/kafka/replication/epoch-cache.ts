/**
 * The leader-epoch cache of one log: which epoch began at which offset (KB L17–L19).
 *
 * It answers the one question of every truncation by epoch: where did this epoch end here? Epochs
 * and start offsets both strictly increase. Additions are durable before anyone can rely on them;
 * removals are written at once too, where Kafka writes them some time later.
 */

import type { Disk } from '../../../sim/disk.ts'

/** An answer by L18; epoch −1 and offset −1: undefined. */
export interface EpochEnd {
  readonly epoch: number
  readonly endOffset: number
}

export const UNDEFINED_END: EpochEnd = { epoch: -1, endOffset: -1 }

/** Bytes of one line of the checkpoint file. */
const LINE_BYTES = 16

export class EpochCache {
  readonly #disk: Disk
  readonly #file: string
  readonly #epochs: number[]
  readonly #starts: number[]
  /** The newest epoch, −1 if there is none. A field, because each read and append asks for it. */
  latest: number

  /** Loads what the disk kept. */
  constructor(disk: Disk, file: string) {
    this.#disk = disk
    this.#file = file
    const kept = disk.value<readonly number[]>(file) ?? []
    this.#epochs = kept.filter((_, index) => index % 2 === 0)
    this.#starts = kept.filter((_, index) => index % 2 === 1)
    this.latest = this.#newest()
  }

  get empty(): boolean {
    return this.#epochs.length === 0
  }

  /** Epochs with their start offsets, oldest first. */
  list(): readonly { readonly epoch: number; readonly start: number }[] {
    return this.#epochs.map((epoch, index) => ({ epoch, start: this.#starts[index] as number }))
  }

  /** Epoch `epoch` begins at `start` (KB L17). Cheap where nothing changes. */
  assign(epoch: number, start: number): void {
    const last = this.#epochs.length - 1
    if (last >= 0 && this.#epochs[last] === epoch && (this.#starts[last] as number) <= start) return
    this.#drop(epoch, start)
    this.#epochs.push(epoch)
    this.#starts.push(start)
    this.#write()
  }

  /** Where `epoch` ended in a log that ends at `endOffset` (KB L18). */
  endOf(epoch: number, endOffset: number): EpochEnd {
    if (epoch === -1) return UNDEFINED_END
    if (epoch === this.latest) return { epoch, endOffset }
    const higher = this.#firstAbove(epoch)
    if (higher === this.#epochs.length) return UNDEFINED_END
    const start = this.#starts[higher] as number
    if (higher === 0) return { epoch, endOffset: start }
    return { epoch: this.#epochs[higher - 1] as number, endOffset: start }
  }

  /** Start of the first epoch above `epoch`; −1 if `epoch` is older or newer than all (KB V1). */
  startAfter(epoch: number, endOffset: number): number {
    if (this.#epochs.length === 0) return -1
    if (epoch === this.latest) return endOffset
    const higher = this.#firstAbove(epoch)
    if (higher === this.#epochs.length || higher === 0) return -1
    return this.#starts[higher] as number
  }

  /** The epoch of the batch at `offset`; −1 if the cache does not reach so far back. */
  epochAt(offset: number): number {
    let found = -1
    for (const [index, start] of this.#starts.entries()) {
      if (start <= offset) found = this.#epochs[index] as number
    }
    return found
  }

  /** Forgets epochs that begin at or behind `offset` (KB L19). */
  truncateFromEnd(offset: number): void {
    const before = this.#epochs.length
    this.#drop(Infinity, offset)
    if (this.#epochs.length !== before) this.#write()
  }

  /** Folds the epochs below `offset` into one that begins there (KB L19). */
  truncateFromStart(offset: number): void {
    let dropped = 0
    while (dropped < this.#starts.length && (this.#starts[dropped] as number) <= offset) {
      dropped += 1
    }
    if (dropped === 0 || (dropped === 1 && this.#starts[0] === offset)) return
    const epoch = this.#epochs[dropped - 1] as number
    this.#epochs.splice(0, dropped, epoch)
    this.#starts.splice(0, dropped, offset)
    this.#write()
  }

  clear(): void {
    this.#epochs.length = 0
    this.#starts.length = 0
    this.#write()
  }

  /** Index of the first entry with a higher epoch. */
  #firstAbove(epoch: number): number {
    let index = this.#epochs.length
    while (index > 0 && (this.#epochs[index - 1] as number) > epoch) index -= 1
    return index
  }

  #drop(epoch: number, start: number): void {
    for (let last = this.#epochs.length - 1; last >= 0; last -= 1) {
      const kept = (this.#epochs[last] as number) < epoch && (this.#starts[last] as number) < start
      if (kept) return
      this.#epochs.pop()
      this.#starts.pop()
    }
  }

  #newest(): number {
    const { length } = this.#epochs
    return length === 0 ? -1 : (this.#epochs[length - 1] as number)
  }

  /** Whatever has changed is written at once. */
  #write(): void {
    this.latest = this.#newest()
    const value: number[] = []
    for (const [index, epoch] of this.#epochs.entries()) {
      value.push(epoch, this.#starts[index] as number)
    }
    this.#disk.replace(this.#file, value, value.length * LINE_BYTES)
  }
}
