/**
 * The deadlines of a group coordinator, in order of time: one timer of the process serves them all.
 *
 * Sessions, joins, syncs and announced members each own one `Deadline` and move it in place,
 * because every heartbeat moves one (KC 3.3). A binary heap that knows each element's position;
 * equal times go in the order in which they were set. Times are those of the monotonic clock (KB
 * 12).
 */

import type { Group, Member } from './state.ts'

/** Whose time is up: a member's session, an announced id, the wait for joins or for syncs. */
export type DeadlineKind = 'session' | 'announced' | 'join' | 'sync'

export interface Deadline {
  readonly kind: DeadlineKind
  readonly group: Group
  /** With `session` only. */
  readonly member: Member | null
  /** With `announced` only. */
  readonly memberId: string
  atUs: number
  /** Order of setting, which decides between equal times. */
  order: number
  /** Place in the heap; −1 while not set. */
  position: number
}

export class Deadlines {
  readonly #heap: Deadline[] = []
  #orders = 0

  /** The earliest one. */
  first(): Deadline | undefined {
    return this.#heap[0]
  }

  /** Sets a deadline, or moves it where it is already set. */
  set(deadline: Deadline, atUs: number): void {
    deadline.atUs = atUs
    deadline.order = this.#orders++
    if (deadline.position === -1) {
      deadline.position = this.#heap.length
      this.#heap.push(deadline)
    }
    this.#settle(deadline)
  }

  clear(deadline: Deadline): void {
    const position = deadline.position
    if (position === -1) return
    deadline.position = -1
    const last = this.#heap.pop()
    if (last === undefined || last === deadline) return
    last.position = position
    this.#heap[position] = last
    this.#settle(last)
  }

  #settle(deadline: Deadline): void {
    this.#rise(deadline)
    this.#sink(deadline)
  }

  #rise(deadline: Deadline): void {
    const heap = this.#heap
    let position = deadline.position
    while (position > 0) {
      const above = (position - 1) >> 1
      const parent = heap[above] as Deadline
      if (!before(deadline, parent)) break
      heap[position] = parent
      parent.position = position
      position = above
    }
    heap[position] = deadline
    deadline.position = position
  }

  #sink(deadline: Deadline): void {
    const heap = this.#heap
    let position = deadline.position
    for (;;) {
      let below = 2 * position + 1
      const left = heap[below]
      if (left === undefined) break
      const right = heap[below + 1]
      let child = left
      if (right !== undefined && before(right, left)) {
        child = right
        below += 1
      }
      if (!before(child, deadline)) break
      heap[position] = child
      child.position = position
      position = below
    }
    heap[position] = deadline
    deadline.position = position
  }
}

function before(one: Deadline, other: Deadline): boolean {
  return one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order)
}
