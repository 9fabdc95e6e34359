/**
 * What truth writes down: breaches, excuses, removals and leader changes, each once.
 *
 * Sentences are made only when something is written, never on the way of a run without breaches.
 */

import { type PartitionId, partitionOf, topicOf } from '../../model/record.ts'
import type { LeaderChange, Removal, TruthBreach } from '../result.ts'
import type { GrowingExcuse, PartitionTruth } from './partition.ts'

/** Breaches of one partition that are written down; a broken log breaks with every batch. */
const INCIDENTS_MAX = 50

export class Book {
  /** True time in µs. */
  readonly now: () => number
  readonly nameOf: (partition: PartitionId) => string
  readonly breaches: TruthBreach[] = []
  readonly excuses: GrowingExcuse[] = []
  readonly removals: Removal[] = []
  readonly leaders: LeaderChange[] = []
  readonly #running: boolean[] = []

  constructor(now: () => number, nameOf: ((partition: PartitionId) => string) | undefined) {
    this.now = now
    this.nameOf = nameOf ?? ((partition) => `${topicOf(partition)}-${partitionOf(partition)}`)
  }

  isRunning(broker: number): boolean {
    return this.#running[broker] === true
  }

  setRunning(broker: number, running: boolean): void {
    this.#running[broker] = running
  }

  /** True the first time for an incident, which may then be written with `breach`. */
  isNew(partition: PartitionTruth, incident: string): boolean {
    const { incidents, deletion } = partition
    if (deletion !== null) return false
    if (incidents.has(incident) || incidents.size >= INCIDENTS_MAX) return false
    incidents.add(incident)
    return true
  }

  breach(
    partition: PartitionTruth,
    property: TruthBreach['property'],
    brokers: readonly number[],
    sentence: string,
  ): void {
    this.breaches.push({
      property,
      atUs: this.now(),
      partition: partition.id,
      sentence: `${this.nameOf(partition.id)}: ${sentence}.`,
      brokers,
    })
  }
}
