import { expect, test } from 'vitest'
import {
  bootstrapInterval,
  percentileInterval,
  quantile,
} from '../../../scenarios/measures/bootstrap.ts'
import { meanInterval } from '../../../scenarios/measures/intervals.ts'
import { stream } from '../../../sim/random.ts'

function normals(count: number, name: string): number[] {
  const random = stream(1, name)
  return Array.from({ length: count }, () => 100 + 10 * random.normal())
}

function mean(sorted: Float64Array): number {
  return sorted.reduce((sum, one) => sum + one, 0) / sorted.length
}

test('a quantile is linear between the values next to it', () => {
  const sorted = Float64Array.of(10, 20, 30, 40)

  expect(quantile(sorted, 0)).toBe(10)
  expect(quantile(sorted, 0.5)).toBe(25)
  expect(quantile(sorted, 1)).toBe(40)
})

test('the interval of a mean is about that of Student', () => {
  const values = normals(40, 'means')
  const student = meanInterval(values)
  const drawn = bootstrapInterval(values, mean)

  expect(drawn?.value).toBeCloseTo(student?.value ?? 0, 9)
  expect(drawn?.low).toBeCloseTo(student?.low ?? 0, 0)
  expect(drawn?.high).toBeCloseTo(student?.high ?? 0, 0)
})

test('nineteen of twenty intervals of a median hold the true one', () => {
  let held = 0
  for (let round = 0; round < 100; round += 1) {
    const interval = percentileInterval(normals(30, `median ${round}`), 50)
    if ((interval?.low ?? 0) <= 100 && 100 <= (interval?.high ?? 0)) held += 1
  }

  expect(held).toBeGreaterThanOrEqual(88)
  expect(held).toBeLessThanOrEqual(99)
})

test('the same values have the same interval, in whatever order they come', () => {
  const values = normals(20, 'order')

  expect(percentileInterval(values.toReversed(), 90)).toEqual(percentileInterval(values, 90))
})

test('one value has no interval, none has nothing', () => {
  expect(percentileInterval([7], 50)).toEqual({ value: 7, low: null, high: null })
  expect(percentileInterval([], 50)).toBeNull()
})
