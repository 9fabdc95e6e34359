/**
 * The transitions of partitions and replicas: new to online, offline to online, out of the ISR.
 *
 * Follows the partition and replica state machines of KB C5–C10. States go to ZooKeeper first;
 * what the brokers have to hear is gathered in the batch, which the caller flushes. Unlike Kafka,
 * a state node that is found where one was to be created is taken over, not reported as an error.
 */

import { type PartitionId, topicOf } from '../../record.ts'
import type { Write } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { PartitionState } from '../messages.ts'
import { topicConfigOf } from '../topic-configs.ts'
import { isGoing, tellReplicas } from './control-batch.ts'
import {
  firstState,
  offlineElection,
  type Online,
  preferredElection,
  uncleanElection,
  withoutReplica,
} from './election.ts'
import { type WriteOutcome, writeFenced } from './fenced-writes.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import type { PartitionRecord } from './state.ts'
import { changeStates, type LeaderAndIsr, readStates } from './state-changes.ts'
import {
  createNode,
  createState,
  partitionPath,
  partitionsPath,
  stateIn,
  stateNode,
} from './znodes.ts'

/** Which replicas of a partition can serve, as the controller knows it (KB C6). */
export function onlineIn(self: Broker, partition: PartitionId): Online {
  const { live, offlineReplicas, shuttingDown } = self.controller
  return (broker) =>
    live.has(broker) &&
    !shuttingDown.has(broker) &&
    offlineReplicas.get(broker)?.has(partition) !== true
}

/** Gives a leader to every partition that has none, as far as one can be elected (KB C10, C11). */
export function bringOnline(self: Broker, done: () => void, context: BrokerContext): void {
  const fresh: PartitionRecord[] = []
  const offline: PartitionId[] = []
  for (const record of self.controller.partitions.values()) {
    if (isGoing(self, record)) continue
    if (record.status === 'new') fresh.push(record)
    else if (record.status === 'offline') offline.push(record.partition)
  }
  const election: OfflineElection = { partitions: offline, unclean: 'by-topic', done }
  createStates(self, fresh, () => electOffline(self, election, context), context)
}

interface FirstState {
  readonly record: PartitionRecord
  readonly state: PartitionState
}

/** Creates the states of new partitions; those without a live replica stay new (KB C5). */
export function createStates(
  self: Broker,
  records: readonly PartitionRecord[],
  done: () => void,
  context: BrokerContext,
): void {
  const firsts = firstStates(self, records)
  if (firsts.length === 0) {
    done()
    return
  }
  const folders = foldersOf(self, firsts)
  const groups = [...folders, ...firsts.map((first) => stateGroup(self, first))]
  const created = (outcomes: readonly WriteOutcome[]): void => {
    const found: PartitionId[] = []
    firsts.forEach(({ record, state }, index) => {
      const outcome = outcomes[folders.length + index]
      if (outcome === 'OK') nowOnline(self, record, state, context)
      else if (outcome === 'NODEEXISTS') found.push(record.partition)
    })
    takeOver(self, found, done, context)
  }
  writeFenced(self, { groups, done: created }, context)
}

function firstStates(self: Broker, records: readonly PartitionRecord[]): readonly FirstState[] {
  const firsts: FirstState[] = []
  for (const record of records) {
    const first = firstState(record.replicas, onlineIn(self, record.partition))
    if (first === null) continue
    const { leader, isr } = first
    const node = { leader, leaderEpoch: 0, isr, controllerEpoch: self.controller.epoch }
    firsts.push({ record, state: stateIn(node, 0) })
  }
  return firsts
}

function foldersOf(self: Broker, firsts: readonly FirstState[]): readonly (readonly Write[])[] {
  const topics = new Set(firsts.map(({ record }) => topicOf(record.partition)))
  return [...topics].map((topic) => [
    createNode(partitionsPath(self.options.topics.name(topic)), null, 0),
  ])
}

function stateGroup(self: Broker, { record, state }: FirstState): readonly Write[] {
  const { topics } = self.options
  return [
    createNode(partitionPath(topics, record.partition), null, 0),
    createState(topics, record.partition, stateNode(state)),
  ]
}

function nowOnline(
  self: Broker,
  record: PartitionRecord,
  state: PartitionState,
  context: BrokerContext,
): void {
  record.state = state
  record.status = 'online'
  tellReplicas(self, record.replicas, record, true)
  context.probe(Probe.leaderElected, record.partition)
}

/** A lost reply made the creation go out twice, or an earlier controller was cut short. */
function takeOver(
  self: Broker,
  partitions: readonly PartitionId[],
  done: () => void,
  context: BrokerContext,
): void {
  const read = (records: readonly PartitionRecord[]): void => {
    for (const record of records) {
      const online = onlineIn(self, record.partition)
      record.status = online(record.state?.leader ?? -1) ? 'online' : 'offline'
      tellReplicas(self, record.replicas, record, true)
    }
    done()
  }
  readStates(self, partitions, read, context)
}

export interface OfflineElection {
  readonly partitions: readonly PartitionId[]
  /** `by-topic`: as unclean.leader.election.enable of the topic says; `always`: an admin asked. */
  readonly unclean: 'by-topic' | 'always'
  readonly done: () => void
}

/** Elects leaders for partitions that have none (KB C7, OFFLINE). */
export function electOffline(
  self: Broker,
  election: OfflineElection,
  context: BrokerContext,
): void {
  const { partitions, done } = election
  const decide = (record: PartitionRecord, state: PartitionState): LeaderAndIsr | null => {
    const always = election.unclean === 'always'
    const chosen = choose(self, record, state, { unclean: always, context })
    if (chosen === null) {
      record.status = 'offline'
      context.probe(Probe.leaderNone, record.partition)
    }
    return chosen
  }
  changeStates(self, { partitions, decide, written: elected(self, context), done }, context)
}

function choose(
  self: Broker,
  record: PartitionRecord,
  state: PartitionState,
  how: { readonly unclean: boolean; readonly context: BrokerContext },
): LeaderAndIsr | null {
  const online = onlineIn(self, record.partition)
  const clean = offlineElection(record.replicas, state.isr, online)
  if (clean === null && (how.unclean || uncleanAllowed(self, record.partition))) {
    return uncleanElection(record.replicas, online)
  }
  const first = record.replicas.find(online)
  if (first === undefined) return null
  const outsider = !state.isr.includes(first)
  if (how.context.guard(Guard.leaderFromIsr, outsider) || !outsider) return clean
  return { leader: first, isr: [first, ...state.isr.filter(online)] }
}

function uncleanAllowed(self: Broker, partition: PartitionId): boolean {
  return topicConfigOf(self, topicOf(partition)).uncleanLeaderElectionEnable
}

/** Gives leadership to preferred replicas that are fit for it (KB C7, PREFERRED). */
export function electPreferred(
  self: Broker,
  partitions: readonly PartitionId[],
  done: () => void,
  context: BrokerContext,
): void {
  const decide = (record: PartitionRecord, state: PartitionState): LeaderAndIsr | null => {
    const fit = preferredElection(record.replicas, state.isr, onlineIn(self, record.partition))
    const preferred = record.replicas[0]
    if (context.guard(Guard.preferredFromIsr, fit === null) || preferred === undefined) return null
    return fit ?? { leader: preferred, isr: [...new Set([preferred, ...state.isr])] }
  }
  changeStates(self, { partitions, decide, written: elected(self, context), done }, context)
}

function elected(self: Broker, context: BrokerContext) {
  return (record: PartitionRecord, before: PartitionState): void => {
    const leader = record.state?.leader ?? -1
    record.status = onlineIn(self, record.partition)(leader) ? 'online' : 'offline'
    tellReplicas(self, record.replicas, record, false)
    context.probe(Probe.leaderElected, record.partition)
    if (!before.isr.includes(leader)) context.probe(Probe.leaderElectedUnclean, record.partition)
  }
}

/** Takes one dead broker out of the ISR of all its partitions (KB C10.3). */
export function removeFromIsrs(
  self: Broker,
  broker: number,
  done: () => void,
  context: BrokerContext,
): void {
  const partitions: PartitionId[] = []
  for (const record of self.controller.partitions.values()) {
    if (record.state !== null && record.replicas.includes(broker)) partitions.push(record.partition)
  }
  const decide = (_record: PartitionRecord, state: PartitionState): LeaderAndIsr | null =>
    withoutReplica(state, broker)
  const written = (record: PartitionRecord): void => {
    if (record.state?.leader === -1) record.status = 'offline'
    const others = record.replicas.filter((replica) => replica !== broker)
    tellReplicas(self, others, record, false)
    const kept = record.state?.isr.includes(broker) === true
    context.probe(kept ? Probe.lastMemberKept : Probe.removedByController, record.partition)
  }
  changeStates(self, { partitions, decide, written, done }, context)
}
