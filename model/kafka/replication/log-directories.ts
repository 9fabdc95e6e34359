/**
 * The log directories of a broker, one a disk: loading them, placing new logs, losing one.
 *
 * Loading follows KB L13–L15: after an unclean stop the tail is checked and a torn batch cut; the
 * epoch cache and the producers are derived from what is left. A directory that fails to write
 * goes offline with all its replicas (KB L12). Left out: the time that loading takes.
 */

import { type LogEntry, partitionId, type PartitionId } from '../../record.ts'
import type { Disk } from '../../../sim/disk.ts'
import type { BrokerContext, BrokerOptions } from '../broker-state.ts'
import type { Topics } from '../topics.ts'
import { takeCheckpoints, type Checkpoints } from './checkpoints.ts'
import { Guard } from './guards.ts'
import { createPartition } from './partition.ts'
import { Probe } from './probes.ts'
import type { LogDirectory, Partition } from './state.ts'

const LOG_FILE = '/log'
const LOCK_FILE = '.lock'

/** Opens every directory and all logs in it; replicas get their roles from the controller. */
export function openDirectories(
  options: BrokerOptions,
  context: BrokerContext,
): readonly LogDirectory[] {
  return context.disks.map((disk) => openDirectory(options, disk, context))
}

function openDirectory(options: BrokerOptions, disk: Disk, context: BrokerContext): LogDirectory {
  const directory: LogDirectory = { disk, offline: false, partitions: [], checkpointDue: false }
  // Kafka locks a directory first: one that cannot be written is offline from the start.
  if (disk.replace(LOCK_FILE, true, 0) !== 'ok') {
    directory.offline = true
    return directory
  }
  const checkpoints = takeCheckpoints(disk)
  for (const file of disk.files()) {
    const id = partitionOfFile(options.topics, file)
    if (id === undefined) continue
    if (!checkpoints.cleanShutdown) cutTornTail(disk, file, id, context)
    const partition = createPartition(options, directory, id)
    if (!checkpoints.cleanShutdown) {
      cutRottenTail(partition, checkpoints, context)
      tellDamaged(options, partition, checkpoints)
    }
    resume(options, partition, checkpoints, context)
  }
  return directory
}

/** The partition whose log this file is; undefined for other files. */
function partitionOfFile(topics: Topics, file: string): PartitionId | undefined {
  if (!file.endsWith(LOG_FILE)) return undefined
  const name = file.slice(0, -LOG_FILE.length)
  const dash = name.lastIndexOf('-')
  const topic = topics.id(name.slice(0, dash))
  return topic === undefined ? undefined : partitionId(topic, Number(name.slice(dash + 1)))
}

function cutTornTail(disk: Disk, file: string, id: PartitionId, context: BrokerContext): void {
  if (!context.guard(Guard.tornTail, disk.torn(file))) return
  disk.truncate(file, disk.entries(file).length - 1)
  context.probe(Probe.logUnsyncedLost, id)
}

/**
 * From the segment of the recovery point on every batch is read: the first whose checksum fails
 * ends the log. What lies before is trusted, rotten or not (KB L13).
 */
function cutRottenTail(
  { id, log }: Partition,
  { recoveryPoints }: Checkpoints,
  context: BrokerContext,
): void {
  const scanned = log.segmentOf(recoveryPoints.get(id) ?? 0)
  const index = log.firstRotten(scanned)
  if (!context.guard(Guard.rottenTail, index !== -1)) return
  log.truncateTo((log.entries[index] as LogEntry).baseOffset)
  context.probe(Probe.logUnsyncedLost, id)
}

/** An observer hears of what was checked and stays although it does not read as it was written. */
function tellDamaged(
  { facts, id }: BrokerOptions,
  { id: partition, log }: Partition,
  { recoveryPoints }: Checkpoints,
): void {
  if (facts === null) return
  const torn = log.disk.torn(log.file) ? log.entries.length - 1 : -1
  const rotten = log.firstRotten(log.segmentOf(recoveryPoints.get(partition) ?? 0))
  const entry = log.entries[rotten === -1 ? torn : rotten]
  if (entry !== undefined) facts.damaged(id, partition, entry.baseOffset)
}

/** Takes up the offsets that the checkpoints kept, as far as the log still reaches. */
function resume(
  options: BrokerOptions,
  partition: Partition,
  checkpoints: Checkpoints,
  context: BrokerContext,
): void {
  const { log, id } = partition
  const highWatermark = checkpoints.highWatermarks.get(id) ?? 0
  const recoveryPoint = checkpoints.recoveryPoints.get(id) ?? 0
  log.resumeStart(checkpoints.logStarts.get(id) ?? 0)
  log.highWatermark = Math.max(log.startOffset, Math.min(highWatermark, log.endOffset))
  log.producers.expire(context.wallMs(), options.config.producerIdExpirationMs)
  log.lastFlushMs = context.wallMs()
  log.flushedTo(checkpoints.cleanShutdown ? log.endOffset : recoveryPoint, context.wallMs())
  if (checkpoints.cleanShutdown) return
  if (log.endOffset < Math.max(highWatermark, recoveryPoint)) {
    context.probe(Probe.logUnsyncedLost, id)
  }
}

/** Where a new log goes: the directory with the fewest; undefined if all are offline. */
export function directoryForNew(directories: readonly LogDirectory[]): LogDirectory | undefined {
  let best: LogDirectory | undefined
  for (const directory of directories) {
    if (directory.offline) continue
    if (best === undefined || directory.partitions.length < best.partitions.length) best = directory
  }
  return best
}

/** Takes a replica out of its directory's list. */
export function forgetInDirectory(partition: Partition): void {
  const { partitions } = partition.directory
  partitions.splice(partitions.indexOf(partition), 1)
}
