import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createCurve,
  type Curve,
  expectedBefore,
  expectedBetween,
  type LoadPoint,
  peakBetween,
  rateAt,
  windowOf,
} from '../../../../../model/kafka/clients/producer/curve.ts'

const SECOND = 1_000_000

/** Up to 100/s within 10 s, a jump to 500/s, down to 0 within another 10 s. */
function hill(endUs = 60 * SECOND): Curve {
  return createCurve(
    [
      { atUs: 0, perSecond: 0 },
      { atUs: 10 * SECOND, perSecond: 100 },
      { atUs: 10 * SECOND, perSecond: 500 },
      { atUs: 20 * SECOND, perSecond: 0 },
    ],
    endUs,
  )
}

test.each([
  [-1, 0],
  [0, 0],
  [5, 50],
  [10, 500],
  [15, 250],
  [30, 0],
])('the rate after %i s is %i', (seconds, perSecond) => {
  expect(rateAt(hill(), seconds * SECOND)).toBe(perSecond)
})

test.each([
  [-5, 0, 0],
  [0, 10, 500],
  [5, 10, 375],
  [10, 20, 2_500],
  [0, 60, 3_000],
  [20, 5, 0],
])('between %i s and %i s the area is %i', (from, to, expected) => {
  expect(expectedBetween(hill(), from * SECOND, to * SECOND)).toBeCloseTo(expected, 9)
})

test('nothing arrives after the end', () => {
  const curve = createCurve([{ atUs: 0, perSecond: 100 }], 30 * SECOND)

  expect(expectedBefore(curve, 90 * SECOND)).toBe(3_000)
  expect(rateAt(curve, 30 * SECOND)).toBe(0)
})

test('a load without an end and without arrivals adds nothing', () => {
  const curve = createCurve([{ atUs: 0, perSecond: 0 }], Infinity)

  expect(expectedBefore(curve, Infinity)).toBe(0)
})

test('the peak of a window is at a point or at an edge of it', () => {
  expect(peakBetween(hill(), 0, 5 * SECOND)).toBe(50)
  expect(peakBetween(hill(), 0, 60 * SECOND)).toBe(500)
  expect(peakBetween(hill(), 12 * SECOND, 18 * SECOND)).toBe(400)
  expect(peakBetween(hill(), 30 * SECOND, 40 * SECOND)).toBe(0)
})

test('a window of a curve begins at 0 and holds its last rate', () => {
  const { points } = hill()

  expect(windowOf(points, 5 * SECOND, 15 * SECOND)).toEqual([
    { atUs: 0, perSecond: 50 },
    { atUs: 5 * SECOND, perSecond: 100 },
    { atUs: 5 * SECOND, perSecond: 500 },
    { atUs: 10 * SECOND, perSecond: 250 },
  ])
  expect(windowOf(points, 0, 10 * SECOND).at(-1)).toEqual({ atUs: 10 * SECOND, perSecond: 100 })
  expect(windowOf(points, 10 * SECOND, Infinity)[0]).toEqual({ atUs: 0, perSecond: 500 })
})

test('the areas of adjacent windows add up to that of both', () => {
  const point = fc.record({ gap: fc.nat({ max: 50 }), perSecond: fc.nat({ max: 1_000 }) })
  const times = fc.array(fc.nat({ max: 400 }), { minLength: 3, maxLength: 3 })

  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), times, (drawn, at) => {
      let atUs = 0
      const points: LoadPoint[] = drawn.map(({ gap, perSecond }) => {
        atUs += gap * SECOND
        return { atUs, perSecond }
      })
      const curve = createCurve(points, 300 * SECOND)
      const [from, middle, to] = at
        .toSorted((left, right) => left - right)
        .map((seconds) => seconds * SECOND) as [number, number, number]

      const whole = expectedBetween(curve, from, to)
      const parts = expectedBetween(curve, from, middle) + expectedBetween(curve, middle, to)

      expect(parts).toBeCloseTo(whole, 6)
    }),
    { seed: 1 },
  )
})
