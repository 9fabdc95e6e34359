/**
 * Bringing logs onto the platter: on roll in the background, and where a topic is configured to
 * flush, on the append path or by time (KB L7, L8).
 *
 * By default nothing on the way of a record waits for a disk: durability is replication (KB L9).
 * Each sync has a ticket; a ticket that somebody waits for also names what goes on afterwards.
 */

import type { IoOutcome } from '../../../sim/disk.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { failDirectory } from './offline.ts'
import { Probe } from './probes.ts'
import type { Fetcher, Partition, PendingAppend, ReplicaIo } from './state.ts'

/** flush.messages is reached (9,223,372,036,854,775,807 by default: never). */
export function isFlushDue(partition: Partition): boolean {
  return partition.log.unflushedRecords >= partition.config.flushMessages
}

/** Begins a new segment and syncs the one before, which nobody waits for (KB L7). */
export function rollInBackground(self: Broker, partition: Partition, context: BrokerContext): void {
  partition.log.roll()
  context.probe(Probe.logRolled, partition.id)
  startSync(self, partition, 'rolled')
}

/** The thread that appended waits for the next log that has to be synced (KB L8). */
export function flushBeforeAnswer(
  self: Broker,
  append: PendingAppend,
  context: BrokerContext,
): void {
  const partition = append.unsynced.pop()
  if (partition === undefined) return
  const ticket = startSync(self, partition, 'flushed')
  self.replicas.afterFlush.set(ticket, { kind: 'produce', append })
  context.hold('flushed', ticket)
}

/** A fetcher waits for its log before it asks on, which is what acknowledges the data. */
export function flushBeforeFetch(
  self: Broker,
  fetcher: Fetcher,
  partition: Partition,
  context: BrokerContext,
): void {
  const ticket = startSync(self, partition, 'flushed')
  self.replicas.afterFlush.set(ticket, { kind: 'fetcher', fetcher })
  context.hold('flushed', ticket)
}

/** Timer `flushLogs`: flush.ms, looked at every log.flush.scheduler.interval.ms. */
export function flushByTime(self: Broker, context: BrokerContext): void {
  const nowMs = context.wallMs()
  for (const partition of self.replicas.partitions.values()) {
    const { log, config } = partition
    if (partition.role === 'offline' || log.unflushedRecords === 0) continue
    if (nowMs - log.lastFlushMs >= config.flushMs) startSync(self, partition, 'rolled')
  }
}

/** A sync is over. */
export function onSynced(
  self: Broker,
  ticket: number,
  outcome: IoOutcome,
  context: BrokerContext,
): void {
  const flush = self.replicas.flushes.get(ticket)
  self.replicas.flushes.delete(ticket)
  if (flush === undefined) return
  if (outcome === 'ok') flush.partition.log.flushedTo(flush.upTo, context.wallMs())
  else failDirectory(self, flush.partition.directory, context)
}

export function startSync(self: Broker, partition: Partition, io: ReplicaIo): number {
  const { replicas } = self
  const ticket = replicas.nextTicket++
  replicas.flushes.set(ticket, { partition, upTo: partition.log.endOffset })
  partition.log.disk.sync(partition.log.file, io, ticket)
  return ticket
}
