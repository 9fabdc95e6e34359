import { expect, test } from 'vitest'
import {
  meanInterval,
  pairedInterval,
  shareInterval,
} from '../../../scenarios/measures/intervals.ts'

test.each([
  [0, 30, 0, 0.1135],
  [3, 30, 0.0346, 0.2562],
  [15, 30, 0.3315, 0.6685],
  [30, 30, 0.8865, 1],
])('the interval of %i in %i is that of Wilson', (count, of, low, high) => {
  const interval = shareInterval(count, of)

  expect(interval?.value).toBe(count / of)
  expect(interval?.low).toBeCloseTo(low, 4)
  expect(interval?.high).toBeCloseTo(high, 4)
})

test('the interval of a mean is that of Student', () => {
  // Mean 3, standard deviation √2.5, 4 degrees of freedom: 3 ± 2.776 · √(2.5 / 5).
  const interval = meanInterval([1, 2, 3, 4, 5])

  expect(interval?.value).toBe(3)
  expect(interval?.low).toBeCloseTo(1.037, 3)
  expect(interval?.high).toBeCloseTo(4.963, 3)
})

test('the points of Student go over into those of many values', () => {
  const values = Array.from({ length: 101 }, (_none, at) => at % 2)
  const interval = meanInterval(values)

  // Standard error 0.049998, 100 degrees of freedom: 1.98397.
  expect((interval?.high ?? 0) - (interval?.value ?? 0)).toBeCloseTo(1.98397 * 0.049998, 5)
})

test('one value has no interval, none has nothing', () => {
  expect(meanInterval([7])).toEqual({ value: 7, low: null, high: null })
  expect(meanInterval([])).toBeNull()
  expect(shareInterval(0, 0)).toBeNull()
})

test('a paired difference leaves out what both settings have of a seed', () => {
  const was = [10, 200, 3_000]
  const now = [12, 203, 3_001]

  expect(pairedInterval(now, was)?.value).toBe(2)
  expect(pairedInterval(now, was)?.low).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 9)
  expect(() => pairedInterval([1], [])).toThrow('a pair has a value of each setting')
})
