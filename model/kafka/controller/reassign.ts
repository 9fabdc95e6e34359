/**
 * AlterPartitionReassignments: a partition moves to other brokers while it is in use (KB C14).
 *
 * While it moves, its replicas are the old and the new ones together. When all that are to stay
 * are in the ISR, the others leave it and delete their logs. What is under way stands in the
 * topic's znode, so that the next controller goes on with it; another wish replaces it. Unlike
 * Kafka, the leader moves and the leaving replicas go in one change of state. Left out: throttles,
 * several partitions in a request, and the logs of brokers that are away when they are to be
 * deleted.
 */

import type { Connection } from '../../../sim/process.ts'
import { type PartitionId, partitionOf, topicOf } from '../../record.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { AlterPartitionReassignmentsRequest, PartitionState } from '../messages.ts'
import { respond } from '../respond.ts'
import { flushBatch, sendStopReplica, tellEveryone, tellReplicas } from './control-batch.ts'
import { areReplicaLists } from './create-topics.ts'
import { offlineElection } from './election.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import type { PartitionRecord } from './state.ts'
import { changeStates, type LeaderAndIsr } from './state-changes.ts'
import { resumeDeletions } from './topic-deletions.ts'
import { onlineIn } from './transitions.ts'
import { type Move, type TopicNode, topicNodeBytes, topicPath } from './znodes.ts'

interface Wish {
  readonly request: AlterPartitionReassignmentsRequest
  readonly connection: Connection
}

/** Replicas of a partition, and which of them come and go. */
interface Plan {
  readonly record: PartitionRecord
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** Were to come by an earlier wish and are not to any more. */
  readonly unneeded: readonly number[]
}

export function onAlterPartitionReassignmentsRequest(
  self: Broker,
  request: AlterPartitionReassignmentsRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const wish: Wish = { request, connection }
  enqueue(self, {
    name: 'partitionReassignment',
    run: () => reassign(self, wish, context),
    drop: () => answer(self, wish, 'NOT_CONTROLLER', context),
  })
}

function reassign(self: Broker, wish: Wish, context: BrokerContext): void {
  const { partition, replicas } = wish.request
  const record = self.controller.partitions.get(partition)
  const error = wishError(self, wish, record, context)
  if (error !== 'NONE' || record === undefined || record.state === null) {
    end(self, wish, error, context)
    return
  }
  const told = (): void => {
    flushBatch(self, context)
    end(self, wish, 'NONE', context)
    completeMoves(self, [partition], context)
  }
  begin(self, planFor(record, [...new Set(replicas)]), told, context)
}

function wishError(
  self: Broker,
  { request }: Wish,
  record: PartitionRecord | undefined,
  context: BrokerContext,
): KafkaError {
  const { active, live } = self.controller
  if (context.guard(Guard.active, !active)) return 'NOT_CONTROLLER'
  const unknown = (record?.state ?? null) === null || isToGo(self, request.partition)
  if (context.guard(Guard.knownTopic, unknown)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const { replicas } = request
  const wrong = !areReplicaLists([replicas]) || replicas.some((broker) => !live.has(broker))
  return context.guard(Guard.replicaAssignment, wrong) ? 'INVALID_REPLICA_ASSIGNMENT' : 'NONE'
}

/** Somebody wants its topic deleted. */
function isToGo({ controller }: Broker, partition: PartitionId): boolean {
  return controller.deletions.has(topicOf(partition))
}

function planFor(record: PartitionRecord, target: readonly number[]): Plan {
  const origin = record.replicas.filter((broker) => !record.adding.includes(broker))
  const removing = origin.filter((broker) => !target.includes(broker))
  return {
    record,
    replicas: [...target, ...removing],
    adding: target.filter((broker) => !origin.includes(broker)),
    removing,
    unneeded: record.adding.filter((broker) => !target.includes(broker)),
  }
}

/** First to ZooKeeper, then to the brokers, under a new leader epoch. */
function begin(self: Broker, plan: Plan, done: () => void, context: BrokerContext): void {
  const { record, replicas, adding, removing, unneeded } = plan
  const { partition } = record
  const written = (): void => {
    Object.assign(record, { replicas, adding, removing })
    context.probe(Probe.reassignmentBegan, partition)
    changeStates(self, { partitions: [partition], decide, written: changed, done: stop }, context)
  }
  const decide = (_record: PartitionRecord, state: PartitionState): LeaderAndIsr | null =>
    without(self, record, state, unneeded)
  const changed = (): void => {
    tellReplicas(self, replicas, record, false)
    tellReplicas(self, adding, record, true)
  }
  const stop = (): void => {
    deleteAt(self, unneeded, partition, context)
    done()
  }
  writeMove(self, partition, { replicas, move: { adding, removing }, done: written }, context)
}

/** Leader and ISR without some replicas; a leader among them hands over. Null: nobody can. */
function without(
  self: Broker,
  { partition, replicas }: PartitionRecord,
  { leader, isr }: PartitionState,
  leaving: readonly number[],
): LeaderAndIsr | null {
  const stays = isr.filter((broker) => !leaving.includes(broker))
  if (!leaving.includes(leader)) return { leader, isr: stays }
  const staying = replicas.filter((broker) => !leaving.includes(broker))
  return offlineElection(staying, stays, onlineIn(self, partition))
}

function deleteAt(
  self: Broker,
  brokers: readonly number[],
  partition: PartitionId,
  context: BrokerContext,
): void {
  for (const broker of brokers) {
    if (!self.controller.live.has(broker)) continue
    sendStopReplica(self, broker, { partitions: [partition], deletes: true }, context)
  }
}

/** Goes on with what is under way, where all that are to stay have caught up. */
export function completeMoves(
  self: Broker,
  partitions: Iterable<PartitionId>,
  context: BrokerContext,
): void {
  for (const partition of partitions) {
    const record = self.controller.partitions.get(partition)
    if (record === undefined || !isMoving(record) || !hasCaughtUp(record, record.state)) continue
    enqueue(self, {
      name: 'reassignmentIsrChange',
      run: () => complete(self, record, context),
      drop: null,
    })
  }
}

export function isMoving({ adding, removing }: PartitionRecord): boolean {
  return adding.length > 0 || removing.length > 0
}

function targetOf({ replicas, removing }: PartitionRecord): readonly number[] {
  return replicas.filter((broker) => !removing.includes(broker))
}

function hasCaughtUp(record: PartitionRecord, state: PartitionState | null): boolean {
  return state !== null && targetOf(record).every((broker) => state.isr.includes(broker))
}

function complete(self: Broker, record: PartitionRecord, context: BrokerContext): void {
  if (!self.controller.active || !isMoving(record)) {
    finish(self)
    return
  }
  const { partition, removing } = record
  const target = targetOf(record)
  let isDone = false
  const decide = (_record: PartitionRecord, state: PartitionState): LeaderAndIsr | null =>
    hasCaughtUp(record, state) ? without(self, record, state, removing) : null
  const written = (): void => {
    isDone = true
    Object.assign(record, { replicas: target, adding: [], removing: [] })
    record.status = onlineIn(self, partition)(record.state?.leader ?? -1) ? 'online' : 'offline'
    tellReplicas(self, target, record, false)
  }
  const done = (): void => {
    if (isDone) conclude(self, record, removing, context)
    else finish(self)
  }
  changeStates(self, { partitions: [partition], decide, written, done }, context)
}

function conclude(
  self: Broker,
  record: PartitionRecord,
  removed: readonly number[],
  context: BrokerContext,
): void {
  const { partition, replicas } = record
  flushBatch(self, context)
  deleteAt(self, removed, partition, context)
  const written = (): void => {
    context.probe(Probe.reassignmentEnded, partition)
    tellEveryone(self, [partition])
    flushBatch(self, context)
    resumeDeletions(self, context)
    finish(self)
  }
  writeMove(self, partition, { replicas, move: null, done: written }, context)
}

interface Assignment {
  readonly replicas: readonly number[]
  /** Null once it is over. */
  readonly move: Pick<Move, 'adding' | 'removing'> | null
  readonly done: () => void
}

/** Writes one partition's row into the topic's znode, under its version. */
function writeMove(
  self: Broker,
  partition: PartitionId,
  assignment: Assignment,
  context: BrokerContext,
): void {
  const path = topicPath(self.options.topics.name(topicOf(partition)))
  const read = ([found]: readonly ZooKeeperResult[]): void => {
    const node = withMove(found?.data as TopicNode, partitionOf(partition), assignment)
    const version = found?.stat?.version ?? -1
    const bytes = topicNodeBytes(node)
    const operation: ZooKeeperOperation = { op: 'setData', path, data: node, bytes, version }
    ask(self, [operation], written, context)
  }
  const written = ([result]: readonly ZooKeeperResult[]): void => {
    // Partitions were added meanwhile, or a first try whose reply was lost got there.
    if (result?.error === 'BADVERSION') writeMove(self, partition, assignment, context)
    else assignment.done()
  }
  ask(self, [{ op: 'getData', path, watch: true }], read, context)
}

function withMove(node: TopicNode, number: number, { replicas, move }: Assignment): TopicNode {
  const moves = (node.moves ?? []).filter((one) => one.number !== number)
  return {
    replicas: node.replicas.map((list, at) => (at === number ? replicas : list)),
    moves: move === null ? moves : [...moves, { number, ...move }],
  }
}

function end(self: Broker, wish: Wish, error: KafkaError, context: BrokerContext): void {
  answer(self, wish, error, context)
  finish(self)
}

function answer(
  self: Broker,
  { request, connection }: Wish,
  error: KafkaError,
  context: BrokerContext,
): void {
  const { correlationId, partition } = request
  const type = 'AlterPartitionReassignmentsResponse'
  respond(self, connection, { type, correlationId, partition, error }, context)
}
