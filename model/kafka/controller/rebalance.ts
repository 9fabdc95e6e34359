/**
 * Giving leadership back to preferred replicas, from time to time (KB C13).
 *
 * A broker counts as imbalanced when more than a tenth of the partitions it is preferred for are
 * led elsewhere.
 */

import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { flushBatch } from './control-batch.ts'
import { preferredElection } from './election.ts'
import { enqueue, finish } from './event-queue.ts'
import type { PartitionRecord } from './state.ts'
import { electPreferred, onlineIn } from './transitions.ts'

/** How long after the failover the first look is taken: 5 s. */
const FIRST_CHECK_US = 5_000_000

export function scheduleRebalance(self: Broker, context: BrokerContext): void {
  if (self.options.config.autoLeaderRebalanceEnable)
    context.setTimer('rebalanceLeaders', 0, FIRST_CHECK_US)
}

/** Timer `rebalanceLeaders`. */
export function expireRebalanceLeaders(self: Broker, _key: number, context: BrokerContext): void {
  if (!self.controller.active) return
  const intervalUs = self.options.config.leaderImbalanceCheckIntervalSeconds * 1_000_000
  context.setTimer('rebalanceLeaders', 0, intervalUs)
  const run = (): void => rebalance(self, context)
  enqueue(self, { name: 'rebalanceLeaders', run, drop: null })
}

function rebalance(self: Broker, context: BrokerContext): void {
  const percent = self.options.config.leaderImbalancePerBrokerPercentage
  const partitions: PartitionId[] = []
  for (const record of misplaced([...self.controller.partitions.values()], percent)) {
    const isr = record.state?.isr ?? []
    if (preferredElection(record.replicas, isr, onlineIn(self, record.partition)) !== null)
      partitions.push(record.partition)
  }
  const done = (): void => {
    flushBatch(self, context)
    finish(self)
  }
  electPreferred(self, partitions, done, context)
}

/** Partitions led elsewhere, of those preferred brokers that miss more than `percent` of theirs. */
export function misplaced(
  records: readonly PartitionRecord[],
  percent: number,
): readonly PartitionRecord[] {
  const byPreferred = new Map<number, PartitionRecord[]>()
  for (const record of records) {
    const preferred = record.replicas[0] ?? -1
    const own = byPreferred.get(preferred)
    if (own === undefined) byPreferred.set(preferred, [record])
    else own.push(record)
  }
  const found: PartitionRecord[] = []
  for (const [preferred, own] of byPreferred) {
    const elsewhere = own.filter(({ state }) => state !== null && state.leader !== preferred)
    if (elsewhere.length * 100 > own.length * percent) found.push(...elsewhere)
  }
  return found
}
