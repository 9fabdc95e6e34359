/**
 * Taking batches out of the accumulator for one broker: at most one a partition and request (KC
 * 1.5).
 *
 * Follows RecordAccumulator.drainBatchesForOneNode of Kafka 3.9. A partition that is muted, empty
 * or backing off is passed over; a batch that is too large for the rest of the request, or that the
 * book of sequences forbids, ends the drain of the whole broker.
 */

import type { Context } from '../../../../sim/process.ts'
import { leaderEpochOf } from '../metadata.ts'
import { realBytes } from './batch.ts'
import { Guard } from './guards.ts'
import { assignSequence, isDrainForbidden } from './idempotence.ts'
import { isBackingOff, noteLeaderEpoch } from './readiness.ts'
import {
  type BrokerState,
  NOTHING_DRAINED,
  type PartitionQueue,
  type Producer,
  type ProducerBatch,
} from './state.ts'

/** The batches of the next request to a broker, in the order of the request. */
export function drain(
  producer: Producer,
  broker: BrokerState,
  context: Context,
): readonly ProducerBatch[] {
  let drained: ProducerBatch[] | null = null
  const { queues } = broker
  const start = startOf(broker)
  let bytes = 0
  for (let step = 0; step < queues.length; step += 1) {
    const queue = queues[(start + step) % queues.length] as PartitionQueue
    broker.drainFrom = queue.partition
    const head = queue.batches[0]
    if (head === undefined || isPassedOver(producer, queue, head, context)) continue
    const fits = bytes + realBytes(head) <= producer.options.config.maxRequestSize
    if (!fits && drained !== null) break
    if (producer.idempotence !== null) {
      if (isDrainForbidden(queue, producer.idempotence, context)) break
      if (head.baseSequence === -1) assignSequence(head, producer.idempotence, context)
    }
    queue.batches.shift()
    head.closed = true
    bytes += realBytes(head)
    // Most requests take one batch, and an array that is pushed to takes room for many.
    if (drained === null) drained = [head]
    else drained.push(head)
  }
  return drained ?? NOTHING_DRAINED
}

function isPassedOver(
  producer: Producer,
  queue: PartitionQueue,
  head: ProducerBatch,
  context: Context,
): boolean {
  if (context.guard(Guard.mutedPartition, queue.muted)) return true
  noteLeaderEpoch(head, leaderEpochOf(producer.metadata, queue.partition))
  return isBackingOff(head, producer.circumstances.nowMs)
}

/** The round robin goes on with the partition it looked at last. */
function startOf({ queues, drainFrom }: BrokerState): number {
  for (let index = 0; index < queues.length; index += 1) {
    if ((queues[index] as PartitionQueue).partition >= drainFrom) return index
  }
  return 0
}
