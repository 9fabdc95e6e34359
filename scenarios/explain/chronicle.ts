/**
 * A chronicle: the facts of one run in the order in which they happened, by partition.
 *
 * A witness beside truth (`RunOptions.witness`): truth judges, the chronicle only remembers, so
 * that an account can be told afterwards. High watermarks are remembered of leaders alone.
 */

// oxlint-disable max-params -- the parameters are those of `Facts`.

import type { Facts } from '../../model/facts.ts'
import type { Batch, PartitionId } from '../../model/record.ts'
import type { WorldListener } from '../../sim/simulation.ts'

/** Something that happened to one replica or to a partition's durable state; times are true. */
export type Moment =
  | {
      readonly kind: 'appended'
      readonly atUs: number
      readonly broker: number
      readonly baseOffset: number
      readonly leaderEpoch: number
      readonly batch: Batch
      readonly asLeader: boolean
    }
  | {
      readonly kind: 'truncated' | 'dropped' | 'lost-unsynced'
      readonly atUs: number
      readonly broker: number
      /** Where its log ended before. */
      readonly fromEnd: number
      readonly endOffset: number
    }
  | {
      readonly kind: 'trimmed'
      readonly atUs: number
      readonly broker: number
      readonly startOffset: number
    }
  | {
      readonly kind: 'watermark'
      readonly atUs: number
      readonly broker: number
      readonly offset: number
    }
  | {
      readonly kind: 'led'
      readonly atUs: number
      readonly broker: number
      readonly leaderEpoch: number
      readonly startOffset: number
      readonly isr: readonly number[]
    }
  | {
      readonly kind: 'elected'
      readonly atUs: number
      readonly leader: number
      readonly leaderEpoch: number
      readonly isr: readonly number[]
      readonly clean: boolean
    }

/** A process that started or ended. */
export interface Life {
  readonly atUs: number
  readonly process: string
  readonly kind: 'started' | 'stopped'
  /** Why it ended; empty for a start. */
  readonly reason: string
  readonly incarnation: number
}

export class Chronicle implements Facts {
  #now: () => number = () => 0
  readonly #moments = new Map<PartitionId, Moment[]>()
  readonly #ends = new Map<PartitionId, Map<number, number>>()
  readonly lives: Life[] = []

  /** Gives itself as a run's witness. */
  readonly witness = (now: () => number): Facts => {
    this.#now = now
    return this
  }

  /** Gives what a run tells of its processes. */
  readonly listener: WorldListener = {
    started: (process, incarnation) => this.#lived(process, 'started', '', incarnation),
    stopped: (process, incarnation, reason) => this.#lived(process, 'stopped', reason, incarnation),
  }

  /** Everything of a partition, in the order in which it happened. */
  of(partition: PartitionId): readonly Moment[] {
    return this.#moments.get(partition) ?? []
  }

  appended(
    broker: number,
    partition: PartitionId,
    baseOffset: number,
    leaderEpoch: number,
    batch: Batch,
    asLeader: boolean,
  ): void {
    const atUs = this.#now()
    const what = { kind: 'appended', atUs, broker, baseOffset, leaderEpoch, batch } as const
    this.#add(partition, { ...what, asLeader })
    this.#end(partition).set(broker, baseOffset + batch.count)
  }

  truncated(broker: number, partition: PartitionId, endOffset: number): void {
    this.#cut('truncated', broker, partition, endOffset)
  }

  dropped(broker: number, partition: PartitionId): void {
    this.#cut('dropped', broker, partition, 0)
  }

  lostUnsynced(broker: number, partition: PartitionId, endOffset: number): void {
    this.#cut('lost-unsynced', broker, partition, endOffset)
  }

  trimmed(broker: number, partition: PartitionId, startOffset: number): void {
    this.#add(partition, { kind: 'trimmed', atUs: this.#now(), broker, startOffset })
  }

  highWatermark(broker: number, partition: PartitionId, offset: number, leaderEpoch: number): void {
    if (leaderEpoch < 0) return
    this.#add(partition, { kind: 'watermark', atUs: this.#now(), broker, offset })
  }

  ledFrom(
    broker: number,
    partition: PartitionId,
    leaderEpoch: number,
    startOffset: number,
    isr: readonly number[],
  ): void {
    const atUs = this.#now()
    this.#add(partition, {
      kind: 'led',
      atUs,
      broker,
      leaderEpoch,
      startOffset,
      isr: isr.slice(),
    })
  }

  ledUntil(): void {}
  leaderIsr(): void {}
  exposed(): void {}

  acknowledged(): void {}

  /** What stands there later is another log. */
  topicDeletion(partition: PartitionId, stage: 'begun' | 'ended' | 'cancelled'): void {
    if (stage === 'ended') this.#ends.delete(partition)
  }

  damaged(): void {}
  brokerStarted(): void {}
  brokerStopped(): void {}

  stateCommitted(partition: PartitionId, state: Parameters<Facts['stateCommitted']>[1]): void {
    const { leader, leaderEpoch, clean } = state
    const isr = state.isr.slice()
    this.#add(partition, { kind: 'elected', atUs: this.#now(), leader, leaderEpoch, isr, clean })
  }

  #cut(
    kind: 'truncated' | 'dropped' | 'lost-unsynced',
    broker: number,
    partition: PartitionId,
    endOffset: number,
  ): void {
    const ends = this.#end(partition)
    const fromEnd = ends.get(broker) ?? endOffset
    ends.set(broker, endOffset)
    if (fromEnd <= endOffset) return
    this.#add(partition, { kind, atUs: this.#now(), broker, fromEnd, endOffset })
  }

  #lived(process: string, kind: Life['kind'], reason: string, incarnation: number): void {
    this.lives.push({ atUs: this.#now(), process, kind, reason, incarnation })
  }

  #add(partition: PartitionId, moment: Moment): void {
    const known = this.#moments.get(partition)
    if (known === undefined) this.#moments.set(partition, [moment])
    else known.push(moment)
  }

  #end(partition: PartitionId): Map<number, number> {
    let ends = this.#ends.get(partition)
    if (ends === undefined) {
      ends = new Map()
      this.#ends.set(partition, ends)
    }
    return ends
  }
}
