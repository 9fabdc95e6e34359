/**
 * When sessions end: the leader's buckets of expiry times (KB Z8–Z11).
 *
 * Follows SessionTrackerImpl and ExpiryQueue: times are rounded up to the next tick, and a whole
 * bucket expires together. A touch only notes the new time; a session moves to its later bucket
 * when its old one comes up, so a touch costs nothing and one timer serves all sessions.
 */

import type { Context } from '../../sim/process.ts'
import { Guard } from './guards.ts'

type Chooser = Pick<Context, 'guard'>

export interface TrackedSession {
  readonly sessionId: number
  readonly timeoutUs: number
  expiryUs: number
  /** Its end has been proposed. */
  closing: boolean
  /** Index of the server that the session's client is at; −1 for unknown yet. */
  owner: number
}

export class SessionTracker {
  readonly #tickUs: number
  readonly #sessions = new Map<number, TrackedSession>()
  /** Sessions by the time at which they are next looked at. */
  readonly #buckets = new Map<number, TrackedSession[]>()

  constructor(tickMs: number) {
    this.#tickUs = tickMs * 1000
  }

  /** A new leader gives every session its full timeout again (KB Z11). */
  add(sessionId: number, timeoutMs: number, nowUs: number): TrackedSession {
    const known = this.#sessions.get(sessionId)
    if (known !== undefined) return known
    const timeoutUs = timeoutMs * 1000
    const expiryUs = expiryTime(nowUs, timeoutUs, this.#tickUs)
    const session = { sessionId, timeoutUs, expiryUs, closing: false, owner: -1 }
    this.#sessions.set(sessionId, session)
    this.#queue(session)
    return session
  }

  find(sessionId: number): TrackedSession | undefined {
    return this.#sessions.get(sessionId)
  }

  touch(sessionId: number, nowUs: number): void {
    const session = this.#sessions.get(sessionId)
    if (session === undefined || session.closing) return
    session.expiryUs = expiryTime(nowUs, session.timeoutUs, this.#tickUs)
  }

  remove(sessionId: number): void {
    this.#sessions.delete(sessionId)
  }

  /** When `takeExpired` has to run next; −1 if there is no session. */
  nextUs(): number {
    let next = -1
    for (const time of this.#buckets.keys()) if (next === -1 || time < next) next = time
    return next
  }

  /** Marks the sessions whose time has come as closing and returns them. */
  takeExpired(nowUs: number, context: Chooser): readonly TrackedSession[] {
    const expired: TrackedSession[] = []
    for (let time = this.nextUs(); time !== -1 && time <= nowUs; time = this.nextUs()) {
      const bucket = this.#buckets.get(time) as readonly TrackedSession[]
      this.#buckets.delete(time)
      for (const session of bucket) {
        if (session.closing || this.#sessions.get(session.sessionId) !== session) continue
        if (context.guard(Guard.sessionTouched, session.expiryUs > nowUs)) {
          this.#queue(session)
          continue
        }
        session.closing = true
        expired.push(session)
      }
    }
    return expired
  }

  #queue(session: TrackedSession): void {
    const bucket = this.#buckets.get(session.expiryUs)
    if (bucket === undefined) this.#buckets.set(session.expiryUs, [session])
    else bucket.push(session)
  }
}

/** The end of the tick after the one in which the timeout ends: in (T, T + tick] from now. */
export function expiryTime(nowUs: number, timeoutUs: number, tickUs: number): number {
  return (Math.floor((nowUs + timeoutUs) / tickUs) + 1) * tickUs
}
