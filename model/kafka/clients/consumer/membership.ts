/**
 * Joining the group: JoinGroup, the leader's assignment, SyncGroup (KC 2.7).
 *
 * Follows AbstractCoordinator and ConsumerCoordinator of Kafka 3.9: a round is begun only by a poll
 * and goes on across polls. Answers of one connection come in order, and no heartbeat goes out
 * while a join is under way, so an answer to a join always finds who waits for it. Left out: static
 * membership, patterns of topics, racks.
 */

import type { TopicId } from '../../../record.ts'
import { assignorNamed } from '../../assignors/assignors.ts'
import type { KnownTopic } from '../../assignors/assignor.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  JoinGroupRequest,
  JoinGroupResponse,
  MemberAssignment,
  SyncGroupRequest,
  SyncGroupResponse,
} from '../../messages.ts'
import { addTopic, partitionCount } from '../metadata.ts'
import {
  createExchange,
  type Exchange,
  exchangeWithin,
  isReady,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { coordinatorDelayMs, isCoordinatorReady, markCoordinatorUnknown } from './coordinator.ts'
import { requestRejoin, resetGeneration } from './generation.ts'
import { Guard } from './guards.ts'
import { disableHeartbeats, enableHeartbeats } from './heartbeat.ts'
import { driveGivingBack, takeOver } from './ownership.ts'
import { Probe } from './probes.ts'
import { sleepLeftMs, sleepUntilUs } from './sleep.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** How much longer than the rebalance a JoinGroup may take. */
const JOIN_LAPSE_MS = 5_000

/** Moves the membership on. Returns how long to wait; infinite where an event comes first. */
export function driveMembership(self: Consumer, context: ConsumerContext): number {
  const { membership } = self
  adoptJoined(self, context)
  noticePartitions(self, context)
  if (!membership.rejoinNeeded || membership.inFlight) {
    return self.coordinator.broker < 0 && !isCoordinatorReady(self, context)
      ? coordinatorDelayMs(self, context)
      : Infinity
  }
  if (!isCoordinatorReady(self, context)) {
    return membership.preparing
      ? Math.min(driveGivingBack(self, context) || 1, coordinatorDelayMs(self, context))
      : coordinatorDelayMs(self, context)
  }
  if (membership.prepareNeeded) {
    const waitMs = driveGivingBack(self, context)
    if (waitMs > 0) return waitMs
  }
  const sleepMs = sleepLeftMs(membership.retryAtUs, context)
  if (sleepMs > 0) return sleepMs
  if (isCoordinatorReady(self, context)) sendJoin(self, context)
  return Infinity
}

export function onJoinSettled(self: Consumer, exchange: Exchange, context: ConsumerContext): void {
  const { membership } = self
  const response = exchange.response as JoinGroupResponse | null
  membership.inFlight = false
  const error = response === null ? 'NETWORK_EXCEPTION' : response.error
  if (response === null || error !== 'NONE') {
    onJoinError(self, error, response?.memberId ?? '', context)
    return
  }
  membership.state = 'completingRebalance'
  membership.generation = response.generationId
  membership.memberId = response.memberId
  membership.protocolName = response.protocolName
  enableHeartbeats(self, context)
  const leads = response.leader === response.memberId
  if (!leads) membership.snapshot = null
  sendSync(self, leads ? assignmentsOf(self, response) : [], context)
}

export function onSyncSettled(self: Consumer, exchange: Exchange, context: ConsumerContext): void {
  const { membership } = self
  const response = exchange.response as SyncGroupResponse | null
  membership.inFlight = false
  if (response === null || response.error !== 'NONE') {
    onSyncError(self, response === null ? 'NETWORK_EXCEPTION' : response.error, context)
    return
  }
  const { generation, state } = membership
  if (context.guard(Guard.syncState, state !== 'completingRebalance' || generation < 0)) {
    joinAgain(self)
    return
  }
  membership.state = 'stable'
  membership.rejoinNeeded = false
  membership.failures = 0
  membership.retryAtUs = -Infinity
  membership.comparedMetadata = -1
  membership.joined = { generation, partitions: response.partitions }
}

/**
 * In Java another thread may have lost the generation since the answer came; here nothing is
 * between.
 */
function adoptJoined(self: Consumer, context: ConsumerContext): void {
  const { membership } = self
  const { joined } = membership
  if (joined === null) return
  membership.joined = null
  takeOver(self, joined, context)
}

/** The leader of the group joins again when its assignment no longer fits the topics. */
function noticePartitions(self: Consumer, context: ConsumerContext): void {
  const { membership, metadata } = self
  const { snapshot } = membership
  if (snapshot === null || membership.state !== 'stable') return
  if (membership.comparedMetadata === metadata.version) return
  membership.comparedMetadata = metadata.version
  for (const [topic, count] of snapshot) {
    const changed = partitionCount(metadata, topic) !== count
    if (!context.guard(Guard.assignmentMetadata, changed)) continue
    context.probe(Probe.partitionsChanged, self.options.groupNumber)
    requestRejoin(self)
    return
  }
}

function sendJoin(self: Consumer, context: ConsumerContext): void {
  const { coordinator, groupNetwork, membership, options } = self
  const { config } = options
  membership.state = 'preparingRebalance'
  membership.inFlight = true
  disableHeartbeats(self)
  const subscription = {
    topics: options.topics,
    ownedPartitions: self.positions.values().map(({ partition }) => partition),
    generation: membership.generation,
  }
  const request: JoinGroupRequest = {
    type: 'JoinGroupRequest',
    correlationId: nextCorrelationId(groupNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.joinGroup,
    groupId: options.groupId,
    sessionTimeoutMs: config.sessionTimeoutMs,
    rebalanceTimeoutMs: config.maxPollIntervalMs,
    memberId: membership.memberId,
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: config.partitionAssignmentStrategy.map((name) => ({ name, subscription })),
  }
  const timeoutMs = Math.max(config.requestTimeoutMs, config.maxPollIntervalMs + JOIN_LAPSE_MS)
  sendRequest(groupNetwork, exchangeWithin(timeoutMs, coordinator.broker, request, null), context)
}

function sendSync(
  self: Consumer,
  assignments: readonly MemberAssignment[],
  context: ConsumerContext,
): void {
  const { coordinator, groupNetwork, membership, options } = self
  // The coordinator may have been given up by the heartbeat thread while the answer was waiting.
  if (coordinator.broker < 0 || !isReady(groupNetwork, coordinator.broker, context)) {
    joinAfterPause(self, context)
    return
  }
  membership.inFlight = true
  const request: SyncGroupRequest = {
    type: 'SyncGroupRequest',
    correlationId: nextCorrelationId(groupNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.syncGroup,
    groupId: options.groupId,
    generationId: membership.generation,
    memberId: membership.memberId,
    groupInstanceId: null,
    protocolName: membership.protocolName,
    assignments,
  }
  sendRequest(groupNetwork, createExchange(groupNetwork, coordinator.broker, request), context)
}

/** Assigns by the metadata that this leader has now, and remembers what that was. */
function assignmentsOf(self: Consumer, response: JoinGroupResponse): readonly MemberAssignment[] {
  const { membership, metadata, options } = self
  const snapshot = new Map<TopicId, number>()
  const topics: KnownTopic[] = []
  for (const { subscription } of response.members) {
    for (const name of subscription.topics) {
      const topic = options.topicTable.id(name)
      if (topic === undefined || snapshot.has(topic)) continue
      addTopic(metadata, topic)
      const partitions = partitionCount(metadata, topic)
      snapshot.set(topic, partitions)
      topics.push({ name, topic, partitions })
    }
  }
  membership.snapshot = snapshot
  return assignorNamed(response.protocolName)?.assign(response.members, topics) ?? []
}

function onJoinError(
  self: Consumer,
  error: KafkaError,
  memberId: string,
  context: ConsumerContext,
): void {
  const { membership } = self
  switch (error) {
    case 'MEMBER_ID_REQUIRED':
      resetGeneration(self, false)
      membership.memberId = memberId
      joinAgain(self)
      return
    case 'UNKNOWN_MEMBER_ID':
      resetGeneration(self, false)
      joinAgain(self)
      return
    case 'ILLEGAL_GENERATION':
      resetGeneration(self, true)
      joinAgain(self)
      return
    case 'REBALANCE_IN_PROGRESS':
      joinAgain(self)
      return
    case 'INCONSISTENT_GROUP_PROTOCOL':
    case 'INVALID_SESSION_TIMEOUT':
    case 'GROUP_MAX_SIZE_REACHED':
      context.exit(error)
      return
    default:
      leaveCoordinatorOn(self, error, context)
      joinAfterPause(self, context)
  }
}

function onSyncError(self: Consumer, error: KafkaError, context: ConsumerContext): void {
  switch (error) {
    case 'UNKNOWN_MEMBER_ID':
      resetGeneration(self, false)
      joinAgain(self)
      return
    case 'ILLEGAL_GENERATION':
      resetGeneration(self, true)
      joinAgain(self)
      return
    case 'REBALANCE_IN_PROGRESS':
      joinAgain(self)
      return
    default:
      leaveCoordinatorOn(self, error, context)
      joinAfterPause(self, context)
  }
}

function leaveCoordinatorOn(self: Consumer, error: KafkaError, context: ConsumerContext): void {
  if (
    error === 'NETWORK_EXCEPTION' ||
    error === 'NOT_COORDINATOR' ||
    error === 'COORDINATOR_NOT_AVAILABLE'
  ) {
    markCoordinatorUnknown(self, context)
  }
}

/** The round begins again, under the same member id unless that was taken away. */
function joinAgain(self: Consumer): void {
  const { membership } = self
  membership.state = 'unjoined'
  membership.rejoinNeeded = true
  membership.retryAtUs = -Infinity
}

function joinAfterPause(self: Consumer, context: ConsumerContext): void {
  const { membership } = self
  joinAgain(self)
  membership.retryAtUs = sleepUntilUs(self, membership.failures, context)
  membership.failures += 1
}
