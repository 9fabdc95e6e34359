import { expect, test } from 'vitest'
import { burstyCurve } from '../../../../../model/kafka/clients/producer/bursts.ts'
import {
  createCurve,
  expectedBefore,
  expectedBetween,
  rateAt,
} from '../../../../../model/kafka/clients/producer/curve.ts'
import { stream } from '../../../../../sim/random.ts'

const SECOND = 1_000_000
const HOUR = 3_600 * SECOND
const steady = [{ atUs: 0, perSecond: 100 }]

function bursty(name: string, share: number): ReturnType<typeof createCurve> {
  const bursts = { factor: 5, lengthUs: SECOND, share }
  return createCurve(burstyCurve(steady, bursts, HOUR, stream(1, name)), HOUR)
}

test.each([0.2, 0.1])('the mean is kept with bursts for %d of the time', (share) => {
  const counts = Array.from({ length: 20 }, (_none, at) =>
    expectedBefore(bursty(`mean ${at}`, share), HOUR),
  )

  const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length
  expect(mean / (100 * 3_600)).toBeGreaterThan(0.98)
  expect(mean / (100 * 3_600)).toBeLessThan(1.02)
})

test('the rate is five times as high in a burst, and nothing between on-off bursts', () => {
  const curve = bursty('rates', 0.2)

  const rates = Array.from({ length: 3_600 }, (_none, at) => rateAt(curve, (at + 0.5) * SECOND))
  expect(new Set(rates)).toEqual(new Set([0, 500]))
})

test('between bursts of a smaller share the rate is lower, not nothing', () => {
  const curve = bursty('calm', 0.1)

  const rates = Array.from({ length: 3_600 }, (_none, at) => rateAt(curve, (at + 0.5) * SECOND))
  expect(Math.max(...rates)).toBe(500)
  expect(Math.min(...rates)).toBeCloseTo((100 * 0.5) / 0.9, 9)
})

test('counts of a second are far more spread than those of a Poisson process', () => {
  const curve = bursty('spread', 0.2)
  const counts = Array.from({ length: 3_600 }, (_none, at) =>
    expectedBetween(curve, at * SECOND, (at + 1) * SECOND),
  )

  const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length
  const squares = counts.reduce((sum, one) => sum + (one - mean) * (one - mean), 0)
  // The variance of a Poisson count is its mean.
  expect(squares / counts.length / mean).toBeGreaterThan(50)
})

test('a crowd is the same for the same seed, and the curve under it keeps its shape', () => {
  const shape = [
    { atUs: 0, perSecond: 0 },
    { atUs: 10 * SECOND, perSecond: 100 },
  ]
  const bursts = { factor: 2, lengthUs: SECOND, share: 0.5 }
  const drawn = (): readonly { perSecond: number }[] =>
    burstyCurve(shape, bursts, 10 * SECOND, stream(7, 'crowd'))

  expect(drawn()).toEqual(drawn())
  expect(Math.max(...drawn().map(({ perSecond }) => perSecond))).toBeLessThanOrEqual(200)
})
