/**
 * The controller's side of a change of the ISR that a leader proposes (KB F22, path A).
 *
 * The checks stand in Kafka's order. What passes goes to ZooKeeper under controller epoch and
 * version; the leader epoch stays, and brokers hear of it by UpdateMetadata only. A reply that is
 * lost after the write makes the client write again: then the version no longer fits, the leader is
 * told INVALID_UPDATE_VERSION although its ISR stands, and it stays pending (the hazard of KB F22).
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { AlterPartitionRequest, AlterPartitionResponse, PartitionState } from '../messages.ts'
import { respond } from '../respond.ts'
import { flushBatch, tellEveryone } from './control-batch.ts'
import { sameMembers } from './election.ts'
import { enqueue, finish } from './event-queue.ts'
import { type WriteOutcome, writeFenced } from './fenced-writes.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { completeMoves } from './reassign.ts'
import type { PartitionRecord } from './state.ts'
import { stateIn, stateNode, statePath, writeState } from './znodes.ts'

type Asked = AlterPartitionRequest['partitions'][number]
type Answer = AlterPartitionResponse['partitions'][number]

/** One request on its way through the event queue. */
interface Alteration {
  readonly request: AlterPartitionRequest
  readonly connection: Connection
  /** One a partition, in the order of the request; filled as they become known. */
  readonly answers: Answer[]
  /** What was written; the brokers have to hear of it. */
  readonly changed: PartitionId[]
}

interface Change {
  readonly index: number
  readonly record: PartitionRecord
  readonly next: Omit<PartitionState, 'partitionEpoch'>
  /** Version that the state node is expected to have. */
  readonly version: number
}

export function onAlterPartitionRequest(
  self: Broker,
  request: AlterPartitionRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const alteration: Alteration = { request, connection, answers: [], changed: [] }
  enqueue(self, {
    name: 'alterPartition',
    run: () => alter(self, alteration, context),
    drop: () => answer(self, alteration, 'NOT_CONTROLLER', context),
  })
}

function alter(self: Broker, alteration: Alteration, context: BrokerContext): void {
  const { request, answers } = alteration
  const refused = senderError(self, request, context)
  if (refused !== 'NONE') {
    answer(self, alteration, refused, context)
    finish(self)
    return
  }
  const changes: Change[] = []
  request.partitions.forEach((asked, index) => {
    const change = changeFor(self, request, asked, context)
    if ('error' in change) answers[index] = change
    else {
      const { record, next, version } = change
      changes.push({ index, record, next, version })
    }
  })
  writeChanges(self, alteration, changes, context)
}

function senderError(
  self: Broker,
  request: AlterPartitionRequest,
  context: BrokerContext,
): KafkaError {
  const { active, live } = self.controller
  if (context.guard(Guard.active, !active)) return 'NOT_CONTROLLER'
  if (self.options.protocols.brokerEpoch === 'off') return 'NONE'
  const other = live.get(request.brokerId)?.epoch !== request.brokerEpoch
  return context.guard(Guard.alterBrokerEpoch, other) ? 'STALE_BROKER_EPOCH' : 'NONE'
}

function changeFor(
  self: Broker,
  request: AlterPartitionRequest,
  asked: Asked,
  context: BrokerContext,
): Omit<Change, 'index'> | Answer {
  const record = self.controller.partitions.get(asked.partition)
  const state = record?.state ?? null
  if (record === undefined || state === null) {
    const refused = context.guard(Guard.alterKnownPartition, true)
    return answerOf(asked, refused ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE', null)
  }
  if (alreadySo(request, asked, state)) return answerOf(asked, 'NONE', state)
  const error = partitionError(self, asked, state, context)
  if (error !== 'NONE') {
    context.probe(Probe.alterPartitionRefused, asked.partition)
    return answerOf(asked, error, null)
  }
  const next = {
    leader: request.brokerId,
    leaderEpoch: asked.leaderEpoch,
    isr: asked.newIsr,
    controllerEpoch: self.controller.epoch,
  }
  return { record, next, version: state.partitionEpoch }
}

/** A request whose answer was lost comes again, perhaps from an older state: it is done. */
function alreadySo(request: AlterPartitionRequest, asked: Asked, state: PartitionState): boolean {
  return (
    state.leader === request.brokerId &&
    state.leaderEpoch === asked.leaderEpoch &&
    asked.partitionEpoch <= state.partitionEpoch &&
    sameMembers(state.isr, asked.newIsr)
  )
}

function partitionError(
  self: Broker,
  asked: Asked,
  state: PartitionState,
  context: BrokerContext,
): KafkaError {
  const { leaderEpoch, partitionEpoch, newIsr } = asked
  const ahead = partitionEpoch > state.partitionEpoch || leaderEpoch > state.leaderEpoch
  if (context.guard(Guard.alterAhead, ahead)) return 'NOT_CONTROLLER'
  const oldLeader = leaderEpoch < state.leaderEpoch
  if (context.guard(Guard.alterLeaderEpoch, oldLeader)) return 'FENCED_LEADER_EPOCH'
  const oldState = partitionEpoch < state.partitionEpoch
  if (context.guard(Guard.alterPartitionEpoch, oldState)) return 'INVALID_UPDATE_VERSION'
  if (self.options.protocols.isrEligibility === 'none') return 'NONE'
  const { live, shuttingDown } = self.controller
  const dead = newIsr.some((member) => !live.has(member) || shuttingDown.has(member))
  return context.guard(Guard.alterLiveMembers, dead) ? 'INELIGIBLE_REPLICA' : 'NONE'
}

function writeChanges(
  self: Broker,
  alteration: Alteration,
  changes: readonly Change[],
  context: BrokerContext,
): void {
  const done = (outcomes: readonly WriteOutcome[]): void => {
    changes.forEach((change, index) => {
      const told = outcomes[index] === 'OK'
      alteration.answers[change.index] = told
        ? accepted(alteration, change, context)
        : refusedByVersion(alteration, change, context)
    })
    const retried = changes.filter((change) => isOverridden(alteration, change))
    if (retried.length > 0) overwrite(self, alteration, retried, context)
    else conclude(self, alteration, context)
  }
  const groups = changes.map((change) => [writeOf(self, change, change.version)])
  writeFenced(self, { groups, done }, context)
}

function writeOf(self: Broker, { record, next }: Change, version: number) {
  return writeState(statePath(self.options.topics, record.partition), stateNode(next), version)
}

function accepted(
  alteration: Alteration,
  { record, next, version }: Change,
  context: BrokerContext,
): Answer {
  alteration.changed.push(record.partition)
  record.state = stateIn(next, version + 1)
  context.probe(Probe.alterPartitionAccepted, record.partition)
  return { partition: record.partition, error: 'NONE', state: record.state }
}

/** Answers `INVALID_UPDATE_VERSION`, or `NONE` without a state where the check is switched off. */
function refusedByVersion(alteration: Alteration, change: Change, context: BrokerContext): Answer {
  const asked = alteration.request.partitions[change.index] as Asked
  context.probe(Probe.alterPartitionConflict, asked.partition)
  const refused = context.guard(Guard.alterZnodeVersion, true)
  return answerOf(asked, refused ? 'INVALID_UPDATE_VERSION' : 'NONE', null)
}

function isOverridden(alteration: Alteration, change: Change): boolean {
  const given = alteration.answers[change.index]
  return given?.error === 'NONE' && given.state === null
}

/** The version check is off: the changes go over whatever stands there. */
function overwrite(
  self: Broker,
  alteration: Alteration,
  changes: readonly Change[],
  context: BrokerContext,
): void {
  const groups = changes.map((change) => [writeOf(self, change, -1)])
  const done = (): void => {
    for (const change of changes)
      alteration.answers[change.index] = accepted(alteration, change, context)
    conclude(self, alteration, context)
  }
  writeFenced(self, { groups, done }, context)
}

function conclude(self: Broker, alteration: Alteration, context: BrokerContext): void {
  answer(self, alteration, 'NONE', context)
  if (alteration.changed.length > 0) {
    tellEveryone(self, alteration.changed)
    flushBatch(self, context)
    completeMoves(self, alteration.changed, context)
  }
  finish(self)
}

function answer(
  self: Broker,
  alteration: Alteration,
  error: KafkaError,
  context: BrokerContext,
): void {
  const { request, connection, answers } = alteration
  const response: AlterPartitionResponse = {
    type: 'AlterPartitionResponse',
    correlationId: request.correlationId,
    error,
    partitions: error === 'NONE' ? answers : [],
  }
  respond(self, connection, response, context)
}

function answerOf(asked: Asked, error: KafkaError, state: PartitionState | null): Answer {
  return { partition: asked.partition, error, state }
}
