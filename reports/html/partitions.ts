/**
 * Names of partitions: a result numbers them, people call them `orders-3`.
 */

import type { Result } from '../../scenarios/result.ts'

export interface PartitionName {
  readonly topic: string
  readonly number: number
  /** `orders-3` */
  readonly text: string
}

/** As `model/record.ts` packs topic and partition into one number. */
const PARTITIONS_MAX = 4096

export function partitionName({ topics }: Result, id: number): PartitionName {
  const topicId = Math.floor(id / PARTITIONS_MAX)
  const topic = topics[topicId] ?? `topic ${topicId}`
  const number = id % PARTITIONS_MAX
  return { topic, number, text: `${topic}-${number}` }
}
