/**
 * The positions of the partitions that a member owns, in the order in which they are fetched.
 *
 * Arrays beside a map, because they are walked over at each poll, and those that were read go to
 * the end after each fetch. While nothing but the next fetch is to be done for any of them they are
 * calm: then a poll looks only at those of the brokers that it can ask.
 */

import type { PartitionId } from '../../../record.ts'
import type { Position } from './position.ts'

export class Positions {
  readonly #byPartition = new Map<PartitionId, Position>()
  readonly #inOrder: Position[] = []
  /** By leader's broker id, each in the order of all; good while calm. */
  readonly #byLeader: Position[][] = []
  #calm = false

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
    this.#calm = false
  }

  /** Behind all others. */
  moveToEnd(position: Position): void {
    lastOf(this.#inOrder, position)
    if (this.#calm) lastOf(this.#byLeader[position.leader] as Position[], position)
  }

  clear(): void {
    this.#byPartition.clear()
    this.#inOrder.length = 0
    this.#calm = false
  }

  /** True if each can be fetched, or is being fetched, from the leader that it is listed with. */
  get calm(): boolean {
    return this.#calm
  }

  /** Some position changed in another way than by being read. */
  disturb(): void {
    this.#calm = false
  }

  /** Finds out whether they are calm again. */
  settle(): void {
    const positions = this.#inOrder
    this.#calm = true
    for (let at = 0; at < positions.length; at += 1) {
      if (!isCalm(positions[at] as Position)) this.#calm = false
    }
    if (!this.#calm) return
    for (const list of this.#byLeader) list.length = 0
    for (let at = 0; at < positions.length; at += 1) {
      const position = positions[at] as Position
      while (this.#byLeader.length <= position.leader) this.#byLeader.push([])
      ;(this.#byLeader[position.leader] as Position[]).push(position)
    }
  }

  /** By leader's broker id, in order; only while calm. Read it, do not keep it. */
  byLeader(): readonly (readonly Position[])[] {
    return this.#byLeader
  }
}

function isCalm({ leader, phase, retryAtMs, revoking }: Position): boolean {
  return phase === 'fetching' && leader >= 0 && !revoking && retryAtMs === -Infinity
}

function lastOf(positions: Position[], position: Position): void {
  const last = positions.length - 1
  for (let at = positions.indexOf(position); at < last; at += 1) {
    positions[at] = positions[at + 1] as Position
  }
  positions[last] = position
}
