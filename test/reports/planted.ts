/**
 * A judged run made by hand: one promise broken, one kept, one that could not be told, one vacuous.
 */

import { History } from '../../model/history.ts'
import type { Configuration, Head, RunAnswer } from '../../reports/answer.ts'
import { plainCase } from '../../scenarios/explore/cases.ts'
import type {
  GroupSeries,
  Judged,
  Measures,
  Result,
  Struck,
  Verdict,
} from '../../scenarios/result.ts'
import { expand } from '../../scenarios/schema/expand.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'

export const plantedHead: Head = {
  version: '0.1.0',
  command: 'run',
  seed: 7,
  wallMs: 1_234,
  node: 'v20.20.2',
}

export const plantedConfiguration: Configuration = {
  inputs: [
    { name: 'duration', value: '40s', source: 'given' },
    { name: 'record size', value: '100 B', source: 'default' },
  ],
  ignored: ['log.dirs', 'num.partitions'],
  notices: [
    '2 properties have no effect here: log.dirs, num.partitions (--strict makes it an error)',
  ],
}

export function plantedScenario(): Scenario {
  const { scenario, findings } = expand({
    name: 'planted',
    question: 'Does an acknowledged order survive the death of a partition leader?',
    system: 'kafka',
    duration: '40s',
    timeouts: 'brisk',
    topics: [{ name: 'orders', partitions: 3 }],
    producers: [
      { name: 'order-service', count: 2, topic: 'orders', keys: 50, load: { rate: '40/s' } },
    ],
    consumers: [{ group: 'payment', members: 2, topics: ['orders'], work: '1ms' }],
    timeline: [
      { at: '12s', crash: 'leader of orders-0', for: '8s' },
      { at: '15s', cut: { between: 'broker 2', and: 'all zookeepers' }, for: '10s' },
      { at: '20s', 'power-loss': 'broker 3' },
      { on: { probe: 'isr.shrinkSent', of: 'orders-1' }, pause: 'broker 1', for: '2s' },
    ],
    checks: ['no-loss', 'order-by-key', 'backlog-drains', 'truth'],
    expect: { 'no-loss': 'kept', truth: 'kept' },
    requiredProbes: ['leader.elected'],
  })
  if (findings.length > 0) throw new Error(JSON.stringify(findings))
  return scenario
}

function struck(): Struck[] {
  const at = (
    index: number,
    kind: string,
    target: string,
    rest: Pick<Struck, 'resolved' | 'atUs' | 'untilUs' | 'refused'>,
  ): Struck => ({ index, kind, target, ...rest })
  return [
    at(0, 'crash', 'leader of orders-0', {
      resolved: ['broker-1'],
      atUs: 12_000_000,
      untilUs: 20_000_000,
      refused: null,
    }),
    at(1, 'cut', 'broker 2 and all zookeepers', {
      resolved: ['broker-2', 'zookeeper-1', 'zookeeper-2', 'zookeeper-3'],
      atUs: 15_000_000,
      untilUs: 25_000_000,
      refused: null,
    }),
    at(2, 'power-loss', 'broker 3', {
      resolved: null,
      atUs: 20_000_000,
      untilUs: null,
      refused: 'it would lose 2 partitions for good',
    }),
    at(3, 'pause', 'broker 1', { resolved: null, atUs: null, untilUs: null, refused: null }),
  ]
}

export function plantedVerdicts(): Verdict[] {
  const evidence = [0, 1, 2, 3, 4].map((n) => ({
    sentence: `record 3:${17 + n} of order-service-1 was acknowledged at offset ${204 + n} of orders-0 and is not there; broker 2 was elected without it at 12.431 s`,
    atUs: 12_431_000,
    partition: 'orders-0',
    offset: 204 + n,
    records: [`3:${17 + n}`],
  }))
  return [
    {
      check: 'no-loss',
      scope: 'stored',
      verdict: 'broken',
      expected: 'kept',
      promised: true,
      asExpected: false,
      count: 37,
      sentence: '37 acknowledged records of orders are in no log',
      signature: 'no-loss/stored/elected-without',
      evidence,
    },
    {
      check: 'no-loss',
      scope: 'processed:payment',
      verdict: 'kept',
      expected: 'kept',
      promised: true,
      asExpected: true,
      count: 0,
      sentence: 'payment processed every stored record of orders',
      signature: 'kept',
      evidence: [],
    },
    {
      check: 'order-by-key',
      scope: 'payment',
      verdict: 'broken',
      expected: 'may-break',
      promised: false,
      asExpected: true,
      count: 2,
      sentence: '2 records of orders were processed before an earlier one of their key',
      signature: 'order-by-key/payment/retry',
      evidence: evidence.slice(0, 2),
    },
    {
      check: 'backlog-drains',
      scope: 'payment',
      verdict: 'unknown',
      expected: null,
      promised: true,
      asExpected: true,
      count: 0,
      sentence: 'the run ended before it could be told',
      signature: 'unknown',
      evidence: [],
    },
    {
      check: 'truth',
      scope: 'all',
      verdict: 'vacuous',
      expected: null,
      promised: true,
      asExpected: true,
      count: 0,
      sentence: 'nothing happened that could break it',
      signature: 'vacuous',
      evidence: [],
    },
  ]
}

function series(): GroupSeries {
  const atUs = Array.from({ length: 90 }, (_, step) => step * 500_000)
  const backlog = atUs.map((us) => {
    if (us < 12_000_000) return 0
    return us < 22_000_000
      ? (us - 12_000_000) / 10_000
      : Math.max(0, 1_000 - (us - 22_000_000) / 12_000)
  })
  return {
    group: 'payment',
    topic: 'orders',
    atUs,
    backlog: backlog.map(Math.floor),
    latenessUs: backlog.map((records) => Math.floor(records * 10_000)),
  }
}

function measures(): Measures {
  const latency = {
    p50: 4_100,
    p95: 21_000,
    p99: 38_200,
    p999: 210_500,
    mean: 20_000,
    max: 1_204_000,
    count: 3_190,
  }
  return {
    operations: { invoked: 3_200, ok: 3_180, failed: 0, unknown: 20 },
    magnitudes: {
      lost: 37,
      duplicated: 0,
      redelivered: 12,
      reordered: 2,
      longestWriteSilenceUs: 4_100_000,
    },
    latency: { produce: latency, endToEnd: { ...latency, p50: 9_800, max: 12_400_000 } },
    groups: [
      {
        group: 'payment',
        topic: 'orders',
        consumed: 3_155,
        redelivered: 12,
        backlogPeak: 1_000,
        backlogPeakAtUs: 22_000_000,
        latenessPeakUs: 10_000_000,
        backlogAtHeal: 0,
        drainUs: 0,
        partitions: null,
      },
    ],
    throughput: [
      {
        topic: 'orders',
        recordsPerSecond: 52.5,
        bytesPerSecond: 5_250,
        peakRecordsPerSecond: 61,
        windowUs: 1_000_000,
        series: [44, 61],
      },
    ],
    series: {
      stepUs: 500_000,
      atUs: series().atUs,
      produced: series().atUs.map(() => 40),
      consumed: { payment: series().atUs.map(() => 40) },
      groups: [series()],
    },
  }
}

export function plantedResult(): Result {
  const { timeline: _timeline, ...scenario } = plantedScenario()
  const whole = { ...scenario, timeline: plantedScenario().timeline }
  return {
    case: plainCase(whole, 7),
    traceHash: '0123456789abcdef',
    historyHash: 'fedcba9876543210',
    ended: 'drained',
    reason: null,
    history: new History(() => 0),
    logs: { uncommitted: [], committed: [] },
    truth: [],
    excuses: [],
    leaders: [],
    struck: struck(),
    phases: {
      originUs: 3_000_000,
      healUs: 40_000_000,
      settledUs: 41_000_000,
      wroteUs: 41_100_000,
      producersDoneUs: 42_000_000,
      drainedUs: 44_000_000,
      endUs: 44_500_000,
    },
    probes: { 'leader.elected': 3, 'isr.shrankToOne': 1 },
    guards: { 'fetch.leaderEpoch': 12 },
    virtualUs: 47_500_000,
    events: 123_456,
    topics: ['orders', '__consumer_offsets'],
  }
}

export function plantedJudged(changes: Partial<Judged> = {}): Judged {
  const result = plantedResult()
  return {
    result,
    scenario: result.case.scenario,
    verdicts: plantedVerdicts(),
    measures: measures(),
    thresholds: [
      {
        measure: 'latency{phase:end-to-end}',
        rule: 'p(99)<500ms',
        value: 38_200,
        unit: 'us',
        met: true,
      },
      {
        measure: 'lateness{group:payment}',
        rule: 'max<5s',
        value: 10_000_000,
        unit: 'us',
        met: false,
      },
    ],
    sentence: '37 orders that were acknowledged are in no log',
    ...changes,
  }
}

export function plantedAnswer(changes: Partial<RunAnswer> = {}): RunAnswer {
  return {
    head: plantedHead,
    judged: plantedJudged(),
    configuration: plantedConfiguration,
    again: 'npx dmqsim run planted 7',
    folder: '.dmqsim/planted-7',
    determinism: null,
    ...changes,
  }
}
