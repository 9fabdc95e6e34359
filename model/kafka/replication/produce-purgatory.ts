/**
 * Produces with acks=all that wait for the high watermark (KB P11–P14).
 *
 * One timer serves all deadlines. Each partition keeps the list of those that wait for it, looked
 * through whenever its watermark rises or its role changes. Outcomes of coordinators' appends are
 * told last, when the handler has settled everything else, because they lead to new appends.
 */

import { InvariantError } from '../../../sim/invariant.ts'
import type { PartitionId } from '../../record.ts'
import type { AppendWaiter, Broker, BrokerContext } from '../broker-state.ts'
import type { ProducePartitionResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { Guard } from './guards.ts'
import { maximalIsr } from './partition.ts'
import { Probe } from './probes.ts'
import type { DelayedPartition, DelayedProduce, Partition } from './state.ts'

/** What is answered as the time of append where records keep the time of their creation. */
const CREATE_TIME = -1

/** Answers at once what is complete; lets the rest wait until `timeoutMs` have passed. */
export function awaitReplication(
  self: Broker,
  operation: DelayedProduce,
  context: BrokerContext,
): void {
  for (const row of operation.partitions) if (row.pending) check(self, operation, row, context)
  if (operation.missing === 0) {
    finish(self, operation, context)
    return
  }
  for (const row of operation.partitions) {
    if (row.pending) self.replicas.partitions.get(row.partition)?.produces.push(operation)
  }
  if (self.replicas.delayedProduces.add(operation)) armExpiry(self, context)
}

/** Looks through what waits for a partition whose watermark, ISR or role has changed. */
export function checkProduces(self: Broker, partition: Partition, context: BrokerContext): void {
  const waiting = partition.produces
  if (waiting.length === 0) return
  let kept = 0
  for (let index = 0; index < waiting.length; index += 1) {
    const operation = waiting[index] as DelayedProduce
    if (operation.done) continue
    const row = rowOf(operation, partition.id)
    if (row.pending) check(self, operation, row, context)
    if (operation.missing === 0) finish(self, operation, context)
    else if (row.pending) waiting[kept++] = operation
  }
  // Not by setting the length: an array cut to 0 gives its room away, and is soon filled again.
  while (waiting.length > kept) waiting.pop()
}

/** Timer `expireProduces`: what waited too long is told so. */
export function expireProduces(self: Broker, context: BrokerContext): void {
  const { delayedProduces } = self.replicas
  const nowUs = context.monotonicUs()
  for (;;) {
    const operation = delayedProduces.due(nowUs)
    if (operation === undefined) break
    for (const row of operation.partitions) {
      if (!row.pending) continue
      row.pending = false
      row.error = 'REQUEST_TIMED_OUT'
      context.probe(Probe.produceTimedOut, row.partition)
      forget(self.replicas.partitions.get(row.partition), operation)
    }
    finish(self, operation, context)
  }
  armExpiry(self, context)
}

/** Tells coordinators how their appends ended; the last thing a handler does. */
export function tellCoordinators(self: Broker, context: BrokerContext): void {
  const { coordinatorAppends, hooks } = self.replicas
  while (coordinatorAppends.length > 0) {
    for (const result of coordinatorAppends.splice(0)) {
      hooks.coordinatorAppended(self, result, context)
    }
  }
}

function check(
  self: Broker,
  operation: DelayedProduce,
  row: DelayedPartition,
  context: BrokerContext,
): void {
  const partition = self.replicas.partitions.get(row.partition)
  if (partition === undefined) settle(operation, row, 'NOT_LEADER_OR_FOLLOWER')
  else if (partition.role === 'offline') settle(operation, row, 'KAFKA_STORAGE_ERROR')
  else if (context.guard(Guard.leaderOnCompletion, partition.role !== 'leader')) {
    settle(operation, row, 'NOT_LEADER_OR_FOLLOWER')
  } else if (partition.log.highWatermark >= row.requiredOffset) {
    const tooFew = maximalIsr(partition).length < partition.minIsr
    const refused = context.guard(Guard.minIsrAfterAppend, tooFew)
    settle(operation, row, refused ? 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' : 'NONE')
    if (refused) return
    const { facts, id } = self.options
    facts?.acknowledged(id, partition.id, row.requiredOffset, partition.minIsr)
  }
}

function settle(
  operation: DelayedProduce,
  row: DelayedPartition,
  error: DelayedPartition['error'],
): void {
  row.error = error
  row.pending = false
  operation.missing -= 1
}

function finish(self: Broker, operation: DelayedProduce, context: BrokerContext): void {
  operation.done = true
  answer(self, operation.waiter, operation.partitions, context)
}

/** Gives whoever appended the outcome. */
export function answer(
  self: Broker,
  waiter: AppendWaiter,
  rows: readonly DelayedPartition[],
  context: BrokerContext,
): void {
  if (waiter.kind === 'group') {
    const row = rows[0]
    if (row === undefined) return
    const baseOffset = row.error === 'NONE' ? row.baseOffset : -1
    self.replicas.coordinatorAppends.push({ token: waiter.token, error: row.error, baseOffset })
    return
  }
  const { connection, correlationId } = waiter
  // Most requests have one row, and an array that is pushed to takes room for many.
  const partitions =
    rows.length === 1
      ? [responseRow(self, rows[0] as DelayedPartition)]
      : rows.map((row) => responseRow(self, row))
  respond(self, connection, { type: 'ProduceResponse', correlationId, partitions }, context)
}

function responseRow(self: Broker, row: DelayedPartition): ProducePartitionResponse {
  const partition = self.replicas.partitions.get(row.partition)
  const moved = row.error === 'NOT_LEADER_OR_FOLLOWER'
  return {
    partition: row.partition,
    error: row.error,
    baseOffset: row.error === 'NONE' ? row.baseOffset : -1,
    logAppendTimeMs: CREATE_TIME,
    logStartOffset: partition?.log.startOffset ?? -1,
    currentLeader: moved ? (partition?.leader ?? -1) : -1,
    currentLeaderEpoch: moved ? (partition?.leaderEpoch ?? -1) : -1,
  }
}

function rowOf(operation: DelayedProduce, partition: PartitionId): DelayedPartition {
  const { partitions } = operation
  for (let index = 0; index < partitions.length; index += 1) {
    const row = partitions[index] as DelayedPartition
    if (row.partition === partition) return row
  }
  throw new InvariantError('a produce waits only for partitions that it names')
}

function forget(partition: Partition | undefined, operation: DelayedProduce): void {
  const index = partition?.produces.indexOf(operation) ?? -1
  if (index !== -1) partition?.produces.splice(index, 1)
}

function armExpiry(self: Broker, context: BrokerContext): void {
  const next = self.replicas.delayedProduces.next()
  if (next !== -1) context.setTimer('expireProduces', 0, next - context.monotonicUs())
}
