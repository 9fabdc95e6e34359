/**
 * The time of a disk: reads, syncs and the writing back of dirty pages share its bandwidth (KB 8).
 *
 * Arithmetic, not events. Dirty pages go to the disk in the background as soon as there are any: a
 * steady flow in place of an operating system's bursts every few seconds. Reads and syncs come one
 * after the other; while pages are dirty they have half of the disk and write-back the other half.
 * When more is dirty than may be, writers wait until it fits again. On a disk with a seek each
 * file costs one when it is read, and one for each stretch of it that is written back: what it
 * gets in half a minute, or what waits of it where the disk is behind; 4 MiB at most. Left out:
 * the order in which a scheduler would serve them, and that a disk is slower towards its middle.
 */

export interface PlatterConfig {
  /** 0: no limit. */
  readonly bytesPerUs: number
  /** A switch to another file, in µs. */
  readonly operationUs: number
  /** Dirty bytes beyond which writers wait. */
  readonly dirtyMaxBytes: number
}

const STRETCH_BYTES = 4_194_304
const PAGE_BYTES = 4_096
/** How long files gather what is written back in one stretch, and for how long they are counted. */
const GATHER_US = 30_000_000
const WINDOW_US = 5_000_000

export class Platter {
  readonly config: PlatterConfig
  /** Slow-disk fault: everything takes so many times longer. */
  slowness = 1
  #freeUs = 0
  #busyUs = 0
  #dirtyBytes = 0
  /** Time that write-back has among the reads and syncs under way. */
  #bookedUs = 0
  #settledUs = 0
  /** What a file gathers in half a minute. */
  #gatheredBytes = STRETCH_BYTES
  /** Files written to in the window before. */
  #files = 0
  /** Number of the window in which files are counted, for files to remember. */
  window = 0
  #windowUs = 0
  #windowBytes = 0
  #windowFiles = 0

  constructor(config: PlatterConfig) {
    this.config = config
  }

  /** Takes dirty bytes of a file; `first`: the first ones of it in this window. */
  write(nowUs: number, bytes: number, first: boolean): void {
    if (this.config.bytesPerUs === 0) return
    this.#settle(nowUs)
    this.#dirtyBytes += bytes
    if (nowUs - this.#windowUs >= WINDOW_US) this.#nextWindow(nowUs)
    this.#windowBytes += bytes
    if (first) this.#windowFiles += 1
  }

  /** How long whoever writes so many bytes now has to wait until they fit. */
  writeDelayUs(nowUs: number, bytes: number): number {
    const { bytesPerUs, dirtyMaxBytes } = this.config
    if (bytesPerUs === 0) return 0
    this.#settle(nowUs)
    const over = this.#dirtyBytes + bytes - dirtyMaxBytes
    return over > 0 ? over * this.#usPerByte() : 0
  }

  /** Reads bytes of one file; returns when they are read. */
  read(nowUs: number, bytes: number): number {
    const { bytesPerUs, operationUs } = this.config
    if (bytesPerUs === 0) return nowUs
    return this.#take(nowUs, (operationUs + bytes / bytesPerUs) * this.slowness)
  }

  /** Puts dirty bytes of one file onto the disk; returns when they are there. */
  sync(nowUs: number, syncUs: number, bytes: number): number {
    const { bytesPerUs } = this.config
    if (bytesPerUs === 0) return this.#take(nowUs, syncUs)
    this.#settle(nowUs)
    const left = Math.min(bytes, this.#dirtyBytes)
    this.#dirtyBytes -= left
    return this.#take(nowUs, syncUs + (left / bytesPerUs) * this.slowness)
  }

  /** Time that it has worked by now, in µs; what is queued comes later. */
  busyUs(nowUs: number): number {
    this.#settle(nowUs)
    return Math.max(0, this.#busyUs - Math.max(0, this.#freeUs - nowUs))
  }

  dirtyBytes(nowUs: number): number {
    this.#settle(nowUs)
    return this.#dirtyBytes
  }

  /** Nothing is under way any more: power loss, or another disk in its place. */
  reset(nowUs: number): void {
    this.#freeUs = nowUs
    this.#dirtyBytes = 0
    this.#bookedUs = 0
    this.#settledUs = nowUs
  }

  #take(nowUs: number, us: number): number {
    this.#settle(nowUs)
    const start = Math.max(nowUs, this.#freeUs)
    // As long as there is something to write back it has every other turn.
    const dirtyUs = this.#dirtyBytes === 0 ? 0 : this.#dirtyBytes * this.#usPerByte()
    const shared = Math.min(us, Math.max(0, dirtyUs - this.#bookedUs))
    this.#bookedUs += shared
    this.#freeUs = Math.ceil(start + us + shared)
    this.#busyUs += this.#freeUs - start
    return this.#freeUs
  }

  /** Writes back what could be written since it was looked at last. */
  #settle(nowUs: number): void {
    const elapsed = nowUs - this.#settledUs
    if (elapsed <= 0) return
    const since = this.#settledUs
    this.#settledUs = nowUs
    if (this.#dirtyBytes === 0) return
    const takenUs = Math.max(0, this.#freeUs - since)
    const passed = Math.min(elapsed, takenUs)
    // Its turns among reads were counted as busy when these were taken on.
    const turns = takenUs === 0 ? 0 : (this.#bookedUs * passed) / takenUs
    this.#bookedUs -= turns
    const usPerByte = this.#usPerByte()
    const dirtyUs = this.#dirtyBytes * usPerByte
    const written = Math.min(dirtyUs, turns + elapsed - passed)
    this.#dirtyBytes = written === dirtyUs ? 0 : this.#dirtyBytes - written / usPerByte
    this.#busyUs += Math.max(0, written - turns)
  }

  #usPerByte(): number {
    const { bytesPerUs, operationUs } = this.config
    const seekUs = operationUs === 0 ? 0 : operationUs / this.#stretchBytes()
    return (1 / bytesPerUs + seekUs) * this.slowness
  }

  /** The longer a file waits for its turn, the more of it is written at once. */
  #stretchBytes(): number {
    const waiting = this.#dirtyBytes / Math.max(1, this.#files, this.#windowFiles)
    return Math.min(STRETCH_BYTES, Math.max(this.#gatheredBytes, waiting))
  }

  #nextWindow(nowUs: number): void {
    const us = nowUs - this.#windowUs
    const each = this.#windowFiles === 0 ? 0 : this.#windowBytes / this.#windowFiles
    const gathered = (each * GATHER_US) / us
    // A long silence says nothing of how files fill.
    if (us < 2 * WINDOW_US) {
      this.#gatheredBytes = Math.max(PAGE_BYTES, gathered)
    }
    this.#files = this.#windowFiles
    this.#windowUs = nowUs
    this.#windowBytes = 0
    this.#windowFiles = 0
    this.window += 1
  }
}
