/**
 * The heartbeat thread: keeps the session alive while the application works (KC 2.6).
 *
 * It looks at its timers in the order of HeartbeatThread of Kafka 3.9 and compares them with the
 * wall clock, which it never lets go backwards (KB 12). It learns of rebalances and of the loss of
 * the membership, but leaves it to the next poll to act on them.
 */

import type { HeartbeatResponse } from '../../messages.ts'
import { backoffMs, forwardMs, wakeIn, woken } from '../deadlines.ts'
import { createExchange, type Exchange, nextCorrelationId, sendRequest } from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { isCoordinatorReady, markCoordinatorUnknown } from './coordinator.ts'
import { losesGeneration, requestRejoin } from './generation.ts'
import { Guard } from './guards.ts'
import { leaveGroup } from './leave.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** A join succeeded: all timers begin anew. */
export function enableHeartbeats(self: Consumer, context: ConsumerContext): void {
  const { heartbeats } = self
  const { config } = self.options
  const nowMs = forwardMs(self.clock, context)
  heartbeats.enabled = true
  heartbeats.failures = 0
  heartbeats.dueMs = nowMs + config.heartbeatIntervalMs
  heartbeats.sessionDeadlineMs = nowMs + config.sessionTimeoutMs
  notePoll(self, nowMs)
  schedule(self, nowMs, context)
}

/** Nothing is to be kept alive while a member is outside, or waits in a join. */
export function disableHeartbeats(self: Consumer): void {
  self.heartbeats.enabled = false
}

/** The application is in the consumer: it is alive. */
export function notePoll(self: Consumer, nowMs: number): void {
  self.heartbeats.pollDeadlineMs = nowMs + self.options.config.maxPollIntervalMs
}

/**
 * An application that waits in poll goes round there without an event of its own. Only a clock that
 * leaps, or a pause, makes such a member late.
 */
function noteWaiting(self: Consumer, nowMs: number): void {
  const { heartbeatIntervalMs, maxPollIntervalMs } = self.options.config
  self.heartbeats.pollDeadlineMs = nowMs + Math.max(maxPollIntervalMs, 2 * heartbeatIntervalMs)
}

export function onHeartbeatTimer(self: Consumer, context: ConsumerContext): void {
  const { heartbeats, membership } = self
  woken(heartbeats.alarm)
  if (membership.state === 'unjoined' || membership.state === 'preparingRebalance') {
    disableHeartbeats(self)
  }
  if (!heartbeats.enabled) return
  const nowMs = forwardMs(self.clock, context)
  beat(self, nowMs, context)
  if (self.phase === 'polling' && heartbeats.enabled) noteWaiting(self, nowMs)
  if (heartbeats.enabled) schedule(self, nowMs, context)
}

export function onHeartbeatSettled(
  self: Consumer,
  exchange: Exchange,
  context: ConsumerContext,
): void {
  const { heartbeats, options } = self
  const response = exchange.response as HeartbeatResponse | null
  const nowMs = forwardMs(self.clock, context)
  const error = response === null ? 'NETWORK_EXCEPTION' : response.error
  if (error === 'NONE') {
    heartbeats.failures = 0
    heartbeats.sessionDeadlineMs = nowMs + options.config.sessionTimeoutMs
    return
  }
  switch (error) {
    case 'REBALANCE_IN_PROGRESS':
      heartbeats.sessionDeadlineMs = nowMs + options.config.sessionTimeoutMs
      if (self.membership.state === 'stable') requestRejoin(self)
      return
    case 'ILLEGAL_GENERATION':
    case 'UNKNOWN_MEMBER_ID':
      losesGeneration(self, exchange.token as number, error === 'ILLEGAL_GENERATION', context)
      disableHeartbeats(self)
      return
    case 'NETWORK_EXCEPTION':
    case 'NOT_COORDINATOR':
    case 'COORDINATOR_NOT_AVAILABLE':
      markCoordinatorUnknown(self, context)
      break
    default:
      break
  }
  heartbeats.dueMs = nowMs + backoffMs(self.retryBackoff, heartbeats.failures, self.jitter)
  heartbeats.failures += 1
  if (heartbeats.enabled) schedule(self, nowMs, context)
}

function beat(self: Consumer, nowMs: number, context: ConsumerContext): void {
  const { heartbeats } = self
  if (self.coordinator.broker < 0) {
    isCoordinatorReady(self, context)
    return
  }
  if (context.guard(Guard.sessionTimer, nowMs >= heartbeats.sessionDeadlineMs)) {
    markCoordinatorUnknown(self, context)
    return
  }
  if (context.guard(Guard.pollTimer, nowMs >= heartbeats.pollDeadlineMs)) {
    context.probe(Probe.kicked, self.options.groupNumber)
    leaveGroup(self, context)
    disableHeartbeats(self)
    return
  }
  if (nowMs < heartbeats.dueMs || !isCoordinatorReady(self, context)) return
  heartbeats.dueMs = nowMs + self.options.config.heartbeatIntervalMs
  sendHeartbeat(self, context)
}

function sendHeartbeat(self: Consumer, context: ConsumerContext): void {
  const { coordinator, groupNetwork, membership, options } = self
  const exchange = createExchange(
    groupNetwork,
    coordinator.broker,
    {
      type: 'HeartbeatRequest',
      correlationId: nextCorrelationId(groupNetwork),
      clientId: options.clientId,
      apiVersion: ApiVersion.heartbeat,
      groupId: options.groupId,
      generationId: membership.generation,
      memberId: membership.memberId,
      groupInstanceId: null,
    },
    membership.generation,
  )
  sendRequest(groupNetwork, exchange, context)
}

/** Sleeps until the first of its timers, or for a back-off where that one cannot be served yet. */
function schedule(self: Consumer, nowMs: number, context: ConsumerContext): void {
  const { heartbeats } = self
  let nextMs = Math.min(heartbeats.dueMs, heartbeats.sessionDeadlineMs)
  if (self.phase !== 'polling') nextMs = Math.min(nextMs, heartbeats.pollDeadlineMs)
  const blocked = self.coordinator.broker < 0 || nextMs <= nowMs
  wakeIn(heartbeats.alarm, blocked ? self.options.config.retryBackoffMs : nextMs - nowMs, context)
}
