/**
 * The broker's side of producer ids: it gives ids out of a block and asks the controller for more.
 *
 * Follows RPCProducerIdManager (KB P19): every producer without a transactional id gets a fresh id
 * with epoch 0; the next block is asked for when a tenth of the present one is left; while there is
 * none, producers are told to come back. Left out: transactional ids.
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import { sizeOf } from '../message-size.ts'
import {
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
  brokerName,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
} from '../messages.ts'
import { respond } from '../respond.ts'
import type { ProducerIds } from './state.ts'

const PREFETCH_WHEN_LEFT = 100

export function onInitProducerIdRequest(
  self: Broker,
  request: InitProducerIdRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const { producerIds } = self.controller
  if (request.transactionalId !== null) {
    respond(self, connection, answerTo(request, 'NOT_COORDINATOR', -1), context)
    return
  }
  const left = producerIds.end - producerIds.next
  if (left <= PREFETCH_WHEN_LEFT) askForBlock(self, context)
  if (left === 0) {
    respond(self, connection, answerTo(request, 'COORDINATOR_LOAD_IN_PROGRESS', -1), context)
    return
  }
  const id = producerIds.next
  producerIds.next += 1
  if (producerIds.next === producerIds.end) takeNextBlock(producerIds)
  respond(self, connection, answerTo(request, 'NONE', id), context)
}

function answerTo(
  request: InitProducerIdRequest,
  error: KafkaError,
  producerId: number,
): InitProducerIdResponse {
  return {
    type: 'InitProducerIdResponse',
    correlationId: request.correlationId,
    error,
    producerId,
    producerEpoch: error === 'NONE' ? 0 : -1,
  }
}

/** One request at a time; a failed one is made again by the next producer that asks. */
function askForBlock(self: Broker, context: BrokerContext): void {
  const { producerIds } = self.controller
  const controller = self.metadata.controllerId
  const hasNext = producerIds.nextBlock !== null
  if (producerIds.asking || hasNext || controller === -1 || self.brokerEpoch === -1) return
  const connection = connectionTo(producerIds, controller, context)
  producerIds.asking = true
  producerIds.correlationId += 1
  const request: AllocateProducerIdsRequest = {
    type: 'AllocateProducerIdsRequest',
    correlationId: producerIds.correlationId,
    clientId: context.name,
    apiVersion: 0,
    brokerId: self.options.id,
    brokerEpoch: self.brokerEpoch,
  }
  context.send(connection, request, sizeOf(request))
  context.setTimer('timeOutAllocation', 0, self.options.config.controllerSocketTimeoutMs * 1000)
}

function connectionTo(
  producerIds: ProducerIds,
  controller: number,
  context: BrokerContext,
): Connection {
  const peer = brokerName(controller)
  const present = producerIds.connection
  if (present !== null && present.peer === peer) return present
  if (present !== null) context.close(present)
  const connection = context.connect(peer)
  connection.state = producerIds
  producerIds.connection = connection
  return connection
}

export function onAllocateProducerIdsResponse(
  self: Broker,
  response: AllocateProducerIdsResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const { producerIds } = self.controller
  if (connection.id !== producerIds.connection?.id) return
  if (response.correlationId !== producerIds.correlationId) return
  producerIds.asking = false
  context.cancelTimer('timeOutAllocation', 0)
  if (response.error !== 'NONE') return
  const start = response.producerIdStart
  producerIds.nextBlock = { start, end: start + response.producerIdLength }
  if (producerIds.next === producerIds.end) takeNextBlock(producerIds)
}

function takeNextBlock(producerIds: ProducerIds): void {
  if (producerIds.nextBlock === null) return
  producerIds.next = producerIds.nextBlock.start
  producerIds.end = producerIds.nextBlock.end
  producerIds.nextBlock = null
}

/** Timer `timeOutAllocation`: the controller is silent, perhaps no longer there. */
export function expireTimeOutAllocation(self: Broker, _key: number, context: BrokerContext): void {
  const { connection } = self.controller.producerIds
  if (connection !== null) context.close(connection)
  giveUp(self.controller.producerIds)
}

/** True if the closed connection was the one to the controller for producer ids. */
export function allocationClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  const { producerIds } = self.controller
  if (connection.state !== producerIds) return false
  if (connection.id !== producerIds.connection?.id) return true
  context.cancelTimer('timeOutAllocation', 0)
  giveUp(producerIds)
  return true
}

function giveUp(producerIds: ProducerIds): void {
  producerIds.connection = null
  producerIds.asking = false
}
