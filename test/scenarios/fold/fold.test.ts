import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { exploredCase, plainCase } from '../../../scenarios/explore/cases.ts'
import { judge } from '../../../scenarios/judge.ts'
import type { Judged } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import { expand } from '../../../scenarios/schema/expand.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { ScenarioFile } from '../../../scenarios/schema/surface.ts'

const SEEDS = [0, 1, 2, 3]

/** What a case of this test changes. */
interface Setting {
  readonly producer?: Record<string, string | number | boolean>
  readonly broker?: Record<string, string | number | boolean>
  readonly rate?: string
  readonly without?: string
}

function scenario(history: 'whole' | 'folded', setting: Setting): Scenario {
  const file: ScenarioFile = {
    system: 'kafka',
    history,
    duration: '40s',
    measureFrom: '3s',
    timeouts: 'brisk',
    cluster: {
      brokers: 3,
      zookeeper: 3,
      config: {
        'min.insync.replicas': 2,
        'offsets.topic.num.partitions': 1,
        'log.retention.check.interval.ms': 1000,
        ...setting.broker,
      },
    },
    topics: [
      {
        name: 'orders',
        partitions: 3,
        replicationFactor: 3,
        config: { 'retention.ms': 8000, 'segment.ms': 2000 },
      },
    ],
    producers: [
      {
        name: 'order-service',
        count: 2,
        topic: 'orders',
        keys: 6,
        load: { rate: setting.rate ?? '60/s' },
        config: {
          acks: 'all',
          'linger.ms': 5,
          'delivery.timeout.ms': 4000,
          'request.timeout.ms': 1500,
          ...setting.producer,
        },
      },
    ],
    consumers: [
      { group: 'payment', members: 3, topics: ['orders'], work: '0ms', pattern: 'auto-commit' },
      { group: 'audit', topics: ['orders'], work: '1ms', pattern: 'process-then-commit' },
    ].map((one) => ({ ...one, config: { 'auto.offset.reset': 'earliest' } })) as NonNullable<
      ScenarioFile['consumers']
    >,
    swarm: {
      families: ['crash', 'pause', 'cut'],
      faults: { min: 1, max: 4 },
      budget: 'beyond',
      durations: { min: '1s', max: '12s' },
    },
    checks: [
      'no-loss',
      'no-log-duplicates',
      'no-duplicates',
      'order-by-key',
      'backlog-drains',
      'lateness',
      'truth',
    ],
    guardsOff: setting.without === undefined ? [] : [setting.without],
  }
  const expanded = expand(file)
  expect(expanded.findings).toEqual([])
  return expanded.scenario
}

function judged(history: 'whole' | 'folded', setting: Setting, seed: number): Judged {
  return judge(run(exploredCase(scenario(history, setting), 3, seed)))
}

function answers({ verdicts, result, measures }: Judged): unknown {
  return {
    trace: result.traceHash,
    verdicts: verdicts.map(({ check, scope, verdict, count, promised, signature, sentence }) => {
      return [check, scope, verdict, count, promised, signature, sentence]
    }),
    operations: measures.operations,
    magnitudes: measures.magnitudes,
    latency: measures.latency,
    throughput: measures.throughput,
    consumed: measures.groups.map(({ consumed, redelivered }) => [consumed, redelivered]),
    produced: measures.series.produced.reduce((sum, records) => sum + records, 0),
    latencyOverTime: measures.series.latency,
  }
}

const settings: readonly (readonly [string, Setting])[] = [
  ['keeps its promises', {}],
  [
    'stores duplicates',
    { producer: { 'enable.idempotence': false, retries: 1000 }, rate: '200/s' },
  ],
  [
    'loses what was acknowledged',
    {
      producer: { acks: 1, 'enable.idempotence': false },
      broker: { 'unclean.leader.election.enable': true, 'min.insync.replicas': 1 },
    },
  ],
]

describe('a folded history', () => {
  test.each(settings)(
    'is judged as the whole one where the cluster %s',
    (_name, setting) => {
      const broken = new Set<string>()
      for (const seed of SEEDS) {
        const whole = judged('whole', setting, seed)
        const folded = judged('folded', setting, seed)

        expect(answers(folded), `seed ${seed}`).toEqual(answers(whole))
        for (const one of whole.verdicts) if (one.verdict === 'broken') broken.add(one.check)
      }
      expect(broken.size).toBeGreaterThanOrEqual(setting.producer === undefined ? 0 : 1)
    },
    120_000,
  )

  test('keeps one row of a stream for all that is over', () => {
    const folded = run(plainCase(scenario('folded', {}), 1))
    const whole = run(plainCase(scenario('whole', {}), 1))

    const { sends } = folded.history
    const settled = [...sends.column('outcome')].filter((outcome) => outcome === Outcome.settled)
    expect(settled.length).toBeGreaterThan(0)
    expect(settled.length).toBeLessThanOrEqual(folded.history.streams.length)
    expect(sends.length).toBeLessThan(whole.history.sends.length / 2)
  })

  test('is refused for a check that asks for every row', () => {
    const file: ScenarioFile = {
      system: 'kafka',
      history: 'folded',
      duration: '10s',
      topics: [{ name: 'orders' }],
      checks: ['no-loss', 'anomalies'],
    }

    const { findings } = expand(file)

    expect(findings).toEqual([
      {
        path: ['checks', 1],
        message: 'anomalies asks for every row: leave it out, or "history: folded"',
      },
    ])
  })
})
