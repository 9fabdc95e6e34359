/**
 * The comparison of the leader epoch that a question names with that of the replica (KB F1).
 */

import type { BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import { Guard } from './guards.ts'
import type { Partition } from './state.ts'

/** `NONE` if the epoch fits, or if none is named (−1). */
export function leaderEpochError(
  partition: Partition,
  named: number,
  context: BrokerContext,
): KafkaError {
  if (named < 0) return 'NONE'
  if (context.guard(Guard.leaderEpochFenced, named < partition.leaderEpoch)) {
    return 'FENCED_LEADER_EPOCH'
  }
  if (context.guard(Guard.leaderEpochUnknown, named > partition.leaderEpoch)) {
    return 'UNKNOWN_LEADER_EPOCH'
  }
  return 'NONE'
}
