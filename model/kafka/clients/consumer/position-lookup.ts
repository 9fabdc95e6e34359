/**
 * Finding out where to fetch: committed offsets, resets, and validation against a new leader.
 *
 * Follows OffsetFetcher and ConsumerCoordinator of Kafka 3.9 (KC 2.3, 2.4). Committed offsets are
 * asked for with requireStable, as a Java consumer always does. A divergence moves the position
 * back to where the logs part; it is reported as a seek.
 */

import { Ownership } from '../../../history.ts'
import type { PartitionId } from '../../../record.ts'
import type {
  ListOffsetsRequest,
  ListOffsetsResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '../../messages.ts'
import { backoffMs } from '../deadlines.ts'
import { leaderEpochOf, leaderOf, requestUpdate } from '../metadata.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { coordinatorDelayMs, isCoordinatorReady, markCoordinatorUnknown } from './coordinator.ts'
import { Guard } from './guards.ts'
import {
  follows,
  needsValidation,
  type Position,
  resetPosition,
  standAt,
  validationOf,
} from './position.ts'
import { Probe } from './probes.ts'
import { sleepLeftMs, sleepUntilUs } from './sleep.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** Moves all positions on. Returns how long to wait; infinite where an event comes first. */
export function drivePositions(self: Consumer, context: ConsumerContext): number {
  followLeaders(self, context)
  if (self.positions.calm) return Infinity
  const nowMs = context.wallMs()
  let waitMs = Infinity
  let initializing = false
  let asking: Position[] | null = null
  for (const position of self.positions.values()) {
    if (position.phase === 'fetching') continue
    if (position.phase === 'initializing') initializing = true
    else if (position.asked) continue
    else if (position.retryAtMs > nowMs) waitMs = Math.min(waitMs, position.retryAtMs - nowMs)
    else (asking ??= []).push(position)
  }
  if (initializing) waitMs = Math.min(waitMs, lookUpCommitted(self, context))
  if (asking !== null) waitMs = Math.min(waitMs, askLeaders(self, asking, context))
  if (!initializing && asking === null) self.positions.settle()
  return waitMs
}

/** Sets a position by the reset policy; `none` is fatal to the application. */
export function resetByPolicy(self: Consumer, position: Position, context: ConsumerContext): void {
  const policy = self.options.config.autoOffsetReset
  if (policy === 'none') context.exit('no valid offset, and auto.offset.reset is none')
  else {
    resetPosition(position, policy)
    self.positions.disturb()
  }
}

export function onOffsetFetchSettled(
  self: Consumer,
  exchange: Exchange,
  context: ConsumerContext,
): void {
  // Its answer comes before those to a later join and sync, so it is of the present generation.
  self.lookingUpOffsets = false
  const response = exchange.response as OffsetFetchResponse | null
  const error = response === null ? 'NETWORK_EXCEPTION' : response.error
  if (
    error === 'NETWORK_EXCEPTION' ||
    error === 'NOT_COORDINATOR' ||
    error === 'COORDINATOR_NOT_AVAILABLE'
  ) {
    markCoordinatorUnknown(self, context)
  }
  if (response === null || error !== 'NONE') {
    self.offsetsRetryAtUs = sleepUntilUs(self, 0, context)
    return
  }
  for (const committed of response.partitions) {
    const position = self.positions.get(committed.partition)
    if (position === undefined || position.phase !== 'initializing') continue
    if (committed.error !== 'NONE') {
      // UNSTABLE_OFFSET_COMMIT: a commit of the predecessor is still under way.
      self.offsetsRetryAtUs = sleepUntilUs(self, 0, context)
    } else if (committed.offset < 0) {
      resetByPolicy(self, position, context)
    } else {
      stand(position, committed.offset, committed.leaderEpoch, context)
    }
  }
}

export function onListOffsetsSettled(
  self: Consumer,
  exchange: Exchange,
  context: ConsumerContext,
): void {
  const request = exchange.request as ListOffsetsRequest
  const response = exchange.response as ListOffsetsResponse | null
  for (const { partition, currentLeaderEpoch } of request.partitions) {
    const position = awaiting(self, partition, 'reset')
    if (position === null || position.leaderEpoch !== currentLeaderEpoch) continue
    position.asked = false
    const found = response?.partitions.find((one) => one.partition === partition)
    if (found === undefined || found.error !== 'NONE') {
      askLater(self, position, context)
      continue
    }
    // No record was read at this offset, so there is no epoch to validate it by (KC 2.4).
    standAt(position, found.offset, -1)
    noteSeek(self, position)
    context.probe(Probe.positionReset, partition)
  }
}

export function onOffsetForLeaderEpochSettled(
  self: Consumer,
  exchange: Exchange,
  context: ConsumerContext,
): void {
  const request = exchange.request as OffsetForLeaderEpochRequest
  const response = exchange.response as OffsetForLeaderEpochResponse | null
  for (const asked of request.partitions) {
    const position = awaiting(self, asked.partition, 'validate')
    // An answer about an older position or leader says nothing about this one.
    if (position === null || position.leaderEpoch !== asked.currentLeaderEpoch) continue
    position.asked = false
    const found = response?.partitions.find((one) => one.partition === asked.partition)
    if (found === undefined || found.error !== 'NONE') askLater(self, position, context)
    else conclude(self, position, found, context)
  }
}

/** Moves a position back to where the leader's log parts from what was read. */
export function onDivergence(
  self: Consumer,
  position: Position,
  ends: { readonly leaderEpoch: number; readonly endOffset: number },
  context: ConsumerContext,
): void {
  context.probe(Probe.truncationDetected, position.partition)
  const policy = self.options.config.autoOffsetReset
  if (policy === 'none') {
    context.exit('the log was truncated, and auto.offset.reset is none')
    return
  }
  standAt(position, ends.endOffset, ends.leaderEpoch)
  noteSeek(self, position)
}

function conclude(
  self: Consumer,
  position: Position,
  ends: { readonly leaderEpoch: number; readonly endOffset: number },
  context: ConsumerContext,
): void {
  switch (validationOf(position.offset, ends.leaderEpoch, ends.endOffset)) {
    case 'valid':
      position.phase = 'fetching'
      return
    case 'diverged':
      onDivergence(self, position, ends, context)
      return
    case 'unknown':
      context.probe(Probe.truncationDetected, position.partition)
      resetByPolicy(self, position, context)
  }
}

/** A new leader or leader epoch makes each position that has one be validated. */
function followLeaders(self: Consumer, context: ConsumerContext): void {
  const { metadata } = self
  if (self.seenMetadata === metadata.version) return
  self.seenMetadata = metadata.version
  self.positions.disturb()
  for (const position of self.positions.values()) {
    const { partition } = position
    const leader = leaderOf(metadata, partition)
    if (!follows(position, leader, leaderEpochOf(metadata, partition))) continue
    validateIfNeeded(position, context)
  }
}

function stand(
  position: Position,
  offset: number,
  offsetEpoch: number,
  context: ConsumerContext,
): void {
  standAt(position, offset, offsetEpoch)
  validateIfNeeded(position, context)
}

function validateIfNeeded(position: Position, context: ConsumerContext): void {
  if (!context.guard(Guard.positionValidation, needsValidation(position))) return
  position.phase = 'validate'
  position.asked = false
}

/** Asks the coordinator for the committed offsets of all partitions that have no position. */
function lookUpCommitted(self: Consumer, context: ConsumerContext): number {
  if (self.lookingUpOffsets || self.membership.state !== 'stable') return Infinity
  const sleepMs = sleepLeftMs(self.offsetsRetryAtUs, context)
  if (sleepMs > 0) return sleepMs
  if (!isCoordinatorReady(self, context)) return coordinatorDelayMs(self, context)
  const { coordinator, groupNetwork, options } = self
  const partitions: PartitionId[] = []
  for (const position of self.positions.values()) {
    if (position.phase === 'initializing') partitions.push(position.partition)
  }
  self.lookingUpOffsets = true
  const request: OffsetFetchRequest = {
    type: 'OffsetFetchRequest',
    correlationId: nextCorrelationId(groupNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.offsetFetch,
    groupId: options.groupId,
    requireStable: true,
    partitions,
  }
  sendRequest(groupNetwork, createExchange(groupNetwork, coordinator.broker, request), context)
  return Infinity
}

/** One ListOffsets and one OffsetForLeaderEpoch to each leader concerned. */
function askLeaders(
  self: Consumer,
  positions: readonly Position[],
  context: ConsumerContext,
): number {
  let waitMs = Infinity
  const byLeader = new Map<number, Position[]>()
  for (const position of positions) {
    if (position.leader < 0) {
      requestUpdate(self.metadata)
      continue
    }
    const others = byLeader.get(position.leader)
    if (others === undefined) byLeader.set(position.leader, [position])
    else others.push(position)
  }
  for (const [leader, concerned] of byLeader) {
    if (!isReady(self.fetchNetwork, leader, context)) {
      waitMs = Math.min(waitMs, connectionDelayMs(self.fetchNetwork, leader, context))
      continue
    }
    const resets = concerned.filter(({ phase }) => phase === 'reset')
    const validations = concerned.filter(({ phase }) => phase === 'validate')
    if (resets.length > 0) sendListOffsets(self, leader, resets, context)
    if (validations.length > 0) sendOffsetForLeaderEpoch(self, leader, validations, context)
  }
  return waitMs
}

function sendListOffsets(
  self: Consumer,
  leader: number,
  positions: readonly Position[],
  context: ConsumerContext,
): void {
  const { fetchNetwork, options } = self
  for (const position of positions) position.asked = true
  const request: ListOffsetsRequest = {
    type: 'ListOffsetsRequest',
    correlationId: nextCorrelationId(fetchNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.listOffsets,
    replicaId: -1,
    isolation: options.config.isolationLevel,
    partitions: positions.map(({ partition, leaderEpoch, resetTo }) => ({
      partition,
      currentLeaderEpoch: leaderEpoch,
      timestamp: resetTo,
    })),
  }
  sendRequest(fetchNetwork, createExchange(fetchNetwork, leader, request), context)
}

function sendOffsetForLeaderEpoch(
  self: Consumer,
  leader: number,
  positions: readonly Position[],
  context: ConsumerContext,
): void {
  const { fetchNetwork, options } = self
  for (const position of positions) position.asked = true
  const request: OffsetForLeaderEpochRequest = {
    type: 'OffsetForLeaderEpochRequest',
    correlationId: nextCorrelationId(fetchNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.offsetForLeaderEpoch,
    replicaId: -1,
    partitions: positions.map(({ partition, leaderEpoch, offsetEpoch }) => ({
      partition,
      currentLeaderEpoch: leaderEpoch,
      leaderEpoch: offsetEpoch,
    })),
  }
  sendRequest(fetchNetwork, createExchange(fetchNetwork, leader, request), context)
}

/** The position that waits for an answer of this kind, if it still does. */
function awaiting(
  self: Consumer,
  partition: PartitionId,
  phase: 'reset' | 'validate',
): Position | null {
  const position = self.positions.get(partition)
  if (position === undefined || position.phase !== phase || !position.asked) return null
  return position
}

function askLater(self: Consumer, position: Position, context: ConsumerContext): void {
  position.retryAtMs = context.wallMs() + backoffMs(self.retryBackoff, 0, self.jitter)
  requestUpdate(self.metadata)
}

function noteSeek(self: Consumer, { partition, offset }: Position): void {
  const { group, membership, options, process } = self
  const { ownedGeneration } = membership
  options.history.owned(process, group, ownedGeneration, partition, Ownership.seek, offset)
}
