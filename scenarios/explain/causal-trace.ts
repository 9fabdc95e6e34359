/**
 * A part of a run's trace with its causes: every event between two times, by its number.
 *
 * Bounded: a window that holds more events than the bound keeps its last ones.
 */

import type { TraceEvent, TraceSink } from '../../sim/trace.ts'

/** An event with its cause, without what it carried. */
export type Traced = Omit<TraceEvent, 'detail'>

const EVENTS_MAX = 400_000

export class CausalTrace implements TraceSink {
  readonly #fromUs: number
  readonly #untilUs: number
  #events: Traced[] = []

  /** True times, both included. */
  constructor(fromUs: number = 0, untilUs: number = Infinity) {
    this.#fromUs = fromUs
    this.#untilUs = untilUs
  }

  event({ sequence, atUs, cause, process, kind, name, from }: TraceEvent): void {
    if (atUs < this.#fromUs || atUs > this.#untilUs) return
    const traced = { sequence, atUs, cause, process, kind, name }
    this.#events.push(from === undefined ? traced : { ...traced, from })
    if (this.#events.length >= 2 * EVENTS_MAX) this.#events = this.#events.slice(-EVENTS_MAX)
  }

  probe(): void {}

  /** In the order in which they happened. */
  get events(): readonly Traced[] {
    return this.#events.slice(-EVENTS_MAX)
  }

  /** The first that was told of each event number. */
  bySequence(): ReadonlyMap<number, Traced> {
    const found = new Map<number, Traced>()
    for (const event of this.events) {
      if (!found.has(event.sequence)) found.set(event.sequence, event)
    }
    return found
  }
}
