import { beforeAll, describe, expect, test } from 'vitest'
import { exploredCase, plainCase } from '../../scenarios/explore/cases.ts'
import { judge } from '../../scenarios/judge.ts'
import type { Result } from '../../scenarios/result.ts'
import { run } from '../../scenarios/run.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import type { TraceEvent } from '../../sim/trace.ts'
import { tenSeconds } from '../ten-seconds.ts'

let scenario: Scenario
let calm: Result
let busy: Result

beforeAll(async () => {
  scenario = await tenSeconds()
  calm = run(plainCase({ ...scenario, timeline: [] }, 1))
  busy = run(plainCase(scenario, 1))
})

describe('a run', () => {
  test('goes through its five steps in their order', () => {
    const { phases } = busy

    expect(phases.healUs).toBe(scenario.durationUs)
    const times = [
      phases.healUs,
      phases.settledUs,
      phases.wroteUs,
      phases.producersDoneUs,
      phases.drainedUs,
      phases.endUs,
    ]
    expect(times).not.toContain(null)
    expect(times).toEqual([...times].sort((a, b) => (a ?? 0) - (b ?? 0)))
    expect(busy.virtualUs).toBe(phases.originUs + phases.endUs)
  })

  test('begins its load at t = 0 and ends it at the heal', () => {
    const { sends } = calm.history
    const invoked = Array.from(sends.column('invokedUs')).map(
      (us) => (us as number) - calm.phases.originUs,
    )

    expect(Math.min(...invoked)).toBeGreaterThanOrEqual(0)
    expect(Math.min(...invoked)).toBeLessThan(500_000)
    expect(Math.max(...invoked)).toBeLessThanOrEqual(calm.phases.healUs)
    expect(Math.max(...invoked)).toBeGreaterThan(calm.phases.healUs - 500_000)
  })

  test('makes about as many records as its load says', () => {
    const { operations } = judge(calm).measures

    // 40 a second for ten seconds, at random times.
    expect(operations.invoked).toBeGreaterThan(320)
    expect(operations.invoked).toBeLessThan(480)
    expect(operations.ok).toBe(operations.invoked)
  })

  test('commits by itself beside its application where enable.auto.commit is left on', () => {
    const [group] = scenario.consumers as readonly [Scenario['consumers'][number]]
    const commits = [true, false].map((automatic) => {
      const config = {
        ...group.config,
        'enable.auto.commit': automatic,
        'auto.commit.interval.ms': 10,
      }
      const consumers = [{ ...group, config }]
      return run(plainCase({ ...scenario, consumers, timeline: [] }, 1)).history.commits.length
    })

    expect(commits[0]).toBeGreaterThan((commits[1] as number) + 50)
  })

  test('gives every send an outcome', () => {
    const { invoked, ok, failed, unknown } = judge(busy).measures.operations

    expect(ok + failed + unknown).toBe(invoked)
  })

  test('lets the auditor read every partition to its end at both isolation levels', () => {
    for (const { logs } of [calm, busy]) {
      for (const read of [logs.committed, logs.uncommitted]) {
        const names = read.map(({ topic, number }) => `${topic}-${number}`)
        expect(names.slice(0, 2)).toEqual(['orders-0', 'orders-1'])
        expect(read.filter(({ unread }) => unread !== null)).toEqual([])
        expect(read.every(({ entries }) => entries.length > 0)).toBe(true)
      }
    }
  })

  test('is not vacuous: leaders change, members rebalance, guards decide', () => {
    expect(busy.leaders.length).toBeGreaterThan(5)
    expect(busy.probes['group.rebalanced']).toBeGreaterThan(0)
    expect(Object.keys(busy.guards).length).toBeGreaterThan(10)
    expect(busy.truth).toEqual([])
  })

  test('lasts no longer where nothing strikes than where much does', () => {
    expect(calm.phases.endUs).toBeLessThanOrEqual(busy.phases.endUs)
    expect(calm.struck).toEqual([])
  })

  test('tells its sink of every event, in their order', () => {
    const events: TraceEvent[] = []

    run(plainCase({ ...scenario, timeline: [] }, 1), {
      sink: { event: (event) => events.push(event), probe: () => {} },
    })

    const sequences = events.map(({ sequence }) => sequence)
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    const processes = new Set(events.map(({ process }) => process))
    for (const name of ['broker-1', 'zookeeper-1', 'order-service-1', 'payment-1', 'auditor-1'])
      expect(processes).toContain(name)
  })
})

describe('many runs of ten seconds', () => {
  test('all drain, and lose and break nothing', () => {
    const odd: string[] = []
    for (let index = 0; index < 25; index += 1) {
      const judged = judge(run(exploredCase(scenario, 11, index)), { series: false })
      const { ended, reason } = judged.result
      if (ended !== 'drained') odd.push(`${index}: ${ended}: ${reason}`)
      for (const { check, verdict, sentence } of judged.verdicts)
        if (verdict !== 'kept') odd.push(`${index}: ${check} ${verdict}: ${sentence}`)
    }

    expect(odd).toEqual([])
  })
})
