/**
 * The elements of a case: what a reader has to keep in mind to follow its story.
 *
 * Entries of the timeline, brokers, ZooKeeper servers, topics, instances of producers, members of
 * groups and services. Partitions, keys, settings and records are sizes, not elements.
 */

import type { Case } from '../case.ts'

export function elementsOf({ scenario, timeline }: Pick<Case, 'scenario' | 'timeline'>): number {
  const { cluster, topics, producers, consumers, services } = scenario
  const instances = producers.reduce((sum, { count }) => sum + count, 0)
  const members = consumers.reduce((sum, one) => sum + one.members, 0)
  return (
    timeline.length +
    cluster.brokers.length +
    cluster.zookeeper.length +
    topics.length +
    instances +
    members +
    services.length
  )
}
