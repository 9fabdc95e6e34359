/**
 * What follows when an append to `__consumer_offsets` has been replicated, or was not (KC 3.4).
 *
 * Only then does a group become stable and an offset count as committed. A group that was unloaded
 * meanwhile is no longer touched, but its clients are still answered.
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Broker, BrokerContext, CoordinatorAppend } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { OffsetCommitResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { dropAssignment, giveAssignment, maybeRebalance } from './rebalance.ts'
import type { PendingAppend } from './state.ts'
import type { OffsetsAppend } from './store.ts'

type AssignmentAppend = Extract<PendingAppend, { kind: 'assignment' }>

/** What is answered for partitions of a commit that do not exist. */
const UNKNOWN: KafkaError = 'UNKNOWN_TOPIC_OR_PARTITION'

/** The replicas tell how an append ended. */
export function onCoordinatorAppend(
  self: Broker,
  result: CoordinatorAppend,
  context: BrokerContext,
): void {
  const pending = self.groups.appends.get(result.token)
  invariant(pending !== undefined, 'an append of the group coordinator ends once')
  self.groups.appends.delete(result.token)
  switch (pending.kind) {
    case 'assignment':
      assignmentStored(self, pending, result, context)
      return
    case 'offsets':
      offsetsStored(self, pending, result, context)
      return
    case 'emptied':
    case 'forgotten':
      return
  }
}

function assignmentStored(
  self: Broker,
  pending: AssignmentAppend,
  result: CoordinatorAppend,
  context: BrokerContext,
): void {
  const { group } = pending
  if (group.phase === 'Dead') return
  const waits = group.phase === 'CompletingRebalance' && group.generation === pending.generation
  if (context.guard(Guard.assignmentCurrent, !waits)) return
  if (result.error === 'NONE') {
    for (const member of group.members.values()) {
      member.assignment = pending.assignments.get(member.id) ?? []
    }
    giveAssignment(self, group, context)
  } else {
    dropAssignment(self, group, assignmentError(result.error), context)
    maybeRebalance(self, group, context)
  }
}

function offsetsStored(
  self: Broker,
  pending: OffsetsAppend,
  result: CoordinatorAppend,
  context: BrokerContext,
): void {
  const { group, asked } = pending
  if (result.error === 'NONE') {
    if (group.phase !== 'Dead') cacheOffsets(pending, result, context)
    context.probe(Probe.commitAccepted, group.partition)
  }
  unstage(pending, result.token)
  const error = commitError(result.error)
  const partitions: OffsetCommitResponse['partitions'][number][] = []
  for (const { partition } of pending.partitions) partitions.push({ partition, error })
  for (const partition of pending.unknown) partitions.push({ partition, error: UNKNOWN })
  const { correlationId } = asked
  const response = { type: 'OffsetCommitResponse', correlationId, partitions } as const
  respond(self, asked.connection, response, context)
}

function cacheOffsets(
  pending: OffsetsAppend,
  result: CoordinatorAppend,
  context: BrokerContext,
): void {
  const { offsets, partition: subject } = pending.group
  for (const { partition, offset, leaderEpoch } of pending.partitions) {
    const cached = offsets.get(partition)
    const overtaken = cached !== undefined && cached.logOffset >= result.baseOffset
    if (context.guard(Guard.commitLogOrder, overtaken)) continue
    if (cached !== undefined && offset < cached.offset) {
      context.probe(Probe.commitWentBack, subject)
    }
    offsets.set(partition, { offset, leaderEpoch, logOffset: result.baseOffset })
  }
}

/** A newer commit of the same partition may be under way; then the partition stays pending. */
function unstage(pending: OffsetsAppend, token: number): void {
  const { pendingCommits } = pending.group
  for (const { partition } of pending.partitions) {
    if (pendingCommits.get(partition) === token) pendingCommits.delete(partition)
  }
}

/** What a client is told when the append of its commit failed (KC 3.4). */
export function commitError(error: KafkaError): KafkaError {
  switch (error) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      return 'COORDINATOR_NOT_AVAILABLE'
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR'
    default:
      return error
  }
}

/** What members are told when the append of their assignment failed (KC 3.4). */
export function assignmentError(error: KafkaError): KafkaError {
  return error === 'REQUEST_TIMED_OUT' ? 'REBALANCE_IN_PROGRESS' : commitError(error)
}
