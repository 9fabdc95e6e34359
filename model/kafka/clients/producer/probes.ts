/**
 * Probes of the producer. The subject is the packed id of the partition, unless there is none.
 */

import { defineProbes, type ProbeId } from '../../../../sim/registry.ts'

export const Probe: {
  readonly retried: ProbeId
  readonly batchExpired: ProbeId
  readonly timedOut: ProbeId
  readonly duplicateAcked: ProbeId
  readonly epochBumped: ProbeId
  readonly bufferExhausted: ProbeId
  readonly batchSplit: ProbeId
  readonly reordered: ProbeId
  readonly ackedAfterTimeout: ProbeId
} = defineProbes({
  retried: {
    name: 'producer.retried',
    rule: 'KC 1.7',
    sentence: 'A batch was put back to be sent again.',
  },
  batchExpired: {
    name: 'producer.batchExpired',
    rule: 'KC 1.7',
    sentence: 'A batch reached its delivery timeout.',
  },
  timedOut: {
    name: 'producer.timedOut',
    rule: 'KC 1.6',
    sentence: 'A produce request reached its request timeout; the connection was closed.',
  },
  duplicateAcked: {
    name: 'producer.duplicateAcked',
    rule: 'KC 1.7',
    sentence: 'A broker answered a batch as already appended.',
  },
  epochBumped: {
    name: 'producer.epochBumped',
    rule: 'KC 1.8',
    sentence: 'An idempotent producer raised its epoch to get over a gap in its sequence.',
  },
  bufferExhausted: {
    name: 'producer.bufferExhausted',
    rule: 'KC 1.2',
    sentence: 'A send found no memory for its record.',
  },
  batchSplit: {
    name: 'producer.batchSplit',
    rule: 'KC 1.7',
    sentence: 'A batch that was too large for the broker was split.',
  },
  reordered: {
    name: 'producer.reordered',
    rule: 'KC 1.7, HZ P02',
    sentence: 'A batch was acknowledged behind one that was begun later.',
  },
  ackedAfterTimeout: {
    name: 'producer.ackedAfterTimeout',
    rule: 'KC 1.1',
    sentence: 'A batch was acknowledged after the application was told of a timeout.',
  },
})
