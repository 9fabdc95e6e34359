/**
 * Facts of one broker that stop where its effects are cut.
 *
 * A handler that dies in the middle runs to its end in the model; what it would have done beyond
 * the cut did not happen, on disk or on the wire, and truth must not hear of it.
 */

// oxlint-disable max-params -- the parameters are those of `Facts`.

import type { Facts } from '../../model/facts.ts'
import type { Batch, PartitionId } from '../../model/record.ts'

export class GatedFacts implements Facts {
  readonly #facts: Facts
  /** True while the process runs on beyond its end. */
  readonly #cut: () => boolean

  constructor(facts: Facts, cut: () => boolean) {
    this.#facts = facts
    this.#cut = cut
  }

  appended(
    broker: number,
    partition: PartitionId,
    baseOffset: number,
    leaderEpoch: number,
    batch: Batch,
    asLeader: boolean,
  ): void {
    if (!this.#cut())
      this.#facts.appended(broker, partition, baseOffset, leaderEpoch, batch, asLeader)
  }

  truncated(broker: number, partition: PartitionId, endOffset: number): void {
    if (!this.#cut()) this.#facts.truncated(broker, partition, endOffset)
  }

  lostUnsynced(broker: number, partition: PartitionId, endOffset: number): void {
    if (!this.#cut()) this.#facts.lostUnsynced(broker, partition, endOffset)
  }

  dropped(broker: number, partition: PartitionId): void {
    if (!this.#cut()) this.#facts.dropped(broker, partition)
  }

  trimmed(broker: number, partition: PartitionId, startOffset: number): void {
    if (!this.#cut()) this.#facts.trimmed(broker, partition, startOffset)
  }

  highWatermark(broker: number, partition: PartitionId, offset: number, leaderEpoch: number): void {
    if (!this.#cut()) this.#facts.highWatermark(broker, partition, offset, leaderEpoch)
  }

  ledFrom(
    broker: number,
    partition: PartitionId,
    leaderEpoch: number,
    startOffset: number,
    isr: readonly number[],
  ): void {
    if (!this.#cut()) this.#facts.ledFrom(broker, partition, leaderEpoch, startOffset, isr)
  }

  ledUntil(broker: number, partition: PartitionId): void {
    if (!this.#cut()) this.#facts.ledUntil(broker, partition)
  }

  leaderIsr(broker: number, partition: PartitionId, isr: readonly number[]): void {
    if (!this.#cut()) this.#facts.leaderIsr(broker, partition, isr)
  }

  stateCommitted(partition: PartitionId, state: Parameters<Facts['stateCommitted']>[1]): void {
    this.#facts.stateCommitted(partition, state)
  }

  topicDeletion(partition: PartitionId, stage: 'begun' | 'ended' | 'cancelled'): void {
    this.#facts.topicDeletion(partition, stage)
  }

  exposed(broker: number, partition: PartitionId, offset: number): void {
    if (!this.#cut()) this.#facts.exposed(broker, partition, offset)
  }

  acknowledged(broker: number, partition: PartitionId, offset: number, needed: number): void {
    if (!this.#cut()) this.#facts.acknowledged(broker, partition, offset, needed)
  }

  damaged(broker: number, partition: PartitionId, baseOffset: number): void {
    if (!this.#cut()) this.#facts.damaged(broker, partition, baseOffset)
  }

  brokerStarted(broker: number): void {
    this.#facts.brokerStarted(broker)
  }

  brokerStopped(broker: number): void {
    this.#facts.brokerStopped(broker)
  }
}
