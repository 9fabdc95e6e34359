/**
 * The checks of a consumer that can be switched off (KC 2.3–2.7).
 *
 * Off means: as if the check had passed. The broker's side of the same fences stands with the
 * group coordinator; these are the ones that a client keeps to itself.
 */

import { defineGuards, type GuardId } from '../../../../sim/registry.ts'

export const Guard: {
  readonly fetchPosition: GuardId
  readonly fetchAssignment: GuardId
  readonly pendingRevocation: GuardId
  readonly outOfRangePosition: GuardId
  readonly positionValidation: GuardId
  readonly syncState: GuardId
  readonly commitStable: GuardId
  readonly sessionTimer: GuardId
  readonly checksum: GuardId
  readonly pollTimer: GuardId
  readonly assignmentMetadata: GuardId
} = defineGuards({
  fetchPosition: {
    name: 'consumer.fetchPosition',
    rule: 'KC 2.3',
    sentence: 'A completed fetch is dropped if it does not begin at the present position.',
    protects: 'no-loss, no-duplicates (KC I13)',
    whenOff: 'records of an older position are returned and the position follows them',
    exercise: 'unclean-election',
  },
  fetchAssignment: {
    name: 'consumer.fetchAssignment',
    rule: 'KC 2.3, KC I16',
    sentence: 'A completed fetch is dropped if its partition is no longer assigned.',
    protects: 'no-duplicates',
    whenOff: 'a member processes records of a partition that another member owns by now',
    exercise: 'group-churn',
  },
  pendingRevocation: {
    name: 'consumer.pendingRevocation',
    rule: 'KC 2.7',
    sentence: 'Nothing of a partition is fetched or returned while it is about to be given back.',
    protects: 'no-duplicates',
    whenOff: 'records are returned whose offsets the commit before the rebalance does not cover',
    exercise: 'group-deploys',
  },
  outOfRangePosition: {
    name: 'consumer.outOfRangePosition',
    rule: 'KC 2.3',
    sentence: 'OFFSET_OUT_OF_RANGE resets a position only if it has not moved since the fetch.',
    protects: 'no-loss, no-duplicates',
    whenOff: 'a late error throws a good position away and the reset policy decides where to go on',
    exercise: 'late-reader',
  },
  positionValidation: {
    name: 'consumer.positionValidation',
    rule: 'KC 2.3, HZ D13',
    sentence: 'A position is validated by its leader epoch before a new leader is fetched from.',
    protects: 'no-loss: a truncated log is noticed',
    whenOff: 'after a truncation new records at offsets already read are skipped in silence',
    exercise: 'unclean-election',
  },
  syncState: {
    name: 'consumer.syncState',
    rule: 'KC 2.7',
    sentence: 'A SyncGroup response is used only by a member that still waits for one.',
    protects: 'one-owner (KC I14)',
    whenOff: 'an assignment is taken over without the generation it belongs to',
    exercise: 'stuck-member',
  },
  commitStable: {
    name: 'consumer.commitStable',
    rule: 'KC 2.5',
    sentence: 'A member that is in no stable generation fails its commits without sending them.',
    protects: 'fencing: commits belong to a generation',
    whenOff: 'a member that was put out commits as a consumer without a group (generation −1)',
    exercise: 'unclean-election',
  },
  sessionTimer: {
    name: 'consumer.sessionTimer',
    rule: 'KC 2.6, KB 12',
    sentence:
      'Without an answered heartbeat for session.timeout.ms the coordinator is looked up again.',
    protects: 'backlog-drains',
    whenOff: 'a member keeps to a coordinator that no longer answers',
    exercise: 'long-pause',
  },
  checksum: {
    name: 'consumer.checksum',
    rule: 'KC 2.3',
    sentence: 'A consumer does not hand out a batch whose checksum fails.',
    protects: 'no-loss: what is processed is what was sent',
    whenOff: 'the application processes what a disk has made of a record',
    exercise: 'bit-rot',
  },
  pollTimer: {
    name: 'consumer.pollTimer',
    rule: 'KC 2.6',
    sentence: 'A member that has not polled for max.poll.interval.ms leaves its group.',
    protects: 'backlog-drains: a stuck member gives its partitions up',
    whenOff: 'a stuck member keeps its partitions for ever',
    exercise: 'stuck-member',
  },
  assignmentMetadata: {
    name: 'consumer.assignmentMetadata',
    rule: 'KC 2.7',
    sentence:
      'The leader of a group rejoins when partition counts differ from those it assigned by.',
    protects: 'no-loss: every partition has an owner (KC I18)',
    whenOff: 'partitions that are added later are consumed by nobody',
    exercise: 'partition-added-mid-run',
  },
})
