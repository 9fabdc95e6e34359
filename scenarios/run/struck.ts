/**
 * What the harness knows of a fault beyond the processes it strikes: disks that no longer hold what
 * truth believes, and hosts that nobody will mend.
 */

import { type LogEntry, partitionId, type PartitionId } from '../../model/record.ts'
import type { HostFault } from '../../sim/faults.ts'
import type { SimulatedDisk } from '../../sim/simulated-disk.ts'
import type { Cluster } from './cluster.ts'

const LOG_FILE = '/log'

/** Called before a fault strikes; gives what is to be told of it afterwards. */
export function tellTruth(cluster: Cluster, fault: HostFault): () => void {
  if (fault.kind !== 'wipe' && fault.kind !== 'bit-rot') return () => {}
  const { truth } = cluster
  const logs = fault.hosts.flatMap((host) => logsOf(cluster, host, fault.disk))
  if (fault.kind === 'wipe') {
    return () => logs.forEach(({ broker, partition }) => truth.diskWiped(broker, partition))
  }
  return () => {
    for (const { broker, partition, disk, file } of logs) {
      const entries = disk.entries(file) as readonly LogEntry[]
      const first = entries.find((_entry, index) => disk.rotten(file, index))
      if (first !== undefined) truth.diskRotted(broker, partition, first.baseOffset)
    }
  }
}

interface StoredLog {
  readonly broker: number
  readonly partition: PartitionId
  readonly disk: SimulatedDisk
  readonly file: string
}

function logsOf(cluster: Cluster, host: string, number: number | null): StoredLog[] {
  const broker = cluster.brokers.find(({ name }) => name === host)?.id
  if (broker === undefined) return []
  const disks = cluster.world.host(host).disks
  const struck = number === null ? disks : disks.filter((_disk, index) => index === number)
  return struck.flatMap((disk) =>
    disk.files().flatMap((file) => {
      const partition = partitionOf(cluster, file)
      return partition === undefined ? [] : [{ broker, partition, disk, file }]
    }),
  )
}

function partitionOf({ topics }: Cluster, file: string): PartitionId | undefined {
  if (!file.endsWith(LOG_FILE)) return undefined
  const name = file.slice(0, -LOG_FILE.length)
  const dash = name.lastIndexOf('-')
  const topic = topics.id(name.slice(0, dash))
  return topic === undefined ? undefined : partitionId(topic, Number(name.slice(dash + 1)))
}

/** Nobody waits any more for members on these hosts: a permanent fault has struck them. */
export function freeze({ groups }: Cluster, hosts: readonly string[]): void {
  for (const group of groups) {
    for (const name of group.members) if (hosts.includes(name)) group.stopped.add(name)
  }
}
