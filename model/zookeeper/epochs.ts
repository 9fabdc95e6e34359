/**
 * The two epochs a server keeps on disk (KB Z21, Z22).
 *
 * `acceptedEpoch` is a promise to follow no older leader; `currentEpoch` says whose history the log
 * holds, and is written only when that history is on the platter.
 */

import type { Disk } from '../../sim/disk.ts'
import type { ServerContext, ZooKeeperServer } from './server-state.ts'

const epochBytes = 8

export function storedEpochs(disk: Disk): { acceptedEpoch: number; currentEpoch: number } {
  return {
    acceptedEpoch: disk.value<number>('acceptedEpoch') ?? 0,
    currentEpoch: disk.value<number>('currentEpoch') ?? 0,
  }
}

export function acceptEpoch(self: ZooKeeperServer, epoch: number, context: ServerContext): void {
  self.acceptedEpoch = epoch
  self.recorder.witness?.accepted(self.config.id, epoch)
  store(self.disk, 'acceptedEpoch', epoch, context)
}

export function enterEpoch(self: ZooKeeperServer, epoch: number, context: ServerContext): void {
  self.currentEpoch = epoch
  self.recorder.witness?.entered(self.config.id, epoch)
  store(self.disk, 'currentEpoch', epoch, context)
}

function store(disk: Disk, file: string, epoch: number, context: ServerContext): void {
  if (disk.replace(file, epoch, epochBytes) !== 'ok') context.exit(`${file} cannot be written`)
}
