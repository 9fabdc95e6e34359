/**
 * The kernel: pops the earliest event, sets the time, runs its handler, folds what it answers.
 *
 * It knows nothing of processes or networks; `Simulation` handles the events. It can be driven
 * one event at a time, so running, draining foreign code and wall-clock pacing are drivers of one
 * loop. Time is integer microseconds.
 */

import { InvariantError } from './invariant.ts'
import { Schedule, type Tie } from './schedule.ts'
import { TraceHash } from './trace.ts'

/**
 * Handles the events of a world, of every kind (0 to 255). Returns a digest of what happened for
 * the trace hash, or `NOTHING` if the event turned out to be stale (a timer that was moved): such
 * events are neither counted nor hashed. One function for all kinds, so that an event is one direct
 * call.
 */
export type EventHandler = (kind: number, number: number, reference: unknown) => number

export const NOTHING = -1

/** Events without progress in time after which a run is given up as an internal error. */
export const STANDSTILL_EVENTS = 1_000_000

export class Kernel {
  readonly #schedule: Schedule
  readonly #handle: EventHandler
  readonly #hash: TraceHash | null
  #standstill = 0

  /** The present, in µs of true time. */
  now = 0
  /** Events that happened so far. */
  events = 0
  /** A world with more of them has run away; looked at between the steps that drive it. */
  eventsMax: number = Infinity

  constructor(
    seed: number,
    handle: EventHandler,
    options: {
      readonly hash: boolean
      readonly tracing?: boolean
      /** Folds in the place of a plain hash: a recording. */
      readonly trace?: TraceHash
      /** Ties that fall the other way. */
      readonly ties?: readonly Tie[]
    } = { hash: true },
  ) {
    this.#schedule = new Schedule(seed, options.tracing ?? false, options.ties)
    this.#handle = handle
    this.#hash = options.hash ? (options.trace ?? new TraceHash()) : null
  }

  /** Schedules an event; `time` in the past means now. */
  at(time: number, lane: number, kind: number, number: number, reference: unknown): void {
    const due = time > this.now ? time : this.now
    this.#schedule.add(due, lane, kind, number, reference, this.events)
  }

  /** Drops every event that is still to come. */
  release(): void {
    this.#schedule.release()
  }

  /** Event number of the one that scheduled the event now running. */
  get cause(): number {
    return this.#schedule.cause
  }

  get pending(): number {
    return this.#schedule.size
  }

  nextTime(): number {
    return this.#schedule.peek()
  }

  /** Runs the next event. False if there is none. */
  step(): boolean {
    const schedule = this.#schedule
    if (!schedule.pop()) return false
    const time = schedule.time
    if (time > this.now) {
      this.now = time
      this.#standstill = 0
    } else if (++this.#standstill > STANDSTILL_EVENTS) {
      throw new InvariantError(`no progress in time for ${STANDSTILL_EVENTS} events at ${time} µs`)
    }
    const lane = schedule.lane
    const kind = schedule.kind
    this.events += 1
    const digest = this.#handle(kind, schedule.number, schedule.reference)
    if (digest === NOTHING) this.events -= 1
    else if (this.#hash !== null) this.#hash.fold(time, lane, kind, digest)
    return true
  }

  /** Runs every event up to and including `until`, then sets the time to it. */
  runUntil(until: number): void {
    while (this.#schedule.peek() <= until) this.step()
    if (until > this.now && until !== Infinity) this.now = until
    if (this.events > this.eventsMax)
      throw new InvariantError(`more than ${this.eventsMax} events by ${until} µs`)
  }

  /** 16 hex digits over every event so far; empty without hash. */
  hash(): string {
    return this.#hash === null ? '' : this.#hash.hex()
  }
}
