/**
 * A log directory that cannot be written: all its replicas go offline with it (KB L12).
 *
 * The broker goes on with its other directories, of which it tells the controller by ZooKeeper, and
 * ends itself when none is left.
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { completeFetches } from './fetch-purgatory.ts'
import { unfollow } from './fetchers.ts'
import { Probe } from './probes.ts'
import { checkProduces } from './produce-purgatory.ts'
import type { LogDirectory, Partition } from './state.ts'

export function failDirectory(self: Broker, directory: LogDirectory, context: BrokerContext): void {
  if (directory.offline) return
  directory.offline = true
  for (const partition of directory.partitions) takeOffline(self, partition, context)
  if (self.replicas.directories.every((one) => one.offline)) {
    context.exit('every log directory is offline')
  } else {
    self.replicas.hooks.directoryFailed(self, context)
  }
}

function takeOffline(self: Broker, partition: Partition, context: BrokerContext): void {
  const { facts, id } = self.options
  if (partition.role === 'leader') facts?.ledUntil(id, partition.id)
  unfollow(partition)
  partition.role = 'offline'
  context.probe(Probe.logDirectoryFailed, partition.id)
  checkProduces(self, partition, context)
  completeFetches(self, partition, context)
}
