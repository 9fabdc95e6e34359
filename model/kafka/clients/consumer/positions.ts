/**
 * The positions of the partitions that a member owns, in the order in which they are fetched.
 *
 * An array beside a map, because every poll walks over all of them, and those that were read go to
 * the end after each fetch.
 */

import type { PartitionId } from '../../../record.ts'
import type { Position } from './position.ts'

export class Positions {
  readonly #byPartition = new Map<PartitionId, Position>()
  readonly #inOrder: Position[] = []

  get size(): number {
    return this.#inOrder.length
  }

  get(partition: PartitionId): Position | undefined {
    return this.#byPartition.get(partition)
  }

  has(partition: PartitionId): boolean {
    return this.#byPartition.has(partition)
  }

  /** Read it, do not keep it. */
  values(): readonly Position[] {
    return this.#inOrder
  }

  add(position: Position): void {
    this.#byPartition.set(position.partition, position)
    this.#inOrder.push(position)
  }

  /** Behind all others. */
  moveToEnd(position: Position): void {
    const positions = this.#inOrder
    const last = positions.length - 1
    for (let at = positions.indexOf(position); at < last; at += 1) {
      positions[at] = positions[at + 1] as Position
    }
    positions[last] = position
  }

  clear(): void {
    this.#byPartition.clear()
    this.#inOrder.length = 0
  }
}
