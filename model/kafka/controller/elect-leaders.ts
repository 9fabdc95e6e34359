/**
 * ElectLeaders: an admin asks for preferred leaders, or for a leader at any price (KB C7).
 *
 * Follows KafkaController's processReplicaLeaderElection: what needs no election or cannot have one
 * is answered by an error of its own, the rest is elected as after a broker failure.
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { ElectLeadersRequest, ElectLeadersResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { flushBatch } from './control-batch.ts'
import { preferredElection } from './election.ts'
import { enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { electOffline, electPreferred, onlineIn } from './transitions.ts'

interface Wish {
  readonly request: ElectLeadersRequest
  readonly connection: Connection
  readonly errors: Map<PartitionId, KafkaError>
}

export function onElectLeadersRequest(
  self: Broker,
  request: ElectLeadersRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const wish: Wish = { request, connection, errors: new Map() }
  enqueue(self, {
    name: 'replicaLeaderElection',
    run: () => elect(self, wish, context),
    drop: () => refuse(self, wish, context),
  })
}

function elect(self: Broker, wish: Wish, context: BrokerContext): void {
  if (context.guard(Guard.active, !self.controller.active)) {
    refuse(self, wish, context)
    finish(self)
    return
  }
  const partitions: PartitionId[] = []
  for (const partition of wish.request.partitions) {
    const error = wishError(self, wish.request, partition, context)
    wish.errors.set(partition, error)
    if (error === 'NONE') partitions.push(partition)
  }
  const done = (): void => {
    flushBatch(self, context)
    for (const partition of partitions) wish.errors.set(partition, outcome(self, wish, partition))
    answer(self, wish, context)
    finish(self)
  }
  if (wish.request.electionType === 'preferred') electPreferred(self, partitions, done, context)
  else electOffline(self, { partitions, unclean: 'always', done }, context)
}

function wishError(
  self: Broker,
  request: ElectLeadersRequest,
  partition: PartitionId,
  context: BrokerContext,
): KafkaError {
  const record = self.controller.partitions.get(partition)
  const state = record?.state ?? null
  const unknown = record === undefined || state === null
  if (context.guard(Guard.knownTopic, unknown)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (record === undefined || state === null) return 'NONE'
  const preferred = request.electionType === 'preferred'
  const wanted = preferred
    ? state.leader === record.replicas[0]
    : onlineIn(self, record.partition)(state.leader)
  if (context.guard(Guard.electionNeeded, wanted)) return 'ELECTION_NOT_NEEDED'
  if (!preferred) return 'NONE'
  const fit =
    preferredElection(record.replicas, state.isr, onlineIn(self, record.partition)) !== null
  if (context.guard(Guard.preferredFromIsr, !fit)) return 'PREFERRED_LEADER_NOT_AVAILABLE'
  return 'NONE'
}

function outcome(self: Broker, wish: Wish, partition: PartitionId): KafkaError {
  const record = self.controller.partitions.get(partition)
  const state = record?.state ?? null
  if (record === undefined || state === null) return 'NONE'
  if (wish.request.electionType === 'preferred') {
    return state.leader === record.replicas[0] ? 'NONE' : 'PREFERRED_LEADER_NOT_AVAILABLE'
  }
  return onlineIn(self, partition)(state.leader) ? 'NONE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE'
}

function refuse(self: Broker, wish: Wish, context: BrokerContext): void {
  for (const partition of wish.request.partitions) wish.errors.set(partition, 'NOT_CONTROLLER')
  answer(self, wish, context)
}

function answer(self: Broker, { request, connection, errors }: Wish, context: BrokerContext): void {
  const response: ElectLeadersResponse = {
    type: 'ElectLeadersResponse',
    correlationId: request.correlationId,
    partitions: request.partitions.map((partition) => ({
      partition,
      error: errors.get(partition) ?? 'NONE',
    })),
  }
  respond(self, connection, response, context)
}
