/**
 * Produce requests, and appends of the group coordinator (KB 2.1).
 */

import type { Connection } from '../../../sim/process.ts'
import type { Batch, PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { ProduceRequest } from '../messages.ts'
import { Appending, appendTo, finishAppends } from './append.ts'
import { Guard } from './guards.ts'
import { answer } from './produce-purgatory.ts'
import type { DelayedPartition } from './state.ts'

export function onProduceRequest(
  self: Broker,
  request: ProduceRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const { correlationId, timeoutMs } = request
  const strange = request.acks !== -1 && request.acks !== 0 && request.acks !== 1
  const acks = strange ? 1 : request.acks
  const pending = new Appending({ kind: 'response', connection, correlationId }, acks, timeoutMs)
  if (context.guard(Guard.requiredAcks, strange)) {
    answer(self, pending.waiter, request.partitions.map(refusedAcks), context)
    return
  }
  for (const append of request.partitions) appendTo(self, pending, append, context)
  finishAppends(self, pending, context)
}

function refusedAcks({ partition }: { readonly partition: PartitionId }): DelayedPartition {
  return {
    partition,
    error: 'INVALID_REQUIRED_ACKS',
    baseOffset: -1,
    requiredOffset: -1,
    pending: false,
  }
}

/** What a coordinator writes to its own partition. */
export interface CoordinatorBatch {
  readonly batch: Batch
  /** offsets.commit.timeout.ms: 5 s by default. */
  readonly timeoutMs: number
  /** Comes back with the outcome. */
  readonly token: number
}

/**
 * Appends what a coordinator writes on the local leader, with `offsets.commit.required.acks`: all
 * by default. The outcome comes by the hook `coordinatorAppended`, possibly before this returns.
 */
export function appendAsCoordinator(
  self: Broker,
  partition: PartitionId,
  append: CoordinatorBatch,
  context: BrokerContext,
): void {
  const { batch, timeoutMs, token } = append
  const acks = self.options.config.offsetsCommitRequiredAcks
  const pending = new Appending({ kind: 'group', token }, acks, timeoutMs)
  appendTo(self, pending, { partition, batch }, context)
  finishAppends(self, pending, context)
}
