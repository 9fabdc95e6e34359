/**
 * Leaving the group: fire and forget, because the session timeout does it otherwise (KC 2.7).
 */

import { createExchange, isReady, nextCorrelationId, sendRequest } from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { resetGeneration } from './generation.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** Tells the coordinator, if it can be told now, and forgets the membership. */
export function leaveGroup(self: Consumer, context: ConsumerContext): void {
  const { coordinator, groupNetwork, membership, options } = self
  const joined = membership.state !== 'unjoined' && membership.memberId !== ''
  const reachable = coordinator.broker >= 0 && isReady(groupNetwork, coordinator.broker, context)
  if (joined && reachable) {
    const exchange = createExchange(groupNetwork, coordinator.broker, {
      type: 'LeaveGroupRequest',
      correlationId: nextCorrelationId(groupNetwork),
      clientId: options.clientId,
      apiVersion: ApiVersion.leaveGroup,
      groupId: options.groupId,
      memberId: membership.memberId,
    })
    sendRequest(groupNetwork, exchange, context)
    context.probe(Probe.leftGroup, options.groupNumber)
  }
  resetGeneration(self, false)
}
