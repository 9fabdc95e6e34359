/**
 * Exact answers of queueing theory, in the unit of the times that are put in.
 *
 * Utilisation is arrival rate × mean service ÷ servers, below one. Pollaczek–Khinchine, Erlang,
 * Burke, Flatto–Hahn (two-way fork-join) and order statistics of exponential delays.
 */

import { naturalLog, powerOfE } from '../../../sim/arithmetic.ts'

/** The first two moments of a service time. */
export interface Moments {
  readonly mean: number
  readonly square: number
}

export function exponentialMoments(mean: number): Moments {
  return { mean, square: 2 * mean * mean }
}

export function constantMoments(mean: number): Moments {
  return { mean, square: mean * mean }
}

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.3263478740408408

/** Log-normal through its median and 99th percentile. */
export function logNormalMoments(p50: number, p99: number): Moments {
  const sigma = naturalLog(p99 / p50) / NORMAL_P99
  return {
    mean: p50 * powerOfE((sigma * sigma) / 2),
    square: p50 * p50 * powerOfE(2 * sigma * sigma),
  }
}

/** Mean time in an M/G/1 system, waiting and service (Pollaczek–Khinchine). */
export function sojournMG1(perTime: number, { mean, square }: Moments): number {
  return mean + (perTime * square) / (2 * (1 - perTime * mean))
}

/** Probability that an arrival at an M/M/c system waits; `load` is arrival rate × mean service. */
export function erlangC(servers: number, load: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n += 1) blocked = (load * blocked) / (n + load * blocked)
  return blocked / (1 - (load / servers) * (1 - blocked))
}

export function sojournMMc(perTime: number, mean: number, servers: number): number {
  const load = perTime * mean
  return mean + (erlangC(servers, load) * mean) / (servers - load)
}

/** Share of arrivals that find `servers` busy and `room` waiting and are refused: M/M/c/c+room. */
export function refusedShare(servers: number, room: number, load: number): number {
  let weight = 1
  let sum = 1
  for (let n = 1; n <= servers + room; n += 1) {
    weight *= load / Math.min(n, servers)
    sum += weight
  }
  return weight / sum
}

/** Two M/M/1 queues fed by the same arrivals: mean time until both are through (Flatto–Hahn). */
export function forkJoinOfTwo(perTime: number, mean: number): number {
  const single = mean / (1 - perTime * mean)
  return ((12 - perTime * mean) / 8) * single
}

/**
 * Bounds for `ways` queues: not below the time of as many without waiting, plus what one waits;
 * not above the largest of as many independent ones (Nelson–Tantawi).
 */
export function forkJoinBounds(
  perTime: number,
  mean: number,
  ways: number,
): { readonly low: number; readonly high: number } {
  const single = mean / (1 - perTime * mean)
  const harmonic = harmonicOf(ways)
  return { low: single - mean + harmonic * mean, high: harmonic * single }
}

function harmonicOf(count: number): number {
  let sum = 0
  for (let n = 1; n <= count; n += 1) sum += 1 / n
  return sum
}

/** A one-way delay: fixed, and an exponential part. */
export interface Delay {
  readonly base: number
  readonly jitter: number
}

/**
 * Mean time of one acks=all send to three idle replicas whose work costs nothing (KB R7): the
 * request; then from each of two followers the answer of its waiting fetch and its next fetch, of
 * which the later one counts; then the response. The larger of two sums of two exponentials has
 * mean 2.75 in units of one of them.
 */
export function acksAllSend(toClients: Delay, between: Delay): number {
  const replicated = 2 * between.base + 2.75 * between.jitter
  return 2 * (toClients.base + toClients.jitter) + replicated
}
