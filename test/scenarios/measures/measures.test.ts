import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { judge } from '../../../scenarios/judge.ts'
import { stepFor } from '../../../scenarios/measures/series.ts'
import { parseThreshold } from '../../../scenarios/schema/threshold.ts'
import type { Measures, ThresholdAnswer } from '../../../scenarios/result.ts'
import { consumer, Run } from '../history-builder.ts'

function measuresOf(run: Run, series = true): Measures {
  return judge(run.result(), { series }).measures
}

/** Three records sent at 10, 20 and 30 s; two processed at 40 s and 70 s, the first once more. */
function waiting(): Run {
  const run = new Run()
  const [first, second] = [10_000, 20_000, 30_000].map((atMs) => run.send(atMs))
  if (first === undefined || second === undefined) throw new Error('three records were sent')
  run.process(first, 39_999).process(second, 69_999).process(first, 75_000)
  return run
}

describe('operations', () => {
  test('count records by outcome, open ones as unknown', () => {
    const run = new Run()
    run.send(1_000, { count: 5 })
    run.send(2_000, { outcome: Outcome.failed })
    run.send(3_000, { outcome: Outcome.unknown, count: 2 })
    run.send(4_000, { outcome: Outcome.open })

    expect(measuresOf(run).operations).toEqual({ invoked: 9, ok: 5, failed: 1, unknown: 3 })
  })
})

describe('magnitudes', () => {
  test('add up losses of both levels', () => {
    const run = new Run()
    run.send(1_000, { stored: false })
    run.send(2_000)

    expect(measuresOf(run).magnitudes.lost).toBe(2)
  })

  test('count copies, repeated processings and the worst disorder', () => {
    const run = new Run().given({ consumers: [consumer(), consumer({ group: 'audit' })] })
    const first = run.send(1_000)
    const second = run.send(1_100)
    run.store(first)
    run.process(second, 2_000).process(first, 2_010).process(first, 2_020)
    run.process(first, 2_000, { group: 'audit' }).process(second, 2_010, { group: 'audit' })

    expect(measuresOf(run).magnitudes).toMatchObject({
      duplicated: 1,
      redelivered: 1,
      reordered: 1,
    })
  })

  test('take a silence from the last answer or from the first send that waits', () => {
    const run = new Run()
    run.send(1_000, { tookMs: 5 })
    run.send(20_000, { tookMs: 3_000 })
    run.send(21_000, { tookMs: 4_000 })
    run.send(22_000, { partition: 1, tookMs: 100 })

    expect(measuresOf(run).magnitudes.longestWriteSilenceUs).toBe(3_000_000)
  })

  test('are the same without series', () => {
    expect(measuresOf(waiting(), false).magnitudes).toEqual(measuresOf(waiting()).magnitudes)
  })
})

describe('latency', () => {
  test('is that of sends, and from a send to the first processing', () => {
    const { latency } = measuresOf(waiting())

    expect(latency.produce).toMatchObject({ count: 3, max: 2_000 })
    expect(latency.endToEnd).toMatchObject({ count: 2, max: 50_000_000 })
  })

  test('is null without a sample, and left out without series', () => {
    expect(measuresOf(new Run()).latency).toEqual({ produce: null, endToEnd: null })
    expect(measuresOf(waiting(), false).latency).toEqual({ produce: null, endToEnd: null })
  })
})

describe('the figures of a group', () => {
  test('tell its peak of backlog and when, its lateness, and what waited at the heal', () => {
    expect(measuresOf(waiting()).groups).toEqual([
      {
        group: 'payment',
        topic: 'orders',
        consumed: 3,
        redelivered: 1,
        backlogPeak: 3,
        backlogPeakAtUs: 30_002_000,
        latenessPeakUs: 60_000_000,
        backlogAtHeal: 2,
        drainUs: null,
      },
    ])
  })

  test('tell the time to drain when nothing is left', () => {
    const run = new Run()
    run.process(run.send(50_000), 64_999)

    expect(measuresOf(run).groups[0]?.drainUs).toBe(5_000_000)
  })

  test('count no negative backlog where a group is quicker than the answer to the producer', () => {
    const run = new Run()
    const sent = run.send(1_000, { tookMs: 10_000 })
    run.process(sent, 2_000)

    expect(measuresOf(run).groups[0]).toMatchObject({ backlogPeak: 0, drainUs: 0 })
    expect(Math.min(...(measuresOf(run).series.groups[0]?.backlog ?? []))).toBe(0)
  })
})

describe('series', () => {
  test('have backlog and lateness at the end of each step', () => {
    const { series } = measuresOf(waiting())
    const at = (seconds: number): number => series.atUs.indexOf(seconds * 1_000_000)
    const [group] = series.groups

    expect(series.stepUs).toBe(500_000)
    expect(group?.backlog[at(9)]).toBe(0)
    expect(group?.backlog[at(35)]).toBe(3)
    expect(group?.backlog[at(45)]).toBe(2)
    expect(group?.latenessUs[at(35)]).toBe(25_000_000)
    expect(group?.latenessUs[at(45)]).toBe(25_000_000)
    expect(group?.latenessUs[at(80)]).toBe(50_000_000)
  })

  test('add up to what was produced and consumed', () => {
    const { series } = measuresOf(waiting())
    const total = (values: readonly number[] | undefined): number =>
      (values ?? []).reduce((sum, one) => sum + one, 0)

    expect(total(series.produced)).toBe(3)
    expect(total(series.consumed['payment'])).toBe(3)
    expect(series.produced.length).toBe(series.atUs.length)
  })

  test.each([
    [1_000_000, 10_000],
    [4_000_000, 10_000],
    [4_000_001, 20_000],
    [90_000_000, 500_000],
    [240_000_000, 1_000_000],
    [86_400_000_000, 500_000_000],
  ])('of a run of %d µs have a point each %d µs', (endUs, stepUs) => {
    expect(stepFor(endUs)).toBe(stepUs)
  })

  test('are left out for exploring', () => {
    expect(measuresOf(waiting(), false)).toMatchObject({ groups: [], series: { atUs: [] } })
  })
})

describe('thresholds', () => {
  function answer(run: Run, measure: string, rule: string): ThresholdAnswer | undefined {
    const thresholds = [parseThreshold(measure, rule)]
    return judge(run.given({ thresholds }).result(), { series: false }).thresholds[0]
  }

  test.each([
    ['latency{phase:produce}', 'p(99)<=2ms', 2_000, true],
    ['latency', 'max<50s', 50_000_000, false],
    ['latency{group:payment,topic:orders,producer:order-service}', 'min>=29s', 30_000_000, true],
    ['lateness{group:payment}', 'max<=60s', 60_000_000, true],
    ['backlog', 'max<3', 3, false],
    ['redelivered', 'max==1', 1, true],
    ['lost', 'max==0', 1, false],
    ['reordered', 'max<1', 0, true],
    ['duplicated', 'max!=0', 0, false],
    ['write-silence{topic:orders}', 'max<=2ms', 2_000, true],
  ])('%s %s is answered with %d: %s', (measure, rule, value, met) => {
    expect(answer(waiting(), measure, rule)).toEqual({ measure, rule, value, met })
  })

  test('are not met when nothing was measured', () => {
    expect(answer(new Run(), 'latency', 'p(99)<1h')).toMatchObject({ value: null, met: false })
    expect(answer(waiting(), 'drain', 'max<1h')).toMatchObject({ value: null, met: false })
  })

  test('see backlog over time in other aggregates than the greatest', () => {
    expect(answer(waiting(), 'backlog', 'med<=2')).toMatchObject({ value: 2, met: true })
  })
})
