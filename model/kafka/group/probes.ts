/**
 * Moments of the group protocol that triggers can wait for (KC 3).
 *
 * The subject is the number of the group's partition of `__consumer_offsets`.
 */

import { defineProbes } from '../../../sim/registry.ts'

export const Probe: {
  readonly rebalanced: number
  readonly generationIssued: number
  readonly memberExpired: number
  readonly becameEmpty: number
  readonly joinParked: number
  readonly syncParked: number
  readonly loading: number
  readonly loaded: number
  readonly unloaded: number
  readonly commitAccepted: number
  readonly commitFenced: number
  readonly commitWentBack: number
} = defineProbes({
  rebalanced: {
    name: 'group.rebalanced',
    rule: 'KC 3.2',
    sentence: 'A rebalance began: the coordinator collects joins.',
  },
  generationIssued: {
    name: 'group.generationIssued',
    rule: 'KC 3.2',
    sentence: 'A new generation was given out to the members that joined.',
  },
  memberExpired: {
    name: 'group.memberExpired',
    rule: 'KC 3.3',
    sentence: 'A member was removed because it had been silent for its session timeout.',
  },
  becameEmpty: {
    name: 'group.becameEmpty',
    rule: 'KC 3.2',
    sentence: 'The last member of a group is gone.',
  },
  joinParked: {
    name: 'group.joinParked',
    rule: 'KC 3.2',
    sentence: 'A join waits for the other members.',
  },
  syncParked: {
    name: 'group.syncParked',
    rule: 'KC 3.3',
    sentence: 'A sync waits for the leader’s assignment to be stored.',
  },
  loading: {
    name: 'group.loading',
    rule: 'KC 3.5',
    sentence: 'A new coordinator begins to load its groups from the log.',
  },
  loaded: {
    name: 'group.loaded',
    rule: 'KC 3.5',
    sentence: 'A new coordinator has loaded a group from the log.',
  },
  unloaded: {
    name: 'group.unloaded',
    rule: 'KC 3.5',
    sentence: 'A former coordinator has dropped a group.',
  },
  commitAccepted: {
    name: 'commit.accepted',
    rule: 'KC 3.4',
    sentence: 'A commit was replicated and answered NONE.',
  },
  commitFenced: {
    name: 'commit.fenced',
    rule: 'KC 3.3',
    sentence: 'A commit was refused because its sender is no member of this generation.',
  },
  commitWentBack: {
    name: 'commit.wentBack',
    rule: 'KC 2.5',
    sentence: 'A commit was accepted that is lower than the one before.',
  },
})
