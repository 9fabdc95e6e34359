/**
 * How much of a thread pool was in use, over all lives of its process: plain numbers that nothing
 * in a run reads.
 *
 * The time in use is the sum of (given back − taken) over servers, so that neither costs more than
 * an addition. A handler that takes no time is not metered at all.
 */

export class StationMeter {
  readonly station: string
  readonly servers: number
  /** Servers taken at present. */
  #taken = 0
  #balanceUs = 0
  /** Most inputs that waited at once, since it was last looked at. */
  queuePeak = 0

  constructor(station: string, servers: number) {
    this.station = station
    this.servers = servers
  }

  take(nowUs: number): void {
    this.#taken += 1
    this.#balanceUs -= nowUs
  }

  give(nowUs: number): void {
    this.#taken -= 1
    this.#balanceUs += nowUs
  }

  /** Work that no server was taken for, or, if less than nothing, time taken without work. */
  add(us: number): void {
    this.#balanceUs += us
  }

  /** The process died: whatever was taken is so no longer. */
  giveAll(nowUs: number): void {
    this.#balanceUs += this.#taken * nowUs
    this.#taken = 0
  }

  /** Server time in use by now, in µs. */
  busyUs(nowUs: number): number {
    return this.#balanceUs + this.#taken * nowUs
  }

  /** The peak of the queue since the last look. */
  takeQueuePeak(): number {
    const peak = this.queuePeak
    this.queuePeak = 0
    return peak
  }
}
