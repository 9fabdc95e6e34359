import { describe, expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import type { Struck } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import type { TimelineEntry } from '../../../scenarios/schema/timeline.ts'
import { tenSeconds } from '../../ten-seconds.ts'

async function struckBy(timeline: readonly TimelineEntry[]): Promise<readonly Struck[]> {
  const scenario = await tenSeconds()
  return run(plainCase({ ...scenario, timeline }, 1)).struck
}

describe('what became of an operation', () => {
  test('is what the cluster answered the administrator', async () => {
    const struck = await struckBy([
      { kind: 'add-partitions', topic: 'orders', to: 6, atUs: 1_000_000 },
      { kind: 'add-partitions', topic: 'orders', to: 5, atUs: 3_000_000 },
    ])

    expect(struck.map(({ refused }) => refused)).toEqual([
      null,
      'the cluster answers INVALID_PARTITIONS',
    ])
    expect(struck.some(({ unanswered }) => unanswered)).toBe(false)
  })
})

describe('the hash of a history', () => {
  test('is made by the same function for every result, which keeps no run alive', async () => {
    const scenario = await tenSeconds()

    const getters = [1, 2].map((seed) => {
      const result = run(plainCase(scenario, seed))
      return Object.getOwnPropertyDescriptor(result, 'historyHash')?.get
    })

    expect(getters[0]).toBeTypeOf('function')
    expect(getters[1]).toBe(getters[0])
  })

  test('is that of the history', async () => {
    const scenario = await tenSeconds()

    const result = run(plainCase(scenario, 1))

    expect(result.historyHash).toBe(result.history.hash())
  })
})
