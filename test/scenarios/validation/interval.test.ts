import { describe, expect, test } from 'vitest'
import {
  jointLevel,
  meanInterval,
  studentQuantile,
} from '../../../scenarios/validation/interval.ts'

describe('an interval of a mean', () => {
  test.each([
    [2, 4.3027],
    [10, 2.2281],
    [20, 2.086],
    [40, 2.0211],
  ])('has the quantile of Student with %i degrees of freedom', (degrees, quantile) => {
    expect(studentQuantile(0.975, degrees)).toBeCloseTo(quantile, 4)
  })

  test('is the mean and as many standard errors on both sides', () => {
    const { mean, low, high } = meanInterval([1, 2, 3, 4, 5], 0.95)

    expect(mean).toBe(3)
    expect(high - 3).toBeCloseTo(2.7764 * Math.sqrt(2.5 / 5), 3)
    expect(3 - low).toBeCloseTo(high - 3, 10)
  })

  test('is wider when it has to hold together with others', () => {
    const samples = [1, 2, 3, 4, 5]

    const alone = meanInterval(samples, 0.95)
    const together = meanInterval(samples, jointLevel(0.95, 20))

    expect(jointLevel(0.95, 20)).toBeCloseTo(0.9975, 10)
    expect(together.high).toBeGreaterThan(alone.high)
  })
})
