/**
 * What the leader does when it learns how its ISR change ended (KB F22).
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { PartitionState } from '../messages.ts'
import { advance } from './advance.ts'
import { Guard } from './guards.ts'
import { markMembers } from './partition.ts'
import { Probe } from './probes.ts'
import type { Partition, PendingIsr } from './state.ts'

/** Takes an outcome. Answers whether the change has to be sent again. */
export function takeIsrOutcome(
  self: Broker,
  partition: Partition,
  outcome: {
    readonly change: PendingIsr
    readonly error: KafkaError
    readonly state: PartitionState | null
  },
  context: BrokerContext,
): 'over' | 'again' {
  if (partition.role !== 'leader') return 'over'
  const abandoned = partition.pendingIsr !== outcome.change || isOfAnother(partition, outcome.state)
  if (context.guard(Guard.isrReply, abandoned)) return 'over'
  if (outcome.error !== 'NONE') return refuse(partition, outcome.error, context)
  if (outcome.state !== null) confirm(self, partition, outcome.state, context)
  return 'over'
}

/** A state of another leadership, or older than the one known. */
function isOfAnother(partition: Partition, state: PartitionState | null): boolean {
  if (state === null) return false
  const { leaderEpoch, partitionEpoch } = partition
  return state.leaderEpoch !== leaderEpoch || state.partitionEpoch < partitionEpoch
}

function confirm(
  self: Broker,
  partition: Partition,
  state: PartitionState,
  context: BrokerContext,
): void {
  const before = partition.isr.length
  partition.isr = state.isr
  partition.partitionEpoch = state.partitionEpoch
  partition.pendingIsr = null
  markMembers(partition)
  self.options.facts?.leaderIsr(self.options.id, partition.id, state.isr)
  if (state.isr.length < before) context.probe(Probe.isrShrunk, partition.id)
  if (state.isr.length > before) context.probe(Probe.isrExpanded, partition.id)
  if (state.isr.length === 1 && before > 1) context.probe(Probe.isrShrankToOne, partition.id)
  advance(self, partition, context)
}

function refuse(partition: Partition, error: KafkaError, context: BrokerContext): 'over' | 'again' {
  context.probe(Probe.isrAlterPartitionRefused, partition.id)
  switch (error) {
    case 'INELIGIBLE_REPLICA':
    case 'OPERATION_NOT_ATTEMPTED':
      partition.pendingIsr = null
      markMembers(partition)
      return 'over'
    // The state is not what this leader believes; only a new leadership can tell it. Until then
    // the change stays pending, and for a shrink the watermark stays held (KB F22, hazard).
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'UNKNOWN_TOPIC_ID':
    case 'FENCED_LEADER_EPOCH':
    case 'INVALID_UPDATE_VERSION':
    case 'INVALID_REQUEST':
      return 'over'
    default:
      return 'again'
  }
}
