/**
 * The replicas of one broker by partition: a look-up is two array accesses, because every row of
 * every request begins with one.
 *
 * Those who walk over all of them get them in the order in which they were added.
 */

import { partitionOf, topicOf, type PartitionId } from '../../record.ts'
import type { Partition } from './state.ts'

export class PartitionTable {
  /** By topic, then by number. */
  readonly #rows: (Partition | undefined)[][] = []
  readonly #all: Partition[] = []

  get size(): number {
    return this.#all.length
  }

  get(id: PartitionId): Partition | undefined {
    const row = this.#rows[topicOf(id)]
    return row === undefined ? undefined : row[partitionOf(id)]
  }

  /** Adds a replica, or puts it in the place of another of the same partition. */
  add(partition: Partition): void {
    const topic = topicOf(partition.id)
    while (this.#rows.length <= topic) this.#rows.push([])
    const row = this.#rows[topic] as (Partition | undefined)[]
    const number = partitionOf(partition.id)
    while (row.length <= number) row.push(undefined)
    const former = row[number]
    row[number] = partition
    if (former === undefined) this.#all.push(partition)
    else this.#all[this.#all.indexOf(former)] = partition
  }

  delete(id: PartitionId): void {
    const known = this.get(id)
    if (known === undefined) return
    const row = this.#rows[topicOf(id)] as (Partition | undefined)[]
    row[partitionOf(id)] = undefined
    this.#all.splice(this.#all.indexOf(known), 1)
  }

  /** Read it, do not keep it. */
  values(): readonly Partition[] {
    return this.#all
  }
}
