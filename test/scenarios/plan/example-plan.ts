/**
 * A plan's answer written by hand, for tests of reports: every part is there, with a ruled-out and
 * a missed candidate, a drill that is missed by nobody and one near its limit.
 */

import type { DoubtEnd } from '../../../scenarios/plan/doubts-answer.ts'
import type {
  Curves,
  DrillAnswer,
  DrillName,
  Estimate,
  PlanAnswer,
  Setting,
  Unit,
} from '../../../scenarios/plan/plan-answer.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'

const SECONDS = 60
const PEAK_AT_S = 26
const PEAK = 583_000

function setting(brokers: number, partitions = 360, members = 120): Setting {
  return {
    brokers,
    hardware: 'm7g.2xlarge',
    replicationFactor: 3,
    partitions,
    consumers: members,
    'batch.size': 131_072,
    'linger.ms': 5,
    topics: [{ topic: 'orders', partitions }],
    groups: [{ group: 'payment', members }],
  }
}

function estimate(value: number, spread = 0.05): Estimate {
  return { value, ci: [value * (1 - spread), value * (1 + spread)] }
}

function measure(value: number, unit: Unit): Estimate & { readonly unit: Unit } {
  return { ...estimate(value), unit }
}

function curves(stress: number, faults: Curves['faults']): Curves {
  const atMs = Array.from({ length: SECONDS }, (_none, at) => at * 1_000)
  const shape = atMs.map((_none, at) => 1 / (1 + Math.abs(at - PEAK_AT_S) / 12))
  const traffic = shape.map((part) => Math.round(PEAK * part))
  const behind = shape.map((part) => Math.max(0, part * stress - 0.9))
  return {
    stepMs: 1_000,
    atMs,
    peakAtMs: PEAK_AT_S * 1_000,
    untilMs: 55_000,
    traffic,
    throughput: traffic.map((value, at) => Math.round(value * (1 - (behind[at] ?? 0) / 2))),
    consumed: [{ group: 'payment', perSecond: traffic.map((value) => Math.round(value * 0.98)) }],
    latency: (['produce', 'end-to-end'] as const).map((phase, at) => ({
      phase,
      atMs,
      p50: shape.map((part) => 4 + 10 * part * (at + 1)),
      p99: shape.map((part, second) => (second === 3 ? null : 20 + 180 * part * stress)),
      p999: shape.map((part) => 60 + 600 * part * stress),
      max: shape.map((part) => 90 + 900 * part * stress),
    })),
    groups: [
      {
        group: 'payment',
        topic: 'orders',
        atMs,
        backlog: behind.map((value) => Math.round(value * 900_000)),
        latenessMs: behind.map((value) => Math.round(value * 9_000)),
      },
    ],
    utilisation: Array.from({ length: 9 }, (_none, broker) => broker + 1).flatMap((broker) =>
      ['handler-threads', 'nic-in', 'nic-out', 'disk'].map((resource, kind) => ({
        host: `broker ${broker}`,
        resource,
        atMs,
        values: shape.map((part) =>
          broker === 9 && stress > 1 ? null : Math.min(1, (part * stress * (kind + 2)) / 7),
        ),
      })),
    ),
    faults,
  }
}

function drill(name: DrillName, title: string, stress: number): DrillAnswer {
  const fault = { atMs: 26_000, untilMs: 46_000, what: title }
  return {
    name,
    title,
    group: name === 'consumer-outage' ? 'payment' : null,
    seeds: 20,
    endedEarly: 0,
    met: true,
    thresholds: [
      {
        measure: 'latency{phase:end-to-end}',
        rule: 'p(99)<500ms',
        value: measure(212 * stress, 'ms'),
        runsMet: 20,
        runsJudged: 20,
        met: true,
      },
      {
        measure: 'lateness{group:payment}',
        rule: 'max<30s',
        value: measure(4_100 * stress, 'ms'),
        runsMet: 20,
        runsJudged: 20,
        met: true,
      },
    ],
    bottleneck: { resource: 'nic-out', host: 'broker 4', utilisation: 0.71 * stress },
    headroom: 1 - 0.71 * stress,
    measures: {
      throughput: measure(581_200, 'records/s'),
      'produce p(99)': measure(38 * stress, 'ms'),
      'endToEnd p(99)': measure(212 * stress, 'ms'),
      'backlog payment': measure(18_211 * stress, 'records'),
    },
    groups: [
      {
        group: 'payment',
        topic: 'orders',
        members: 120,
        backlogPeak: estimate(18_211 * stress),
        latenessPeakMs: estimate(4_100 * stress),
        latencyP50Ms: estimate(17 * stress),
        latencyP99Ms: estimate(212 * stress),
        drainMs: name === 'normal' ? null : estimate(21_400),
      },
    ],
    resources: Array.from({ length: 9 }, (_none, broker) => broker + 1).flatMap((broker) =>
      ['handler-threads', 'nic-in', 'nic-out', 'disk'].map((resource, kind) => ({
        host: `broker ${broker}`,
        resource,
        mean: estimate(0.1 * (kind + 1) * stress),
        peak: estimate(0.17 * (kind + 1) * stress),
      })),
    ),
    broken: [],
    curves: curves(stress, name === 'normal' ? [] : [fault]),
  }
}

function end(factor: number, headroom: number): DoubtEnd {
  return { factor, headroom, threshold: 'latency{phase:end-to-end} p(99)<500ms', failed: [] }
}

export const examplePlan: PlanAnswer = {
  kind: 'smallest',
  scenario: 'double-eleven-2020',
  question: 'Which cluster carries the midnight peak of 2020 with one broker down?',
  sentence:
    '9 brokers m7g.2xlarge, 360 partitions and 120 consumers carry the peak of 583,000 records/s; nic-out of broker 4 is the first wall at 1.3×.',
  feasible: true,
  answer: setting(9),
  cost: {
    currency: 'USD',
    perHour: 5.15,
    items: [
      { what: '9 × m7g.2xlarge', count: 9, price: 0.3264, unit: 'per hour', perHour: 2.94 },
      {
        what: '20,160 GB of disk',
        count: 20_160,
        price: 0.08,
        unit: 'per GB-month',
        perHour: 2.21,
      },
    ],
  },
  window: {
    fromMs: 86_340_000,
    untilMs: 86_400_000,
    peakAtMs: 86_366_000,
    peakPerSecond: PEAK,
    meanPerSecond: 402_000,
    peakBytesPerSecond: 583_000_000,
    warmUpMs: 5_000,
  },
  seed: 7,
  seeds: 20,
  runs: 214,
  drills: [
    drill('normal', 'normal running', 1),
    drill('one-broker-down', 'one broker down at the peak', 1.2),
    drill('rack-down', 'rack b down at the peak', 1.35),
    drill('consumer-outage', 'payment out for 5 min', 1.05),
  ],
  candidates: [
    {
      ...setting(6),
      costPerHour: 3.4,
      met: false,
      state: 'ruled-out',
      failed: [],
      by: 'the network cards of 6 brokers send 1.4 GB/s, the peak needs 1.9 GB/s',
      runs: 0,
      bottleneck: null,
    },
    {
      ...setting(8),
      costPerHour: 4.6,
      met: false,
      state: 'missed',
      failed: ['one-broker-down: latency{phase:end-to-end} p(99)<500ms'],
      by: null,
      runs: 12,
      bottleneck: { resource: 'nic-out', host: 'broker 2', utilisation: 0.8 },
    },
    {
      ...setting(9),
      costPerHour: 5.15,
      met: true,
      state: 'answer',
      failed: [],
      by: null,
      runs: 80,
      bottleneck: { resource: 'nic-out', host: 'broker 4', utilisation: 0.71 },
    },
    {
      ...setting(12),
      costPerHour: 6.9,
      met: false,
      state: 'not-run',
      failed: [],
      by: null,
      runs: 0,
      bottleneck: null,
    },
  ],
  search: {
    of: 54,
    simulated: 11,
    ruledOut: 31,
    notRun: 12,
    timeUp: false,
    how: ['31 of 54 candidates were ruled out by arithmetic: they lack network or disk.'],
  },
  nextCheaper: {
    ...setting(8),
    costPerHour: 4.6,
    met: false,
    state: 'missed',
    failed: ['one-broker-down: latency{phase:end-to-end} p(99)<500ms'],
    by: null,
    runs: 12,
    bottleneck: { resource: 'nic-out', host: 'broker 2', utilisation: 0.8 },
  },
  walls: [
    {
      order: 1,
      drill: 'one-broker-down',
      what: 'latency{phase:end-to-end} p(99)<500ms',
      resource: 'nic-out',
      host: 'broker 4',
      factor: 1.3,
      between: [1.25, 1.3],
      recordsPerSecond: 757_900,
      how: 'simulated',
      sentence: 'With one broker down, end-to-end p(99)<500ms breaks at 1.3× the peak.',
    },
    {
      order: 2,
      drill: 'normal',
      what: 'utilisation 100 %',
      resource: 'disk',
      host: 'broker 4',
      factor: 1.62,
      between: null,
      recordsPerSecond: 944_500,
      how: 'extrapolated',
      sentence: 'The disk of broker 4 is full of work at 1.62× the peak.',
    },
  ],
  peak: null,
  whatIf: [
    {
      change: 'traffic +20 %',
      setting: setting(9),
      costPerHour: 5.15,
      met: true,
      failed: [],
      bottleneck: { resource: 'nic-out', host: 'broker 4', utilisation: 0.97 },
      headroom: 0.03,
      endToEndP99: estimate(411),
      backlogPeak: estimate(40_100),
    },
    {
      change: 'record bytes +20 %',
      setting: setting(9),
      costPerHour: 5.15,
      met: false,
      failed: ['rack-down: latency{phase:end-to-end} p(99)<500ms'],
      bottleneck: { resource: 'nic-out', host: 'broker 4', utilisation: 1 },
      headroom: 0,
      endToEndP99: estimate(900),
      backlogPeak: estimate(402_000),
    },
    {
      change: 'one more broker',
      setting: setting(10),
      costPerHour: 5.7,
      met: true,
      failed: [],
      bottleneck: { resource: 'nic-out', host: 'broker 3', utilisation: 0.76 },
      headroom: 0.24,
      endToEndP99: { value: 190, ci: null },
      backlogPeak: null,
    },
  ],
  sensitivity: [
    {
      assumption: 'record bytes +20 %',
      source: 'given',
      answer: setting(10),
      costPerHour: 5.7,
      moves: true,
      utilisationChange: 0.14,
    },
    {
      assumption: 'round trip between racks +50 %',
      source: 'default',
      answer: setting(9),
      costPerHour: 5.15,
      moves: false,
      utilisationChange: 0.01,
    },
  ],
  doubts: {
    threshold: 'latency{phase:end-to-end} p(99)<500ms',
    headroom: 0.56,
    spread: 0.004,
    inputs: [
      {
        input: 'processor costs per byte',
        source: 'default',
        low: end(0.5, 0.61),
        high: { ...end(2, -0.2), failed: ['latency{phase:end-to-end} p(99)<500ms'] },
        effect: 0.76,
        moves: true,
      },
      {
        input: 'record size',
        source: 'given',
        low: end(0.8, 0.6),
        high: end(1.2, 0.45),
        effect: 0.11,
        moves: true,
      },
      {
        input: 'network latency',
        source: 'default',
        low: end(0.5, 0.56),
        high: end(2, 0.56),
        effect: 0,
        moves: false,
      },
    ],
  },
  formulas: [
    {
      name: 'aws',
      unit: 'brokers',
      value: 13,
      brokers: 13,
      formula: 'MB/s ≤ 80 % of min(storage·n/r, volume network·n/r, network·n/(g + r − 1))',
      inputs: [
        { name: 'peak', value: 583, unit: 'MB/s' },
        { name: 'r', value: 3, unit: 'replicas' },
        { name: 'g', value: 1, unit: 'groups' },
      ],
      source: 'FIG V3',
    },
    {
      name: 'google',
      unit: 'vCPUs',
      value: 112,
      brokers: 14,
      formula: 'ceil((W + R/4)/20/utilisation)',
      inputs: [{ name: 'W', value: 1_749, unit: 'MB/s' }],
      source: 'FIG V3',
    },
    {
      name: 'alibaba',
      unit: 'brokers',
      value: 16,
      brokers: 16,
      formula: 'max(4, peak·(F + 2·RF − 1)·2/400)',
      inputs: [{ name: 'F', value: 1, unit: 'groups' }],
      source: 'FIG V3',
    },
  ],
  inputs: [
    { name: 'peak', value: '583,000 records/s', source: 'given', from: null },
    { name: 'record size', value: '1,000 B', source: 'given', from: null },
    { name: 'latency between racks', value: '500 µs + 150 µs', source: 'default', from: null },
    { name: 'm7g.2xlarge network', value: '1.88 Gbit/s', source: 'profile', from: 'data sheet' },
    { name: 'CPU of a record', value: '310 ns', source: 'fitted', from: 'FIG V1, rows 1 and 5' },
  ],
  belief: {
    engine: '0.1.0',
    calibrationSet: 'FIG V1, rows 1 and 5',
    constants: [{ name: 'recordCpuNs', value: 310, unit: 'ns', rows: ['V1.1', 'V1.5'] }],
    backtest: null,
    validatedRange: { recordsPerSecond: [0, 2_600_000], brokers: [3, 3] },
    extrapolates: ['9 brokers: validated with 3'],
    notModelled: ['TLS', 'quotas'],
  },
  embedded: {
    format: 1,
    engine: '0.1.0',
    seed: 7,
    find: null,
    scenario: { name: 'double-eleven-2020', consumers: [] as Scenario['consumers'] } as Scenario,
  },
}
