/**
 * An explanation written by hand: a loss with acks=1, its pivot and its mend.
 */

import type { Case } from '../../scenarios/case.ts'
import type { Explanation } from '../../scenarios/explain/explain.ts'

const of = { check: 'no-loss', scope: 'stored' } as const

const saved = {
  kind: 'entry',
  what: 'the pause of leader of orders-0 (broker 2) does not happen',
  atUs: 12_310_000,
  traceHash: '00000000000000aa',
  case: {} as Case,
} as const

const acks = {
  sets: ['producers.order-service.config.acks=all'],
  why: 'an acknowledgement then waits for every in-sync replica',
  kept: 7,
  of: 7,
  others: [{ check: 'order-by-key', scope: 'stored', before: 6, after: 7 }],
  refused: null,
} as const

const flush = {
  sets: ['cluster.config.log.flush.interval.messages=1'],
  why: 'a record is then on the platter before it is acknowledged',
  kept: 3,
  of: 7,
  others: [],
  refused: null,
} as const

export const plantedExplanation: Explanation = {
  accounts: [
    {
      ...of,
      kind: 'loss',
      about: 'record 3:17 of order-service-1 with key <key-12>, the first of 37 lost records',
      steps: [
        {
          atUs: 12_304_000,
          process: 'broker-2',
          text: 'broker 2, leader of orders-0 in epoch 4, appended it at offset 1217, in a batch from 1204 to 1218',
        },
        {
          atUs: 12_304_500,
          process: 'order-service-1',
          text: 'order-service-1 was told ok (acks=1): at that moment broker 2 alone had it',
        },
        { atUs: 12_310_000, process: null, text: 'the timeline struck: power-loss broker 2' },
        {
          atUs: 14_200_000,
          process: 'broker-2',
          text: 'broker 2 cut its log of orders-0 back from 1219 to 1204 to follow its leader: 15 records are gone there, this one among them',
        },
      ],
      moral: 'acks=1 waits for the leader alone: what no follower has yet goes with it.',
    },
  ],
  cone: {
    processes: ['world', 'order-service-1', 'broker-2', 'broker-3<b>'],
    nodes: [
      { id: 0, process: 'order-service-1', atUs: 12_303_000, label: 'timer linger', step: null },
      { id: 1, process: 'broker-2', atUs: 12_304_000, label: 'Produce', step: 1 },
      { id: 2, process: 'order-service-1', atUs: 12_304_500, label: 'ProduceResponse', step: 2 },
      { id: 3, process: 'world', atUs: 12_310_000, label: 'power-loss broker 2', step: 3 },
      { id: 4, process: 'broker-3<b>', atUs: 14_199_000, label: 'Fetch', step: null },
      { id: 5, process: 'broker-2', atUs: 14_200_000, label: 'FetchResponse', step: 4 },
    ],
    edges: [
      { from: 0, to: 1, message: 'ProduceRequest' },
      { from: 1, to: 2, message: 'ProduceResponse' },
      { from: 4, to: 5, message: 'FetchResponse' },
    ],
    folded: 12,
  },
  pivot: {
    ...of,
    traceHash: '0123456789abcdef',
    tried: 60,
    triedOf: { entry: 1, draw: 2, tie: 20, delay: 37 },
    saved: [saved],
    told: saved,
    sentence:
      'It turned on this at 12.310 s: where the pause of leader of orders-0 (broker 2) does not happen, no-loss stored does not break (trace 00000000000000aa in place of 0123456789abcdef).',
  },
  mend: { ...of, cases: 7, searched: 40, tried: [acks, flush], best: acks },
}
