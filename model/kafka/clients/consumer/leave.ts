/**
 * Leaving the group: asked once, because the session timeout does it otherwise (KC 2.7).
 *
 * Follows AbstractCoordinator: the request goes to the coordinator if that is known, as soon as
 * there is a connection to it; it is not sent again, and goes with the connection that fails. A
 * consumer that closes waits for the answer, until its close times out.
 */

import {
  connectionDelayMs,
  createExchange,
  isReady,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { resetGeneration } from './generation.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** Tells the coordinator as soon as it can be told, and forgets the membership. */
export function leaveGroup(self: Consumer, context: ConsumerContext): void {
  const { coordinator, membership } = self
  const joined = membership.state !== 'unjoined' && membership.memberId !== ''
  if (joined && coordinator.broker >= 0) {
    const { broker } = coordinator
    self.leaving = { broker, memberId: membership.memberId, sent: false }
    driveLeaving(self, context)
  }
  resetGeneration(self, false)
}

/**
 * Sends what waits for the connection. Returns how long to wait; infinite where an event comes
 * first.
 */
export function driveLeaving(self: Consumer, context: ConsumerContext): number {
  const { groupNetwork, leaving, options } = self
  if (leaving === null || leaving.sent) return Infinity
  if (!isReady(groupNetwork, leaving.broker, context)) {
    return connectionDelayMs(groupNetwork, leaving.broker, context)
  }
  leaving.sent = true
  const exchange = createExchange(groupNetwork, leaving.broker, {
    type: 'LeaveGroupRequest',
    correlationId: nextCorrelationId(groupNetwork),
    clientId: options.clientId,
    apiVersion: ApiVersion.leaveGroup,
    groupId: options.groupId,
    memberId: leaving.memberId,
  })
  sendRequest(groupNetwork, exchange, context)
  context.probe(Probe.leftGroup, options.groupNumber)
  return Infinity
}

/** The connection that it waits for could not be made. */
export function leavingFailed(self: Consumer, broker: number): void {
  if (self.leaving?.broker === broker && !self.leaving.sent) self.leaving = null
}
