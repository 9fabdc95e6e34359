/**
 * The pending events, earliest first: a binary heap on typed arrays over a slab of event slots.
 *
 * Order is (time, tie, sequence). The tie is a pure function of (seed, lane, time), computed only
 * where times are equal; inside a lane, sequence decides, so a lane is first in, first out. Two
 * lanes can be made to change places at one time: the other order of what happened at once. Two
 * tricks carry the speed (specification/performance.md): the smaller child is chosen without a
 * branch, and a pop leaves the root empty for the next push to sink into.
 */

import { fold53, mix32 } from './mix.ts'

const INITIAL = 1024

/** Two lanes change places among the events of one time, in µs since the world began. */
export interface Tie {
  readonly atUs: number
  readonly lanes: readonly [number, number]
}

export class Schedule {
  readonly #tieSeed: number
  /** Ties flipped; null for none, so that a plain run asks one question where times are equal. */
  readonly #flips: readonly Tie[] | null

  // The heap; times beyond #size are Infinity, so that a missing right child never wins.
  #times: Float64Array
  #heap: Int32Array
  #size = 0
  #hole = false

  // The slab.
  #capacity = INITIAL
  #lanes = new Int32Array(INITIAL)
  #sequences = new Float64Array(INITIAL)
  #kinds = new Uint8Array(INITIAL)
  #numbers = new Int32Array(INITIAL)
  #references: unknown[] = []
  /** Event numbers of the causes; kept only for a trace. */
  #causes: Float64Array | null
  #free = new Int32Array(INITIAL)
  #freeCount = 0
  #used = 0
  #sequence = 0

  /** Time of the event popped last, in µs. */
  time = 0
  lane = 0
  kind = 0
  number = 0
  reference: unknown = undefined
  /** Event number of the one that scheduled it. */
  cause = 0

  constructor(seed: number, tracing = false, flips: readonly Tie[] = []) {
    this.#tieSeed = fold53(seed)
    this.#flips = flips.length === 0 ? null : flips
    this.#causes = tracing ? new Float64Array(INITIAL) : null
    this.#times = new Float64Array(2 * INITIAL + 2).fill(Infinity)
    this.#heap = new Int32Array(2 * INITIAL + 2)
  }

  get size(): number {
    return this.#size - Number(this.#hole)
  }

  /** Adds an event. `lane` is a 32-bit number from stable names. */
  add(
    time: number,
    lane: number,
    kind: number,
    number: number,
    reference: unknown,
    cause = 0,
  ): void {
    const slot = this.#freeCount > 0 ? (this.#free[--this.#freeCount] as number) : this.#newSlot()
    this.#lanes[slot] = lane
    this.#sequences[slot] = this.#sequence++
    this.#kinds[slot] = kind
    this.#numbers[slot] = number
    this.#references[slot] = reference
    if (this.#causes !== null) this.#causes[slot] = cause
    if (this.#hole) {
      this.#hole = false
      this.#sink(time, slot)
    } else {
      this.#rise(time, slot)
    }
  }

  /** Drops every event, with what it refers to. */
  release(): void {
    this.#times.fill(Infinity)
    this.#size = 0
    this.#hole = false
    this.#references.length = 0
    this.reference = undefined
  }

  /** Takes the earliest event into the fields above. False if there is none. */
  pop(): boolean {
    if (this.#hole) this.#fill()
    if (this.#size === 0) return false
    const slot = this.#heap[0] as number
    this.time = this.#times[0] as number
    this.lane = this.#lanes[slot] as number
    this.kind = this.#kinds[slot] as number
    this.number = this.#numbers[slot] as number
    this.reference = this.#references[slot]
    if (this.#causes !== null) this.cause = this.#causes[slot] as number
    this.#free[this.#freeCount++] = slot
    this.#hole = true
    return true
  }

  /** Time of the earliest event, Infinity if there is none. */
  peek(): number {
    if (this.#hole) this.#fill()
    return this.#size === 0 ? Infinity : (this.#times[0] as number)
  }

  /** The root is empty: the last element takes its place. */
  #fill(): void {
    this.#hole = false
    const last = --this.#size
    const time = this.#times[last] as number
    const slot = this.#heap[last] as number
    this.#times[last] = Infinity
    if (last > 0) this.#sink(time, slot)
  }

  #sink(time: number, slot: number): void {
    const times = this.#times
    const heap = this.#heap
    const size = this.#size
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= size) break
      const leftTime = times[left] as number
      const rightTime = times[left + 1] as number
      let child = left + Number(rightTime < leftTime)
      if (rightTime === leftTime && left + 1 < size && this.#before(left + 1, left))
        child = left + 1
      const childTime = times[child] as number
      if (time < childTime) break
      if (time === childTime && this.#slotBefore(slot, heap[child] as number, time)) break
      times[at] = childTime
      heap[at] = heap[child] as number
      at = child
    }
    times[at] = time
    heap[at] = slot
  }

  #rise(time: number, slot: number): void {
    const times = this.#times
    const heap = this.#heap
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentTime = times[parent] as number
      if (parentTime < time) break
      if (parentTime === time && !this.#slotBefore(slot, heap[parent] as number, time)) break
      times[at] = parentTime
      heap[at] = heap[parent] as number
      at = parent
    }
    times[at] = time
    heap[at] = slot
  }

  #before(a: number, b: number): boolean {
    return this.#slotBefore(
      this.#heap[a] as number,
      this.#heap[b] as number,
      this.#times[a] as number,
    )
  }

  #slotBefore(a: number, b: number, time: number): boolean {
    const laneA = this.#lanes[a] as number
    const laneB = this.#lanes[b] as number
    if (laneA !== laneB) {
      const salt = mix32(this.#tieSeed, fold53(time))
      const flips = this.#flips
      const tieA = mix32(salt, flips === null ? laneA : placeOf(flips, time, laneA))
      const tieB = mix32(salt, flips === null ? laneB : placeOf(flips, time, laneB))
      if (tieA !== tieB) return tieA < tieB
    }
    return (this.#sequences[a] as number) < (this.#sequences[b] as number)
  }

  #newSlot(): number {
    if (this.#used === this.#capacity) this.#grow()
    return this.#used++
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    this.#lanes = grown(new Int32Array(capacity), this.#lanes)
    this.#sequences = grown(new Float64Array(capacity), this.#sequences)
    this.#kinds = grown(new Uint8Array(capacity), this.#kinds)
    this.#numbers = grown(new Int32Array(capacity), this.#numbers)
    if (this.#causes !== null) this.#causes = grown(new Float64Array(capacity), this.#causes)
    this.#free = grown(new Int32Array(capacity), this.#free)
    const times = new Float64Array(2 * capacity + 2).fill(Infinity)
    times.set(this.#times)
    this.#times = times
    this.#heap = grown(new Int32Array(2 * capacity + 2), this.#heap)
    this.#capacity = capacity
  }
}

/** The lane whose place a lane takes at a time. */
function placeOf(flips: readonly Tie[], time: number, lane: number): number {
  let place = lane
  for (const { atUs, lanes } of flips) {
    if (atUs !== time) continue
    if (place === lanes[0]) place = lanes[1]
    else if (place === lanes[1]) place = lanes[0]
  }
  return place
}

function grown<Numbers extends Int32Array | Float64Array | Uint8Array>(
  to: Numbers,
  from: Numbers,
): Numbers {
  to.set(from)
  return to
}
