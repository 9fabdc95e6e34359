import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inTimeOrder } from '../../../scenarios/measures/in-time-order.ts'

function stable(times: readonly number[]): number[] {
  return times
    .map((time, row) => ({ time, row }))
    .toSorted((left, right) => left.time - right.time || left.row - right.row)
    .map(({ row }) => row)
}

describe('the order of time', () => {
  test.each([
    ['few rows', 100],
    ['many rows', 2_000],
  ])('is that of a stable sort for %s', (_name, length) => {
    const time = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 86_400_000_000 }))
    fc.assert(
      fc.property(fc.array(time, { minLength: length, maxLength: length + 20 }), (times) => {
        expect([...inTimeOrder(Float64Array.from(times))]).toEqual(stable(times))
      }),
      { seed: 3, numRuns: 30 },
    )
  })

  test('of many rows that are nearly in order is that of a stable sort', () => {
    const times = Array.from({ length: 3_000 }, (_, row) => row * 1_000 - (row % 7) * 1_500)

    const order = inTimeOrder(Float64Array.from(times))

    expect([...order]).toEqual(stable(times))
  })

  test('of no rows and of equal times is the order they came in', () => {
    expect([...inTimeOrder(new Float64Array(0))]).toEqual([])
    expect([...inTimeOrder(new Float64Array(300).fill(7))]).toEqual(
      Array.from({ length: 300 }, (_, row) => row),
    )
  })
})
