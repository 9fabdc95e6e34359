/**
 * What one writes first: a binary heap of event objects, compared by (time, sequence) inline.
 */

/** What an event of the kernel holds, too. */
interface Event {
  readonly time: number
  readonly sequence: number
  readonly lane: number
  readonly handler: number
  readonly number: number
  readonly reference: unknown
}

export class ObjectHeap {
  readonly #heap: Event[] = []
  #sequence = 0

  push(time: number, lane: number, number: number): void {
    const heap = this.#heap
    const sequence = this.#sequence++
    const event: Event = { time, sequence, lane, handler: 0, number, reference: undefined }
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = heap[parent] as Event
      if (other.time < time || (other.time === time && other.sequence < event.sequence)) break
      heap[at] = other
      at = parent
    }
    heap[at] = event
  }

  pop(): Event {
    const heap = this.#heap
    const top = heap[0] as Event
    const last = heap.pop() as Event
    const size = heap.length
    if (size === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      const left = heap[child] as Event
      const right = heap[child + 1]
      let best = left
      if (
        right !== undefined &&
        (right.time < left.time || (right.time === left.time && right.sequence < left.sequence))
      ) {
        best = right
        child += 1
      }
      if (last.time < best.time || (last.time === best.time && last.sequence < best.sequence)) break
      heap[at] = best
      at = child
    }
    heap[at] = last
    return top
  }
}
