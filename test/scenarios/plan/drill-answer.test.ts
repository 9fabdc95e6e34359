import { expect, test } from 'vitest'
import { drillAnswer } from '../../../scenarios/plan/drill-answer.ts'
import type { Sample } from '../../../scenarios/plan/simulate.ts'
import { settingWith } from './made-up.ts'

const LATENESS = { measure: 'lateness', rule: 'max<30s', unit: 'ms' } as const
const LATENCY = { measure: 'latency', rule: 'p(99)<500ms', unit: 'ms' } as const

function sample(use: number, more: Partial<Sample> = {}): Sample {
  return {
    met: true,
    thresholds: [
      { ...LATENCY, value: 100, met: true },
      { ...LATENESS, value: 10, met: true },
    ],
    broken: [],
    endedEarly: false,
    bottleneck: { resource: 'cpu', host: 'broker 1', utilisation: use },
    resources: [{ host: 'broker 1', resource: 'cpu', mean: use / 2, peak: use }],
    measures: { throughput: { value: 1_000 * use, unit: 'records/s' } },
    groups: [
      {
        group: 'payment',
        topic: 'orders',
        backlogPeak: 10,
        latenessPeakMs: 10,
        drainMs: 5,
        latencyMs: { 'p(50)': 4, 'p(99)': 40 * use },
      },
    ],
    curves: null,
    events: 1,
    ...more,
  }
}

/** Lateness ended it; nothing else was judged. */
function ended(use: number): Sample {
  return sample(use, {
    met: false,
    endedEarly: true,
    thresholds: [
      { ...LATENCY, value: null, met: null },
      { ...LATENESS, value: 31_000, met: false },
    ],
  })
}

function answered(samples: readonly Sample[]): ReturnType<typeof drillAnswer> {
  return drillAnswer({ name: 'normal' }, settingWith({ consumers: 3 }), samples)
}

test('a drill has the means of its runs, with the percentiles of each group', () => {
  const drill = answered([sample(0.4), sample(0.6)])

  expect(drill).toMatchObject({ met: true, seeds: 2, endedEarly: 0 })
  expect(drill.headroom).toBeCloseTo(0.5)
  expect(drill.groups[0]).toMatchObject({ members: 3, latencyP50Ms: { value: 4 } })
  expect(drill.groups[0]?.latencyP99Ms?.value).toBeCloseTo(20)
})

test('figures are of the runs that came to their end, and what was not judged is told', () => {
  const drill = answered([sample(0.4), ended(0.9)])

  expect(drill).toMatchObject({ met: false, seeds: 2, endedEarly: 1, headroom: 0.6 })
  expect(drill.measures['throughput']?.value).toBe(400)
  expect(drill.thresholds).toMatchObject([
    { measure: 'latency', met: true, runsMet: 1, runsJudged: 1, value: { value: 100 } },
    { measure: 'lateness', met: false, runsMet: 1, runsJudged: 2 },
  ])
})

test('where every run was ended early there is no headroom, and nothing but the end is judged', () => {
  const drill = answered([ended(0.2)])

  expect(drill).toMatchObject({ met: false, headroom: null, bottleneck: null, groups: [] })
  expect(drill.thresholds).toMatchObject([
    { measure: 'latency', met: null, runsJudged: 0, value: null },
    { measure: 'lateness', met: false, value: { value: 31_000 } },
  ])
})
