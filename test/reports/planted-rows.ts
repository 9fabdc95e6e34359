/**
 * Rows of each registry, made by hand.
 */

import type { GuardRow, ListRow, Preset, ProbeRow, ProtocolRow } from '../../reports/answer.ts'

export const guards: readonly GuardRow[] = [
  {
    name: 'fetch.leaderEpoch',
    rule: 'KB F1',
    sentence: 'A fetch with an older leader epoch than the leader’s own is refused.',
    protects: 'StrongIsr',
    whenOff: 'A zombie follower truncates by an old leader’s answer (R04).',
    file: 'model/kafka/replication/guards.ts',
    exercise: 'isr-churn',
    hazards: ['R04'],
  },
]

export const probes: readonly ProbeRow[] = [
  {
    name: 'isr.shrankToOne',
    sentence: 'The ISR of a partition has one member left.',
    rule: 'KB F19',
    file: null,
  },
  {
    name: 'leader.truncated',
    sentence:
      'A leader cut its log while it became one, which can only follow an unclean election.',
    rule: 'KB F2',
    file: 'model/kafka/replication/probes.ts',
  },
]

export const protocols: readonly ProtocolRow[] = [
  {
    feature: 'truncation',
    rule: 'KB 3.6',
    sentence: 'How a follower finds the place from which it must copy the leader’s log anew.',
    default: 'fetch',
    zookeeperMode: true,
    levels: [
      {
        name: 'hw',
        releases: '≤ 0.10.2',
        kip: null,
        sentence: 'It cuts its log to its own high watermark.',
        hazards: ['R01', 'R02'],
        modelled: true,
      },
      {
        name: 'fetch',
        releases: '≥ 2.7',
        kip: 'KIP-595',
        sentence: 'The leader finds the divergence in the fetch itself.',
        hazards: [],
        modelled: true,
      },
      {
        name: 'tomorrow',
        releases: '≥ 5.0',
        kip: null,
        sentence: 'It asks nobody.',
        hazards: [],
        modelled: false,
      },
    ],
  },
]

export const presets: readonly Preset[] = [{ name: 'release=0.10', sets: { truncation: 'hw' } }]

export const list: readonly ListRow[] = [
  {
    name: 'leader-crash-acks-one',
    question: 'Does an order acknowledged with acks=1 survive the death of its partition’s leader?',
    problem: 'loss',
    expect: { 'no-loss': 'breaks', 'order-by-key': 'may-break' },
    hazard: null,
  },
  { name: 'silent', question: 'Is anything expected?', problem: 'order', expect: {}, hazard: null },
]
