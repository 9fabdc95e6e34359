/**
 * What a broker does when it has become the controller (KB C2).
 *
 * It reads the whole cluster from ZooKeeper with watches, opens a channel to every live broker,
 * tells everyone everything, and repairs what broke while nobody was in charge. Left out: stale
 * notification nodes.
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { inDrawnOrder, type LiveBrokers, readBrokers, removeOneByOne } from './broker-changes.ts'
import { flushBatch, tellEveryone, tellReplicas } from './control-batch.ts'
import { openChannel } from './control-channels.ts'
import { forgetIsrChanges } from './isr-changes.ts'
import { readEvents } from './log-directory-events.ts'
import { Probe } from './probes.ts'
import { scheduleRebalance } from './rebalance.ts'
import { completeMoves } from './reassign.ts'
import { readStates } from './state-changes.ts'
import { readDeletions, resumeDeletions } from './topic-deletions.ts'
import { readNewTopics } from './topic-changes.ts'
import { bringOnline, onlineIn } from './transitions.ts'

/** Loads the cluster and takes charge of it; `done` is called when every broker has been told. */
export function failOver(self: Broker, done: () => void, context: BrokerContext): void {
  const stated = (): void => readDeletions(self, () => takeCharge(self, done, context), context)
  const topicsRead = (): void =>
    readStates(self, [...self.controller.partitions.keys()], stated, context)
  const brokersRead = (brokers: LiveBrokers): void => {
    for (const [id, broker] of brokers) {
      self.controller.live.set(id, broker)
      openChannel(self, id, broker.epoch)
    }
    readNewTopics(self, topicsRead, context)
  }
  forgetIsrChanges(self, () => readBrokers(self, brokersRead, context), context)
}

function takeCharge(self: Broker, done: () => void, context: BrokerContext): void {
  setStatuses(self)
  tellEveryone(self, [])
  flushBatch(self, context)
  for (const record of self.controller.partitions.values()) {
    if (record.state !== null) tellReplicas(self, record.replicas, record, false)
  }
  flushBatch(self, context)
  const told = (): void => {
    flushBatch(self, context)
    context.probe(Probe.failover, self.options.id)
    scheduleRebalance(self, context)
    completeMoves(self, self.controller.partitions.keys(), context)
    resumeDeletions(self, context)
    readEvents(self, done, context)
  }
  const removed = (): void => {
    flushBatch(self, context)
    bringOnline(self, told, context)
  }
  removeOneByOne(self, inDrawnOrder(self, deadReplicas(self)), removed, context)
}

function setStatuses(self: Broker): void {
  for (const record of self.controller.partitions.values()) {
    if (record.state === null) record.status = 'new'
    else
      record.status = onlineIn(self, record.partition)(record.state.leader) ? 'online' : 'offline'
  }
}

/** Brokers that hold replicas and are not registered, ascending. */
function deadReplicas(self: Broker): readonly number[] {
  const dead = new Set<number>()
  for (const record of self.controller.partitions.values()) {
    for (const broker of record.replicas) {
      if (!self.controller.live.has(broker)) dead.add(broker)
    }
  }
  return [...dead].sort((one, other) => one - other)
}
