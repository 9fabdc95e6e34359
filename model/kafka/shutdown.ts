/**
 * A broker that ends in good order (KB L16, C12): it asks the controller to move what it leads,
 * stops replicating, closes its logs with the mark of a clean stop, and ends its session.
 *
 * A controller that does not answer is asked again a few times; then the broker ends all the same,
 * clean for its logs and unclean for its leaderships. Left out: draining the request queue.
 */

import type { Connection } from '../../sim/process.ts'
import { closeSession } from '../zookeeper/client.ts'
import type { Broker, BrokerContext } from './broker-state.ts'
import { Probe } from './controller/probes.ts'
import { sizeOf } from './message-size.ts'
import {
  type BrokerCommand,
  brokerName,
  type ControlledShutdownRequest,
  type ControlledShutdownResponse,
} from './messages.ts'
import { closeLogs, giveUpRoles } from './replication/replicas.ts'

export type ShutdownTimer = 'retryShutdown'

export interface Shutdown {
  readonly part: 'shutdown'
  stage: 'none' | 'asking' | 'closing' | 'closed'
  attempts: number
  connection: Connection | null
  correlationId: number
}

export function startShutdown(): Shutdown {
  return { part: 'shutdown', stage: 'none', attempts: 0, connection: null, correlationId: 0 }
}

export function onBrokerCommand(
  self: Broker,
  _command: BrokerCommand,
  _connection: Connection,
  context: BrokerContext,
): void {
  const { shutdown, options } = self
  if (shutdown.stage !== 'none') return
  shutdown.stage = 'asking'
  context.probe(Probe.shutdownBegan, options.id)
  if (options.config.controlledShutdownEnable) attempt(self, context)
  else close(self, context)
}

function attempt(self: Broker, context: BrokerContext): void {
  const { shutdown, options, metadata } = self
  if (shutdown.attempts >= options.config.controlledShutdownMaxRetries) {
    context.probe(Probe.shutdownUncontrolled, options.id)
    close(self, context)
    return
  }
  shutdown.attempts += 1
  if (metadata.controllerId === -1 || self.brokerEpoch === -1) {
    waitToRetry(self, context)
    return
  }
  const connection = context.connect(brokerName(metadata.controllerId))
  connection.state = shutdown
  shutdown.connection = connection
  shutdown.correlationId += 1
  const request: ControlledShutdownRequest = {
    type: 'ControlledShutdownRequest',
    correlationId: shutdown.correlationId,
    clientId: context.name,
    apiVersion: 3,
    brokerId: options.id,
    brokerEpoch: self.brokerEpoch,
  }
  context.send(connection, request, sizeOf(request))
  context.setTimer('retryShutdown', 0, options.config.controllerSocketTimeoutMs * 1000)
}

function waitToRetry(self: Broker, context: BrokerContext): void {
  const { config } = self.options
  context.setTimer('retryShutdown', 0, config.controlledShutdownRetryBackoffMs * 1000)
}

/** Timer `retryShutdown`: no answer, or one that left something to do. */
export function expireRetryShutdown(self: Broker, _key: number, context: BrokerContext): void {
  hangUp(self, context)
  if (self.shutdown.stage === 'asking') attempt(self, context)
}

export function onControlledShutdownResponse(
  self: Broker,
  response: ControlledShutdownResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const { shutdown } = self
  if (shutdown.stage !== 'asking' || connection.id !== shutdown.connection?.id) return
  hangUp(self, context)
  if (response.error === 'NONE' && response.remaining.length === 0) close(self, context)
  else waitToRetry(self, context)
}

function hangUp({ shutdown }: Broker, context: BrokerContext): void {
  if (shutdown.connection !== null) context.close(shutdown.connection)
  shutdown.connection = null
}

/** True if the closed connection was the one to the controller for the shutdown. */
export function shutdownClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  const { shutdown } = self
  if (connection.state !== shutdown) return false
  if (connection.id !== shutdown.connection?.id) return true
  shutdown.connection = null
  if (shutdown.stage === 'asking') waitToRetry(self, context)
  return true
}

function close(self: Broker, context: BrokerContext): void {
  self.shutdown.stage = 'closing'
  context.cancelTimer('retryShutdown', 0)
  giveUpRoles(self, context)
  closeLogs(self, context)
}

/** The logs are on the platter and marked: the session goes, and with it the registration. */
export function logsClosed(self: Broker, context: BrokerContext): void {
  self.shutdown.stage = 'closed'
  closeSession(self.zookeeper, context)
}

/** The session has ended: nothing is left of this process. */
export function sessionClosed(self: Broker, context: BrokerContext): void {
  if (self.shutdown.stage === 'closed') context.exit('shut down')
}
