/**
 * Which pages of a host's files its memory still holds: the newest ones, whatever file they are of.
 *
 * Pages leave in the order in which they came, written or read from a disk, so one moment tells
 * them apart: what was written before it is gone. Left out: that a page which is read again stays
 * longer, and that what one reader brought in is there for the next (each reader of old data pays
 * for itself).
 */

/** Moments that are kept: what is cached is known to a thousandth of the memory. */
const SAMPLES = 1_024

export class PageCache {
  /** 0: as large as is needed. */
  readonly capacityBytes: number
  #broughtBytes = 0
  /** Moments, and what had been brought in by then; the oldest that counts is at `#first`. */
  #momentsUs: number[] = []
  #totals: number[] = []
  #first = 0
  /** What was written until then is not in memory any more. */
  goneUs = -1
  /** Bytes that were read from a disk because they were gone. */
  missedBytes = 0

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes
  }

  /** Takes pages that are written, or read from a disk. */
  bring(nowUs: number, bytes: number): void {
    if (this.capacityBytes === 0) return
    this.#broughtBytes += bytes
    const last = this.#totals.at(-1) ?? -Infinity
    if (this.#broughtBytes - last >= this.capacityBytes / SAMPLES) {
      this.#momentsUs.push(nowUs)
      this.#totals.push(this.#broughtBytes)
    }
    while (this.#broughtBytes - (this.#totals[this.#first] as number) >= this.capacityBytes) {
      this.goneUs = this.#momentsUs[this.#first] as number
      this.#first += 1
    }
    if (this.#first < SAMPLES) return
    this.#momentsUs.splice(0, this.#first)
    this.#totals.splice(0, this.#first)
    this.#first = 0
  }

  /** The host lost power: memory is empty. */
  forget(nowUs: number): void {
    if (this.capacityBytes > 0) this.goneUs = nowUs
  }
}
