/**
 * Moments of controller and registration that triggers wait for and explorations count.
 */

import { defineProbes } from '../../../sim/registry.ts'

export const Probe: {
  readonly elected: number
  readonly failover: number
  readonly resigned: number
  readonly fenced: number
  readonly lostRace: number
  readonly controlResent: number
  readonly leaderElected: number
  readonly leaderElectedUnclean: number
  readonly leaderNone: number
  readonly stateReadAgain: number
  readonly brokerFailed: number
  readonly brokersFailedTogether: number
  readonly brokerStarted: number
  readonly brokerBounced: number
  readonly alterPartitionAccepted: number
  readonly alterPartitionConflict: number
  readonly alterPartitionRefused: number
  readonly removedByController: number
  readonly lastMemberKept: number
  readonly registered: number
  readonly registrationRefused: number
  readonly registrationReplaced: number
  readonly registrationExpired: number
  readonly idBlockGiven: number
  readonly shutdownBegan: number
  readonly shutdownUncontrolled: number
  readonly brokerShutsDown: number
  readonly leaderMoved: number
  readonly logDirectoryEvent: number
  readonly topicConfigApplied: number
  readonly reassignmentBegan: number
  readonly reassignmentEnded: number
  readonly topicDeletionBegan: number
  readonly topicDeleted: number
  readonly isrChangeHeard: number
  readonly replicaOffline: number
} = defineProbes({
  elected: {
    name: 'controller.elected',
    rule: 'KB C1',
    sentence: 'A broker became the controller; the subject is its id.',
  },
  failover: {
    name: 'controller.failover',
    rule: 'KB C2',
    sentence: 'A new controller has loaded the cluster and told every broker.',
  },
  resigned: {
    name: 'controller.resigned',
    rule: 'KB C20',
    sentence: 'A controller stopped being it.',
  },
  fenced: {
    name: 'controller.fenced',
    rule: 'KB C4',
    sentence: 'A write of a deposed controller was refused by its epoch.',
  },
  lostRace: {
    name: 'controller.lostRace',
    rule: 'KB C1',
    sentence: 'A broker ran for controller and another one was first.',
  },
  controlResent: {
    name: 'controller.controlResent',
    rule: 'KB C15',
    sentence: 'A request of the controller is sent again; the subject is the broker.',
  },
  leaderElected: {
    name: 'leader.elected',
    rule: 'KB C7',
    sentence: 'A leader was elected and stands in ZooKeeper; the subject is the partition.',
  },
  leaderElectedUnclean: {
    name: 'leader.electedUnclean',
    rule: 'KB C7',
    sentence: 'A leader from outside the ISR was elected; the subject is the partition.',
  },
  leaderNone: {
    name: 'leader.none',
    rule: 'KB C7',
    sentence: 'No replica could be elected; the subject is the partition.',
  },
  stateReadAgain: {
    name: 'controller.stateReadAgain',
    rule: 'KB C8',
    sentence: 'A state had changed under the controller; the subject is the partition.',
  },
  brokerFailed: {
    name: 'broker.failed',
    rule: 'KB C10',
    sentence: 'The controller saw a broker vanish; the subject is the broker.',
  },
  brokersFailedTogether: {
    name: 'broker.failedTogether',
    rule: 'KB C10',
    sentence: 'The controller saw several brokers vanish at once.',
  },
  brokerStarted: {
    name: 'broker.started',
    rule: 'KB C11',
    sentence: 'The controller saw a broker appear; the subject is the broker.',
  },
  brokerBounced: {
    name: 'broker.bounced',
    rule: 'KB C10',
    sentence: 'A broker was registered anew before the controller saw it vanish.',
  },
  alterPartitionAccepted: {
    name: 'isr.alterPartitionAccepted',
    rule: 'KB F22',
    sentence: 'A change of the ISR stands in ZooKeeper; the subject is the partition.',
  },
  alterPartitionConflict: {
    name: 'isr.alterPartitionConflict',
    rule: 'KB F22',
    sentence: 'The state had another version than the controller believed.',
  },
  alterPartitionRefused: {
    name: 'controller.alterPartitionRefused',
    rule: 'KB F22',
    sentence: 'A change of the ISR was refused; the subject is the partition.',
  },
  removedByController: {
    name: 'isr.removedByController',
    rule: 'KB C10',
    sentence: 'The controller took a dead replica out of the ISR; the subject is the partition.',
  },
  lastMemberKept: {
    name: 'isr.lastMemberKept',
    rule: 'KB C10',
    sentence: 'The last member of an ISR died and stays in it; the subject is the partition.',
  },
  registered: {
    name: 'registration.registered',
    rule: 'KB C18',
    sentence: 'A broker registered; the subject is its id.',
  },
  registrationRefused: {
    name: 'registration.refused',
    rule: 'KB C22',
    sentence: 'A broker found its node held by another session and ended.',
  },
  registrationReplaced: {
    name: 'registration.replaced',
    rule: 'KB C22',
    sentence: 'A broker replaced a node that its own earlier session had left.',
  },
  registrationExpired: {
    name: 'registration.expired',
    rule: 'KB C18',
    sentence: 'A broker learnt that its session had expired.',
  },
  shutdownBegan: {
    name: 'broker.shutdownBegan',
    rule: 'KB L16',
    sentence: 'A broker was told to end in good order; the subject is its id.',
  },
  shutdownUncontrolled: {
    name: 'broker.shutdownUncontrolled',
    rule: 'KB C12',
    sentence: 'A broker ends although the controller has not moved what it leads.',
  },
  brokerShutsDown: {
    name: 'controller.brokerShutsDown',
    rule: 'KB C12',
    sentence: 'The controller begins to move what a broker leads; the subject is the broker.',
  },
  leaderMoved: {
    name: 'leader.moved',
    rule: 'KB C12',
    sentence: 'A leadership was moved from a broker that shuts down; the subject is the partition.',
  },
  logDirectoryEvent: {
    name: 'controller.logDirectoryEvent',
    rule: 'KB L12',
    sentence: 'The controller read that a broker lost a log directory; the subject is the broker.',
  },
  reassignmentBegan: {
    name: 'partition.reassignmentBegan',
    rule: 'KB C14',
    sentence: 'A partition begins to move to other brokers; the subject is the partition.',
  },
  reassignmentEnded: {
    name: 'partition.reassignmentEnded',
    rule: 'KB C14',
    sentence: 'A partition has moved to other brokers; the subject is the partition.',
  },
  topicDeletionBegan: {
    name: 'topic.deletionBegan',
    rule: 'KB 4.1',
    sentence: 'Brokers are told that a topic is being deleted; the subject is the topic.',
  },
  isrChangeHeard: {
    name: 'isr.changeHeard',
    rule: 'KB F23',
    sentence: 'The controller reads an ISR that its leader wrote; the subject is the partition.',
  },
  topicDeleted: {
    name: 'topic.deleted',
    rule: 'KB 4.1',
    sentence: 'Every log of a topic is gone, and its nodes; the subject is the topic.',
  },
  topicConfigApplied: {
    name: 'topic.configApplied',
    rule: 'KB 4.1',
    sentence: 'A broker acts on the altered configuration of a topic; the subject is the topic.',
  },
  replicaOffline: {
    name: 'controller.replicaOffline',
    rule: 'KB C16',
    sentence: 'A replica was answered with a storage error; the subject is the partition.',
  },
  idBlockGiven: {
    name: 'producer.idBlockGiven',
    rule: 'KB P19',
    sentence: 'The controller gave a block of producer ids to a broker.',
  },
})
