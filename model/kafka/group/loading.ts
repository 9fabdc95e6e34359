/**
 * How a broker becomes the coordinator of the groups of a partition, and ceases to be it (KC 3.5).
 *
 * Changes of leadership are worked off one after the other, as on the one thread that Kafka has for
 * it: a partition that waits for its turn is not yet owned (NOT_COORDINATOR), only the one being
 * read is loading. The log is read to its end, not to the high watermark.
 */

import {
  type LogEntry,
  type PartitionId,
  partitionId,
  partitionOf,
  recordsOf,
} from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { refuseParkedJoin, refuseSync } from './answers.ts'
import { addMember, createGroup, createMember } from './group.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { maybeRebalance } from './rebalance.ts'
import { type CoordinatorRecord, FORGOTTEN, type GroupRecord } from './records.ts'
import { armTimer, clearDeadlines, renewSession } from './sessions.ts'
import type { CommittedOffset, Group, GroupCoordinator, OwnershipTask } from './state.ts'

/** This broker leads a partition of `__consumer_offsets` from now on. */
export function onOffsetsPartitionLed(
  self: Broker,
  partition: PartitionId,
  leaderEpoch: number,
  context: BrokerContext,
): void {
  queue(self, { kind: 'load', partition: partitionOf(partition), leaderEpoch }, context)
}

/** It does not lead it any more. */
export function onOffsetsPartitionResigned(
  self: Broker,
  partition: PartitionId,
  context: BrokerContext,
): void {
  queue(self, { kind: 'unload', partition: partitionOf(partition), leaderEpoch: -1 }, context)
}

function queue(self: Broker, task: OwnershipTask, context: BrokerContext): void {
  const { tasks } = self.groups
  tasks.push(task)
  if (tasks.length === 1) workOff(self, context)
}

/** The partition whose loading took its time is read now; then the next task begins. */
export function onLoadGroups(self: Broker, _key: number, context: BrokerContext): void {
  const task = self.groups.tasks.shift()
  if (task !== undefined) load(self, task, context)
  workOff(self, context)
}

/** Begins with the first task, and goes on as long as tasks take no time. */
function workOff(self: Broker, context: BrokerContext): void {
  const groups = self.groups
  for (;;) {
    const task = groups.tasks[0]
    if (task === undefined) return
    if (task.kind === 'load' && beginLoad(groups, task, context)) {
      context.setTimer('loadGroups', 0, loadUs(self, task))
      return
    }
    if (task.kind === 'unload') unload(self, task.partition, context)
    groups.tasks.shift()
  }
}

function beginLoad(groups: GroupCoordinator, task: OwnershipTask, context: BrokerContext): boolean {
  const known = groups.epochs[task.partition] ?? -1
  if (context.guard(Guard.coordinatorEpoch, task.leaderEpoch <= known)) return false
  groups.epochs[task.partition] = Math.max(known, task.leaderEpoch)
  groups.ownership[task.partition] = 'loading'
  context.probe(Probe.loading, task.partition)
  return true
}

/** Each batch takes its time, and so does each further read that fills the buffer. */
function loadUs(self: Broker, task: OwnershipTask): number {
  const { config, loadUsPerEntry } = self.groups
  const entries = entriesOf(self, task.partition)
  let bytes = 0
  for (const { batch } of entries) bytes += batch.bytes
  const fills = Math.ceil(bytes / config.offsetsLoadBufferSize)
  // A batch larger than the buffer is read as a whole.
  const reads = Math.max(0, Math.min(fills, entries.length) - 1)
  return entries.length * loadUsPerEntry + reads * READ_US
}

/** A read of the log from a disk, beyond the first. */
const READ_US = 2_000

function entriesOf(self: Broker, partition: number): readonly LogEntry[] {
  const groups = self.groups
  return groups.log.entries(self, partitionId(groups.topic, partition)) ?? []
}

function load(self: Broker, task: OwnershipTask, context: BrokerContext): void {
  const groups = self.groups
  const stored = readLog(entriesOf(self, task.partition))
  groups.ownership[task.partition] = 'owned'
  for (const [groupId, state] of stored) {
    // A group that is known already goes on as it is: its coordinator has only a newer epoch.
    if (groups.groups.has(groupId)) continue
    const group = restoreGroup(groupId, task.partition, state)
    groups.groups.set(groupId, group)
    context.probe(Probe.loaded, group.partition)
    if (group.members.size > groups.config.groupMaxSize) maybeRebalance(self, group, context)
    for (const member of group.members.values()) renewSession(groups, member, context)
  }
}

function unload(self: Broker, partition: number, context: BrokerContext): void {
  const groups = self.groups
  groups.ownership[partition] = 'none'
  for (const group of groups.groups.values()) {
    if (group.partition !== partition) continue
    clearDeadlines(groups, group)
    group.phase = 'Dead'
    sendAway(self, group, context)
    groups.groups.delete(group.id)
    context.probe(Probe.unloaded, partition)
  }
  armTimer(groups, context)
}

/** Everyone who waits for an answer has to look for the new coordinator. */
function sendAway(self: Broker, group: Group, context: BrokerContext): void {
  for (const member of group.members.values()) {
    const refusal = { member, error: 'NOT_COORDINATOR', memberId: member.id } as const
    refuseParkedJoin(self, group, refusal, context)
    const asked = member.awaitingSync
    member.awaitingSync = null
    if (asked !== null) refuseSync(self, asked, 'NOT_COORDINATOR', context)
  }
}

/** What a log says about one group: the last of each kind of record. */
export interface StoredGroup {
  record: GroupRecord | null
  readonly offsets: Map<PartitionId, CommittedOffset>
}

/** The groups of a partition, from all of its log. */
export function readLog(entries: readonly LogEntry[]): ReadonlyMap<string, StoredGroup> {
  const stored = new Map<string, StoredGroup>()
  for (const entry of entries) {
    for (const { value } of recordsOf(entry.batch)) {
      const record = value as CoordinatorRecord
      let group = stored.get(record.groupId)
      if (group === undefined) {
        group = { record: null, offsets: new Map() }
        stored.set(record.groupId, group)
      }
      if (record.kind === 'group') {
        group.record = record
      } else {
        const { partition, offset, leaderEpoch } = record
        if (offset === FORGOTTEN) group.offsets.delete(partition)
        else group.offsets.set(partition, { offset, leaderEpoch, logOffset: entry.baseOffset })
      }
    }
  }
  return stored
}

/** A group as its new coordinator begins with it: stable or empty, nothing under way. */
export function restoreGroup(id: string, partition: number, stored: StoredGroup): Group {
  const group = createGroup(id, partition)
  for (const [committed, offset] of stored.offsets) group.offsets.set(committed, offset)
  const { record } = stored
  if (record === null) return group
  group.generation = record.generation
  group.protocolType = record.protocolType
  group.protocolName = record.protocolName
  group.leader = record.leader
  for (const row of record.members) {
    const protocols = [{ name: record.protocolName ?? '', subscription: row.subscription }]
    const { id, clientId, instanceId, sessionTimeoutMs, rebalanceTimeoutMs } = row
    const member = createMember(group, {
      id,
      clientId,
      instanceId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocols,
    })
    member.assignment = row.assignment
    addMember(group, member, record.protocolType ?? '')
  }
  if (group.members.size > 0) group.phase = 'Stable'
  return group
}
