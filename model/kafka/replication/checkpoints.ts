/**
 * The checkpoint files of a log directory: high watermarks, recovery points, log starts (KB 1.1,
 * L1).
 *
 * Each is replaced as a whole and durable when written: pairs of partition and offset. Log starts
 * are written with the recovery points, where Kafka has a period of the same length for each.
 */

import type { PartitionId } from '../../record.ts'
import type { Disk } from '../../../sim/disk.ts'
import type { Broker } from '../broker-state.ts'
import type { LogDirectory } from './state.ts'

const HIGH_WATERMARKS = 'replication-offset-checkpoint'
const RECOVERY_POINTS = 'recovery-point-offset-checkpoint'
const LOG_STARTS = 'log-start-offset-checkpoint'
/** Written last by a clean stop, removed at start, so that a crash while loading counts as one. */
const CLEAN_SHUTDOWN = '.kafka_cleanshutdown'

const LINE_BYTES = 24

export interface Checkpoints {
  readonly highWatermarks: ReadonlyMap<PartitionId, number>
  readonly recoveryPoints: ReadonlyMap<PartitionId, number>
  readonly logStarts: ReadonlyMap<PartitionId, number>
  readonly cleanShutdown: boolean
}

/** Reads the checkpoints of a directory and takes the mark of a clean stop away. */
export function takeCheckpoints(disk: Disk): Checkpoints {
  const cleanShutdown = disk.value<boolean>(CLEAN_SHUTDOWN) === true
  disk.remove(CLEAN_SHUTDOWN)
  return {
    highWatermarks: pairs(disk.value<readonly number[]>(HIGH_WATERMARKS)),
    recoveryPoints: pairs(disk.value<readonly number[]>(RECOVERY_POINTS)),
    logStarts: pairs(disk.value<readonly number[]>(LOG_STARTS)),
    cleanShutdown,
  }
}

function pairs(flat: readonly number[] = []): ReadonlyMap<PartitionId, number> {
  const offsets = new Map<PartitionId, number>()
  for (let index = 0; index + 1 < flat.length; index += 2) {
    offsets.set(flat[index] as PartitionId, flat[index + 1] as number)
  }
  return offsets
}

/** Writes the high watermarks of every directory in which one has changed (KB L10). */
export function writeHighWatermarks(self: Broker): void {
  for (const directory of self.replicas.directories) {
    if (!directory.checkpointDue || directory.offline) continue
    directory.checkpointDue = false
    const flat: number[] = []
    for (const { id, log } of directory.partitions) flat.push(id, log.highWatermark)
    directory.disk.replace(HIGH_WATERMARKS, flat, (flat.length / 2) * LINE_BYTES)
  }
}

export function writeRecoveryPoints(directory: LogDirectory): void {
  if (directory.offline) return
  const flat: number[] = []
  for (const { id, log } of directory.partitions) flat.push(id, log.recoveryPoint)
  directory.disk.replace(RECOVERY_POINTS, flat, (flat.length / 2) * LINE_BYTES)
}

/** Only of logs that start inside of a segment: the others find their start by themselves. */
export function writeLogStarts({ disk, offline, partitions }: LogDirectory): void {
  if (offline) return
  const flat: number[] = []
  for (const { id, log } of partitions) if (log.startsInside) flat.push(id, log.startOffset)
  if (flat.length === 0 && disk.value(LOG_STARTS) === undefined) return
  disk.replace(LOG_STARTS, flat, (flat.length / 2) * LINE_BYTES)
}

export function markCleanShutdown(directory: LogDirectory): void {
  directory.disk.replace(CLEAN_SHUTDOWN, true, 1)
}
