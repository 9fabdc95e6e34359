/**
 * Fetch requests of followers and consumers (KB 3.1).
 *
 * A follower's fetch is also its acknowledgement of what it has: that is noted once, at its first
 * read (KB F7), after the answer has taken the watermark from before (KB F8).
 */

import type { Connection } from '../../../sim/process.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { FetchPartition, FetchRequest } from '../messages.ts'
import { respond } from '../respond.ts'
import { awaitData, waitAsReader } from './fetch-purgatory.ts'
import { isReady, readAll } from './fetch-read.ts'
import { noteFollowerFetch } from './isr.ts'
import { remoteOf } from './partition.ts'
import { tellCoordinators } from './produce-purgatory.ts'
import type { DelayedFetch } from './state.ts'

export function onFetchRequest(
  self: Broker,
  request: FetchRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  context.mute(connection)
  const deadlineUs = context.monotonicUs() + request.maxWaitMs * 1000
  const fetch: DelayedFetch = {
    request,
    connection,
    deadlineUs,
    done: false,
    budget: 0,
    gaveNothing: true,
  }
  const atOnce = request.maxWaitMs <= 0 || request.partitions.length === 0
  if (atOnce || isReady(self, request, context)) {
    respond(self, connection, readAll(self, fetch, noteFollowerFetch, context), context)
  } else {
    park(self, fetch, context)
  }
  tellCoordinators(self, context)
}

function park(self: Broker, fetch: DelayedFetch, context: BrokerContext): void {
  const { request } = fetch
  for (let index = 0; index < request.partitions.length; index += 1) {
    const row = request.partitions[index] as FetchPartition
    const partition = self.replicas.partitions.get(row.partition)
    if (partition === undefined) continue
    if (request.replicaId < 0) {
      waitAsReader(partition, fetch)
      continue
    }
    const remote = remoteOf(partition, request.replicaId)
    if (remote === undefined) continue
    remote.parked = fetch
    remote.fetchOffset = row.fetchOffset
    noteFollowerFetch(self, partition, remote, context)
  }
  awaitData(self, fetch, context)
}
