/**
 * When a batch may go out: the decisions of RecordAccumulator.ready (KC 1.3), pure.
 */

import { isFull } from './batch.ts'
import type { Circumstances, PartitionQueue, ProducerBatch } from './state.ts'

/** How long the head of a queue that has one must wait; 0: its broker should be drained now. */
export function unreadyMs(queue: PartitionQueue, circumstances: Circumstances): number {
  const { nowMs, lingerMs, batchSize, urgent } = circumstances
  const head = queue.batches[0] as ProducerBatch
  const waitedMs = Math.max(0, nowMs - head.lastAttemptMs)
  const backingOff = isBackingOff(head, nowMs)
  const untilMs = backingOff ? head.pauseMs : lingerMs
  const full = queue.batches.length > 1 || isFull(head, batchSize)
  if (!backingOff && (full || urgent)) return 0
  return Math.max(0, untilMs - waitedMs)
}

/** A retry waits out its pause, unless a newer leader is known since it failed (KIP-951). */
export function isBackingOff(batch: ProducerBatch, nowMs: number): boolean {
  if (batch.attempts === 0 || hasLeaderChanged(batch)) return false
  return Math.max(0, nowMs - batch.lastAttemptMs) < batch.pauseMs
}

/** Takes note of the newest leader epoch known of the batch's partition. */
export function noteLeaderEpoch(batch: ProducerBatch, leaderEpoch: number): void {
  if (leaderEpoch <= batch.leaderEpoch) return
  batch.leaderEpoch = leaderEpoch
  batch.attemptsAtLeaderChange = batch.attempts
}

export function hasReachedDeliveryTimeout(
  batch: ProducerBatch,
  nowMs: number,
  deliveryTimeoutMs: number,
): boolean {
  return nowMs - batch.createdMs >= deliveryTimeoutMs
}

function hasLeaderChanged(batch: ProducerBatch): boolean {
  return batch.attempts >= 1 && batch.attempts === batch.attemptsAtLeaderChange
}
