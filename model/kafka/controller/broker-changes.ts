/**
 * Brokers that come and go under `/brokers/ids` (KB C10, C11).
 *
 * A watch tells only that something changed; the controller reads everything again and compares ids
 * and epochs with what it knew. Left out: changed endpoints.
 */

import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { flushBatch, tellBrokers, tellEveryone, tellReplicas } from './control-batch.ts'
import { closeChannel, openChannel } from './control-channels.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Probe } from './probes.ts'
import type { LiveBroker } from './state.ts'
import { forgetAsked, resumeDeletions } from './topic-deletions.ts'
import { bringOnline, onlineIn, removeFromIsrs } from './transitions.ts'
import { BROKER_IDS_PATH, type BrokerNode, brokerPath } from './znodes.ts'

export type LiveBrokers = ReadonlyMap<number, LiveBroker>

export function brokersChanged(self: Broker, context: BrokerContext): void {
  enqueue(self, { name: 'brokerChange', run: () => compareBrokers(self, context), drop: null })
}

function compareBrokers(self: Broker, context: BrokerContext): void {
  if (!self.controller.active) {
    finish(self)
    return
  }
  readBrokers(self, (found) => onBrokersRead(self, found, context), context)
}

/** Watches and reads the registered brokers, ascending by id. */
export function readBrokers(
  self: Broker,
  done: (brokers: LiveBrokers) => void,
  context: BrokerContext,
): void {
  const list = { op: 'getChildren', path: BROKER_IDS_PATH, watch: true } as const
  ask(
    self,
    [list],
    ([listed]) => {
      readNodes(self, idsOf(listed?.children ?? []), done, context)
    },
    context,
  )
}

/**
 * Ids in ascending order. Truncated and pushed, because what `map(Number)` gives may be an array of
 * floating-point numbers to the engine; from here they would go into every ISR and every table.
 */
function idsOf(names: readonly string[]): readonly number[] {
  const ids: number[] = []
  for (const name of names) ids.push(Number(name) | 0)
  return ids.sort((one, other) => one - other)
}

function readNodes(
  self: Broker,
  ids: readonly number[],
  done: (brokers: LiveBrokers) => void,
  context: BrokerContext,
): void {
  const reads = ids.map((id) => ({ op: 'getData', path: brokerPath(id), watch: false }) as const)
  ask(
    self,
    reads,
    (results) => {
      const brokers = new Map<number, LiveBroker>()
      ids.forEach((id, index) => {
        const result = results[index]
        if (result?.error !== 'OK') return
        const node = result.data as BrokerNode
        brokers.set(id, { epoch: result.stat?.czxid ?? -1, rack: node.rack })
      })
      done(brokers)
    },
    context,
  )
}

function onBrokersRead(self: Broker, found: LiveBrokers, context: BrokerContext): void {
  const known = new Map(self.controller.live)
  const started = [...found.keys()].filter((id) => !known.has(id))
  const failed = [...known.keys()].filter((id) => !found.has(id))
  const bounced = bouncedIn(self, found)
  for (const id of bounced) context.probe(Probe.brokerBounced, id)
  const third = (): void => brokersFailed(self, failed, () => finish(self), context)
  const second = (): void =>
    brokersFailed(
      self,
      bounced,
      () => brokersStarted(self, pick(found, bounced), third, context),
      context,
    )
  brokersStarted(self, pick(found, started), second, context)
}

/** Registered anew since the last look. Before broker epochs nobody could tell (HZ Z06). */
function bouncedIn(self: Broker, found: LiveBrokers): readonly number[] {
  if (self.options.protocols.brokerEpoch === 'off') return []
  return [...found].flatMap(([id, { epoch }]) => {
    const before = self.controller.live.get(id)
    return before !== undefined && before.epoch !== epoch ? [id] : []
  })
}

function pick(brokers: LiveBrokers, ids: readonly number[]): LiveBrokers {
  const picked = new Map<number, LiveBroker>()
  for (const id of ids) {
    const broker = brokers.get(id)
    if (broker !== undefined) picked.set(id, broker)
  }
  return picked
}

/** New brokers hear everything, the others hear of them; then leaderless partitions are tried. */
export function brokersStarted(
  self: Broker,
  started: LiveBrokers,
  done: () => void,
  context: BrokerContext,
): void {
  if (started.size === 0) {
    done()
    return
  }
  const { live, partitions } = self.controller
  const existing = [...live.keys()]
  for (const [id, broker] of started) {
    live.set(id, broker)
    forgetAilments(self, id)
    openChannel(self, id, broker.epoch)
    context.probe(Probe.brokerStarted, id)
  }
  tellBrokers(self, existing, [])
  flushBatch(self, context)
  tellBrokers(self, started.keys(), partitions.keys())
  flushBatch(self, context)
  tellHosted(self, started)
  flushBatch(self, context)
  bringOnline(
    self,
    () => {
      flushBatch(self, context)
      resumeDeletions(self, context)
      done()
    },
    context,
  )
}

function tellHosted(self: Broker, started: LiveBrokers): void {
  for (const record of self.controller.partitions.values()) {
    if (record.state === null) continue
    const hosts = record.replicas.filter((broker) => started.has(broker))
    if (hosts.length > 0) tellReplicas(self, hosts, record, false)
  }
}

/** First new leaders for what they led, then out of every ISR, one broker after the other. */
export function brokersFailed(
  self: Broker,
  failed: readonly number[],
  done: () => void,
  context: BrokerContext,
): void {
  if (failed.length === 0) {
    done()
    return
  }
  for (const broker of failed) {
    self.controller.live.delete(broker)
    forgetAilments(self, broker)
    forgetAsked(self, broker)
    closeChannel(self, broker, context)
    context.probe(Probe.brokerFailed, broker)
  }
  if (failed.length > 1) context.probe(Probe.brokersFailedTogether)
  markOffline(self)
  const removed = (): void => {
    tellEveryone(self, NO_PARTITIONS)
    flushBatch(self, context)
    done()
  }
  bringOnline(
    self,
    () => {
      flushBatch(self, context)
      removeOneByOne(self, inDrawnOrder(self, failed), removed, context)
    },
    context,
  )
}

/** What was known of a process that has ended is not true of the next. */
function forgetAilments({ controller }: Broker, broker: number): void {
  controller.shuttingDown.delete(broker)
  controller.offlineReplicas.delete(broker)
}

const NO_PARTITIONS: readonly PartitionId[] = []

function markOffline(self: Broker): void {
  for (const record of self.controller.partitions.values()) {
    const { partition, state } = record
    if (state !== null && !onlineIn(self, partition)(state.leader)) record.status = 'offline'
  }
}

export function removeOneByOne(
  self: Broker,
  brokers: readonly number[],
  done: () => void,
  context: BrokerContext,
): void {
  const [first, ...rest] = brokers
  if (first === undefined) done()
  else removeFromIsrs(self, first, () => removeOneByOne(self, rest, done, context), context)
}

/**
 * Kafka goes through a hash map here, and who comes last stays as the sole member of an ISR: the
 * order decides what survives, so it is drawn (KB C10).
 */
export function inDrawnOrder(self: Broker, brokers: readonly number[]): readonly number[] {
  const order = [...brokers]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = self.controller.deathOrder.int(last + 1)
    const moved = order[last] as number
    order[last] = order[other] as number
    order[other] = moved
  }
  return order
}
