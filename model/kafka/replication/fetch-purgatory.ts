/**
 * Fetches that found too little and wait for more (KB F5–F8).
 *
 * A follower has at most one, kept with its remote replica; consumers' stand in a list of the
 * partition in which finished ones are replaced. On completion everything is read again, without
 * the side effects of the first read (KB F7).
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { respond } from '../respond.ts'
import { consumersEnd, isReady, readAll } from './fetch-read.ts'
import type { DelayedFetch, Partition, RemoteReplica } from './state.ts'

/** Adds a consumer's fetch to those that wait for a partition. */
export function waitAsReader(partition: Partition, fetch: DelayedFetch): void {
  const { fetches } = partition
  for (let index = 0; index < fetches.length; index += 1) {
    if (!(fetches[index] as DelayedFetch).done) continue
    fetches[index] = fetch
    return
  }
  fetches.push(fetch)
}

/** Lets a fetch wait until its time has come. */
export function awaitData(self: Broker, fetch: DelayedFetch, context: BrokerContext): void {
  if (self.replicas.delayedFetches.add(fetch)) armExpiry(self, context)
}

/** After the log grew, and with it the high watermark (`rose`) or not. */
export function checkFetches(
  self: Broker,
  partition: Partition,
  rose: boolean,
  context: BrokerContext,
): void {
  for (let index = 0; index < partition.remotes.length; index += 1) {
    const { parked } = partition.remotes[index] as RemoteReplica
    if (parked === null || parked.done) continue
    // Who waits for a byte has it now: what is found is judged once, when it is read.
    if (parked.request.minBytes <= 1) complete(self, parked, context)
    else completeIfReady(self, parked, context)
  }
  if (partition.fetches.length === 0) return
  // An append alone is nothing to readers, unless their log ends where the followers' does.
  const seen = rose || consumersEnd(partition, context) === partition.log.endOffset
  if (seen) checkReaders(self, partition, context)
}

/** After the high watermark rose: only readers see it (KB F8). */
export function checkReaders(self: Broker, partition: Partition, context: BrokerContext): void {
  for (let index = 0; index < partition.fetches.length; index += 1) {
    completeIfReady(self, partition.fetches[index] as DelayedFetch, context)
  }
}

/** After the role changed: whoever waits is told how things are now (KB P13). */
export function completeFetches(self: Broker, partition: Partition, context: BrokerContext): void {
  for (const { parked } of partition.remotes) {
    if (parked !== null && !parked.done) complete(self, parked, context)
  }
  for (const fetch of partition.fetches) if (!fetch.done) complete(self, fetch, context)
  partition.fetches.length = 0
}

/** Timer `expireFetches`. */
export function expireFetches(self: Broker, context: BrokerContext): void {
  const nowUs = context.monotonicUs()
  for (;;) {
    const fetch = self.replicas.delayedFetches.due(nowUs)
    if (fetch === undefined) break
    complete(self, fetch, context)
  }
  armExpiry(self, context)
}

function completeIfReady(self: Broker, fetch: DelayedFetch, context: BrokerContext): void {
  if (!fetch.done && isReady(self, fetch.request, context)) complete(self, fetch, context)
}

function complete(self: Broker, fetch: DelayedFetch, context: BrokerContext): void {
  fetch.done = true
  respond(self, fetch.connection, readAll(self, fetch, null, context), context)
}

function armExpiry(self: Broker, context: BrokerContext): void {
  const next = self.replicas.delayedFetches.next()
  if (next !== -1) context.setTimer('expireFetches', 0, next - context.monotonicUs())
}
