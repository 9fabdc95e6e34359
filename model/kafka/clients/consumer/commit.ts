/**
 * Commits: automatic ones, the one before a rebalance, the application's, and the last (KC 2.5).
 *
 * Follows ConsumerCoordinator of Kafka 3.9. A commit bears the generation of the moment in which it
 * is sent, not of that in which its records were returned. One that gets no answer may have been
 * applied, so it ends as unknown; so does one whose time is over while an answer is awaited. Left
 * out: asynchronous commits of the application.
 */

import {
  type CommittedPosition,
  type Commit,
  type Consumer,
  type ConsumerContext,
} from './state.ts'
import type { Delivered } from '../../../application.ts'
import { Outcome } from '../../../history.ts'
import type { PartitionId } from '../../../record.ts'
import type { KafkaError } from '../../errors.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../messages.ts'
import { backoffMs, forwardMs } from '../deadlines.ts'
import { createExchange, type Exchange, nextCorrelationId, sendRequest } from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { coordinatorDelayMs, isCoordinatorReady, markCoordinatorUnknown } from './coordinator.ts'
import { Guard } from './guards.ts'
import { losesGeneration, requestRejoin } from './generation.ts'
import { Probe } from './probes.ts'
import { sleepLeftMs, sleepUntilUs } from './sleep.ts'

/** How long close() waits for its commit by default. */
export const CLOSE_TIMEOUT_MS = 30_000

/**
 * The present positions of all partitions whose position is valid: what polls have returned so far.
 * One that is being validated against a new leader is left out until that is done (KC 2.5).
 */
export function allConsumed(self: Consumer): CommittedPosition[] {
  const offsets: CommittedPosition[] = []
  for (const position of self.positions.values()) {
    if (position.phase !== 'fetching') continue
    const { partition, offset, offsetEpoch } = position
    offsets.push({ partition, offset, leaderEpoch: offsetEpoch })
  }
  return offsets
}

/** For each partition the offset after the last of these records. */
export function consumedUpTo(records: readonly Delivered[]): CommittedPosition[] {
  const offsets = new Map<PartitionId, number>()
  for (const { partitionId, offset, count } of records) {
    const known = offsets.get(partitionId)
    if (known === undefined || offset >= known) offsets.set(partitionId, offset + count)
  }
  return [...offsets].map(([partition, offset]) => ({ partition, offset, leaderEpoch: -1 }))
}

/** Starts the commit that the application, a join or a close then waits for. */
export function beginBlockingCommit(
  self: Consumer,
  kind: 'prepare' | 'sync' | 'close',
  offsets: readonly CommittedPosition[],
  context: ConsumerContext,
): void {
  const { config } = self.options
  const timeoutMs = {
    prepare: config.maxPollIntervalMs,
    sync: config.defaultApiTimeoutMs,
    close: CLOSE_TIMEOUT_MS,
  }
  const { clock } = self.commits
  clock.ms = -Infinity
  const deadlineMs = forwardMs(clock, context) + timeoutMs[kind]
  self.commits.blocking = createCommit(self, kind, offsets, deadlineMs)
}

/**
 * Moves the blocking commit on. Returns how long to wait before the next call: at most until its
 * time is over, whatever the network does. Once it has ended there is none.
 */
export function driveBlockingCommit(self: Consumer, context: ConsumerContext): number {
  const commit = self.commits.blocking
  if (commit === null) return Infinity
  if (commit.offsets.length === 0) return endCommit(self, commit, 'ok', context)
  const leftMs = commit.deadlineMs - forwardMs(self.commits.clock, context)
  if (!commit.inFlight && refusedAtOnce(self, commit, context)) return Infinity
  if (leftMs <= 0) {
    commit.unsure ||= commit.inFlight
    return endCommit(self, commit, 'failed', context)
  }
  if (commit.inFlight) return leftMs
  const sleepMs = sleepLeftMs(commit.retryAtUs, context)
  if (sleepMs > 0) return Math.min(sleepMs, leftMs)
  if (!isCoordinatorReady(self, context)) {
    return Math.min(coordinatorDelayMs(self, context), leftMs)
  }
  sendCommit(self, commit, context)
  return leftMs
}

/**
 * Commits positions in passing if the interval is over. Returns the time to the next such moment.
 */
export function commitAutomatically(self: Consumer, context: ConsumerContext): number {
  const { commits, membership, options } = self
  if (!options.autoCommit || membership.state !== 'stable') return Infinity
  const nowMs = forwardMs(self.clock, context)
  if (nowMs < commits.nextAutomaticMs) return commits.nextAutomaticMs - nowMs
  if (!isCoordinatorReady(self, context)) {
    commits.nextAutomaticMs = nowMs + pauseMs(self)
    return commits.nextAutomaticMs - nowMs
  }
  commits.nextAutomaticMs = nowMs + options.config.autoCommitIntervalMs
  const offsets = allConsumed(self)
  if (offsets.length > 0) {
    sendCommit(self, createCommit(self, 'automatic', offsets, nowMs), context)
  }
  return options.config.autoCommitIntervalMs
}

export function onOffsetCommitSettled(
  self: Consumer,
  exchange: Exchange,
  context: ConsumerContext,
): void {
  const commit = exchange.token as Commit
  commit.inFlight = false
  const response = exchange.response as OffsetCommitResponse | null
  const error = response === null ? 'NETWORK_EXCEPTION' : firstError(response)
  if (commit.ended) {
    if (error !== 'NONE') reactTo(self, commit, error, context)
    return
  }
  if (error === 'NONE') {
    endCommit(self, commit, 'ok', context)
    return
  }
  if (error === 'NETWORK_EXCEPTION' || mayBeApplied(error)) commit.unsure = true
  reactTo(self, commit, error, context)
  if (isRetriable(error)) tryAgain(self, commit, context)
  else endCommit(self, commit, 'failed', context)
}

/** What an error says about the coordinator and the membership. */
function reactTo(
  self: Consumer,
  commit: Commit,
  error: KafkaError,
  context: ConsumerContext,
): void {
  switch (error) {
    case 'NETWORK_EXCEPTION':
    case 'NOT_COORDINATOR':
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'REQUEST_TIMED_OUT':
      markCoordinatorUnknown(self, context)
      return
    case 'REBALANCE_IN_PROGRESS':
      requestRejoin(self)
      return
    case 'ILLEGAL_GENERATION':
    case 'UNKNOWN_MEMBER_ID':
      losesGeneration(self, commit.generation, error === 'ILLEGAL_GENERATION', context)
      return
    default:
      return
  }
}

function tryAgain(self: Consumer, commit: Commit, context: ConsumerContext): void {
  if (commit.kind === 'automatic') {
    const nowMs = forwardMs(self.clock, context)
    self.commits.nextAutomaticMs = Math.min(self.commits.nextAutomaticMs, nowMs + pauseMs(self))
    endCommit(self, commit, 'failed', context)
    return
  }
  commit.retryAtUs = sleepUntilUs(self, commit.failures, context)
  commit.failures += 1
}

/** Outside a stable generation there is nobody in whose name to commit. */
function refusedAtOnce(self: Consumer, commit: Commit, context: ConsumerContext): boolean {
  const { state } = self.membership
  if (!context.guard(Guard.commitStable, state !== 'stable')) return false
  endCommit(self, commit, 'failed', context)
  return true
}

/** Tells how a commit ended; there is nothing more to wait for. */
function endCommit(
  self: Consumer,
  commit: Commit,
  outcome: 'ok' | 'failed',
  context: ConsumerContext,
): number {
  const { history } = self.options
  commit.ended = true
  const failed = commit.unsure ? Outcome.unknown : Outcome.failed
  for (let at = 0; at < commit.offsets.length; at += 1) {
    history.commitEnded(commit.firstRow + at, outcome === 'ok' ? Outcome.ok : failed)
  }
  context.probe(outcome === 'ok' ? Probe.committed : Probe.commitFailed, self.options.groupNumber)
  if (self.commits.blocking !== commit) return Infinity
  self.commits.blocking = null
  if (commit.kind === 'sync') self.commits.ended = outcome
  return Infinity
}

function createCommit(
  self: Consumer,
  kind: Commit['kind'],
  offsets: readonly CommittedPosition[],
  deadlineMs: number,
): Commit {
  const { process, group, membership, options } = self
  const firstRow = options.history.commits.nextNumber
  for (const { partition, offset } of offsets) {
    options.history.commitInvoked(process, group, membership.generation, partition, offset)
  }
  return {
    kind,
    offsets,
    firstRow,
    deadlineMs,
    generation: membership.generation,
    failures: 0,
    retryAtUs: -Infinity,
    inFlight: false,
    ended: false,
    unsure: false,
  }
}

function sendCommit(self: Consumer, commit: Commit, context: ConsumerContext): void {
  const { coordinator, groupNetwork, membership, options } = self
  commit.inFlight = true
  commit.generation = membership.generation
  const request: OffsetCommitRequest = {
    type: 'OffsetCommitRequest',
    correlationId: nextCorrelationId(groupNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.offsetCommit,
    groupId: options.groupId,
    generationId: membership.generation,
    memberId: membership.memberId,
    groupInstanceId: null,
    partitions: commit.offsets,
  }
  sendRequest(
    groupNetwork,
    createExchange(groupNetwork, coordinator.broker, request, commit),
    context,
  )
}

function firstError(response: OffsetCommitResponse): KafkaError {
  for (const { error } of response.partitions) if (error !== 'NONE') return error
  return 'NONE'
}

/** The coordinator may have appended the commit before it answered so (KC 3.4). */
function mayBeApplied(error: KafkaError): boolean {
  return (
    error === 'REQUEST_TIMED_OUT' ||
    error === 'COORDINATOR_NOT_AVAILABLE' ||
    error === 'NOT_COORDINATOR'
  )
}

function isRetriable(error: KafkaError): boolean {
  switch (error) {
    case 'NETWORK_EXCEPTION':
    case 'NOT_COORDINATOR':
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'COORDINATOR_LOAD_IN_PROGRESS':
    case 'REQUEST_TIMED_OUT':
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return true
    default:
      return false
  }
}

function pauseMs(self: Consumer): number {
  return backoffMs(self.retryBackoff, 0, self.jitter)
}
