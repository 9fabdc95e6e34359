/**
 * Guards of what all Kafka clients share: connections and metadata.
 */

import { defineGuards, type GuardId } from '../../../sim/registry.ts'

export const Guard: {
  readonly inFlightLimit: GuardId
  readonly metadataLeaderEpoch: GuardId
} = defineGuards({
  inFlightLimit: {
    name: 'producer.inFlightLimit',
    rule: 'KC 1.6, KC I6',
    sentence: 'A client sends nothing more on a connection with max.in.flight requests under way.',
    protects: 'order-by-key, no-log-duplicates',
    whenOff:
      'More batches are under way than the broker remembers for its duplicate check, so a retry can be refused or appended twice.',
    exercise: 'deep-pipeline',
  },
  metadataLeaderEpoch: {
    name: 'consumer.metadataLeaderEpoch',
    rule: 'KC 1.6, HZ C11',
    sentence: 'A client keeps what it knows of a partition when newer metadata has an older epoch.',
    protects: 'no-duplicates',
    whenOff:
      'A lagging broker sends the client back to the deposed leader, whose offsets are behind.',
    exercise: 'stale-metadata',
  },
})
