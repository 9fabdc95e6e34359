/**
 * The controller's side of producer ids: blocks of 1,000 from one znode, each given once (KB P19).
 *
 * Follows ZkProducerIdManager: read, add, write under the version; whoever is too late reads again.
 * The write does not depend on the controller epoch: the version alone keeps blocks apart.
 */

import type { Connection } from '../../../sim/process.ts'
import type { ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { PRODUCER_ID_BLOCK_PATH, type ProducerIdBlockNode } from './znodes.ts'

const BLOCK_LENGTH = 1000
const BLOCK_BYTES = 70

interface Allocation {
  readonly request: AllocateProducerIdsRequest
  readonly connection: Connection
}

export function onAllocateProducerIdsRequest(
  self: Broker,
  request: AllocateProducerIdsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const allocation: Allocation = { request, connection }
  enqueue(self, {
    name: 'allocateProducerIds',
    run: () => allocate(self, allocation, context),
    drop: () => refuse(self, allocation, 'NOT_CONTROLLER', context),
  })
}

function allocate(self: Broker, allocation: Allocation, context: BrokerContext): void {
  const error = senderError(self, allocation.request, context)
  if (error === 'NONE') {
    readBlock(self, allocation, context)
    return
  }
  refuse(self, allocation, error, context)
  finish(self)
}

function senderError(
  self: Broker,
  request: AllocateProducerIdsRequest,
  context: BrokerContext,
): KafkaError {
  const { active, live } = self.controller
  if (context.guard(Guard.active, !active)) return 'NOT_CONTROLLER'
  const other = live.get(request.brokerId)?.epoch !== request.brokerEpoch
  return context.guard(Guard.idBlockBrokerEpoch, other) ? 'STALE_BROKER_EPOCH' : 'NONE'
}

function readBlock(self: Broker, allocation: Allocation, context: BrokerContext): void {
  const read = { op: 'getData', path: PRODUCER_ID_BLOCK_PATH, watch: false } as const
  ask(self, [read], ([result]) => takeNext(self, allocation, result, context), context)
}

function takeNext(
  self: Broker,
  allocation: Allocation,
  read: ZooKeeperResult | undefined,
  context: BrokerContext,
): void {
  const last = read?.data as ProducerIdBlockNode | null | undefined
  const block: ProducerIdBlockNode = {
    brokerId: allocation.request.brokerId,
    start: (last?.start ?? 0) + (last?.length ?? 0),
    length: BLOCK_LENGTH,
  }
  const write = {
    op: 'setData',
    path: PRODUCER_ID_BLOCK_PATH,
    data: block,
    bytes: BLOCK_BYTES,
    version: read?.stat?.version ?? 0,
  } as const
  const written = ([result]: readonly ZooKeeperResult[]): void => {
    if (context.guard(Guard.idBlockVersion, result?.error === 'BADVERSION')) {
      readBlock(self, allocation, context)
      return
    }
    context.probe(Probe.idBlockGiven, allocation.request.brokerId)
    answer(self, allocation, { error: 'NONE', block }, context)
    finish(self)
  }
  ask(self, [write], written, context)
}

function refuse(
  self: Broker,
  allocation: Allocation,
  error: KafkaError,
  context: BrokerContext,
): void {
  answer(self, allocation, { error, block: null }, context)
}

function answer(
  self: Broker,
  { request, connection }: Allocation,
  { error, block }: { readonly error: KafkaError; readonly block: ProducerIdBlockNode | null },
  context: BrokerContext,
): void {
  const response: AllocateProducerIdsResponse = {
    type: 'AllocateProducerIdsResponse',
    correlationId: request.correlationId,
    error,
    producerIdStart: block?.start ?? -1,
    producerIdLength: block?.length ?? 0,
  }
  respond(self, connection, response, context)
}
