/**
 * What tests give to a producer.
 */

import type { DataRecord } from '../../../../../model/record.ts'
import type { Outgoing } from '../../../../../model/kafka/clients/producer/state.ts'

/** One record for the topic 0. */
export function explicit(record: DataRecord, token: number): Outgoing {
  return {
    topic: 0,
    partition: -1,
    record,
    count: 1,
    counted: null,
    keyHash: 0,
    token,
    next: null,
  }
}
