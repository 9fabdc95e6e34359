/**
 * The channel on which a leader asks the controller for ISR changes (KB F22, path A).
 *
 * One request in flight for the whole broker, with everything that waits; it is sent again without
 * end, to whomever the metadata cache takes for the controller. At `isrUpdate=zk` the leader
 * writes the state znode itself (isr-by-znode.ts).
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { brokerName, type AlterPartitionRequest, type AlterPartitionResponse } from '../messages.ts'
import { sizeOf } from '../message-size.ts'
import { writeIsr } from './isr-by-znode.ts'
import { takeIsrOutcome } from './isr-outcome.ts'
import { tellCoordinators } from './produce-purgatory.ts'
import type { AlterPartitionChannel, Partition, PendingIsr } from './state.ts'

/** Pause before the controller is looked up again, in µs. */
const REDISCOVER_US = 100_000
/** Pause before a request that the controller refused as a whole goes out again, in µs. */
const RESEND_US = 50_000

export function openAlterPartitionChannel(): AlterPartitionChannel {
  return {
    part: 'alterPartition',
    connection: null,
    controller: -1,
    unsent: new Map(),
    sent: new Map(),
    inFlight: -1,
  }
}

/** Asks for an ISR change as soon as the channel is free. */
export function submitIsr(
  self: Broker,
  partition: Partition,
  change: PendingIsr,
  context: BrokerContext,
): void {
  if (self.options.protocols.isrUpdate === 'zk') {
    writeIsr(self, partition, change, context)
    return
  }
  self.replicas.alterPartition.unsent.set(partition.id, change)
  sendAlterPartition(self, context)
}

/** Sends what waits, unless a request is under way. Also timer `sendAlterPartition`. */
export function sendAlterPartition(self: Broker, context: BrokerContext): void {
  const channel = self.replicas.alterPartition
  if (channel.inFlight !== -1) return
  dropAbandoned(self, channel)
  if (channel.unsent.size === 0) return
  const connection = connectToController(self, channel, context)
  if (connection === null) {
    context.setTimer('sendAlterPartition', 0, REDISCOVER_US)
    return
  }
  const request = takeUnsent(self, channel)
  context.send(connection, request, sizeOf(request))
  context.setTimer('timeOutAlterPartition', 0, self.options.config.controllerSocketTimeoutMs * 1000)
}

export function onAlterPartitionResponse(
  self: Broker,
  response: AlterPartitionResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const channel = self.replicas.alterPartition
  if (channel.connection !== connection || channel.inFlight !== response.correlationId) return
  channel.inFlight = -1
  context.cancelTimer('timeOutAlterPartition', 0)
  if (isRefusedByNoController(response)) {
    rediscover(channel, context)
  } else if (response.error === 'NONE') {
    takeOutcomes(self, response, context)
    sendAlterPartition(self, context)
  } else {
    putBack(channel)
    context.setTimer('sendAlterPartition', 0, RESEND_US)
  }
  tellCoordinators(self, context)
}

/**
 * One partition is enough: a controller that is behind on it is taken for a former one (KB F22).
 */
function isRefusedByNoController({ error, partitions }: AlterPartitionResponse): boolean {
  return error === 'NOT_CONTROLLER' || partitions.some((one) => one.error === 'NOT_CONTROLLER')
}

/** Timer `timeOutAlterPartition`: no answer within controller.socket.timeout.ms. */
export function timeOutAlterPartition(self: Broker, context: BrokerContext): void {
  const channel = self.replicas.alterPartition
  if (channel.inFlight !== -1) rediscover(channel, context)
}

/** True if the connection was the channel's. */
export function alterPartitionClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  const channel = self.replicas.alterPartition
  if (connection.state !== channel) return false
  if (connection === channel.connection) {
    channel.connection = null
    rediscover(channel, context)
  }
  return true
}

function takeOutcomes(
  self: Broker,
  response: AlterPartitionResponse,
  context: BrokerContext,
): void {
  const channel = self.replicas.alterPartition
  const sent = new Map(channel.sent)
  channel.sent.clear()
  for (const { partition: id, error, state } of response.partitions) {
    const change = sent.get(id)
    const partition = self.replicas.partitions.get(id)
    if (change === undefined || partition === undefined) continue
    const next = takeIsrOutcome(self, partition, { change, error, state }, context)
    if (next === 'again' && !channel.unsent.has(id)) channel.unsent.set(id, change)
  }
}

/** Changes of former leaderships are not worth asking for. */
function dropAbandoned(self: Broker, channel: AlterPartitionChannel): void {
  for (const [id, change] of channel.unsent) {
    if (self.replicas.partitions.get(id)?.pendingIsr !== change) channel.unsent.delete(id)
  }
}

function takeUnsent(self: Broker, channel: AlterPartitionChannel): AlterPartitionRequest {
  const partitions: { partition: PartitionId; change: PendingIsr }[] = []
  for (const [partition, change] of channel.unsent) {
    partitions.push({ partition, change })
    channel.sent.set(partition, change)
  }
  channel.unsent.clear()
  channel.inFlight = self.replicas.nextCorrelationId++
  return {
    type: 'AlterPartitionRequest',
    correlationId: channel.inFlight,
    clientId: 'broker',
    apiVersion: 3,
    brokerId: self.options.id,
    brokerEpoch: self.brokerEpoch,
    partitions: partitions.map(({ partition, change }) => ({
      partition,
      leaderEpoch: change.leaderEpoch,
      newIsr: change.isr,
      partitionEpoch: change.partitionEpoch,
    })),
  }
}

/** What was under way goes out again, unless something newer waits for the same partition. */
function putBack(channel: AlterPartitionChannel): void {
  channel.inFlight = -1
  for (const [id, change] of channel.sent) {
    if (!channel.unsent.has(id)) channel.unsent.set(id, change)
  }
  channel.sent.clear()
}

function rediscover(channel: AlterPartitionChannel, context: BrokerContext): void {
  if (channel.connection !== null) context.close(channel.connection)
  channel.connection = null
  channel.controller = -1
  context.cancelTimer('timeOutAlterPartition', 0)
  putBack(channel)
  if (channel.unsent.size > 0) context.setTimer('sendAlterPartition', 0, REDISCOVER_US)
}

function connectToController(
  self: Broker,
  channel: AlterPartitionChannel,
  context: BrokerContext,
): Connection | null {
  const controller = self.metadata.controllerId
  if (controller === -1) return null
  if (channel.connection !== null && channel.controller === controller) return channel.connection
  if (channel.connection !== null) context.close(channel.connection)
  const connection = context.connect(brokerName(controller))
  connection.state = channel
  channel.connection = connection
  channel.controller = controller
  return connection
}
