/**
 * Guards of the producer: what it checks before it sends, fails or believes.
 */

import { defineGuards, type GuardId } from '../../../../sim/registry.ts'

export const Guard: {
  readonly maxRequestSize: GuardId
  readonly bufferMemory: GuardId
  readonly mutedPartition: GuardId
  readonly validProducerId: GuardId
  readonly staleEpochInFlight: GuardId
  readonly unresolvedSequence: GuardId
  readonly retryPending: GuardId
  readonly resetSequencesOnBump: GuardId
  readonly deliveryTimeout: GuardId
  readonly retriesLimit: GuardId
  readonly retriableError: GuardId
  readonly toldOnce: GuardId
} = defineGuards({
  maxRequestSize: {
    name: 'producer.maxRequestSize',
    rule: 'KC 1.2',
    sentence: 'A record larger than max.request.size or buffer.memory is refused by send.',
    protects: 'availability',
    whenOff: 'The broker refuses the batch instead, after it has travelled.',
    exercise: 'producer-limits',
  },
  bufferMemory: {
    name: 'producer.bufferMemory',
    rule: 'KC 1.2, KC I8',
    sentence: 'A batch is only begun when buffer.memory has room for it; until then send blocks.',
    protects: 'backlog-drains',
    whenOff: 'The producer buffers without bound while its brokers are away.',
    exercise: 'producer-limits',
  },
  mutedPartition: {
    name: 'producer.mutedPartition',
    rule: 'KC 1.5',
    sentence:
      'With one request in flight allowed, a partition sends its next batch after the answer to the last.',
    protects: 'order-by-key',
    whenOff: 'After a leader change two batches of a partition are under way to two brokers.',
    exercise: 'ordered-one-in-flight',
  },
  validProducerId: {
    name: 'producer.validProducerId',
    rule: 'KC 1.5, KC 1.8',
    sentence: 'An idempotent producer sends nothing before it has a producer id.',
    protects: 'no-log-duplicates',
    whenOff: 'The first batches carry no producer id, so a retry of them is appended twice.',
    exercise: 'ordered-idempotent',
  },
  staleEpochInFlight: {
    name: 'producer.staleEpochInFlight',
    rule: 'KC 1.5, KC 1.8',
    sentence: 'No batch of a new epoch is sent while batches of the old one await their answer.',
    protects: 'order-by-key',
    whenOff: 'A batch of the new epoch overtakes the old ones, which the broker then refuses.',
    exercise: 'ordered-idempotent',
  },
  unresolvedSequence: {
    name: 'producer.unresolvedSequence',
    rule: 'KC 1.8',
    sentence: 'No new batch is sequenced while the fate of an expired retry is open.',
    protects: 'order-by-key',
    whenOff: 'New batches follow a gap in the sequence and are refused until the epoch is bumped.',
    exercise: 'ordered-idempotent',
    behind: 'producer.sequence',
    redundant: 'the broker refuses what follows a gap, and the producer bumps its epoch then',
  },
  retryPending: {
    name: 'producer.retryPending',
    rule: 'KC 1.5, KC I6',
    sentence: 'A retry is sent only when it has the lowest sequence of its partition.',
    protects: 'order-by-key',
    whenOff: 'Retries of one partition run side by side and are refused as out of order.',
    exercise: 'leader-crash-acks-all',
  },
  resetSequencesOnBump: {
    name: 'producer.resetSequencesOnBump',
    rule: 'KC 1.8, HZ P07',
    sentence: 'After an epoch bump every partition starts at sequence 0, not only the failing one.',
    protects: 'availability',
    whenOff:
      'Other partitions go on with old sequences under the new epoch, are refused, and bump again.',
    exercise: 'ordered-idempotent',
  },
  deliveryTimeout: {
    name: 'producer.deliveryTimeout',
    rule: 'KC 1.7, KC I7',
    sentence: 'A batch without a result fails delivery.timeout.ms after it was created.',
    protects: 'availability',
    whenOff: 'The application waits for its result as long as the brokers are away.',
    exercise: 'producer-limits',
  },
  retriesLimit: {
    name: 'producer.retriesLimit',
    rule: 'KC 1.7',
    sentence: 'A batch is sent again at most `retries` times.',
    protects: 'availability',
    whenOff: 'A batch is retried until its delivery timeout.',
    exercise: 'producer-limits',
  },
  retriableError: {
    name: 'producer.retriableError',
    rule: 'KC 1.7',
    sentence: 'A batch is sent again only after an error that can pass.',
    protects: 'availability',
    whenOff: 'A batch that can never be accepted is retried until its delivery timeout.',
    exercise: 'producer-limits',
  },
  toldOnce: {
    name: 'producer.toldOnce',
    rule: 'KC 1.1, KC I2',
    sentence: 'What comes after the application was told a result is ignored.',
    protects: 'no-log-duplicates',
    whenOff: 'The application hears of one send twice.',
    exercise: 'ordered-idempotent',
  },
})
