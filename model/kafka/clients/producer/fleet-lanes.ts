/**
 * The producers of a fleet: several, where one process stands for several clients.
 *
 * A broker takes one request of a connection at a time (KB R1). Clients have a connection each, so
 * their requests do not wait for each other; those of a fleet with a single producer would. So the
 * partitions of each leader are dealt to lanes: producers with connections, sequences and a share
 * of the clients' `buffer.memory` of their own. All records of a partition take one lane and keep
 * their order. There are no more lanes than clients. A long load has one, so that batches share
 * requests. Left out: the connections of clients beyond the lanes, which would wait even less.
 */

import type { Context } from '../../../../sim/process.ts'
import type { ProducerConfig } from '../../config/producer-config.ts'
import type { Topics } from '../../topics.ts'
import { flush, isQuiet, startProducer } from './producer.ts'
import type { Producer, ProducerListener } from './state.ts'

/** More would be handshakes without use: a lane carries a request every few ms. */
const LANES_MAX = 24

export interface LaneOptions {
  readonly clients: number
  readonly partitions: number
  /** Ids of the brokers to ask first. */
  readonly brokers: readonly number[]
  readonly config: ProducerConfig
  readonly topics: Topics
  /** At `producer.split=halves`. */
  readonly halves?: boolean
  /** It is told coarser (`fleet.ts`). */
  readonly long: boolean
}

export type Lanes<Owner> = readonly Producer<Owner>[]

export function laneCount({
  clients,
  partitions,
  brokers,
  long,
}: Pick<LaneOptions, 'clients' | 'partitions' | 'brokers' | 'long'>): number {
  if (long) return 1
  const ofLeader = Math.ceil(partitions / Math.max(1, brokers.length))
  return Math.max(1, Math.min(clients, ofLeader, LANES_MAX))
}

export function startLanes<Owner>(
  options: LaneOptions,
  owned: { readonly owner: Owner; readonly listener: ProducerListener<Owner> },
  context: Context,
): Lanes<Owner> {
  const { clients, config, topics, brokers, halves = false } = options
  const count = laneCount(options)
  const producers: Producer<Owner>[] = []
  for (let key = 0; key < count; key += 1) {
    const own = { clientId: context.name, key, config, topics, brokers, halves }
    producers.push(startProducer({ ...own, clients: clients / count }, owned, context))
  }
  return producers
}

/** Which lane a partition takes: one leader's take all of them in turn. */
export function laneOf(partition: number, brokers: number, lanes: number): number {
  return Math.floor(partition / Math.max(1, brokers)) % lanes
}

/** Makes everything sendable that was sent so far. */
export function flushAll<Owner>(lanes: Lanes<Owner>, context: Context): void {
  for (const producer of lanes) flush(producer, context)
}

/** True if every send has been told its result. */
export function areQuiet<Owner>(lanes: Lanes<Owner>): boolean {
  return lanes.every(isQuiet)
}
