/**
 * Moments of a consumer that triggers can wait for (KC 2).
 *
 * The subject is a partition, or for moments of the whole member its group: the number of the
 * group's partition of `__consumer_offsets`.
 */

import { defineProbes, type ProbeId } from '../../../../sim/registry.ts'

export const Probe: {
  readonly rebalanced: ProbeId
  readonly revoked: ProbeId
  readonly lost: ProbeId
  readonly kicked: ProbeId
  readonly leftGroup: ProbeId
  readonly coordinatorLost: ProbeId
  readonly committed: ProbeId
  readonly commitFailed: ProbeId
  readonly outOfRange: ProbeId
  readonly positionReset: ProbeId
  readonly truncationDetected: ProbeId
  readonly fetchedFromStaleLeader: ProbeId
  readonly staleFetchDropped: ProbeId
  readonly partitionsChanged: ProbeId
  readonly zombieProcessed: ProbeId
} = defineProbes({
  rebalanced: {
    name: 'consumer.rebalanced',
    rule: 'KC 2.7',
    sentence: 'A member took over the assignment of a new generation.',
  },
  revoked: {
    name: 'consumer.revoked',
    rule: 'KC 2.7',
    sentence: 'A member gave its partitions back at the start of a rebalance.',
  },
  lost: {
    name: 'consumer.lost',
    rule: 'KC 2.7',
    sentence: 'A member learned that its partitions had been taken from it.',
  },
  kicked: {
    name: 'consumer.kicked',
    rule: 'KC 2.6',
    sentence: 'A member was put out of its group, or left it because it had not polled in time.',
  },
  leftGroup: {
    name: 'consumer.leftGroup',
    rule: 'KC 2.7',
    sentence: 'A member left its group in good order.',
  },
  coordinatorLost: {
    name: 'consumer.coordinatorLost',
    rule: 'KC 2.6',
    sentence: 'A member has to look up its coordinator again.',
  },
  committed: {
    name: 'consumer.committed',
    rule: 'KC 2.5',
    sentence: 'A commit was confirmed to the member.',
  },
  commitFailed: {
    name: 'consumer.commitFailed',
    rule: 'KC 2.5',
    sentence: 'A commit was refused, or given up without an answer.',
  },
  outOfRange: {
    name: 'consumer.outOfRange',
    rule: 'KC 2.3, HZ C02',
    sentence: 'The position of a member lies outside the log of the leader.',
  },
  positionReset: {
    name: 'consumer.positionReset',
    rule: 'KC 2.4, HZ C03',
    sentence: 'A position was set by the reset policy.',
  },
  truncationDetected: {
    name: 'consumer.truncationDetected',
    rule: 'KC 2.3',
    sentence: 'The leader’s log has parted from what the member has read.',
  },
  fetchedFromStaleLeader: {
    name: 'consumer.fetchedFromStaleLeader',
    rule: 'KC 2.3, KB F2',
    sentence: 'Records came from a broker that the member no longer takes for the leader.',
  },
  staleFetchDropped: {
    name: 'consumer.staleFetchDropped',
    rule: 'KC 2.3',
    sentence: 'A completed fetch was dropped because the position or the assignment had changed.',
  },
  partitionsChanged: {
    name: 'consumer.partitionsChanged',
    rule: 'KC 2.7',
    sentence: 'The leader of a group noticed that a topic has another number of partitions.',
  },
  zombieProcessed: {
    name: 'consumer.zombieProcessed',
    rule: 'KC 2.6, HZ C13',
    sentence: 'A record was processed by a member that no longer owned its partition.',
  },
})
