/**
 * Which requests of a controller a broker obeys (KB F-a, C17): none of an older controller than it
 * has heard of, none meant for an earlier registration of itself.
 *
 * The highest controller epoch is remembered in memory only and starts at 0 after a restart.
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import { Guard } from './guards.ts'

/** `NONE` if the request is to be obeyed; then its controller's epoch is remembered. */
export function checkControlRequest(
  self: Broker,
  request: { readonly controllerEpoch: number; readonly brokerEpoch: number },
  context: BrokerContext,
): KafkaError {
  const { replicas } = self
  const older = request.controllerEpoch < replicas.controllerEpoch
  if (context.guard(Guard.controllerEpoch, older)) return 'STALE_CONTROLLER_EPOCH'
  const earlier = request.brokerEpoch < self.brokerEpoch
  if (self.options.protocols.brokerEpoch === 'on') {
    if (context.guard(Guard.brokerEpoch, earlier)) return 'STALE_BROKER_EPOCH'
  }
  if (!older) replicas.controllerEpoch = request.controllerEpoch
  return 'NONE'
}
