/**
 * Moments of replication that a trigger can wait for. Subjects are partition ids.
 */

import { defineProbes, type ProbeId } from '../../../sim/registry.ts'

type ProbeName =
  | 'produceAppended'
  | 'produceDuplicateDetected'
  | 'produceOutOfOrder'
  | 'produceTimedOut'
  | 'produceNotEnoughReplicas'
  | 'hwAdvanced'
  | 'isrShrinkSent'
  | 'isrExpandSent'
  | 'isrShrunk'
  | 'isrShrankToOne'
  | 'isrExpanded'
  | 'isrAlterPartitionRefused'
  | 'leaderBecame'
  | 'leaderResigned'
  | 'leaderTruncated'
  | 'followerBecame'
  | 'followerTruncated'
  | 'followerOutOfRange'
  | 'followerFailed'
  | 'followerCorrupt'
  | 'fetchDiverged'
  | 'logUnsyncedLost'
  | 'logRolled'
  | 'logSegmentsDeleted'
  | 'logDirectoryFailed'

export const Probe: { readonly [Name in ProbeName]: ProbeId } = defineProbes({
  produceAppended: {
    name: 'produce.appended',
    rule: 'KB P6',
    sentence: 'A leader appended a client’s batch.',
  },
  produceDuplicateDetected: {
    name: 'produce.duplicateDetected',
    rule: 'KB P15.1',
    sentence: 'A leader recognised a batch that it already has.',
  },
  produceOutOfOrder: {
    name: 'produce.outOfOrder',
    rule: 'KB P15.6',
    sentence: 'A leader refused a batch whose sequence does not follow.',
  },
  produceTimedOut: {
    name: 'produce.timedOut',
    rule: 'KB P11',
    sentence: 'A produce with acks=all waited too long for replication.',
  },
  produceNotEnoughReplicas: {
    name: 'produce.notEnoughReplicas',
    rule: 'KB P3',
    sentence: 'A leader refused acks=all because its ISR is below min.insync.replicas.',
  },
  hwAdvanced: {
    name: 'hw.advanced',
    rule: 'KB P8',
    sentence: 'A leader raised its high watermark.',
  },
  isrShrinkSent: {
    name: 'isr.shrinkSent',
    rule: 'KB F19',
    sentence: 'A leader asked for a smaller ISR.',
  },
  isrExpandSent: {
    name: 'isr.expandSent',
    rule: 'KB F20',
    sentence: 'A leader asked for a larger ISR.',
  },
  isrShrunk: {
    name: 'isr.shrunk',
    rule: 'KB F22',
    sentence: 'A leader learned that its ISR is smaller.',
  },
  isrShrankToOne: {
    name: 'isr.shrankToOne',
    rule: 'KB F22',
    sentence: 'A leader learned that it is alone in its ISR.',
  },
  isrExpanded: {
    name: 'isr.expanded',
    rule: 'KB F22',
    sentence: 'A leader learned that its ISR is larger.',
  },
  isrAlterPartitionRefused: {
    name: 'isr.alterPartitionRefused',
    rule: 'KB F22',
    sentence: 'The controller refused an ISR change.',
  },
  leaderBecame: {
    name: 'leader.became',
    rule: 'KB F-c',
    sentence: 'A broker learned that it leads.',
  },
  leaderResigned: {
    name: 'leader.resigned',
    rule: 'KB P13',
    sentence: 'A broker learned that it leads no longer.',
  },
  leaderTruncated: {
    name: 'leader.truncated',
    rule: 'KB F24',
    sentence: 'A replica that had led cut records that it had appended itself.',
  },
  followerBecame: {
    name: 'follower.became',
    rule: 'KB F-d',
    sentence: 'A broker learned whom it follows.',
  },
  followerTruncated: {
    name: 'follower.truncated',
    rule: 'KB 3.6',
    sentence: 'A follower cut its log.',
  },
  followerOutOfRange: {
    name: 'follower.outOfRange',
    rule: 'KB F24',
    sentence: 'A follower asked for an offset that its leader does not have.',
  },
  followerFailed: {
    name: 'follower.failed',
    rule: 'KB F16',
    sentence: 'A follower gave a partition up until the next leadership change.',
  },
  followerCorrupt: {
    name: 'follower.corrupt',
    rule: 'KB F16',
    sentence: 'A follower was given a batch whose checksum fails, and asks again.',
  },
  fetchDiverged: {
    name: 'fetch.diverged',
    rule: 'KB V4',
    sentence: 'A leader told a follower where their logs part.',
  },
  logUnsyncedLost: {
    name: 'log.unsyncedLost',
    rule: 'KB L11, L13',
    sentence: 'A replica came back shorter than its checkpoints say, or with a torn batch.',
  },
  logRolled: {
    name: 'log.rolled',
    rule: 'KB L7',
    sentence: 'A log began a new segment.',
  },
  logSegmentsDeleted: {
    name: 'log.segmentsDeleted',
    rule: 'KB L21',
    sentence: 'Retention deleted segments of a log.',
  },
  logDirectoryFailed: {
    name: 'log.directoryFailed',
    rule: 'KB L12',
    sentence: 'A log directory went offline.',
  },
})
