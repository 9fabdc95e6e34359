import { expect, test } from 'vitest'
import { Histogram } from '../../../scenarios/measures/histogram.ts'
import { recordRange } from '../../../scenarios/measures/within-range.ts'

test('the first record of a range took what the range took and what it had waited', () => {
  const latency = new Histogram()

  recordRange(latency, 1_000, 400, 4)

  expect(latency.count).toBe(4)
  expect(latency.max).toBe(1_400)
  expect(latency.mean).toBe(1_250)
})

test('a single record that did not wait took what was measured', () => {
  const latency = new Histogram()

  recordRange(latency, 1_000, 0, 1)

  expect([latency.count, latency.max]).toEqual([1, 1_000])
})
