/**
 * What the inspector has parked at brokers: requests whose answer is asked for later, one on a
 * seat.
 *
 * A request that waits at its broker holds up its connection (KB R1), so each has a seat of its
 * own, and what is still parked at the end of an inspection has to be given up.
 */

import type { Answer, Seat } from './script.ts'

export const SEATS: readonly Seat[] = [0, 1]

const OUTSTANDING: Answer = { type: 'outstanding' }

interface ParkedRequest {
  readonly broker: number
  answer: Answer
}

/** Of one inspection. */
export interface Parked {
  /** By seat: what was parked there, with its answer once there is one. */
  readonly requests: ParkedRequest[]
  /** The seat whose parked request is waited for. */
  awaits: Seat | null
}

export function nothingParked(): Parked {
  return { requests: [], awaits: null }
}

export function park({ requests }: Parked, seat: Seat, broker: number): void {
  requests[seat] = { broker, answer: OUTSTANDING }
}

/** The answer to what was parked, or that it is outstanding; undefined where that is waited for. */
export function askParked(parked: Parked, seat: Seat, waits: boolean): Answer | undefined {
  const answer = parked.requests[seat]?.answer ?? null
  if (answer !== OUTSTANDING || !waits) return answer
  parked.awaits = seat
  return undefined
}

/** Keeps the answer to what was parked, null if there will be none. True if it is waited for. */
export function parkedAnswered(parked: Parked, seat: Seat, answer: Answer): boolean {
  const request = parked.requests[seat]
  if (request !== undefined) request.answer = answer
  if (parked.awaits !== seat) return false
  parked.awaits = null
  return true
}

/** The broker at which a request is still parked; null for none. */
export function parkedAt({ requests }: Parked, seat: Seat): number | null {
  const request = requests[seat]
  return request?.answer === OUTSTANDING ? request.broker : null
}
