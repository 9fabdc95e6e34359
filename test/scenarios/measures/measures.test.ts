import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { judge } from '../../../scenarios/judge.ts'
import { stepFor } from '../../../scenarios/measures/series.ts'
import { parseThreshold } from '../../../scenarios/schema/threshold.ts'
import type { Measures, ThresholdAnswer } from '../../../scenarios/result.ts'
import { consumer, ordersPartition, Run } from '../history-builder.ts'

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

describe('latency after a stall', () => {
  /** A service that stood still from 10 s to 15 s; its records were due every 100 ms. */
  function stalled(measureFromUs?: number): Run {
    const run = new Run().given(measureFromUs === undefined ? {} : { measureFromUs })
    for (let dueMs = 5_000; dueMs < 25_000; dueMs += 100) {
      const madeMs = dueMs >= 10_000 && dueMs < 15_000 ? 15_000 : dueMs
      const { row } = run.send(madeMs, { tookMs: 2 })
      if (madeMs > dueMs) run.history.sendWasDue(row, (madeMs - dueMs) * 1_000)
    }
    return run
  }

  test('counts from when records were due, where a naive measure would hide the stall', () => {
    const run = stalled()
    const { sends } = run.history
    const naive = [...sends.column('endedUs')].map((us, row) => us - sends.get('invokedUs', row))

    const { produce } = measuresOf(run).latency

    expect(Math.max(...naive)).toBe(2_000)
    expect(produce?.max).toBe(5_002_000)
    // A quarter of the records was due within the stall, and half of those waited 2.5 s or more.
    expect(produce?.p50).toBe(2_000)
    expect((produce?.p99 ?? 0) / 4_802_000).toBeCloseTo(1, 2)
  })

  test('leaves out what was due in the warm-up', () => {
    expect(measuresOf(stalled(15_000_000)).latency.produce).toMatchObject({
      max: 2_000,
      count: 100,
    })
    // What was due before is out, though it was made after.
    expect(measuresOf(stalled(12_000_000)).latency.produce).toMatchObject({
      max: 3_002_000,
      count: 130,
    })
  })

  test('leaves out what is due when measuring is over', () => {
    const run = stalled().given({ measureUntilUs: 10_000_000 })

    expect(measuresOf(run).latency.produce).toMatchObject({ max: 2_000, count: 50 })
  })
})

describe('throughput', () => {
  /** A minute: 10 records a second for 30 s, then 20; the load of planted runs is a minute long. */
  function rising(): Run {
    const run = new Run()
    for (let atMs = 0; atMs < 60_000; atMs += 1_000) {
      run.send(atMs, { count: atMs < 30_000 ? 10 : 20, tookMs: 1 })
    }
    return run
  }

  test('is the mean and the highest window of a topic, in records and bytes', () => {
    const run = rising()
    const { durationUs } = run.result().case.scenario
    const [orders, ...others] = measuresOf(run).throughput

    expect(durationUs).toBe(60_000_000)
    expect(others).toEqual([])
    expect(orders).toMatchObject({
      topic: 'orders',
      recordsPerSecond: 15,
      bytesPerSecond: 1_500,
      peakRecordsPerSecond: 20,
      windowUs: 1_000_000,
    })
    expect(orders?.series.slice(28, 32)).toEqual([10, 10, 20, 20])
  })

  test('is told of each topic by itself', () => {
    const run = rising()
    run.send(1_000, { topic: 'payments', count: 120 })
    const both = ['orders', 'payments'].map((name) => {
      return { name, partitions: 2, replicationFactor: 3, config: {} }
    })

    const { throughput } = measuresOf(run.given({ topics: both }))

    expect(throughput.map((one) => [one.topic, one.recordsPerSecond])).toEqual([
      ['orders', 15],
      ['payments', 2],
    ])
  })

  test('begins with what is measured', () => {
    const [orders] = measuresOf(rising().given({ measureFromUs: 30_000_000 })).throughput

    expect(orders).toMatchObject({ recordsPerSecond: 20, peakRecordsPerSecond: 20 })
    expect(orders?.series.length).toBe(30)
  })

  test('ends where measuring ends', () => {
    const [orders] = measuresOf(rising().given({ measureUntilUs: 30_000_000 })).throughput

    expect(orders).toMatchObject({ recordsPerSecond: 10, peakRecordsPerSecond: 10 })
  })

  test('does not count what was not acknowledged, or after the load', () => {
    const run = new Run()
    run.send(1_000, { count: 60 })
    run.send(2_000, { count: 60, outcome: Outcome.unknown })
    run.send(59_999, { count: 60, tookMs: 10 })

    expect(measuresOf(run).throughput[0]?.recordsPerSecond).toBe(1)
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
        partitions: null,
      },
    ])
  })

  test('tell no lateness of what is due when measuring is over', () => {
    const run = new Run()
    run.process(run.send(10_000), 39_999)
    run.send(21_000)

    const lateness = (more: { measureUntilUs?: number }): number | undefined =>
      measuresOf(run.given(more)).groups[0]?.latenessPeakUs

    expect(lateness({})).toBe(69_000_000)
    expect(lateness({ measureUntilUs: 20_000_000 })).toBe(30_000_000)
  })

  test('tell the peaks of each partition where that is asked', () => {
    const run = new Run()
    const [first, second] = [run.send(10_000), run.send(20_000, { partition: 1 })]
    run.send(21_000, { partition: 1 })
    run.process(first, 39_999).process(second, 24_999)

    const { measures } = judge(run.result(), { partitions: true })

    expect(measures.groups[0]?.partitions).toEqual([
      {
        partition: 0,
        backlogPeak: 1,
        backlogPeakAtUs: 10_002_000,
        latenessPeakUs: 30_000_000,
        latenessPeakAtUs: 40_000_000,
      },
      {
        partition: 1,
        backlogPeak: 2,
        backlogPeakAtUs: 21_002_000,
        latenessPeakUs: 69_000_000,
        latenessPeakAtUs: 90_000_000,
      },
    ])
  })

  test('count lateness from when a record was due, as latency does', () => {
    const run = new Run()
    const stalled = run.send(20_000)
    run.history.sendWasDue(stalled.row, 6_000_000)
    run.process(stalled, 20_999)

    const { groups, series } = measuresOf(run)

    expect(groups[0]?.latenessPeakUs).toBe(7_000_000)
    expect(Math.max(...(series.groups[0]?.latenessUs ?? []))).toBe(7_000_000)
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
  test('miss neither the peak of the backlog nor the greatest lateness between two points', () => {
    const { series, groups } = measuresOf(waiting())
    const [group] = series.groups

    expect(Math.max(...(group?.backlog ?? []))).toBe(groups[0]?.backlogPeak)
    expect(Math.max(...(group?.latenessUs ?? []))).toBe(groups[0]?.latenessPeakUs)
  })

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

  test('have the latencies of what was due in each step, and nothing where nothing was', () => {
    const { series, latency } = measuresOf(waiting())
    const { produce } = series.latency ?? {}
    const highest = (produce?.max ?? []).filter((us) => us !== null)

    expect(Math.max(...highest)).toBe(latency.produce?.max)
    expect(produce?.p50).toContain(null)
    expect(produce?.p50).toHaveLength(produce?.atUs.length ?? 0)
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
    expect(answer(waiting(), measure, rule)).toMatchObject({ measure, rule, value, met })
  })

  test.each([
    ['lateness{group:payment,partition:1}', 'max<1ms', null, 'us', false],
    ['lateness{group:payment,partition:0}', 'max<=60s', 60_000_000, 'us', true],
    ['backlog{partition:0}', 'max<=3', 3, 'records', true],
    ['throughput{topic:orders}', 'avg>=0.05', 0.05, 'records/s', true],
    ['throughput{topic:orders}', 'avg<1kB/s', 5, 'bytes/s', true],
    ['throughput{group:payment}', 'max>2', 1, 'records/s', false],
    ['throughput{producer:nobody}', 'avg>0', 0, 'records/s', false],
  ])('%s %s is answered with %d in %s: %s', (measure, rule, value, unit, met) => {
    expect(answer(waiting(), measure, rule)).toEqual({ measure, rule, value, unit, met })
  })

  test('see the use of resources in the steps of the load that are measured', () => {
    const use = { part: '', mean: 0, peak: 0, peakAtUs: 0 }
    const resources = {
      stepUs: 20_000_000,
      atUs: [20_000_000, 40_000_000, 60_000_000, 80_000_000],
      hosts: [
        {
          host: 'broker-1',
          uses: [{ ...use, resource: 'nic-out', utilisation: [0.9, 0.5, 0.7, 1] }],
        },
        { host: 'broker-2', uses: [{ ...use, resource: 'nic-out', utilisation: [0, 0.1, 0, 0] }] },
        { host: 'client-1', uses: [{ ...use, resource: 'cpu', utilisation: [1, 1, 1, 1] }] },
      ],
    }
    const run = (): Run => waiting().given({ measureFromUs: 20_000_000 }).ended({ resources })

    expect(answer(run(), 'utilisation{resource:nic-out}', 'max<80%')).toMatchObject({
      value: 0.7,
      unit: 'share',
      met: true,
    })
    const ending = run().given({ measureUntilUs: 40_000_000 })
    expect(answer(ending, 'utilisation{resource:nic-out}', 'max<80%')?.value).toBe(0.5)
    expect(answer(run(), 'utilisation{host:broker-2}', 'avg<=0.05')).toMatchObject({
      value: 0.05,
      met: true,
    })
    expect(answer(run(), 'utilisation{host:client-1}', 'min<1')).toMatchObject({ value: 1 })
    expect(answer(waiting(), 'utilisation', 'max<1')).toMatchObject({ value: null, met: false })
  })

  test('count disks that were full, where disks have a limit', () => {
    const use = { part: '', mean: 0, peak: 1, peakAtUs: 0, resource: 'disk-space' }
    const hosts = [
      { host: 'broker-1', uses: [{ ...use, utilisation: [0.5, 1] }] },
      { host: 'broker-2', uses: [{ ...use, utilisation: [0.5, 0.9] }] },
    ]
    const resources = { stepUs: 30_000_000, atUs: [30_000_000, 60_000_000], hosts }
    const run = (): Run => new Run().ended({ resources })

    expect(answer(run(), 'disk-full', 'count==0')).toMatchObject({ value: 1, met: false })
    expect(answer(run(), 'disk-full{host:broker-2}', 'count==0')?.met).toBe(true)
    expect(answer(new Run(), 'disk-full', 'count==0')).toMatchObject({ value: null, met: false })
  })

  test('count what made the ISR smaller from t = 0 on', () => {
    const change = { leader: 1, leaderEpoch: 0, clean: true }
    const partition = ordersPartition(0)
    const other = ordersPartition(1)
    const leaders = [
      { ...change, partition, atUs: -2_000_000, isr: [1, 2, 3] },
      { ...change, partition, atUs: -1_000_000, isr: [1, 2] },
      { ...change, partition: other, atUs: -1_000_000, isr: [1, 2, 3] },
      { ...change, partition, atUs: 1_000_000, isr: [1] },
      { ...change, partition, atUs: 2_000_000, isr: [1, 2, 3] },
      { ...change, partition: other, atUs: 3_000_000, isr: [2, 3] },
    ]
    const run = (): Run => new Run().ended({ leaders })

    expect(answer(run(), 'isr-shrinks', 'count<2')).toMatchObject({ value: 2, unit: 'times' })
    expect(answer(run(), 'isr-shrinks{topic:orders,partition:1}', 'count==1')?.met).toBe(true)
    expect(answer(run().given({ measureFromUs: 2_000_000 }), 'isr-shrinks', 'count<2')?.met).toBe(
      true,
    )
  })

  test('count the generations that a group took over partitions with', () => {
    const run = new Run()
    run.owns(0, -1_000, undefined, { generation: 1 })
    run.owns(0, 5_000, undefined, { generation: 2 })
    run.owns(0, 5_000, undefined, { generation: 2, member: 'payment-2' })
    run.owns(0, 9_000, undefined, { generation: 4 })

    expect(answer(run, 'rebalances{group:payment}', 'count<2')).toMatchObject({
      value: 2,
      met: false,
    })
  })

  test('are not met when nothing was measured', () => {
    expect(answer(new Run(), 'latency', 'p(99)<1h')).toMatchObject({ value: null, met: false })
    expect(answer(waiting(), 'drain', 'max<1h')).toMatchObject({ value: null, met: false })
  })

  test('see backlog over time in other aggregates than the greatest', () => {
    expect(answer(waiting(), 'backlog', 'med<=2')).toMatchObject({ value: 2, met: true })
  })
})
