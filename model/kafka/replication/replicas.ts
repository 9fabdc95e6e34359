/**
 * The replica manager as a part of a broker: its state at start, its handlers and timers (KB 1–3).
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Behaviour, Connection } from '../../../sim/process.ts'
import type { LogEntry, PartitionId } from '../../record.ts'
import type {
  Broker,
  BrokerContext,
  BrokerIo,
  BrokerOptions,
  BrokerTimer,
} from '../broker-state.ts'
import type { ToBroker } from '../messages.ts'
import {
  alterPartitionClosed,
  onAlterPartitionResponse,
  openAlterPartitionChannel,
  sendAlterPartition,
  timeOutAlterPartition,
} from './alter-partition.ts'
import { acknowledge } from './append.ts'
import {
  markCleanShutdown,
  writeHighWatermarks,
  writeLogStarts,
  writeRecoveryPoints,
} from './checkpoints.ts'
import { onLeaderAndIsrRequest, onStopReplicaRequest } from './control-requests.ts'
import { Deadlines } from './deadlines.ts'
import { completeFetches, expireFetches } from './fetch-purgatory.ts'
import {
  goOn,
  onFetchResponse,
  onListOffsetsResponse,
  onOffsetForLeaderEpochResponse,
} from './fetch-response.ts'
import { onFetchRequest } from './fetch.ts'
import { fetcherClosed, pump, watchRequest } from './fetcher.ts'
import { closeIdleFetchers, unfollow } from './fetchers.ts'
import { flushBeforeAnswer, flushByTime, onSynced, startSync } from './flush.ts'
import { shrinkIsrs } from './isr.ts'
import { propagateIsr } from './isr-by-znode.ts'
import { openDirectories } from './log-directories.ts'
import { onListOffsetsRequest, onOffsetForLeaderEpochRequest } from './offsets.ts'
import { PartitionTable } from './partition-table.ts'
import { checkProduces, expireProduces, tellCoordinators } from './produce-purgatory.ts'
import { onProduceRequest } from './produce.ts'
import { deleteExpired, mayExpire } from './retention.ts'
import type { Fetcher, ReplicaHooks, ReplicaIo, ReplicaManager, ReplicaTimer } from './state.ts'
import { truncationAt } from './truncation.ts'

export { appendAsCoordinator } from './produce.ts'

type BrokerBehaviour = Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>

/** Periods of this length and more mean never: Kafka's default is the largest long. */
const NEVER_MS = 1e15

/** A replica manager with the logs that the disks kept, and no roles yet. */
export function startReplicas(
  options: BrokerOptions,
  hooks: ReplicaHooks,
  context: BrokerContext,
): ReplicaManager {
  const directories = openDirectories(options, context)
  if (directories.every(({ offline }) => offline)) context.exit('every log directory is offline')
  const partitions = new PartitionTable()
  for (const directory of directories) {
    for (const partition of directory.partitions) partitions.add(partition)
  }
  startTimers(options, context)
  tellLoaded(options, partitions)
  return {
    hooks,
    truncation: truncationAt(options.protocols.truncation),
    directories,
    partitions,
    controllerEpoch: 0,
    delayedFetches: new Deadlines(),
    delayedProduces: new Deadlines(),
    coordinatorAppends: [],
    fetchers: [],
    alterPartition: openAlterPartitionChannel(),
    isrWrites: new Map(),
    nextIsrToken: 0,
    isrChanges: new Set(),
    lastIsrChangeUs: 0,
    lastIsrWordUs: 0,
    flushes: new Map(),
    afterFlush: new Map(),
    nextTicket: 0,
    nextCorrelationId: 0,
    closing: 0,
    checksRetention: mayExpire(options),
  }
}

function startTimers(options: BrokerOptions, context: BrokerContext): void {
  const { config } = options
  context.setTimer('shrinkIsr', 0, shrinkPeriodUs(options))
  context.setTimer(
    'checkpointHighWatermarks',
    0,
    config.replicaHighWatermarkCheckpointIntervalMs * 1000,
  )
  const initialDelayUs = config.logInitialTaskDelayMs * 1000
  context.setTimer('checkpointRecoveryPoints', 0, initialDelayUs)
  if (mayExpire(options)) context.setTimer('checkRetention', 0, initialDelayUs)
  context.setTimer('expireProducerIds', 0, config.producerIdExpirationCheckIntervalMs * 1000)
  if (config.logFlushSchedulerIntervalMs < NEVER_MS) {
    context.setTimer('flushLogs', 0, config.logFlushSchedulerIntervalMs * 1000)
  }
}

function shrinkPeriodUs({ config }: BrokerOptions): number {
  return (config.replicaLagTimeMaxMs / 2) * 1000
}

/** An observer hears how long each log is now: it knows itself what the log was before. */
function tellLoaded(options: BrokerOptions, partitions: PartitionTable): void {
  const { facts, id } = options
  if (facts === null) return
  facts.brokerStarted(id)
  for (const { id: partition, log } of partitions.values()) {
    facts.lostUnsynced(id, partition, log.endOffset)
    if (log.startOffset > 0) facts.trimmed(id, partition, log.startOffset)
    facts.highWatermark(id, partition, log.highWatermark, -1)
  }
}

/** Messages that replication handles. */
export const replicaReceive: Pick<
  BrokerBehaviour['receive'],
  | 'ProduceRequest'
  | 'FetchRequest'
  | 'ListOffsetsRequest'
  | 'OffsetForLeaderEpochRequest'
  | 'LeaderAndIsrRequest'
  | 'StopReplicaRequest'
  | 'FetchResponse'
  | 'ListOffsetsResponse'
  | 'OffsetForLeaderEpochResponse'
  | 'AlterPartitionResponse'
> = {
  ProduceRequest: onProduceRequest,
  FetchRequest: onFetchRequest,
  ListOffsetsRequest: onListOffsetsRequest,
  OffsetForLeaderEpochRequest: onOffsetForLeaderEpochRequest,
  LeaderAndIsrRequest: onLeaderAndIsrRequest,
  StopReplicaRequest: onStopReplicaRequest,
  FetchResponse: onFetchResponse,
  ListOffsetsResponse: onListOffsetsResponse,
  OffsetForLeaderEpochResponse: onOffsetForLeaderEpochResponse,
  AlterPartitionResponse: onAlterPartitionResponse,
}

/** Timers of replication. */
export const replicaExpire: Pick<BrokerBehaviour['expire'], ReplicaTimer> = {
  expireFetches: (self, _key, context) => expireFetches(self, context),
  expireProduces: onExpireProduces,
  shrinkIsr: onShrinkIsr,
  checkpointHighWatermarks: onCheckpointHighWatermarks,
  checkpointRecoveryPoints: onCheckpointRecoveryPoints,
  expireProducerIds: onExpireProducerIds,
  checkRetention: onCheckRetention,
  flushLogs: onFlushLogs,
  fetch: onFetchTimer,
  timeOutFetch: onTimeOutFetch,
  sendAlterPartition: (self, _key, context) => sendAlterPartition(self, context),
  timeOutAlterPartition: (self, _key, context) => timeOutAlterPartition(self, context),
  propagateIsr: (self, _key, context) => propagateIsr(self, context),
}

/** Disk work of replication. */
export const replicaDone: Required<Pick<NonNullable<BrokerBehaviour['done']>, ReplicaIo>> = {
  flushed: onFlushed,
  rolled: onSynced,
  closedLogs: onClosedLog,
}

/**
 * True if the connection was one of replication's own: a fetcher's or the one to the controller.
 */
export function replicasClosed(
  self: Broker,
  connection: Connection,
  context: BrokerContext,
): boolean {
  return fetcherClosed(self, connection, context) || alterPartitionClosed(self, connection, context)
}

/** The local replica's log to its end; undefined if there is none. Read it, do not keep it. */
export function localLog(self: Broker, partition: PartitionId): readonly LogEntry[] | undefined {
  return self.replicas.partitions.get(partition)?.log.entries
}

/**
 * The logs' part of a clean stop (KB L16): watermarks, a sync of every log, recovery points, mark.
 * The process ends itself when all of it is on the platter.
 */
export function closeLogs(self: Broker, context: BrokerContext): void {
  const { replicas } = self
  writeHighWatermarks(self)
  for (const partition of replicas.partitions.values()) {
    if (partition.directory.offline) continue
    partition.log.snapshotProducers()
    startSync(self, partition, 'closedLogs')
    replicas.closing += 1
  }
  if (replicas.closing === 0) endCleanly(self, context)
}

/** The broker leads and copies nothing any more: it is about to end. */
export function giveUpRoles(self: Broker, context: BrokerContext): void {
  const { facts, id } = self.options
  for (const partition of self.replicas.partitions.values()) {
    unfollow(partition)
    if (partition.role === 'offline') continue
    if (partition.role === 'leader') facts?.ledUntil(id, partition.id)
    partition.role = 'none'
    checkProduces(self, partition, context)
    completeFetches(self, partition, context)
  }
  closeIdleFetchers(self, context)
  tellCoordinators(self, context)
}

function onClosedLog(
  self: Broker,
  ticket: number,
  outcome: 'ok' | 'io-error',
  context: BrokerContext,
): void {
  onSynced(self, ticket, outcome, context)
  self.replicas.closing -= 1
  if (self.replicas.closing === 0) endCleanly(self, context)
}

function endCleanly(self: Broker, context: BrokerContext): void {
  for (const directory of self.replicas.directories) {
    if (directory.offline) continue
    writeRecoveryPoints(directory)
    writeLogStarts(directory)
    markCleanShutdown(directory)
  }
  self.replicas.hooks.logsClosed(self, context)
}

function onExpireProduces(self: Broker, _key: number, context: BrokerContext): void {
  expireProduces(self, context)
  tellCoordinators(self, context)
}

function onShrinkIsr(self: Broker, _key: number, context: BrokerContext): void {
  shrinkIsrs(self, context)
  context.setTimer('shrinkIsr', 0, shrinkPeriodUs(self.options))
}

function onCheckpointHighWatermarks(self: Broker, _key: number, context: BrokerContext): void {
  writeHighWatermarks(self)
  const { replicaHighWatermarkCheckpointIntervalMs } = self.options.config
  context.setTimer('checkpointHighWatermarks', 0, replicaHighWatermarkCheckpointIntervalMs * 1000)
}

function onCheckpointRecoveryPoints(self: Broker, _key: number, context: BrokerContext): void {
  for (const directory of self.replicas.directories) {
    writeRecoveryPoints(directory)
    writeLogStarts(directory)
  }
  const { logFlushOffsetCheckpointIntervalMs } = self.options.config
  context.setTimer('checkpointRecoveryPoints', 0, logFlushOffsetCheckpointIntervalMs * 1000)
}

function onCheckRetention(self: Broker, _key: number, context: BrokerContext): void {
  deleteExpired(self, context)
  context.setTimer('checkRetention', 0, self.options.config.logRetentionCheckIntervalMs * 1000)
}

function onExpireProducerIds(self: Broker, _key: number, context: BrokerContext): void {
  const { producerIdExpirationMs, producerIdExpirationCheckIntervalMs } = self.options.config
  const nowMs = context.wallMs()
  for (const { log } of self.replicas.partitions.values()) {
    log.producers.expire(nowMs, producerIdExpirationMs)
  }
  context.setTimer('expireProducerIds', 0, producerIdExpirationCheckIntervalMs * 1000)
}

function onFlushLogs(self: Broker, _key: number, context: BrokerContext): void {
  flushByTime(self, context)
  context.setTimer('flushLogs', 0, self.options.config.logFlushSchedulerIntervalMs * 1000)
}

function onFetchTimer(self: Broker, index: number, context: BrokerContext): void {
  pump(self, fetcherAt(self, index), context)
}

function onTimeOutFetch(self: Broker, index: number, context: BrokerContext): void {
  watchRequest(self, fetcherAt(self, index), context)
}

function fetcherAt(self: Broker, index: number): Fetcher {
  const fetcher = self.replicas.fetchers[index]
  invariant(fetcher !== undefined, 'a timer belongs to a fetcher that exists')
  return fetcher
}

/** A flush that a thread waited for is over: the next one, or what comes after (KB L8). */
function onFlushed(
  self: Broker,
  ticket: number,
  outcome: 'ok' | 'io-error',
  context: BrokerContext,
): void {
  onSynced(self, ticket, outcome, context)
  const next = self.replicas.afterFlush.get(ticket)
  self.replicas.afterFlush.delete(ticket)
  if (next === undefined) return
  if (next.kind === 'fetcher') goOn(self, next.fetcher, true, context)
  else if (next.append.unsynced.length > 0) flushBeforeAnswer(self, next.append, context)
  else acknowledge(self, next.append, context)
}
