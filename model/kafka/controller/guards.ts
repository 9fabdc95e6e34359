/**
 * The checks of controller, registration and producer ids that can be switched off, one by one.
 *
 * Each follows a rule of KB 4, KB F22 or KB P19. A check off behaves as if it had passed; where
 * that leaves nothing to act on, the answer stays the same.
 */

import { defineGuards } from '../../../sim/registry.ts'

export const Guard: {
  readonly epochVersion: number
  readonly oneWinner: number
  readonly active: number
  readonly newerState: number
  readonly stateVersion: number
  readonly leaderFromIsr: number
  readonly preferredFromIsr: number
  readonly alterBrokerEpoch: number
  readonly alterKnownPartition: number
  readonly alterAhead: number
  readonly alterLeaderEpoch: number
  readonly alterPartitionEpoch: number
  readonly alterLiveMembers: number
  readonly alterZnodeVersion: number
  readonly otherSession: number
  readonly connectionTimeout: number
  readonly knownTopic: number
  readonly topicName: number
  readonly newTopic: number
  readonly partitionCount: number
  readonly replicationFactor: number
  readonly replicaAssignment: number
  readonly alteredTopic: number
  readonly alteredValue: number
  readonly electionNeeded: number
  readonly shutdownBrokerEpoch: number
  readonly idBlockBrokerEpoch: number
  readonly idBlockVersion: number
} = defineGuards({
  epochVersion: {
    name: 'controller.epochVersion',
    rule: 'KB C4',
    sentence: 'A write of a controller whose epoch has passed is refused by ZooKeeper.',
    protects: 'one-leader-per-epoch',
    whenOff: 'A controller that slept past its session overwrites the decisions of the next one.',
    exercise: 'controller-takeovers',
  },
  oneWinner: {
    name: 'controller.oneWinner',
    rule: 'KB C1',
    sentence: 'A broker that finds /controller taken is not the controller.',
    protects: 'one-leader-per-epoch',
    whenOff: 'Each broker of a race takes itself for the controller of the same epoch.',
    exercise: 'rolling-restart',
  },
  active: {
    name: 'controller.active',
    rule: 'KB F22',
    sentence: 'A broker that is not the controller refuses requests meant for the controller.',
    protects: 'availability',
    whenOff: 'A deposed controller answers from a view that is empty or old.',
    exercise: 'long-pause',
  },
  newerState: {
    name: 'controller.newerState',
    rule: 'KB C8',
    sentence: 'A state that a newer controller wrote is left alone.',
    protects: 'fencing of states: what a newer controller decided stands',
    whenOff: 'An old controller changes a partition on which a newer one has decided.',
    exercise: 'z03-zombie-controller',
  },
  stateVersion: {
    name: 'controller.stateVersion',
    rule: 'KB C8',
    sentence: 'A state that changed since it was read is read again before it is written.',
    protects: 'no-loss',
    whenOff: 'A change of the ISR made meanwhile is overwritten.',
    exercise: 'isr-churn',
    redundant:
      'in its epoch a controller writes alone: what changed is its own write, its answer lost',
  },
  leaderFromIsr: {
    name: 'leader.fromIsr',
    rule: 'KB C7',
    sentence: 'Only a member of the ISR is elected leader.',
    protects: 'no-loss',
    whenOff: 'A replica that lacks acknowledged records may lead, and the others cut theirs.',
    exercise: 'leader-crash-acks-all',
  },
  preferredFromIsr: {
    name: 'leader.preferredFromIsr',
    rule: 'KB C7',
    sentence: 'The preferred replica is elected only if it is alive and in the ISR.',
    protects: 'no-loss',
    whenOff: 'The preferred replica leads although it lags or is dead.',
    exercise: 'isr-churn',
  },
  alterBrokerEpoch: {
    name: 'isr.alterBrokerEpoch',
    rule: 'KB F22',
    sentence: 'A change of the ISR by a broker that is not registered so is refused.',
    protects: 'no-loss',
    whenOff: 'A broker that lost its session still changes the ISR.',
    exercise: 'broker-cut-from-zookeeper',
  },
  alterKnownPartition: {
    name: 'isr.alterKnownPartition',
    rule: 'KB F22',
    sentence: 'A change of the ISR of a partition that the controller does not know is refused.',
    protects: 'availability',
    whenOff: 'It is answered as done, although nothing was done.',
    exercise: 'refusals',
  },
  alterAhead: {
    name: 'isr.alterAhead',
    rule: 'KB F22',
    sentence: 'A controller that knows less than the leader sends it away to a newer one.',
    protects: 'availability',
    whenOff: 'An old controller answers a leader that a newer one elected.',
    exercise: 'long-pause',
  },
  alterLeaderEpoch: {
    name: 'isr.alterLeaderEpoch',
    rule: 'KB F22',
    sentence: 'A change of the ISR by a leader of an older epoch is refused.',
    protects: 'no-loss',
    whenOff: 'A deposed leader writes itself and its ISR over those of its successor.',
    exercise: 'refusals',
  },
  alterPartitionEpoch: {
    name: 'isr.alterPartitionEpoch',
    rule: 'KB F22',
    sentence: 'A change of the ISR that was made from an older state is refused.',
    protects: 'no-loss',
    whenOff: 'A change made from an old view undoes a newer one.',
    exercise: 'isr-churn',
  },
  alterLiveMembers: {
    name: 'isr.alterLiveMembers',
    rule: 'KB F22',
    sentence: 'An ISR with a member that is not alive or is shutting down is refused.',
    protects: 'availability',
    whenOff: 'A dead replica enters the ISR, and writes with acks=all wait for it.',
    exercise: 'isr-churn',
  },
  alterZnodeVersion: {
    name: 'isr.alterZnodeVersion',
    rule: 'KB F22',
    sentence: 'A change of the ISR is written only over the state it was made from.',
    protects: 'no-loss',
    whenOff: 'An election made meanwhile by another controller is overwritten.',
    exercise: 'long-pause',
  },
  otherSession: {
    name: 'registration.otherSession',
    rule: 'KB C22',
    sentence: 'A broker whose node belongs to another session ends.',
    protects: 'availability',
    whenOff: 'It runs on the node of its dead predecessor and is unregistered when that goes.',
    exercise: 'rolling-restart',
  },
  connectionTimeout: {
    name: 'registration.connectionTimeout',
    rule: 'KB 7',
    sentence: 'A starting broker that gets no session with ZooKeeper in time ends.',
    protects: 'availability',
    whenOff: 'It goes on trying without a word to whoever started it.',
    exercise: 'double-eleven',
    redundant:
      'a broker without a session serves nobody, whether it goes on trying or ends and is started anew',
  },
  knownTopic: {
    name: 'controller.knownTopic',
    rule: 'KB 4.1',
    sentence: 'An operation on a topic or partition that does not exist is refused.',
    protects: 'availability',
    whenOff: 'It is answered as done, although nothing was done.',
    exercise: 'partition-added-mid-run',
  },
  topicName: {
    name: 'controller.topicName',
    rule: 'KB 4.1',
    sentence: 'A topic whose name the deployment does not have is not created.',
    protects: 'availability',
    whenOff: 'Its assignment is written, and no controller ever acts on it.',
    exercise: 'partition-added-mid-run',
  },
  newTopic: {
    name: 'controller.newTopic',
    rule: 'KB 4.1',
    sentence: 'A topic that exists is not created again.',
    protects: 'availability',
    whenOff: 'The creation is answered as done; the topic stays as it is.',
    exercise: 'zookeeper-leader-crash',
  },
  partitionCount: {
    name: 'controller.partitionCount',
    rule: 'KB 4.1',
    sentence: 'A topic has at least one partition and never loses one.',
    protects: 'order-by-key',
    whenOff: 'The request is answered as done; no partition is taken away.',
    exercise: 'partition-added-mid-run',
  },
  replicationFactor: {
    name: 'controller.replicationFactor',
    rule: 'KB 4.1',
    sentence: 'A topic is not created with more replicas than there are live brokers.',
    protects: 'no-loss',
    whenOff: 'It is created with as many replicas as there are brokers.',
    exercise: 'rolling-restart',
  },
  replicaAssignment: {
    name: 'controller.replicaAssignment',
    rule: 'KB 4.1',
    sentence: 'All lists of replicas are equally long, and none names a broker twice.',
    protects: 'no-loss',
    whenOff: 'Brokers that are named twice count once: partitions have fewer replicas than meant.',
    exercise: 'partition-added-mid-run',
  },
  alteredTopic: {
    name: 'controller.alteredTopic',
    rule: 'KB 4.1',
    sentence: 'The configuration of a topic that is not there cannot be set.',
    protects: 'refusals',
    whenOff: 'It is written and answered as done, for a topic that nobody has.',
    exercise: 'refusals',
  },
  alteredValue: {
    name: 'controller.alteredValue',
    rule: 'KB 4.1',
    sentence: 'A property is not set to a value that no broker could start with.',
    protects: 'refusals',
    whenOff: 'The request is answered as done; the topic stays as it is.',
    exercise: 'refusals',
  },
  electionNeeded: {
    name: 'leader.electionNeeded',
    rule: 'KB C7',
    sentence: 'A partition that has the leader asked for is not given a new epoch.',
    protects: 'availability',
    whenOff: 'The leader is elected again, and its followers start their fetches anew.',
    exercise: 'rolling-restart',
  },
  shutdownBrokerEpoch: {
    name: 'controller.shutdownBrokerEpoch',
    rule: 'KB C12',
    sentence: 'A request to shut down that an earlier process of the broker sent is refused.',
    protects: 'availability',
    whenOff: 'A late request takes the leaderships from the process that has just started.',
    exercise: 'refusals',
  },
  idBlockBrokerEpoch: {
    name: 'producer.idBlockBrokerEpoch',
    rule: 'KB P19',
    sentence: 'Only a registered broker is given a block of producer ids.',
    protects: 'no-log-duplicates',
    whenOff: 'A broker without registration is given a block, too.',
    exercise: 'broker-cut-from-zookeeper',
  },
  idBlockVersion: {
    name: 'producer.idBlockVersion',
    rule: 'KB P19',
    sentence: 'A block of producer ids is given away only if nobody took it meanwhile.',
    protects: 'no-log-duplicates',
    whenOff: 'Two controllers give away the same block, and two producers share an id.',
    exercise: 'refusals',
  },
})
