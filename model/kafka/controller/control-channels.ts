/**
 * The way from the controller to each live broker: a queue, and one request in flight (KB C15).
 *
 * Follows ControllerChannelManager and RequestSendThread: a request that got no response is sent
 * again, the same, after 100 ms and for as long as the broker lives; so the order of requests to
 * one broker never changes. Of what a broker answers only storage errors are acted on (KB C16).
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { sizeOf } from '../message-size.ts'
import {
  brokerName,
  type LeaderAndIsrResponse,
  type StopReplicaResponse,
  type UpdateMetadataResponse,
} from '../messages.ts'
import { Probe } from './probes.ts'
import type { ControlChannel, ControlRequest } from './state.ts'

const RESEND_US = 100_000

export function openChannel(self: Broker, broker: number, epoch: number): void {
  self.controller.channels.set(broker, {
    part: 'controller',
    broker,
    epoch,
    queue: [],
    inFlight: null,
    connection: null,
  })
}

/** Drops what is queued for this broker; what is on the wire may still arrive. */
export function closeChannel(self: Broker, broker: number, context: BrokerContext): void {
  const channel = self.controller.channels.get(broker)
  if (channel === undefined) return
  self.controller.channels.delete(broker)
  context.cancelTimer('resendControl', broker)
  context.cancelTimer('timeOutControl', broker)
  if (channel.connection !== null) context.close(channel.connection)
  channel.connection = null
}

export function sendControl(
  self: Broker,
  broker: number,
  request: ControlRequest,
  context: BrokerContext,
): void {
  const channel = self.controller.channels.get(broker)
  if (channel === undefined) return
  channel.queue.push(request)
  if (channel.inFlight === null) sendNext(self, channel, context)
}

function sendNext(self: Broker, channel: ControlChannel, context: BrokerContext): void {
  const request = channel.queue.shift()
  channel.inFlight = request ?? null
  if (request !== undefined) transmit(self, channel, request, context)
}

function transmit(
  self: Broker,
  channel: ControlChannel,
  request: ControlRequest,
  context: BrokerContext,
): void {
  channel.connection ??= connectTo(channel, context)
  context.send(channel.connection, request, sizeOf(request))
  const timeoutUs = self.options.config.controllerSocketTimeoutMs * 1000
  context.setTimer('timeOutControl', channel.broker, timeoutUs)
}

function connectTo(channel: ControlChannel, context: BrokerContext): Connection {
  const connection = context.connect(brokerName(channel.broker))
  connection.state = channel
  return connection
}

/**
 * A response of any kind to a request of the controller: who gave it, −1 if nobody waits for it.
 */
export function onControlResponse(
  self: Broker,
  response: LeaderAndIsrResponse | UpdateMetadataResponse | StopReplicaResponse,
  connection: Connection,
  context: BrokerContext,
): number {
  const channel = channelOf(self, connection)
  if (channel?.inFlight?.correlationId !== response.correlationId) return -1
  context.cancelTimer('timeOutControl', channel.broker)
  sendNext(self, channel, context)
  return channel.broker
}

/** Timer `timeOutControl`: no response within controller.socket.timeout.ms. */
export function expireTimeOutControl(self: Broker, broker: number, context: BrokerContext): void {
  const channel = self.controller.channels.get(broker)
  if (channel === undefined || channel.connection === null) return
  context.close(channel.connection)
  pauseChannel(channel, context)
}

/** Timer `resendControl`: the pause after a failure is over. */
export function expireResendControl(self: Broker, broker: number, context: BrokerContext): void {
  const channel = self.controller.channels.get(broker)
  if (channel === undefined || channel.inFlight === null) return
  context.probe(Probe.controlResent, broker)
  transmit(self, channel, channel.inFlight, context)
}

/** True if the closed connection was one of the controller's channels. */
export function channelClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  if (!isChannel(connection.state)) return false
  const channel = channelOf(self, connection)
  if (channel !== undefined) pauseChannel(channel, context)
  return true
}

function pauseChannel(channel: ControlChannel, context: BrokerContext): void {
  channel.connection = null
  context.cancelTimer('timeOutControl', channel.broker)
  if (channel.inFlight !== null) context.setTimer('resendControl', channel.broker, RESEND_US)
}

/** The channel that now uses this connection; none if it was removed or has connected anew. */
function channelOf(self: Broker, connection: Connection): ControlChannel | undefined {
  if (!isChannel(connection.state)) return undefined
  const channel = self.controller.channels.get(connection.state.broker)
  return channel?.connection?.id === connection.id ? channel : undefined
}

function isChannel(state: unknown): state is ControlChannel {
  return (
    typeof state === 'object' && state !== null && 'part' in state && state.part === 'controller'
  )
}
