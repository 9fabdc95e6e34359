/**
 * Reading partition states, deciding, and writing them back under their version (KB C5, C8).
 *
 * Follows the state machines' loops: every change of the controller's own raises the leader epoch
 * by one; a state that changed meanwhile is read and decided again, without end; a state that a
 * newer controller wrote is left alone.
 */

import type { PartitionId } from '../../record.ts'
import type { ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { PartitionState } from '../messages.ts'
import { isGoing } from './control-batch.ts'
import { ask } from './event-queue.ts'
import { type WriteOutcome, writeFenced } from './fenced-writes.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import type { PartitionRecord } from './state.ts'
import { stateIn, type StateNode, stateNode, statePath, writeState } from './znodes.ts'

/** Leader and ISR that a decision wants; everything else follows. */
export interface LeaderAndIsr {
  /** −1 for none. */
  readonly leader: number
  readonly isr: readonly number[]
}

export interface StateChange {
  readonly partitions: readonly PartitionId[]
  /** What is to stand instead of the state just read, or null to leave it. */
  readonly decide: (record: PartitionRecord, state: PartitionState) => LeaderAndIsr | null
  /** The change is durable and in the record; `before` is what it replaced. */
  readonly written: (record: PartitionRecord, before: PartitionState) => void
  readonly done: () => void
}

interface Proposal {
  readonly record: PartitionRecord
  readonly before: PartitionState
  readonly next: Omit<PartitionState, 'partitionEpoch'>
}

export function changeStates(self: Broker, change: StateChange, context: BrokerContext): void {
  const partitions =
    self.controller.deletions.size === 0 ? change.partitions : staying(self, change)
  if (partitions.length === 0) {
    change.done()
    return
  }
  readStates(
    self,
    partitions,
    (records) => {
      const proposals: Proposal[] = []
      for (const record of records) {
        const proposal = propose(self, change, record, context)
        if (proposal !== null) proposals.push(proposal)
      }
      write(self, change, proposals, context)
    },
    context,
  )
}

/** The partitions of a topic that is being deleted change no more. */
function staying(self: Broker, { partitions }: StateChange): readonly PartitionId[] {
  return partitions.filter((partition) => {
    const record = self.controller.partitions.get(partition)
    return record !== undefined && !isGoing(self, record)
  })
}

/** Reads the states of partitions into their records; `done` gets those that have a state. */
export function readStates(
  self: Broker,
  partitions: readonly PartitionId[],
  done: (records: readonly PartitionRecord[]) => void,
  context: BrokerContext,
): void {
  const reads = partitions.map(
    (partition) =>
      ({ op: 'getData', path: statePath(self.options.topics, partition), watch: false }) as const,
  )
  ask(self, reads, (results) => done(recordsRead(self, partitions, results)), context)
}

function recordsRead(
  self: Broker,
  partitions: readonly PartitionId[],
  results: readonly ZooKeeperResult[],
): readonly PartitionRecord[] {
  const records: PartitionRecord[] = []
  partitions.forEach((partition, index) => {
    const record = self.controller.partitions.get(partition)
    const result = results[index]
    if (record === undefined || result?.error !== 'OK') return
    record.state = stateRead(result)
    records.push(record)
  })
  return records
}

function stateRead(result: ZooKeeperResult): PartitionState {
  return stateIn(result.data as StateNode, result.stat?.version ?? 0)
}

function propose(
  self: Broker,
  change: StateChange,
  record: PartitionRecord,
  context: BrokerContext,
): Proposal | null {
  const before = record.state
  if (before === null) return null
  const { epoch } = self.controller
  if (context.guard(Guard.newerState, before.controllerEpoch > epoch)) return null
  const wanted = change.decide(record, before)
  if (wanted === null) return null
  const { leader, isr } = wanted
  const next = { leader, leaderEpoch: before.leaderEpoch + 1, isr, controllerEpoch: epoch }
  return { record, before, next }
}

function write(
  self: Broker,
  change: StateChange,
  proposals: readonly Proposal[],
  context: BrokerContext,
): void {
  const groups = proposals.map((proposal) => [writeOf(self, proposal, true)])
  const done = (outcomes: readonly WriteOutcome[]): void => {
    const again: Proposal[] = []
    proposals.forEach((proposal, index) => {
      if (outcomes[index] === 'OK') accept(change, proposal)
      else if (outcomes[index] === 'BADVERSION') again.push(proposal)
    })
    changeAgain(self, change, again, context)
  }
  writeFenced(self, { groups, done }, context)
}

function changeAgain(
  self: Broker,
  change: StateChange,
  refused: readonly Proposal[],
  context: BrokerContext,
): void {
  if (refused.length === 0) {
    change.done()
    return
  }
  for (const { record } of refused) context.probe(Probe.stateReadAgain, record.partition)
  if (context.guard(Guard.stateVersion, true)) {
    const partitions = refused.map(({ record }) => record.partition)
    changeStates(self, { ...change, partitions }, context)
    return
  }
  // The guard is off: the change goes over whatever stands there.
  const groups = refused.map((proposal) => [writeOf(self, proposal, false)])
  const done = (): void => {
    for (const proposal of refused) accept(change, proposal)
    change.done()
  }
  writeFenced(self, { groups, done }, context)
}

function writeOf(self: Broker, { record, before, next }: Proposal, conditional: boolean) {
  const path = statePath(self.options.topics, record.partition)
  return writeState(path, stateNode(next), conditional ? before.partitionEpoch : -1)
}

function accept(change: StateChange, { record, before, next }: Proposal): void {
  record.state = stateIn(next, before.partitionEpoch + 1)
  change.written(record, before)
}
