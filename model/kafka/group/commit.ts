/**
 * OffsetCommit: members and standalone consumers store how far they are (KC 3.3).
 *
 * A commit is judged by member and generation only: neither that the member owns the partition nor
 * that the offset grows is checked. Left out: transactional commits, metadata of a commit.
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../messages.ts'
import { cachedPartition } from '../metadata-cache.ts'
import { respond } from '../respond.ts'
import { Guard } from './guards.ts'
import { groupNamed, ownershipOf, placementOf } from './ownership.ts'
import { Probe } from './probes.ts'
import { renewSession } from './sessions.ts'
import type { Group } from './state.ts'
import { storeOffsets } from './store.ts'

export function onOffsetCommitRequest(
  self: Broker,
  request: OffsetCommitRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const unknown = unknownPartitions(self, request, context)
  if (unknown.length === request.partitions.length) {
    answerAll(self, request, connection, { error: 'UNKNOWN_TOPIC_OR_PARTITION', context })
    return
  }
  const error = commitError(self, request, context)
  if (error !== null) {
    answerAll(self, request, connection, { error, context })
    return
  }
  const group = groupNamed(self.groups, request.groupId)
  const member = group.members.get(request.memberId)
  if (member !== undefined) renewSession(self.groups, member, context)
  const asked = { connection, correlationId: request.correlationId }
  const partitions = without(request.partitions, unknown)
  context.mute(connection)
  storeOffsets(self, { kind: 'offsets', group, asked, partitions, unknown }, context)
}

function unknownPartitions(
  self: Broker,
  request: OffsetCommitRequest,
  context: BrokerContext,
): readonly PartitionId[] {
  let unknown = NONE
  for (const { partition } of request.partitions) {
    const known = cachedPartition(self.metadata, partition) !== undefined
    if (context.guard(Guard.commitPartition, !known)) unknown = [...unknown, partition]
  }
  return unknown
}

const NONE: readonly PartitionId[] = []

function without(
  partitions: OffsetCommitRequest['partitions'],
  unknown: readonly PartitionId[],
): OffsetCommitRequest['partitions'] {
  if (unknown.length === 0) return partitions
  return partitions.filter(({ partition }) => !unknown.includes(partition))
}

function answerAll(
  self: Broker,
  request: OffsetCommitRequest,
  connection: Connection,
  answer: { readonly error: KafkaError; readonly context: BrokerContext },
): void {
  const { error, context } = answer
  const response: OffsetCommitResponse = {
    type: 'OffsetCommitResponse',
    correlationId: request.correlationId,
    partitions: request.partitions.map(({ partition }) => ({ partition, error })),
  }
  respond(self, connection, response, context)
}

function commitError(
  self: Broker,
  request: OffsetCommitRequest,
  context: BrokerContext,
): KafkaError | null {
  const ownership = ownershipOf(self.groups, request.groupId)
  if (context.guard(Guard.commitLoading, ownership === 'loading')) {
    return 'COORDINATOR_LOAD_IN_PROGRESS'
  }
  if (context.guard(Guard.commitOwner, ownership === 'none')) return 'NOT_COORDINATOR'
  const group = self.groups.groups.get(request.groupId)
  const error = senderError(group, request, context)
  if (error !== null) {
    context.probe(Probe.commitFenced, placementOf(self.groups, request.groupId))
    return error
  }
  const completing = group?.phase === 'CompletingRebalance'
  if (context.guard(Guard.commitCompleting, completing)) return 'REBALANCE_IN_PROGRESS'
  return null
}

/**
 * Whether the sender of a commit may commit: a member of this generation, or anyone if there is
 * none.
 */
function senderError(
  group: Group | undefined,
  request: OffsetCommitRequest,
  context: BrokerContext,
): KafkaError | null {
  const { generationId, memberId } = request
  if (group === undefined) {
    return context.guard(Guard.commitGroup, generationId >= 0) ? 'ILLEGAL_GENERATION' : null
  }
  if (generationId < 0 && memberId === '') {
    const occupied = group.phase !== 'Empty'
    return context.guard(Guard.commitStandalone, occupied) ? 'UNKNOWN_MEMBER_ID' : null
  }
  const known = group.members.has(memberId)
  if (context.guard(Guard.commitMember, !known)) return 'UNKNOWN_MEMBER_ID'
  const stale = generationId !== group.generation
  if (context.guard(Guard.commitGeneration, stale)) return 'ILLEGAL_GENERATION'
  return null
}
