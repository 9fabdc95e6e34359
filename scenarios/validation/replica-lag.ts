/**
 * How far followers are behind their leaders at a moment, in records.
 */

import { partitionId } from '../../model/record.ts'
import type { Cluster } from '../run/cluster.ts'

/** Of each partition the follower that is furthest behind, all partitions added up. */
export function replicaLag({ topics, brokers, truth, scenario }: Cluster): number {
  let lag = 0
  for (const topic of scenario.topics) {
    const id = topics.id(topic.name)
    if (id === undefined) continue
    for (let number = 0; number < topic.partitions; number += 1) {
      const ends = brokers.flatMap(
        (broker) => truth.logOf(broker.id, partitionId(id, number))?.end ?? [],
      )
      if (ends.length > 0) lag += Math.max(...ends) - Math.min(...ends)
    }
  }
  return lag
}
