/**
 * Controlled shutdown: a broker that is about to end has its leaderships moved first (KB C12).
 *
 * Follows KafkaController's doControlledShutdown: the broker counts as shutting down from then on;
 * what it leads goes to another live member of the ISR; what it follows is stopped there, then
 * taken out of the ISR, and stopped once more under the new epoch. The answer names what it still
 * leads and what has other replicas.
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type {
  ControlledShutdownRequest,
  ControlledShutdownResponse,
  PartitionState,
} from '../messages.ts'
import { respond } from '../respond.ts'
import { flushBatch, isGoing, sendStopReplica, tellReplicas } from './control-batch.ts'
import { shutdownElection, withoutReplica } from './election.ts'
import { enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { changeStates, type LeaderAndIsr } from './state-changes.ts'
import type { PartitionRecord } from './state.ts'

export function onControlledShutdownRequest(
  self: Broker,
  request: ControlledShutdownRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const answer = (error: KafkaError, remaining: readonly PartitionId[]): void => {
    const response: ControlledShutdownResponse = {
      type: 'ControlledShutdownResponse',
      correlationId: request.correlationId,
      error,
      remaining,
    }
    respond(self, connection, response, context)
  }
  enqueue(self, {
    name: 'controlledShutdown',
    run: () => shutDown(self, request, answer, context),
    drop: () => answer('NOT_CONTROLLER', []),
  })
}

type Answer = (error: KafkaError, remaining: readonly PartitionId[]) => void

function shutDown(
  self: Broker,
  { brokerId, brokerEpoch }: ControlledShutdownRequest,
  answer: Answer,
  context: BrokerContext,
): void {
  const refused = senderError(self, brokerId, brokerEpoch, context)
  if (refused !== 'NONE') {
    answer(refused, [])
    finish(self)
    return
  }
  self.controller.shuttingDown.add(brokerId)
  context.probe(Probe.brokerShutsDown, brokerId)
  const followed = partitionsOf(self, brokerId, false)
  moveLeaders(
    self,
    brokerId,
    () => {
      sendStopReplica(self, brokerId, { partitions: followed, deletes: false }, context)
      flushBatch(self, context)
      stopFollowing(
        self,
        { broker: brokerId, partitions: followed },
        () => {
          flushBatch(self, context)
          answer('NONE', partitionsOf(self, brokerId, true))
          finish(self)
        },
        context,
      )
    },
    context,
  )
}

function senderError(
  self: Broker,
  broker: number,
  epoch: number,
  context: BrokerContext,
): KafkaError {
  const { active, live } = self.controller
  if (context.guard(Guard.active, !active)) return 'NOT_CONTROLLER'
  if (self.options.protocols.brokerEpoch === 'off') return 'NONE'
  const other = live.get(broker)?.epoch !== epoch
  return context.guard(Guard.shutdownBrokerEpoch, other) ? 'STALE_BROKER_EPOCH' : 'NONE'
}

/** Partitions with other replicas that a broker leads, or else those that it follows. */
function partitionsOf(self: Broker, broker: number, led: boolean): readonly PartitionId[] {
  const found: PartitionId[] = []
  for (const record of self.controller.partitions.values()) {
    const { partition, replicas, state } = record
    if (state === null || replicas.length < 2 || !replicas.includes(broker)) continue
    if (isGoing(self, record)) continue
    if ((state.leader === broker) === led) found.push(partition)
  }
  return found
}

function moveLeaders(self: Broker, broker: number, done: () => void, context: BrokerContext): void {
  const { live, shuttingDown } = self.controller
  const decide = (record: PartitionRecord, state: PartitionState): LeaderAndIsr | null =>
    shutdownElection(record.replicas, state.isr, {
      live: (id) => live.has(id),
      leaving: (id) => shuttingDown.has(id),
    })
  const written = (record: PartitionRecord): void => {
    record.status = 'online'
    tellReplicas(self, record.replicas, record, false)
    context.probe(Probe.leaderMoved, record.partition)
  }
  const partitions = partitionsOf(self, broker, true)
  changeStates(self, { partitions, decide, written, done }, context)
}

function stopFollowing(
  self: Broker,
  what: { readonly broker: number; readonly partitions: readonly PartitionId[] },
  done: () => void,
  context: BrokerContext,
): void {
  const { broker, partitions } = what
  const decide = (_record: PartitionRecord, state: PartitionState): LeaderAndIsr | null =>
    withoutReplica(state, broker)
  const written = (record: PartitionRecord): void => {
    const others = record.replicas.filter((replica) => replica !== broker)
    tellReplicas(self, others, record, false)
  }
  const changed = (): void => {
    sendStopReplica(self, broker, { partitions, deletes: false }, context)
    done()
  }
  changeStates(self, { partitions, decide, written, done: changed }, context)
}
