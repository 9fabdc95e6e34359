/**
 * The checks of the group coordinator that can be switched off (KC 3.3–3.5).
 *
 * Off means: as if the check had passed. Results of appends and the absence of a coordinator are
 * no checks and stand in no entry.
 */

import { defineGuards } from '../../../sim/registry.ts'

export const Guard: {
  readonly loading: number
  readonly heartbeatLoading: number
  readonly owner: number
  readonly sessionTimeout: number
  readonly maxSize: number
  readonly joinProtocol: number
  readonly memberIdRequired: number
  readonly joinMember: number
  readonly unjoined: number
  readonly syncMember: number
  readonly syncGeneration: number
  readonly syncProtocol: number
  readonly syncPreparing: number
  readonly assignmentByLeader: number
  readonly assignmentCurrent: number
  readonly heartbeatMember: number
  readonly heartbeatGeneration: number
  readonly heartbeatPreparing: number
  readonly sessionExpired: number
  readonly syncExpired: number
  readonly leaveMember: number
  readonly coordinatorEpoch: number
  readonly commitLoading: number
  readonly commitOwner: number
  readonly commitPartition: number
  readonly commitGroup: number
  readonly commitMember: number
  readonly commitGeneration: number
  readonly commitStandalone: number
  readonly commitCompleting: number
  readonly commitLogOrder: number
  readonly offsetFetchLoading: number
  readonly offsetFetchOwner: number
  readonly offsetFetchStable: number
} = defineGuards({
  loading: {
    name: 'group.loading',
    rule: 'KC 3.5',
    sentence: 'Joins, syncs and leaves wait until the coordinator has loaded its partition.',
    protects: 'one generation of a group at a time (KC I17)',
    whenOff: 'a group that is still being loaded starts again from generation 0',
    exercise: 'coordinator-loading',
  },
  heartbeatLoading: {
    name: 'group.heartbeatLoading',
    rule: 'KC 3.5',
    sentence: 'Heartbeats are answered NONE while the partition is loading.',
    protects: 'backlog-drains: members keep their assignment over a fail-over',
    whenOff: 'members of a group that is still being loaded are told that they are unknown',
    exercise: 'coordinator-loading',
  },
  owner: {
    name: 'group.owner',
    rule: 'KC 3.3',
    sentence: 'Only the leader of the group’s partition coordinates the group.',
    protects: 'one coordinator per group (KC I14)',
    whenOff: 'a broker that lost the partition forms a second group under the same name',
    exercise: 'broker-cut-from-zookeeper',
  },
  sessionTimeout: {
    name: 'group.sessionTimeout',
    rule: 'KC 3.3',
    sentence: 'A session timeout lies between the broker’s minimum and maximum.',
    protects: 'backlog-drains: a dead member is noticed in bounded time',
    whenOff: 'a member may ask for a session that never, or at once, expires',
    exercise: 'group-churn',
  },
  maxSize: {
    name: 'group.maxSize',
    rule: 'KC 3.3',
    sentence: 'A group has at most group.max.size members.',
    protects: 'the limit on the length of a rebalance',
    whenOff: 'the group grows past its limit',
    exercise: 'group-churn',
  },
  joinProtocol: {
    name: 'group.joinProtocol',
    rule: 'KC 3.3',
    sentence: 'A member shares at least one assignor with all other members.',
    protects: 'a complete assignment (KC I18)',
    whenOff: 'the leader assigns with an assignor that a member does not know',
    exercise: 'group-churn',
  },
  memberIdRequired: {
    name: 'group.memberIdRequired',
    rule: 'KC 3.3',
    sentence: 'A new member is given its id first and joins with it in a second request.',
    protects: 'backlog-drains: a join that is sent again does not leave a dead member behind',
    whenOff:
      'each repeated first join adds one more member, which holds partitions until it expires',
    exercise: 'group-churn',
  },
  joinMember: {
    name: 'group.joinMember',
    rule: 'KC 3.3',
    sentence: 'A member id in a join is one that the coordinator gave out and still has.',
    protects: 'removed members start again (KC I15)',
    whenOff: 'a removed member comes back under its old id',
    exercise: 'long-pause',
  },
  unjoined: {
    name: 'group.unjoined',
    rule: 'KC 3.2',
    sentence: 'Members that did not rejoin in time are removed when the joining ends.',
    protects: 'every partition has a member that works (KC I18)',
    whenOff: 'the silent member is kept and partitions are assigned to it',
    exercise: 'group-refusals',
  },
  syncMember: {
    name: 'group.syncMember',
    rule: 'KC 3.3',
    sentence: 'Only a member is given an assignment.',
    protects: 'no sync of an unknown member is accepted (KC I15)',
    whenOff: 'a removed member is told that it has no partitions and stays idle',
    exercise: 'long-pause',
  },
  syncGeneration: {
    name: 'group.syncGeneration',
    rule: 'KC 3.3',
    sentence: 'A sync names the group’s present generation.',
    protects: 'one assignment per generation (KC I17)',
    whenOff: 'an assignment made for an older generation is given out in this one',
    exercise: 'group-churn',
  },
  syncProtocol: {
    name: 'group.syncProtocol',
    rule: 'KC 3.3',
    sentence: 'A sync names the assignor that the group selected.',
    protects: 'a complete assignment (KC I18)',
    whenOff: 'an assignment made by another assignor is accepted',
    exercise: 'group-churn',
  },
  syncPreparing: {
    name: 'group.syncPreparing',
    rule: 'KC 3.3',
    sentence: 'A sync during the next rebalance is sent back to join.',
    protects: 'one owner per partition (KC I14)',
    whenOff: 'the member takes up its old assignment and misses the rebalance',
    exercise: 'group-refusals',
  },
  assignmentByLeader: {
    name: 'group.assignmentByLeader',
    rule: 'KC 3.3',
    sentence: 'Only the leader’s sync decides the assignment.',
    protects: 'one assignment per generation, covering all partitions (KC I17, I18)',
    whenOff: 'the first follower’s empty list becomes the assignment',
    exercise: 'group-refusals',
  },
  assignmentCurrent: {
    name: 'group.assignmentCurrent',
    rule: 'KC 3.3',
    sentence: 'A stored assignment counts only if its generation still waits for it.',
    protects: 'one assignment per generation (KC I17)',
    whenOff: 'an assignment that was overtaken by a rebalance makes the group stable',
    exercise: 'group-refusals',
  },
  heartbeatMember: {
    name: 'group.heartbeatMember',
    rule: 'KC 3.3',
    sentence: 'A heartbeat comes from a member.',
    protects: 'a removed member learns of it (KC I14, I15)',
    whenOff: 'a zombie goes on until its next commit',
    exercise: 'long-pause',
  },
  heartbeatGeneration: {
    name: 'group.heartbeatGeneration',
    rule: 'KC 3.3',
    sentence: 'A heartbeat names the group’s present generation.',
    protects: 'a member that missed a rebalance learns of it (KC I15)',
    whenOff: 'a member that missed a rebalance goes on with its old assignment',
    exercise: 'long-pause',
  },
  heartbeatPreparing: {
    name: 'group.heartbeatPreparing',
    rule: 'KC 3.3',
    sentence: 'Heartbeats during a rebalance are answered REBALANCE_IN_PROGRESS.',
    protects: 'backlog-drains: members rejoin at once',
    whenOff: 'nobody learns of the rebalance; members are removed at its timeout',
    exercise: 'group-churn',
  },
  sessionExpired: {
    name: 'group.sessionExpired',
    rule: 'KC 3.3',
    sentence: 'A member silent for session.timeout.ms is removed.',
    protects: 'backlog-drains: partitions of a dead member move on',
    whenOff: 'partitions of a dead member are consumed by nobody',
    exercise: 'long-pause',
  },
  syncExpired: {
    name: 'group.syncExpired',
    rule: 'KC 3.2',
    sentence: 'Members that do not sync within the rebalance timeout are removed.',
    protects: 'backlog-drains: a rebalance ends although a member died in it',
    whenOff: 'a leader that died before its sync leaves the group waiting',
    exercise: 'group-churn',
  },
  leaveMember: {
    name: 'group.leaveMember',
    rule: 'KC 3.3',
    sentence: 'Only a member can leave.',
    protects: 'no request of an unknown member is accepted (KC I15)',
    whenOff: 'a member that was removed before is told that it has left',
    exercise: 'group-churn',
  },
  coordinatorEpoch: {
    name: 'group.coordinatorEpoch',
    rule: 'KC 3.5',
    sentence: 'A partition is loaded only for a leader epoch newer than the last one acted on.',
    protects: 'one coordinator per group (KC I14)',
    whenOff: 'a late election makes a former coordinator load and act again',
    exercise: 'coordinator-loading',
    redundant:
      'the replica refuses an older election first (leader.leaderEpoch), and nobody here sends one for the topic of commits',
  },
  commitLoading: {
    name: 'commit.loading',
    rule: 'KC 3.5',
    sentence: 'Commits wait until the coordinator has loaded its partition.',
    protects: 'commits of the present generation only (KC I11)',
    whenOff: 'a commit is judged by a group that is not there yet',
    exercise: 'coordinator-loading',
  },
  commitOwner: {
    name: 'commit.owner',
    rule: 'KC 3.3',
    sentence: 'Only the leader of the group’s partition takes its commits.',
    protects: 'commits of the present generation only (KC I11)',
    whenOff: 'a former coordinator goes on judging commits by what it remembers',
    exercise: 'broker-cut-from-zookeeper',
  },
  commitPartition: {
    name: 'commit.partition',
    rule: 'KC 3.3',
    sentence: 'A commit names partitions that exist.',
    protects: 'the list of partitions that are restored at load',
    whenOff: 'offsets of partitions that do not exist are stored',
    exercise: 'broker-cut-from-zookeeper',
  },
  commitGroup: {
    name: 'commit.group',
    rule: 'KC 3.3',
    sentence: 'A commit with a generation is for a group that exists.',
    protects: 'commits of the present generation only (KC I11)',
    whenOff: 'a member of a forgotten group commits into a new, empty one',
    exercise: 'rolling-restart',
  },
  commitMember: {
    name: 'commit.member',
    rule: 'KC 3.3',
    sentence: 'A commit with a generation comes from a member.',
    protects: 'zombies cannot commit (KC I14); committed-offset-regression',
    whenOff: 'a removed member overwrites the commits of the new owner',
    exercise: 'long-pause',
  },
  commitGeneration: {
    name: 'commit.generation',
    rule: 'KC 3.3',
    sentence: 'A member’s commit names the group’s present generation.',
    protects: 'zombies cannot commit (KC I11, I14); committed-offset-regression',
    whenOff: 'a member that missed a rebalance overwrites the commits of the new owner',
    exercise: 'long-pause',
  },
  commitStandalone: {
    name: 'commit.standalone',
    rule: 'KC 3.3',
    sentence: 'A commit without a generation is for a group without members.',
    protects: 'commits of the present generation only (KC I11)',
    whenOff: 'a standalone consumer overwrites the commits of the members',
    exercise: 'group-churn',
  },
  commitCompleting: {
    name: 'commit.completing',
    rule: 'KC 3.3',
    sentence: 'Between the new generation and its assignment nobody commits.',
    protects: 'a commit belongs to an owner of the generation (KC I11)',
    whenOff: 'a member commits partitions that the generation gives to another',
    exercise: 'group-churn',
  },
  commitLogOrder: {
    name: 'commit.logOrder',
    rule: 'KC 3.4',
    sentence: 'A cached offset is replaced only by one that stands later in the log.',
    protects: 'the cache agrees with what the next coordinator loads (KC I23)',
    whenOff: 'an older commit that ends later overwrites the newer one until the next load',
    exercise: 'leader-crash-acks-all',
    redundant: 'without transactions the commits of a log end in its order',
  },
  offsetFetchLoading: {
    name: 'offsetFetch.loading',
    rule: 'KC 3.5',
    sentence: 'Committed offsets are told only after the partition has been loaded.',
    protects: 'acknowledged commits are found again (KC I23)',
    whenOff: 'members are told that nothing was committed and start at auto.offset.reset',
    exercise: 'coordinator-loading',
  },
  offsetFetchOwner: {
    name: 'offsetFetch.owner',
    rule: 'KC 3.3',
    sentence: 'Only the leader of the group’s partition tells its committed offsets.',
    protects: 'acknowledged commits are found again (KC I23)',
    whenOff: 'a former coordinator says that nothing was committed',
    exercise: 'broker-cut-from-zookeeper',
  },
  offsetFetchStable: {
    name: 'offsetFetch.stable',
    rule: 'KC 2.4',
    sentence: 'A partition with a commit under way has no committed offset to tell yet.',
    protects: 'the next owner starts at the last commit (KC I23)',
    whenOff: 'the next owner starts at the commit before and processes again',
    exercise: 'group-refusals',
  },
})
