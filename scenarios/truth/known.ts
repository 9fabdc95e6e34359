/**
 * What truth knows, and what it may be asked: the partitions, what was written down, who runs.
 *
 * The questions are those of the result, of the fault budget before a power loss (`wouldLose`), and
 * of triggers that aim at a moment. The facts come in through `truth.ts`.
 */

import { type PartitionId, partitionOf, topicOf } from '../../model/record.ts'
import type { Excuse, LeaderChange, Removal, TruthBreach } from '../result.ts'
import { Book } from './book.ts'
import {
  type Durable,
  type PartitionTruth,
  partitionTruth,
  replicaAt,
  replicaOf,
} from './partition.ts'
import { holdsAll } from './replica-log.ts'

/** What a result takes over, in µs from t = 0. */
export interface TruthReport {
  readonly truth: readonly TruthBreach[]
  readonly excuses: readonly Excuse[]
  readonly removals: readonly Removal[]
  readonly leaders: readonly LeaderChange[]
}

export class KnownTruth {
  protected readonly book: Book
  /** By topic, then by partition. */
  readonly #topics: (PartitionTruth | undefined)[][] = []
  protected readonly partitions: PartitionTruth[] = []

  /** `now` gives true time in µs; `nameOf` a partition's name for sentences. */
  constructor(now: () => number, nameOf?: (partition: PartitionId) => string) {
    this.book = new Book(now, nameOf)
  }

  /** Everything that was written down, its times counted from `originUs`. */
  report(originUs: number): TruthReport {
    const { breaches, removals, leaders } = this.book
    // A deletion that has not come to its end covers all that was ever sent.
    const nowUs = this.book.now()
    const excuses = this.book.excuses.map((one) =>
      one.atUs === Infinity ? { ...one, atUs: nowUs } : one,
    )
    const since = <Timed extends { readonly atUs: number }>(one: Timed): Timed => ({
      ...one,
      atUs: one.atUs - originUs,
    })
    return {
      truth: breaches.map(since),
      excuses: excuses.map(since),
      removals: removals.map(since),
      leaders: leaders.map(since),
    }
  }

  get breaches(): readonly TruthBreach[] {
    return this.book.breaches
  }

  get excuses(): readonly Excuse[] {
    return this.book.excuses
  }

  get removals(): readonly Removal[] {
    return this.book.removals
  }

  get leaders(): readonly LeaderChange[] {
    return this.book.leaders
  }

  /**
   * The partitions of which records would be gone for good if all of these brokers lost what they
   * have not synced: no other live member of the durable ISR holds the committed prefix.
   */
  wouldLose(brokers: readonly number[]): PartitionId[] {
    const lost: PartitionId[] = []
    for (const partition of this.partitions) {
      if (!partition.replicas.some(({ broker }) => brokers.includes(broker))) continue
      if (!this.#isSafeWithout(partition, brokers)) lost.push(partition.id)
    }
    return lost
  }

  isRunning(broker: number): boolean {
    return this.book.isRunning(broker)
  }

  /** The durable metadata of a partition, or null before it was committed. */
  durable(partition: PartitionId): Readonly<Durable> | null {
    return this.#topics[topicOf(partition)]?.[partitionOf(partition)]?.durable ?? null
  }

  /** Where a broker's log of a partition ends, and its high watermark; null if it has none. */
  logOf(
    broker: number,
    partition: PartitionId,
  ): { readonly end: number; readonly highWatermark: number } | null {
    const known = this.#topics[topicOf(partition)]?.[partitionOf(partition)]
    return (known === undefined ? undefined : replicaOf(known, broker)) ?? null
  }

  /** Whether a broker's log surely holds everything of a partition that is committed. */
  holdsCommitted(broker: number, partition: PartitionId): boolean {
    const known = this.#topics[topicOf(partition)]?.[partitionOf(partition)]
    if (known === undefined) return true
    const replica = replicaAt(known, broker)
    return !replica.suspect && holdsAll(known, replica)
  }

  /** A partition's truth, begun when a fact first names it. */
  protected partition(id: PartitionId): PartitionTruth {
    const topic = topicOf(id)
    const number = partitionOf(id)
    let row = this.#topics[topic]
    if (row === undefined) {
      row = []
      this.#topics[topic] = row
    }
    let known = row[number]
    if (known === undefined) {
      known = partitionTruth(id)
      row[number] = known
      this.partitions.push(known)
    }
    return known
  }

  /** What stands in its place from now on is another log, of which nothing is known. */
  protected forgetPartition(known: PartitionTruth): void {
    const fresh = partitionTruth(known.id)
    ;(this.#topics[topicOf(known.id)] as PartitionTruth[])[partitionOf(known.id)] = fresh
    this.partitions[this.partitions.indexOf(known)] = fresh
  }

  #isSafeWithout(partition: PartitionTruth, brokers: readonly number[]): boolean {
    if (partition.deletion !== null) return true
    if (!partition.committed.some((prefix) => prefix !== undefined && prefix.depth > 0)) return true
    for (const member of partition.durable?.isr ?? []) {
      if (brokers.includes(member) || !this.book.isRunning(member)) continue
      const replica = replicaOf(partition, member)
      if (replica !== undefined && !replica.suspect && holdsAll(partition, replica)) return true
    }
    return false
  }
}
