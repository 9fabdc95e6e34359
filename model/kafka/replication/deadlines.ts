/**
 * Waiting operations by deadline, so that one timer of the broker serves them all.
 *
 * Most are over long before their time. They stay in the queue as husks until their deadline or
 * until husks are the majority, so that ending early costs nothing.
 */

export interface Waiting {
  readonly deadlineUs: number
  /** Over, whether by success, error or time. */
  done: boolean
}

/** Husks below this number are not worth a sweep. */
const SWEEP_MIN = 64

export class Deadlines<Operation extends Waiting> {
  readonly #queue: Operation[] = []
  #head = 0
  #added = 0

  /** Adds an operation. True if it is now the first: the timer has to be set for it. */
  add(operation: Operation): boolean {
    this.#added += 1
    if (this.#added > SWEEP_MIN && this.#added * 2 > this.#queue.length - this.#head) this.#sweep()
    const queue = this.#queue
    let index = queue.length
    queue.push(operation)
    // Deadlines come almost in order, because most operations wait equally long.
    while (
      index > this.#head &&
      (queue[index - 1] as Operation).deadlineUs > operation.deadlineUs
    ) {
      queue[index] = queue[index - 1] as Operation
      index -= 1
    }
    queue[index] = operation
    return index === this.#head
  }

  /** Removes and answers the next operation that is due and still waiting; undefined if none is. */
  due(nowUs: number): Operation | undefined {
    while (this.#head < this.#queue.length) {
      const first = this.#queue[this.#head] as Operation
      if (!first.done && first.deadlineUs > nowUs) return undefined
      this.#head += 1
      if (!first.done) return first
    }
    return undefined
  }

  /** Deadline of the next operation still waiting; −1 if none is. */
  next(): number {
    while (this.#head < this.#queue.length) {
      const first = this.#queue[this.#head] as Operation
      if (!first.done) return first.deadlineUs
      this.#head += 1
    }
    return -1
  }

  /** Moves up what still waits, in place: the array keeps its room for those that come. */
  #sweep(): void {
    const queue = this.#queue
    let kept = 0
    for (let index = this.#head; index < queue.length; index += 1) {
      const operation = queue[index] as Operation
      if (!operation.done) queue[kept++] = operation
    }
    while (queue.length > kept) queue.pop()
    this.#head = 0
    this.#added = 0
  }
}
