/**
 * What is kept of records that were folded: sums over time, latencies, and how late they were.
 *
 * Times are counted in bins from t = 0, so fine that a day has fewer than a million. Latencies are
 * kept by who sent to which topic; a stream stands for all streams of the same two.
 */

import type { History } from '../../model/history.ts'
import { Histogram } from '../measures/histogram.ts'
import { LATENCY_POINTS, LatencySteps } from '../measures/latency-steps.ts'

const BINS_MAX = 1_000_000
const BIN_US_MIN = 10_000
/** Bins between two points of lateness. */
const BINS_A_POINT = 10

/** Records that one group waited for and processed in one topic. */
export interface FoldedWaits {
  readonly group: string
  readonly topic: string
  /** Records by the bin in which they began to wait. */
  readonly entered: Float64Array
  /** Records by the bin in which they were processed. */
  readonly done: Float64Array
  /** Age of the oldest that waited, at each point. */
  readonly latenessUs: Float64Array
  latenessPeakUs: number
}

/** Latencies of the streams of one sender to one topic. */
export interface FoldedLatency {
  /** One of the streams. */
  readonly stream: number
  /** Records by the time in which they were acknowledged, `pointUs` each. */
  readonly produced: Float64Array
  readonly produce: Histogram
  /** By the place of the group in the scenario. */
  readonly endToEnd: readonly Histogram[]
}

/** What processing took a group, as `Processed` counts it. */
export interface FoldedWork {
  workUs: number
  works: number
}

export interface SumsOptions {
  /** True time of t = 0, and how long load and drain last from there at most. */
  readonly originUs: number
  readonly loadUs: number
  readonly drainUs: number
  readonly groups: readonly string[]
}

export class FoldedSums {
  /** Latency over time. */
  readonly produceSteps: LatencySteps
  readonly endToEndSteps: LatencySteps
  readonly binUs: number
  readonly pointUs: number
  /** Records by the bin in which they were acknowledged. */
  readonly produced: Float64Array
  readonly waits: FoldedWaits[] = []
  readonly latencies: FoldedLatency[] = []
  readonly work: readonly FoldedWork[]
  /** Sends that were folded. */
  sends = 0
  readonly #originUs: number
  readonly #bins: number
  readonly #groups: readonly string[]
  readonly #ofStream: (FoldedLatency | undefined)[] = []
  readonly #ofSender = new Map<string, FoldedLatency>()

  constructor({ originUs, loadUs, drainUs, groups }: SumsOptions) {
    const lengthUs = loadUs + drainUs
    this.#originUs = originUs
    this.produceSteps = new LatencySteps(originUs, loadUs / LATENCY_POINTS)
    this.endToEndSteps = new LatencySteps(originUs, loadUs / LATENCY_POINTS)
    this.binUs = binFor(lengthUs)
    this.pointUs = this.binUs * BINS_A_POINT
    this.#bins = Math.ceil(lengthUs / this.binUs) + 1
    this.#groups = groups
    this.produced = new Float64Array(this.#bins)
    this.work = groups.map(() => ({ workUs: 0, works: 0 }))
  }

  binOf(trueUs: number): number {
    const bin = Math.ceil((trueUs - this.#originUs) / this.binUs) - 1
    return Math.min(this.#bins - 1, Math.max(0, bin))
  }

  /** Time from t = 0 at which a bin ends. */
  endOf(bin: number): number {
    return (bin + 1) * this.binUs
  }

  waitsOf(group: string, topic: string): FoldedWaits {
    let found = this.waits.find((one) => one.group === group && one.topic === topic)
    if (found === undefined) {
      found = {
        group,
        topic,
        entered: new Float64Array(this.#bins),
        done: new Float64Array(this.#bins),
        latenessUs: new Float64Array(Math.ceil(this.#bins / BINS_A_POINT) + 1),
        latenessPeakUs: 0,
      }
      this.waits.push(found)
    }
    return found
  }

  /** So many records began to wait. */
  began({ entered }: FoldedWaits, count: number, atUs: number): void {
    const bin = this.binOf(atUs)
    entered[bin] = (entered[bin] as number) + count
  }

  /** So many records were processed. */
  done({ done }: FoldedWaits, count: number, atUs: number): void {
    const bin = this.binOf(atUs)
    done[bin] = (done[bin] as number) + count
  }

  /** Records that were due at one time waited until another. */
  waited(waits: FoldedWaits, dueUs: number, doneUs: number): void {
    const age = doneUs - dueUs
    if (age > waits.latenessPeakUs) waits.latenessPeakUs = age
    const due = dueUs - this.#originUs
    const until = doneUs - this.#originUs
    for (let point = Math.ceil(due / this.pointUs); point * this.pointUs < until; point += 1) {
      if (point < 1 || point >= waits.latenessUs.length) continue
      const late = point * this.pointUs - due
      if (late > (waits.latenessUs[point] as number)) waits.latenessUs[point] = late
    }
  }

  /** Age of the oldest folded record that waited at a time from t = 0. */
  latenessAt(waits: FoldedWaits, us: number): number {
    const point = Math.min(waits.latenessUs.length - 1, Math.floor(us / this.pointUs))
    return waits.latenessUs[point] as number
  }

  /** Counts what was acknowledged in a bin for its sender. */
  acknowledged({ produced }: FoldedLatency, bin: number, count: number): void {
    const point = Math.floor(bin / BINS_A_POINT)
    produced[point] = (produced[point] as number) + count
  }

  latencyOf(history: History, stream: number): FoldedLatency {
    const known = this.#ofStream[stream]
    if (known !== undefined) return known
    const info = history.streams[stream]
    const sender = `${info?.producer ?? ''}/${info?.topic ?? -1}`
    let found = this.#ofSender.get(sender)
    if (found === undefined) {
      const endToEnd = this.#groups.map(() => new Histogram())
      const produced = new Float64Array(Math.ceil(this.#bins / BINS_A_POINT))
      found = { stream, produced, produce: new Histogram(), endToEnd }
      this.#ofSender.set(sender, found)
      this.latencies.push(found)
    }
    this.#ofStream[stream] = found
    return found
  }
}

/** The shortest of 1, 2 or 5 times a power of ten with fewer than a million bins. */
function binFor(lengthUs: number): number {
  for (let unit = BIN_US_MIN; ; unit *= 10) {
    for (const factor of [1, 2, 5]) {
      if (lengthUs / (unit * factor) < BINS_MAX) return unit * factor
    }
  }
}
