/**
 * The messages under way on every wire of a world: a slab of slots, chained first in, first out.
 *
 * Most wires carry one message at a time and many carry a handful in their life, so they share the
 * room. A slot that was taken back is used again first.
 */

import type { Body } from './process.ts'

/** Where a chain ends. */
export const NONE = -1

const INITIAL = 128

export class Parcels {
  readonly messages: Body[] = []
  arrivals: Float64Array = new Float64Array(INITIAL)
  sizes: Float64Array = new Float64Array(INITIAL)
  /** Event numbers of the sendings, for causes in a trace. */
  causes: Float64Array = new Float64Array(INITIAL)
  /** The one behind it on its wire; of a free slot, the next free one. */
  next: Int32Array = new Int32Array(INITIAL)
  #free = NONE

  /** A slot for a message; nobody stands behind it yet. */
  add(message: Body, arrival: number, bytes: number, cause: number): number {
    const slot = this.#free === NONE ? this.#newSlot() : this.#free
    this.#free = this.next[slot] as number
    this.messages[slot] = message
    this.arrivals[slot] = arrival
    this.sizes[slot] = bytes
    this.causes[slot] = cause
    this.next[slot] = NONE
    return slot
  }

  /** Takes a slot back; returns the one that stood behind it. */
  remove(slot: number): number {
    const behind = this.next[slot] as number
    this.next[slot] = this.#free
    this.#free = slot
    return behind
  }

  /** Lets go of the messages. */
  release(): void {
    this.messages.length = 0
  }

  /** One more than there were; the next free one is none. */
  #newSlot(): number {
    const slot = this.messages.length
    if (slot === this.next.length) this.#grow()
    this.next[slot] = NONE
    return slot
  }

  #grow(): void {
    const capacity = 2 * this.next.length
    this.arrivals = extended(this.arrivals, new Float64Array(capacity))
    this.sizes = extended(this.sizes, new Float64Array(capacity))
    this.causes = extended(this.causes, new Float64Array(capacity))
    this.next = extended(this.next, new Int32Array(capacity))
  }
}

function extended<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
