/**
 * One direction of a host's NIC: bytes at a rate, and what they add up to (KB R6).
 *
 * Arithmetic, not events: a lane keeps the time at which it is free again.
 */

export class NicLane {
  /** 0: without limit. */
  readonly bytesPerUs: number
  #freeUs = 0
  /** Bytes that were given to it, ever. */
  bytes = 0
  #busyUs = 0

  constructor(bytesPerUs: number) {
    this.bytesPerUs = bytesPerUs
  }

  /** When the last byte is through, of a message that is handed to the lane now. */
  carry(nowUs: number, bytes: number): number {
    this.bytes += bytes
    const rate = this.bytesPerUs
    if (rate === 0) return nowUs
    const us = bytes / rate
    this.#busyUs += us
    this.#freeUs = Math.max(nowUs, this.#freeUs) + us
    return Math.ceil(this.#freeUs)
  }

  /**
   * When the last byte has come in, of a message whose last byte arrives now from a sender of
   * `fromRate` (0: without limit). It comes in while it is sent: a lane that is free and as fast
   * as the sender adds nothing.
   */
  receive(nowUs: number, bytes: number, fromRate: number): number {
    this.bytes += bytes
    const rate = this.bytesPerUs
    if (rate === 0) return nowUs
    const us = bytes / rate
    const firstUs = fromRate === 0 ? nowUs : nowUs - bytes / fromRate
    this.#busyUs += us
    this.#freeUs = Math.max(nowUs, Math.max(firstUs, this.#freeUs) + us)
    return Math.ceil(this.#freeUs)
  }

  /** Time that it has been busy by now, in µs; what is queued comes later. */
  busyUs(nowUs: number): number {
    return Math.max(0, this.#busyUs - Math.max(0, this.#freeUs - nowUs))
  }
}
