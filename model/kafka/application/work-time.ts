/**
 * How long work on one record or call takes: log-normal through its median and 99th percentile,
 * constant where the two are equal, or exponential with a mean, as queueing theory likes it.
 */

import { naturalLog, powerOfE } from '../../../sim/arithmetic.ts'
import type { Stream } from '../../../sim/random.ts'

export interface Work {
  readonly p50Us: number
  readonly p99Us: number
  /** Exponential with this mean; the percentiles are then those that follow from it. */
  readonly meanUs?: number
}

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.3263478740408408

export interface WorkTime {
  readonly medianUs: number
  /** Deviation of the logarithm; 0: constant. */
  readonly sigma: number
  /** Of an exponential time; 0: it is none. */
  readonly meanUs: number
  readonly stream: Stream
}

export function workTime(work: Work, stream: Stream): WorkTime {
  const constant = work.p50Us <= 0 || work.p99Us <= work.p50Us
  return {
    medianUs: work.p50Us,
    sigma: constant ? 0 : naturalLog(work.p99Us / work.p50Us) / NORMAL_P99,
    meanUs: work.meanUs ?? 0,
    stream,
  }
}

/**
 * The duration of so many works in a row, in whole µs. A constant takes nothing from the stream.
 * Many that are drawn are not drawn one by one: their sum is normal with their mean and deviation.
 */
export function drawWorkUs(time: WorkTime, factor: number, count = 1): number {
  if (count > 1) return Math.round(drawSumUs(time, count) * factor)
  if (time.meanUs > 0) return Math.round(time.stream.exponential(time.meanUs) * factor)
  const us = time.sigma === 0 ? time.medianUs : time.stream.logNormal(time.medianUs, time.sigma)
  return Math.round(us * factor)
}

/** Up to so many are drawn one by one, and their sum is what it is. */
const DRAWN_MAX = 16

function drawSumUs(time: WorkTime, count: number): number {
  const { meanUs, medianUs, sigma, stream } = time
  if (meanUs === 0 && sigma === 0) return medianUs * count
  if (count <= DRAWN_MAX) {
    let sum = 0
    for (let nth = 0; nth < count; nth += 1) sum += drawWorkUs(time, 1)
    return sum
  }
  // An exponential time deviates by its mean; of a log-normal one both follow from its sigma.
  const growth = powerOfE(sigma * sigma)
  const mean = meanUs > 0 ? meanUs : medianUs * Math.sqrt(growth)
  const deviation = meanUs > 0 ? meanUs : mean * Math.sqrt(growth - 1)
  return Math.max(0, mean * count + deviation * Math.sqrt(count) * stream.normal())
}
