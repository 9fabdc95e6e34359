/**
 * Facts told to two observers, one after the other: truth, and a witness who keeps a chronicle.
 */

// oxlint-disable max-params -- the parameters are those of `Facts`.

import type { Facts } from '../../model/facts.ts'
import type { Batch, PartitionId } from '../../model/record.ts'

export class BothFacts implements Facts {
  readonly #one: Facts
  readonly #other: Facts

  constructor(one: Facts, other: Facts) {
    this.#one = one
    this.#other = other
  }

  appended(
    broker: number,
    partition: PartitionId,
    baseOffset: number,
    leaderEpoch: number,
    batch: Batch,
    asLeader: boolean,
  ): void {
    this.#one.appended(broker, partition, baseOffset, leaderEpoch, batch, asLeader)
    this.#other.appended(broker, partition, baseOffset, leaderEpoch, batch, asLeader)
  }

  truncated(broker: number, partition: PartitionId, endOffset: number): void {
    this.#one.truncated(broker, partition, endOffset)
    this.#other.truncated(broker, partition, endOffset)
  }

  dropped(broker: number, partition: PartitionId): void {
    this.#one.dropped(broker, partition)
    this.#other.dropped(broker, partition)
  }

  lostUnsynced(broker: number, partition: PartitionId, endOffset: number): void {
    this.#one.lostUnsynced(broker, partition, endOffset)
    this.#other.lostUnsynced(broker, partition, endOffset)
  }

  trimmed(broker: number, partition: PartitionId, startOffset: number): void {
    this.#one.trimmed(broker, partition, startOffset)
    this.#other.trimmed(broker, partition, startOffset)
  }

  highWatermark(broker: number, partition: PartitionId, offset: number, leaderEpoch: number): void {
    this.#one.highWatermark(broker, partition, offset, leaderEpoch)
    this.#other.highWatermark(broker, partition, offset, leaderEpoch)
  }

  ledFrom(
    broker: number,
    partition: PartitionId,
    leaderEpoch: number,
    startOffset: number,
    isr: readonly number[],
  ): void {
    this.#one.ledFrom(broker, partition, leaderEpoch, startOffset, isr)
    this.#other.ledFrom(broker, partition, leaderEpoch, startOffset, isr)
  }

  ledUntil(broker: number, partition: PartitionId): void {
    this.#one.ledUntil(broker, partition)
    this.#other.ledUntil(broker, partition)
  }

  leaderIsr(broker: number, partition: PartitionId, isr: readonly number[]): void {
    this.#one.leaderIsr(broker, partition, isr)
    this.#other.leaderIsr(broker, partition, isr)
  }

  stateCommitted(partition: PartitionId, state: Parameters<Facts['stateCommitted']>[1]): void {
    this.#one.stateCommitted(partition, state)
    this.#other.stateCommitted(partition, state)
  }

  topicDeletion(partition: PartitionId, stage: 'begun' | 'ended' | 'cancelled'): void {
    this.#one.topicDeletion(partition, stage)
    this.#other.topicDeletion(partition, stage)
  }

  exposed(broker: number, partition: PartitionId, offset: number): void {
    this.#one.exposed(broker, partition, offset)
    this.#other.exposed(broker, partition, offset)
  }

  acknowledged(broker: number, partition: PartitionId, offset: number, needed: number): void {
    this.#one.acknowledged(broker, partition, offset, needed)
    this.#other.acknowledged(broker, partition, offset, needed)
  }

  damaged(broker: number, partition: PartitionId, baseOffset: number): void {
    this.#one.damaged(broker, partition, baseOffset)
    this.#other.damaged(broker, partition, baseOffset)
  }

  brokerStarted(broker: number): void {
    this.#one.brokerStarted(broker)
    this.#other.brokerStarted(broker)
  }

  brokerStopped(broker: number): void {
    this.#one.brokerStopped(broker)
    this.#other.brokerStopped(broker)
  }
}
