/**
 * Latencies by the step of time in which they were due, from t = 0 to the end of the load.
 */

import { Histogram } from './histogram.ts'

/** Points of a chart of latency over time. */
export const LATENCY_POINTS = 100

/** In µs, one value a step; null where nothing was sent. */
export interface LatencySeries {
  readonly atUs: readonly number[]
  readonly p50: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
  readonly p999: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

export class LatencySteps {
  readonly #originUs: number
  readonly #stepUs: number
  readonly #steps: readonly Histogram[]

  /** `originUs`: true time of t = 0. */
  constructor(originUs: number, stepUs: number) {
    this.#originUs = originUs
    this.#stepUs = Math.max(1, stepUs)
    this.#steps = Array.from({ length: LATENCY_POINTS }, () => new Histogram())
  }

  /** What was due outside of all steps counts in the first or the last one. */
  record(dueUs: number, tookUs: number, count: number): void {
    const step = Math.floor((dueUs - this.#originUs) / this.#stepUs)
    const at = Math.min(this.#steps.length - 1, Math.max(0, step))
    ;(this.#steps[at] as Histogram).record(tookUs, count)
  }

  /** The same steps with all that they have. */
  copy(): LatencySteps {
    const copy = new LatencySteps(this.#originUs, this.#stepUs)
    copy.#steps.forEach((step, at) => step.add(this.#steps[at] as Histogram))
    return copy
  }

  series(): LatencySeries {
    const of = (value: (one: Histogram) => number): readonly (number | null)[] =>
      this.#steps.map((one) => (one.count === 0 ? null : value(one)))
    return {
      atUs: this.#steps.map((_one, at) => Math.round((at + 1) * this.#stepUs)),
      p50: of((one) => one.percentile(50)),
      p99: of((one) => one.percentile(99)),
      p999: of((one) => one.percentile(99.9)),
      max: of((one) => one.max),
    }
  }
}
