/**
 * Failed log directories: how the controller learns of them, and what it does (KB L12, C6, C16).
 *
 * Follows LogDirEventNotification: the broker writes a sequential node with its id; the controller
 * asks it with a LeaderAndIsr for all its replicas, and those it answers with a storage error for
 * are offline until the broker registers anew. What they led is led by others then.
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import { submit } from '../../zookeeper/client.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { LeaderAndIsrResponse, PartitionState } from '../messages.ts'
import { flushBatch, tellReplicas } from './control-batch.ts'
import { onControlResponse } from './control-channels.ts'
import { withoutReplica } from './election.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Probe } from './probes.ts'
import { changeStates, type LeaderAndIsr } from './state-changes.ts'
import type { PartitionRecord } from './state.ts'
import { electOffline } from './transitions.ts'
import { createNode, LOG_DIR_EVENTS_PATH } from './znodes.ts'

const EVENT_BYTES = 40
/** Belongs to no attempt of the registration: nobody waits for the outcome. */
const UNHEARD_TOKEN = -1

/** A broker tells that one of its directories has failed. */
export function notifyFailedDirectory(self: Broker, context: BrokerContext): void {
  const node = createNode(
    `${LOG_DIR_EVENTS_PATH}/log_dir_event_`,
    self.options.id,
    EVENT_BYTES,
    'persistent-sequential',
  )
  submit(self.zookeeper, node, UNHEARD_TOKEN, context)
}

/** The watch on the notifications fired. */
export function logDirectoriesChanged(self: Broker, context: BrokerContext): void {
  enqueue(self, {
    name: 'logDirEventNotification',
    run: () => {
      if (self.controller.active) readEvents(self, () => finish(self), context)
      else finish(self)
    },
    drop: null,
  })
}

/** Watches and reads the notifications, asks the brokers they name, and deletes them. */
export function readEvents(self: Broker, done: () => void, context: BrokerContext): void {
  const list = { op: 'getChildren', path: LOG_DIR_EVENTS_PATH, watch: true } as const
  const listed = ([result]: readonly ZooKeeperResult[]): void => {
    const paths = (result?.children ?? []).map((child) => `${LOG_DIR_EVENTS_PATH}/${child}`)
    if (paths.length === 0) {
      done()
      return
    }
    const reads = paths.map((path) => ({ op: 'getData', path, watch: false }) as const)
    ask(self, reads, (results) => askBrokers(self, { paths, results }, done, context), context)
  }
  ask(self, [list], listed, context)
}

function askBrokers(
  self: Broker,
  events: { readonly paths: readonly string[]; readonly results: readonly ZooKeeperResult[] },
  done: () => void,
  context: BrokerContext,
): void {
  const brokers = new Set<number>()
  for (const { error, data } of events.results) if (error === 'OK') brokers.add(data as number)
  for (const broker of brokers) {
    context.probe(Probe.logDirectoryEvent, broker)
    for (const record of self.controller.partitions.values()) {
      if (record.state === null || !record.replicas.includes(broker)) continue
      tellReplicas(self, [broker], record, false)
    }
  }
  flushBatch(self, context)
  const deletes: ZooKeeperOperation[] = events.paths.map((path) => ({
    op: 'delete',
    path,
    version: -1,
  }))
  ask(self, deletes, () => done(), context)
}

/** The answer names the replicas that the broker cannot serve any more. */
export function onLeaderAndIsrResponse(
  self: Broker,
  response: LeaderAndIsrResponse,
  connection: Connection,
  context: BrokerContext,
): void {
  const broker = onControlResponse(self, response, connection, context)
  if (broker === -1) return
  const failed = response.partitions
    .filter(({ error }) => error === 'KAFKA_STORAGE_ERROR')
    .map(({ partition }) => partition)
  if (failed.length === 0) return
  enqueue(self, {
    name: 'replicasBecomeOffline',
    run: () => takeOffline(self, broker, failed, context),
    drop: null,
  })
}

function takeOffline(
  self: Broker,
  broker: number,
  failed: readonly PartitionId[],
  context: BrokerContext,
): void {
  const { active, live, offlineReplicas, partitions } = self.controller
  const known = offlineReplicas.get(broker) ?? new Set()
  const fresh = failed.filter((partition) => !known.has(partition))
  if (!active || !live.has(broker) || fresh.length === 0) {
    finish(self)
    return
  }
  offlineReplicas.set(broker, known)
  const led: PartitionId[] = []
  for (const partition of fresh) {
    known.add(partition)
    const record = partitions.get(partition)
    context.probe(Probe.replicaOffline, partition)
    if (record === undefined || record.state?.leader !== broker) continue
    record.status = 'offline'
    led.push(partition)
  }
  const done = (): void => {
    flushBatch(self, context)
    finish(self)
  }
  const elected = (): void => {
    flushBatch(self, context)
    leaveIsrs(self, { broker, partitions: fresh }, done, context)
  }
  electOffline(self, { partitions: led, unclean: 'by-topic', done: elected }, context)
}

function leaveIsrs(
  self: Broker,
  what: { readonly broker: number; readonly partitions: readonly PartitionId[] },
  done: () => void,
  context: BrokerContext,
): void {
  const { broker, partitions } = what
  const decide = (_record: PartitionRecord, state: PartitionState): LeaderAndIsr | null =>
    withoutReplica(state, broker)
  const written = (record: PartitionRecord): void => {
    if (record.state?.leader === -1) record.status = 'offline'
    const others = record.replicas.filter((replica) => replica !== broker)
    tellReplicas(self, others, record, false)
  }
  changeStates(self, { partitions, decide, written, done }, context)
}
