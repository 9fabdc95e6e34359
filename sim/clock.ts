/**
 * The two clocks of a host: `monotonic` drifts, `wall` drifts and steps.
 *
 * Both are functions of true time; drift is a share (0.001: one ms a second fast).
 */

export class HostClock {
  #drift = 0
  #anchorTrueUs = 0
  #anchorUs = 0
  #wallOffsetUs: number
  /** The wall clock as it was read last: a handler reads it again and again at one time. */
  #readAtUs = NaN
  #readMs = NaN

  /** `wallStartMs`: what the wall clock shows at true time 0, in ms since the epoch. */
  constructor(wallStartMs: number) {
    this.#wallOffsetUs = wallStartMs * 1000
  }

  get drift(): number {
    return this.#drift
  }

  monotonicUs(trueUs: number): number {
    if (this.#drift === 0) return this.#anchorUs + trueUs - this.#anchorTrueUs
    return Math.floor(this.#anchorUs + (trueUs - this.#anchorTrueUs) * (1 + this.#drift))
  }

  wallMs(trueUs: number): number {
    if (trueUs !== this.#readAtUs) {
      this.#readAtUs = trueUs
      this.#readMs = Math.floor((this.monotonicUs(trueUs) + this.#wallOffsetUs) / 1000)
    }
    return this.#readMs
  }

  /** True µs until the monotonic clock has advanced by `delayUs`. */
  trueDelay(delayUs: number): number {
    return this.#drift === 0 ? delayUs : Math.ceil(delayUs / (1 + this.#drift))
  }

  /** The monotonic µs that pass in `trueUs` of true time. */
  monotonicDelay(trueUs: number): number {
    return this.#drift === 0 ? trueUs : trueUs * (1 + this.#drift)
  }

  setDrift(trueUs: number, drift: number): void {
    this.#anchorUs = this.monotonicUs(trueUs)
    this.#anchorTrueUs = trueUs
    this.#drift = drift
    this.#readAtUs = NaN
  }

  /** Moves the wall clock by `us`, forward or back. */
  step(us: number): void {
    this.#wallOffsetUs += us
    this.#readAtUs = NaN
  }
}
