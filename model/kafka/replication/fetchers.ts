/**
 * Which fetcher copies which partition (KB F12): one a leader and fetcher number.
 *
 * Changes here are memory only; fetcher.ts does the asking.
 */

import { partitionOf } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { FetchPhase, Fetcher, Partition } from './state.ts'

/** Begins to copy a partition from its leader. */
export function follow(
  self: Broker,
  partition: Partition,
  from: { readonly phase: FetchPhase; readonly offset: number },
): Fetcher {
  const fetcher = fetcherFor(self, partition)
  partition.fetcher = fetcher
  partition.phase = from.phase
  partition.fetchOffset = from.offset
  partition.initialFetchOffset = from.offset
  partition.lastFetchedEpoch = partition.log.epochs.latest
  partition.asked = -1
  partition.leaderEnd = -1
  partition.delayedUntilUs = 0
  partition.fetchRow = null
  fetcher.partitions.push(partition)
  fetcher.rows = null
  return fetcher
}

/** Stops copying a partition; an answer under way will not count for it. */
export function unfollow(partition: Partition): void {
  const { fetcher } = partition
  partition.phase = 'stopped'
  partition.asked = -1
  partition.fetcher = null
  partition.fetchRow = null
  if (fetcher === null) return
  fetcher.partitions.splice(fetcher.partitions.indexOf(partition), 1)
  fetcher.rows = null
}

/** Ends the connections of fetchers that have nothing left to copy. */
export function closeIdleFetchers(self: Broker, context: BrokerContext): void {
  for (const fetcher of self.replicas.fetchers) {
    if (fetcher.partitions.length > 0 || fetcher.connection === null) continue
    context.close(fetcher.connection)
    fetcher.connection = null
    fetcher.inFlight = -1
  }
}

function fetcherFor(self: Broker, partition: Partition): Fetcher {
  const perLeader = self.options.config.numReplicaFetchers
  const index = partition.leader * perLeader + fetcherNumber(partition, perLeader)
  const { fetchers } = self.replicas
  while (fetchers.length <= index) {
    const next = fetchers.length
    fetchers.push(idleFetcher(next, Math.floor(next / perLeader)))
  }
  return fetchers[index] as Fetcher
}

function idleFetcher(index: number, leader: number): Fetcher {
  return {
    part: 'fetcher',
    index,
    leader,
    connection: null,
    partitions: [],
    inFlight: -1,
    asking: 'fetch',
    sentUs: 0,
    watched: false,
    backOffUntilUs: 0,
    rows: null,
    rowsUntilUs: Infinity,
  }
}

/** |31 × hash(topic) + partition| mod num.replica.fetchers, with Java's hash of a string. */
function fetcherNumber(partition: Partition, perLeader: number): number {
  if (perLeader === 1) return 0
  const topic = partition.name.slice(0, partition.name.lastIndexOf('-'))
  let hash = 0
  for (let index = 0; index < topic.length; index += 1) {
    hash = (Math.imul(31, hash) + topic.charCodeAt(index)) | 0
  }
  return Math.abs((Math.imul(31, hash) + partitionOf(partition.id)) | 0) % perLeader
}
