/**
 * How large a record is: one size for all, log-normal through two percentiles, exponential with a
 * mean, or one of a list by weight. Whole bytes, at least one.
 */

import { naturalLog, powerOfE } from '../../../../sim/arithmetic.ts'
import type { Stream } from '../../../../sim/random.ts'

export type Sizes =
  | { readonly kind: 'log-normal'; readonly p50: number; readonly p99: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | {
      readonly kind: 'list'
      readonly bytes: readonly number[]
      readonly weights: readonly number[]
    }

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.3263478740408408

/** What Kafka can count of one record: its length is a signed integer of 32 bits. */
export const RECORD_BYTES_MAX = 2_147_483_647

/** Gives the size of the next record. */
export type DrawBytes = () => number

export function drawerOf(sizes: Sizes, random: Stream): DrawBytes {
  switch (sizes.kind) {
    case 'log-normal': {
      const sigma = sigmaOf(sizes)
      return () => whole(random.logNormal(sizes.p50, sigma))
    }
    case 'exponential':
      return () => whole(random.exponential(sizes.mean))
    case 'list': {
      const sums = sumsOf(sizes.weights)
      return () => sizes.bytes[placeOf(sums, random.next())] as number
    }
  }
}

/** The mean size, which counted records are reckoned with. */
export function meanBytes(sizes: Sizes): number {
  switch (sizes.kind) {
    case 'log-normal': {
      const sigma = sigmaOf(sizes)
      return whole(sizes.p50 * powerOfE((sigma * sigma) / 2))
    }
    case 'exponential':
      return whole(sizes.mean)
    case 'list': {
      const all = sizes.weights.reduce((sum, weight) => sum + weight, 0)
      const bytes = sizes.bytes.reduce((sum, size, at) => sum + size * (sizes.weights[at] ?? 0), 0)
      return whole(bytes / all)
    }
  }
}

function sigmaOf({ p50, p99 }: { readonly p50: number; readonly p99: number }): number {
  return p99 > p50 ? naturalLog(p99 / p50) / NORMAL_P99 : 0
}

function whole(bytes: number): number {
  return Math.min(RECORD_BYTES_MAX, Math.max(1, Math.round(bytes)))
}

function sumsOf(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length)
  let sum = 0
  for (let at = 0; at < weights.length; at += 1) {
    sum += weights[at] as number
    sums[at] = sum
  }
  return sums
}

/** The first place whose sum is beyond this share of the last one. */
function placeOf(sums: Float64Array, share: number): number {
  const target = share * (sums.at(-1) as number)
  let at = 0
  while (at < sums.length - 1 && (sums[at] as number) <= target) at += 1
  return at
}
