/**
 * Facts: what really happened inside the system, told to an observer that truth is rebuilt from.
 *
 * System-neutral, called where the state changes, after the change. Models hold `Facts | null` and
 * call `facts?.appended(…)`: null costs a branch. An observer never answers and never changes the
 * system; it must not keep the arrays it is given. Brokers are named by their id.
 */

import type { Batch, PartitionId } from './record.ts'

export interface Facts {
  /**
   * A replica appended a batch: `asLeader` for client and coordinator writes, false for
   * replication.
   */
  appended(
    broker: number,
    partition: PartitionId,
    baseOffset: number,
    leaderEpoch: number,
    batch: Batch,
    asLeader: boolean,
  ): void

  /** A replica's log now ends at `endOffset`: truncation by protocol. */
  truncated(broker: number, partition: PartitionId, endOffset: number): void

  /** A replica's whole log was deleted, because its partition has moved elsewhere. */
  dropped(broker: number, partition: PartitionId): void

  /** A replica found at load that a power loss or disk fault had cut its log to `endOffset`. */
  lostUnsynced(broker: number, partition: PartitionId, endOffset: number): void

  /**
   * A replica's log now starts at `startOffset`: what stood below was deleted, here or by its
   * leader.
   */
  trimmed(broker: number, partition: PartitionId, startOffset: number): void

  /**
   * A replica's high watermark is now `offset`; `leaderEpoch` is that of the leadership it
   * presumes, −1 for followers.
   */
  highWatermark(broker: number, partition: PartitionId, offset: number, leaderEpoch: number): void

  /** A broker believes it leads from here on, with this ISR in its own view. */
  ledFrom(
    broker: number,
    partition: PartitionId,
    leaderEpoch: number,
    startOffset: number,
    isr: readonly number[],
  ): void

  /**
   * A broker no longer believes it leads (became follower, stopped, crashed: the last is told by
   * `brokerStopped`).
   */
  ledUntil(broker: number, partition: PartitionId): void

  /** The committed ISR in the leader's own view changed. */
  leaderIsr(broker: number, partition: PartitionId, isr: readonly number[]): void

  /**
   * The durable metadata of a partition was committed (by quorum, whether anyone knows it or not).
   * `leader` −1: none. `clean` is false where a replica outside the ISR was elected.
   */
  stateCommitted(
    partition: PartitionId,
    state: {
      readonly leader: number
      readonly leaderEpoch: number
      readonly isr: readonly number[]
      readonly partitionEpoch: number
      readonly controllerEpoch: number
      /** What `/controller_epoch` said when it was committed; absent where nobody looked. */
      readonly reigningEpoch?: number
      readonly clean: boolean
    },
  ): void

  /**
   * The deletion of a partition's topic: it was asked for and its replicas go, one by one; all is
   * gone, and what stands there later is another log; or it was called off.
   */
  topicDeletion(partition: PartitionId, stage: 'begun' | 'ended' | 'cancelled'): void

  /** A reader was given what lies below `offset` by this broker. */
  exposed(broker: number, partition: PartitionId, offset: number): void

  /**
   * A leader tells the writer that all wait for: what lies below `offset` stands on enough
   * replicas. `needed` is what its topic asks for, at most as many as there are.
   */
  acknowledged(broker: number, partition: PartitionId, offset: number, needed: number): void

  /**
   * A replica appended a batch, or took it up from its disk, that does not read as it was written,
   * where its checksum has to be looked at.
   */
  damaged(broker: number, partition: PartitionId, baseOffset: number): void

  brokerStarted(broker: number): void
  /** The process died or was stopped; its replicas are judged by their disks from now on. */
  brokerStopped(broker: number): void
}
