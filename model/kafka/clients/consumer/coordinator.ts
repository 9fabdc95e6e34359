/**
 * The way to the group's coordinator: looking it up, keeping a connection, giving it up.
 *
 * Follows AbstractCoordinator of Kafka 3.9 (KC 2.2, 2.6). Unlike there, the application thread does
 * not wait for the lookup: fetching goes on, which in Java it does after the time of a poll.
 */

import type { FindCoordinatorResponse } from '../../messages.ts'
import { forwardMs } from '../deadlines.ts'
import { requestUpdate } from '../metadata.ts'
import {
  connectionDelayMs,
  createExchange,
  disconnect,
  type Exchange,
  isReady,
  leastLoadedBroker,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { ApiVersion } from './api-versions.ts'
import { Probe } from './probes.ts'
import { sleepLeftMs, sleepUntilUs } from './sleep.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/**
 * Whether a request can go to the coordinator now. Looks it up or connects to it otherwise; `wait`
 * of the consumer's alarm is the caller's affair, see `coordinatorDelayMs`.
 */
export function isCoordinatorReady(self: Consumer, context: ConsumerContext): boolean {
  const { broker } = self.coordinator
  if (broker >= 0) return isReady(self.groupNetwork, broker, context)
  lookUpCoordinator(self, context)
  return false
}

/** How long until the next try is worth it; infinite where an event of the network comes first. */
export function coordinatorDelayMs(self: Consumer, context: ConsumerContext): number {
  const { broker, lookupInFlight, retryAtUs } = self.coordinator
  if (broker >= 0) return connectionDelayMs(self.groupNetwork, broker, context)
  if (lookupInFlight) return Infinity
  const waitMs = sleepLeftMs(retryAtUs, context)
  if (waitMs > 0) return waitMs
  const asked = leastLoadedBroker(self.fetchNetwork, self.metadata.brokers, context)
  if (asked === undefined) return self.fetchNetwork.options.reconnectBackoff.initialMs
  return Math.max(1, connectionDelayMs(self.fetchNetwork, asked, context))
}

/** Gives the coordinator up, and with it every request under way to it. */
export function markCoordinatorUnknown(self: Consumer, context: ConsumerContext): void {
  const { coordinator } = self
  if (coordinator.broker < 0) return
  const broker = coordinator.broker
  coordinator.broker = -1
  context.probe(Probe.coordinatorLost, self.options.groupNumber)
  disconnect(self.groupNetwork, broker, context)
}

export function onFindCoordinatorSettled(
  self: Consumer,
  exchange: Exchange,
  context: ConsumerContext,
): void {
  const { coordinator } = self
  const response = exchange.response as FindCoordinatorResponse | null
  coordinator.lookupInFlight = false
  if (response !== null && response.error === 'NONE') {
    coordinator.broker = response.coordinator
    self.heartbeats.sessionDeadlineMs =
      forwardMs(self.clock, context) + self.options.config.sessionTimeoutMs
    isReady(self.groupNetwork, response.coordinator, context)
    return
  }
  coordinator.retryAtUs = sleepUntilUs(self, 0, context)
  if (response === null) requestUpdate(self.metadata)
}

function lookUpCoordinator(self: Consumer, context: ConsumerContext): void {
  const { coordinator, fetchNetwork } = self
  if (coordinator.lookupInFlight) return
  if (sleepLeftMs(coordinator.retryAtUs, context) > 0) return
  const broker = leastLoadedBroker(fetchNetwork, self.metadata.brokers, context)
  if (broker === undefined || !isReady(fetchNetwork, broker, context)) return
  coordinator.lookupInFlight = true
  const exchange = createExchange(fetchNetwork, broker, {
    type: 'FindCoordinatorRequest',
    correlationId: nextCorrelationId(fetchNetwork),
    clientId: self.options.clientId,
    apiVersion: ApiVersion.findCoordinator,
    keyType: 'group',
    key: self.options.groupId,
  })
  sendRequest(fetchNetwork, exchange, context)
}
