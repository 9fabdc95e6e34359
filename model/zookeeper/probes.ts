/** Protocol moments of ZooKeeper that a trigger can wait for and an exploration counts. */

import { defineProbes, type ProbeId } from '../../sim/registry.ts'

const entries = {
  electionStarted: {
    name: 'zk.electionStarted',
    rule: 'KB Z20',
    sentence: 'A server looks for a leader.',
  },
  leaderChosen: {
    name: 'zk.leaderChosen',
    rule: 'KB Z20',
    sentence: 'A server was elected and begins to gather followers; the subject is its id.',
  },
  epochDiscovered: {
    name: 'zk.epochDiscovered',
    rule: 'KB Z21',
    sentence: 'A quorum has accepted the epoch of a new leader; the subject is its id.',
  },
  leaderElected: {
    name: 'zk.leaderElected',
    rule: 'KB Z22',
    sentence: 'A server leads a quorum and begins to serve; the subject is its id.',
  },
  leaderLostQuorum: {
    name: 'zk.leaderLostQuorum',
    rule: 'KB Z24',
    sentence: 'A leader steps down because too few followers answered in time.',
  },
  followerLostLeader: {
    name: 'zk.followerLostLeader',
    rule: 'KB Z24',
    sentence: 'A follower leaves a leader that fell silent or broke off.',
  },
  slowFollowerDropped: {
    name: 'zk.slowFollowerDropped',
    rule: 'KB Z24',
    sentence: 'A leader breaks off with a follower that left a proposal without an answer.',
  },
  followerTruncated: {
    name: 'zk.followerTruncated',
    rule: 'KB Z22',
    sentence: 'A server cuts transactions off its log that its new leader does not have.',
  },
  synchronizedByDifference: {
    name: 'zk.synchronizedByDifference',
    rule: 'KB Z22',
    sentence: 'A follower gets the transactions it misses.',
  },
  synchronizedBySnapshot: {
    name: 'zk.synchronizedBySnapshot',
    rule: 'KB Z22',
    sentence: 'A follower that is too far behind gets the whole tree.',
  },
  inheritedCommitted: {
    name: 'zk.inheritedCommitted',
    rule: 'KB Z22',
    sentence: 'A new leader commits transactions that its predecessor only proposed.',
  },
  sessionExpiring: {
    name: 'zk.sessionExpiring',
    rule: 'KB Z8',
    sentence: 'The leader is about to propose the end of a session that fell silent.',
  },
  sessionExpired: {
    name: 'zk.sessionExpired',
    rule: 'KB Z10',
    sentence: 'The ensemble commits the end of a session that fell silent.',
  },
  sessionClosed: {
    name: 'zk.sessionClosed',
    rule: 'KB Z10',
    sentence: 'The ensemble commits the end of a session that its client closed.',
  },
  sessionMoved: {
    name: 'zk.sessionMoved',
    rule: 'KB Z12',
    sentence: 'A request arrives by a server that its session has left.',
  },
  watchFired: {
    name: 'zk.watchFired',
    rule: 'KB Z16',
    sentence: 'A server tells a client of a change that it watched for.',
  },
  watchFiredLate: {
    name: 'zk.watchFiredLate',
    rule: 'KB Z4',
    sentence: 'A watch set again after a reconnect fires for a change made meanwhile.',
  },
  watchHeard: {
    name: 'zk.watchHeard',
    rule: 'KB Z15',
    sentence: 'A client hears of a change that it watched for.',
  },
  connectionLoss: {
    name: 'zk.connectionLoss',
    rule: 'KB Z6',
    sentence: 'A client loses its server; its requests in flight have no known outcome.',
  },
  sessionReattached: {
    name: 'zk.sessionReattached',
    rule: 'KB Z4',
    sentence: 'A client comes back within its session.',
  },
  sessionFoundExpired: {
    name: 'zk.sessionFoundExpired',
    rule: 'KB Z5',
    sentence: 'A client learns that its session has ended.',
  },
} as const

export const Probe: { readonly [Name in keyof typeof entries]: ProbeId } = defineProbes(entries)
