import { describe, expect, test } from 'vitest'
import { examplePlan } from './example-plan.ts'

describe('the example of a plan', () => {
  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(examplePlan))).toEqual(examplePlan)
  })

  test('has curves of one length', () => {
    for (const { curves } of examplePlan.drills) {
      expect(curves).not.toBeNull()
      if (curves === null) continue
      const { length } = curves.atMs
      const all = [
        curves.traffic,
        curves.throughput,
        ...curves.consumed.map((one) => one.perSecond),
        ...curves.groups.flatMap((one) => [one.backlog, one.latenessMs]),
        ...curves.latency.flatMap((one) => [one.p50, one.p99, one.p999, one.max]),
        ...curves.utilisation.map((one) => one.values),
      ]
      expect(new Set(all.map((one) => one.length))).toEqual(new Set([length]))
    }
  })

  test('accounts for every candidate', () => {
    const { of, simulated, ruledOut, notRun } = examplePlan.search
    expect(simulated + ruledOut + notRun).toBe(of)
  })
})
