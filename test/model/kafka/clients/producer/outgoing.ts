/**
 * What tests give to a producer.
 */

import type { DataRecord } from '../../../../../model/record.ts'
import type { Multiplicity, Outgoing } from '../../../../../model/kafka/clients/producer/state.ts'

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

/** A counted range for partition 0 of the topic 0. */
export function range(record: DataRecord, count: number, counted: Multiplicity): Outgoing {
  return { ...explicit(record, 0), partition: 0, count, counted }
}
