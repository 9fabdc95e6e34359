/**
 * The checks of replication, each of which can be switched off by name (contracts §4).
 *
 * Guard off means: as if the check had passed. What that leads to is `whenOff`.
 */

import { defineGuards, type GuardId } from '../../../sim/registry.ts'

type GuardName =
  | 'requiredAcks'
  | 'producePartition'
  | 'produceLeader'
  | 'minIsr'
  | 'messageSize'
  | 'segmentSize'
  | 'timestampBounds'
  | 'controlBatch'
  | 'sequencePresent'
  | 'leaderOnCompletion'
  | 'minIsrAfterAppend'
  | 'duplicate'
  | 'producerEpoch'
  | 'producerEpochStart'
  | 'producerSequence'
  | 'fetchPartition'
  | 'fetchLeader'
  | 'leaderEpochFenced'
  | 'leaderEpochUnknown'
  | 'offsetRange'
  | 'highWatermark'
  | 'assignedReplica'
  | 'lastFetchedEpoch'
  | 'knownEpoch'
  | 'answerMatches'
  | 'offsetsContinue'
  | 'followerChecksum'
  | 'fencedFollower'
  | 'truncationEpoch'
  | 'leaderAlive'
  | 'eligibility'
  | 'liveMember'
  | 'onePending'
  | 'isrReply'
  | 'hwMonotonic'
  | 'hwFollowerEnd'
  | 'controllerEpoch'
  | 'brokerEpoch'
  | 'leaderEpoch'
  | 'partitionEpoch'
  | 'assigned'
  | 'topicKnown'
  | 'stopLeaderEpoch'
  | 'tornTail'
  | 'rottenTail'
  | 'epochAnswer'
  | 'offsetsLeader'
  | 'epochStart'

export const Guard: { readonly [Name in GuardName]: GuardId } = defineGuards({
  requiredAcks: {
    name: 'produce.requiredAcks',
    rule: 'KB P1',
    sentence: 'A produce asks for no, one or all acknowledgements.',
    protects: 'the meaning of acks',
    whenOff: 'an unknown number of acknowledgements is handled as one',
    exercise: 'refusals',
  },
  producePartition: {
    name: 'produce.partition',
    rule: 'KB P1',
    sentence: 'A produce names a partition that this broker has heard of.',
    protects: 'clients refresh their metadata',
    whenOff: 'the broker says instead that it does not lead',
    exercise: 'refusals',
  },
  produceLeader: {
    name: 'produce.leader',
    rule: 'KB P2',
    sentence: 'Only the leader of a partition appends what clients send.',
    protects: 'log matching; no-loss',
    whenOff:
      'a follower appends what comes with acks=1 to its copy, which then differs from the leader’s',
    exercise: 'leader-crash-acks-all',
  },
  minIsr: {
    name: 'produce.minIsr',
    rule: 'KB P3',
    sentence: 'acks=all needs an ISR of min.insync.replicas.',
    protects: 'no-loss: an acknowledged record stands on that many replicas',
    whenOff: 'acks=all succeeds with any ISR',
    exercise: 'isr-below-minimum',
  },
  messageSize: {
    name: 'produce.messageSize',
    rule: 'KB P4',
    sentence: 'A batch is at most max.message.bytes long.',
    protects: 'bounds of every reader’s memory',
    whenOff: 'batches of any size are appended',
    exercise: 'double-eleven',
  },
  timestampBounds: {
    name: 'produce.timestampBounds',
    rule: 'KB P4',
    sentence:
      'A record’s timestamp lies at most message.timestamp.before.max.ms before and ' +
      'message.timestamp.after.max.ms behind the broker’s clock.',
    protects: 'no-loss: retention goes by timestamps',
    whenOff: 'a record of a clock that is behind is deleted long before its time',
    exercise: 'refusals',
  },
  segmentSize: {
    name: 'produce.segmentSize',
    rule: 'KB P4',
    sentence: 'A batch fits into one segment.',
    protects: 'segments stay within segment.bytes',
    whenOff: 'a segment grows over its size',
    exercise: 'double-eleven',
  },
  controlBatch: {
    name: 'produce.controlBatch',
    rule: 'KB P4',
    sentence: 'Clients write no control batches.',
    protects: 'markers come from coordinators alone',
    whenOff: 'a client can end transactions of others',
    exercise: 'double-eleven',
  },
  sequencePresent: {
    name: 'produce.sequencePresent',
    rule: 'KB P4',
    sentence: 'A batch with a producer id has a sequence.',
    protects: 'no-log-duplicates',
    whenOff: 'batches without sequence are compared as if they had one',
    exercise: 'double-eleven',
  },
  leaderOnCompletion: {
    name: 'produce.leaderOnCompletion',
    rule: 'KB P13',
    sentence: 'Who no longer leads acknowledges nothing that still waits.',
    protects: 'no-loss: A leads, B leads, A leads again gives no false acknowledgement',
    whenOff: 'a waiting produce is judged by the high watermark of a later role',
    exercise: 'leader-cut-off',
  },
  minIsrAfterAppend: {
    name: 'produce.minIsrAfterAppend',
    rule: 'KB P11',
    sentence: 'An appended batch is acknowledged only with min.insync.replicas in the maximal ISR.',
    protects: 'no-loss: an acknowledged record stands on that many replicas',
    whenOff: 'it is acknowledged however small the ISR has become',
    exercise: 'isr-below-minimum',
  },
  duplicate: {
    name: 'producer.duplicate',
    rule: 'KB P15.1',
    sentence: 'A batch that repeats one of a producer’s last five is answered, not appended.',
    protects: 'no-log-duplicates without errors',
    whenOff: 'a retry is refused as out of order',
    exercise: 'send-timeout-then-resend',
  },
  producerEpoch: {
    name: 'producer.epoch',
    rule: 'KB P15.3',
    sentence: 'A batch of an older epoch of its producer is refused.',
    protects: 'no-log-duplicates: an old incarnation of a producer stays out',
    whenOff: 'batches of an older incarnation are appended',
    exercise: 'send-timeout-then-resend',
  },
  producerEpochStart: {
    name: 'producer.epochStart',
    rule: 'KB P15.5',
    sentence: 'A new epoch of a producer begins with sequence 0.',
    protects: 'no-log-duplicates',
    whenOff: 'a producer with a new epoch may begin anywhere',
    exercise: 'send-timeout-then-resend',
  },
  producerSequence: {
    name: 'producer.sequence',
    rule: 'KB P15.6',
    sentence: 'A batch continues its producer’s sequence.',
    protects: 'no-log-duplicates; order-by-key',
    whenOff: 'gaps are appended and a pipelined retry overtakes',
    exercise: 'refusals',
  },
  fetchPartition: {
    name: 'fetch.partition',
    rule: 'KB P2, F2',
    sentence: 'A fetch names a partition that this broker has heard of.',
    protects: 'clients refresh their metadata',
    whenOff: 'the broker says instead that it does not lead',
    exercise: 'refusals',
  },
  fetchLeader: {
    name: 'fetch.leader',
    rule: 'KB F2',
    sentence: 'Followers copy from the leader alone.',
    protects: 'log matching; no-loss',
    whenOff: 'a follower copies from a follower',
    exercise: 'refusals',
  },
  leaderEpochFenced: {
    name: 'fetch.leaderEpochFenced',
    rule: 'KB F1',
    sentence: 'A question that names an older leader epoch is refused.',
    protects: 'HZ R04: a follower with an old view is not counted',
    whenOff: 'a follower or consumer with an old view of the partition is served',
    exercise: 'refusals',
  },
  leaderEpochUnknown: {
    name: 'fetch.leaderEpochUnknown',
    rule: 'KB F1',
    sentence: 'A question that names a newer leader epoch is refused.',
    protects: 'a deposed leader serves nobody who knows better',
    whenOff: 'a deposed leader serves those who already know of its successor',
    exercise: 'broker-cut-from-zookeeper',
  },
  offsetRange: {
    name: 'fetch.offsetRange',
    rule: 'KB F3',
    sentence: 'A fetch begins inside the log.',
    protects: 'no-loss: a reader notices that records are gone',
    whenOff: 'a reader that is ahead of the log waits there in silence',
    exercise: 'leader-crash-acks-one',
  },
  highWatermark: {
    name: 'fetch.highWatermark',
    rule: 'KB F3',
    sentence: 'Consumers read below the high watermark.',
    protects: 'no delivered record is replaced (KB 9.14)',
    whenOff: 'consumers read what may be truncated',
    exercise: 'leader-crash-acks-one',
  },
  assignedReplica: {
    name: 'fetch.assignedReplica',
    rule: 'KB F17',
    sentence: 'Only replicas of a partition are served as followers.',
    protects: 'WeakIsr: nobody else is counted',
    whenOff: 'a broker that holds no replica is served and not counted',
    exercise: 'rolling-restart',
  },
  lastFetchedEpoch: {
    name: 'fetch.lastFetchedEpoch',
    rule: 'KB V4',
    sentence: 'A follower whose log parts from the leader’s is told where.',
    protects: 'log matching; no-loss',
    whenOff: 'a follower keeps its own records where it parted',
    exercise: 'leader-crash-acks-one',
  },
  knownEpoch: {
    name: 'fetch.knownEpoch',
    rule: 'KB V4',
    sentence:
      'A follower whose last epoch the leader cannot place has to ask for the leader’s end.',
    protects: 'log matching',
    whenOff: 'a follower with an unknown epoch goes on',
    exercise: 'leader-crash-acks-one',
  },
  answerMatches: {
    name: 'follower.answerMatches',
    rule: 'KB F14',
    sentence: 'A follower takes only the answer to the offset that it wants now.',
    protects: 'log matching',
    whenOff: 'an answer that was overtaken is considered',
    exercise: 'leader-crash-acks-all',
  },
  offsetsContinue: {
    name: 'follower.offsetsContinue',
    rule: 'KB F15',
    sentence: 'What a follower copies continues its log.',
    protects: 'log matching; TypeOk',
    whenOff: 'a batch that begins before the end of its log is appended all the same',
    exercise: 'overlapping-batch',
  },
  followerChecksum: {
    name: 'follower.checksum',
    rule: 'KB F15, F16',
    sentence: 'A follower asks again instead of appending a batch whose checksum fails.',
    protects: 'no-loss: one rotten copy does not become two',
    whenOff: 'a batch that a disk has damaged is copied as it is',
    exercise: 'rotten-copies',
  },
  fencedFollower: {
    name: 'follower.fenced',
    rule: 'KB F16',
    sentence:
      'A follower with an outdated leader epoch stops until it is told the new one. ' +
      'What it asked meanwhile would be refused all the same.',
    protects: 'no endless fetching from a former view',
    whenOff: 'it backs off and asks again and again',
    exercise: 'rolling-restart',
    redundant: 'every further question in the old epoch is refused by fetch.leaderEpochFenced',
  },
  truncationEpoch: {
    name: 'follower.truncationEpoch',
    rule: 'KB V3',
    sentence: 'A follower uses an epoch’s end only in the leader epoch in which it asked.',
    protects: 'log matching',
    whenOff: 'it cuts its log by the word of a former leader',
    exercise: 'leader-crash-acks-all',
    redundant:
      'asked before truncation=fetch only; another leader answers a fetcher that has let go, the same says the same',
  },
  leaderAlive: {
    name: 'follower.leaderAlive',
    rule: 'KB F-d',
    sentence: 'A broker follows only a leader that it believes alive.',
    protects: 'a partition keeps its role until it can be copied',
    whenOff: 'it follows a broker that is gone, and retries',
    exercise: 'rolling-restart',
  },
  eligibility: {
    name: 'isr.eligibility',
    rule: 'KB F20',
    sentence:
      'A replica enters the ISR when it has reached the high watermark and the start of this leadership.',
    protects: 'no-loss; StrongIsr',
    whenOff: 'any replica that fetches enters the ISR at once',
    exercise: 'isr-churn',
  },
  liveMember: {
    name: 'isr.liveMember',
    rule: 'KB F20',
    sentence: 'Only a broker believed alive enters the ISR.',
    protects: 'HZ D08',
    whenOff: 'a broker that is gone is proposed; isr.alterLiveMembers at the controller refuses it',
    exercise: 'isr-churn',
    behind: 'isr.alterLiveMembers',
    redundant:
      'the controller refuses what a leader should not have proposed (isr.alterLiveMembers); with ' +
      'both off acks=all waits until such a broker lags out again, which breaks no promise',
  },
  onePending: {
    name: 'isr.onePending',
    rule: 'KB F21',
    sentence: 'One ISR change at a time.',
    protects: 'the maximal ISR covers every state the change can end in',
    whenOff: 'a second change is asked for while the first is open',
    exercise: 'isr-churn',
  },
  isrReply: {
    name: 'isr.replyState',
    rule: 'KB F22, F23',
    sentence:
      'The answer to an ISR change counts only while that change is pending, in the same leadership; ' +
      'what ZooKeeper holds instead answers it only if it is what was written.',
    protects: 'the leader’s ISR follows the durable one',
    whenOff: 'an answer to an abandoned change is taken, and so is what somebody else wrote',
    exercise: 'isr-late-answer',
  },
  hwMonotonic: {
    name: 'hw.monotonic',
    rule: 'KB L3',
    sentence: 'A leader’s high watermark never falls.',
    protects: 'consumers never see the end go back (KB 9.11)',
    whenOff: 'it falls with a follower that begins anew',
    exercise: 'leader-crash-acks-all',
  },
  hwFollowerEnd: {
    name: 'hw.followerEnd',
    rule: 'KB L3',
    sentence: 'A follower’s high watermark stays within its log.',
    protects: 'TypeOk',
    whenOff: 'it takes the leader’s, whatever it has itself',
    exercise: 'isr-churn',
  },
  controllerEpoch: {
    name: 'leader.controllerEpoch',
    rule: 'KB F-a',
    sentence: 'A broker obeys no older controller than it has heard of.',
    protects: 'one leader per epoch',
    whenOff: 'an old controller’s requests are obeyed',
    exercise: 'long-pause',
  },
  brokerEpoch: {
    name: 'leader.brokerEpoch',
    rule: 'KB F-a',
    sentence: 'A broker obeys no request that was meant for its former registration.',
    protects: 'HZ Z06',
    whenOff: 'requests meant for the process before the restart are obeyed',
    exercise: 'rolling-restart',
  },
  leaderEpoch: {
    name: 'leader.leaderEpoch',
    rule: 'KB F-b',
    sentence: 'A partition’s role changes only with a higher leader epoch.',
    protects: 'one leader per epoch; log matching',
    whenOff: 'a late request undoes a newer leadership, where leader.partitionEpoch lets it',
    exercise: 'refusals',
  },
  partitionEpoch: {
    name: 'leader.partitionEpoch',
    rule: 'KB F-b',
    sentence: 'A role change is not older than the known state of the partition.',
    protects: 'the leader’s ISR follows the durable one',
    whenOff: 'an older state of the same epoch is taken',
    exercise: 'isr-churn',
  },
  assigned: {
    name: 'leader.assigned',
    rule: 'KB F-b',
    sentence: 'A broker takes a role only where it is a replica.',
    protects: 'replicas stand where they are assigned',
    whenOff: 'it begins a replica that nobody counts',
    exercise: 'partition-added-mid-run',
  },
  topicKnown: {
    name: 'leader.topicKnown',
    rule: 'KB C24',
    sentence: 'A broker describes only topics that it has heard of.',
    protects: 'clients refresh their metadata',
    whenOff: 'an unknown topic has no partitions and no error',
    exercise: 'refusals',
  },
  stopLeaderEpoch: {
    name: 'stopReplica.leaderEpoch',
    rule: 'KB F-e',
    sentence: 'A replica is stopped only by a request of its present leader epoch.',
    protects: 'HZ Z07',
    whenOff: 'a late request stops or deletes a valid replica',
    exercise: 'rolling-restart',
  },
  rottenTail: {
    name: 'log.rottenTail',
    rule: 'KB L13',
    sentence: 'After an unclean stop the first batch whose checksum fails ends the log.',
    protects: 'no-loss: what a disk has damaged is fetched again from the leader',
    whenOff: 'a rotten batch stays in the log and nobody fetches it anew',
    exercise: 'rotten-copies',
  },
  tornTail: {
    name: 'log.tornTail',
    rule: 'KB L13',
    sentence: 'After an unclean stop a batch whose checksum fails ends the log.',
    protects: 'TypeOk: a torn batch is not served',
    whenOff: 'a torn batch is taken for whole',
    exercise: 'rotten-copies',
  },
  epochAnswer: {
    name: 'fetch.epochAnswer',
    rule: 'KB V1–V3',
    sentence: 'Only the leader says where an epoch ends.',
    protects: 'log matching',
    whenOff: 'a follower answers from its own copy',
    exercise: 'leader-crash-acks-all',
  },
  offsetsLeader: {
    name: 'fetch.offsetsLeader',
    rule: 'KB F9',
    sentence: 'Only the leader tells the ends of a log.',
    protects: 'committed-offset-regression',
    whenOff: 'a follower tells its own ends',
    exercise: 'leader-crash-acks-all',
  },
  epochStart: {
    name: 'fetch.epochStart',
    rule: 'KB F9',
    sentence: 'A new leader tells no end before its high watermark has reached its start.',
    protects: 'HZ C02: the end that consumers see does not go back',
    whenOff: 'consumers see an end that lies before what they have read',
    exercise: 'end-goes-back',
  },
})
