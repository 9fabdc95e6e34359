import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { Histogram } from '../../../scenarios/measures/histogram.ts'

const percents = [1, 25, 50, 90, 95, 99, 99.9, 99.99, 100]

/** Microseconds up to a day, small ones as often as large ones. */
const value = fc.oneof(
  fc.nat(3_000),
  fc.nat(1_000_000),
  fc.integer({ min: 0, max: 86_400_000_000 }),
)

function reference(values: readonly number[]): (percent: number) => number {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2 ** 50,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
  for (const one of values) histogram.recordValue(one)
  return (percent) => histogram.getValueAtPercentile(percent)
}

describe('the histogram', () => {
  test('gives the percentiles of HdrHistogram, never above the greatest value', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = new Histogram()
        for (const one of values) histogram.record(one)
        const expected = reference(values)

        for (const percent of percents) {
          const most = Math.max(...values)
          expect(histogram.percentile(percent)).toBe(Math.min(expected(percent), most))
        }
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  test('keeps greatest, least, mean and number exactly', () => {
    const histogram = new Histogram()

    for (const one of [1, 1_000_003, 7, 7]) histogram.record(one)
    histogram.record(2, 6)

    expect(histogram).toMatchObject({ max: 1_000_003, min: 1, count: 10, mean: 100_003 })
  })

  test('is off by at most a thousandth', () => {
    const histogram = new Histogram()
    histogram.record(123_456_789)
    histogram.record(10_000_000_000)

    const answer = histogram.percentile(50)

    expect(Math.abs(answer - 123_456_789) / 123_456_789).toBeLessThan(0.001)
  })

  test('records an even distribution as its parts by themselves, across buckets too', () => {
    fc.assert(
      fc.property(value, value, fc.integer({ min: 2, max: 32 }), (low, high, times) => {
        fc.pre(low !== high)
        const even = new Histogram()
        even.recordEven(low, high, times)
        const single = new Histogram()
        for (let at = 0; at < times; at += 1) {
          single.record(low + ((at + 0.5) / times) * (high - low))
        }

        for (const percent of percents) {
          expect(even.percentile(percent)).toBe(single.percentile(percent))
        }
        expect(even).toMatchObject({ max: single.max, min: single.min, mean: single.mean })
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  test('counts as many as an even distribution has where some stand for the rest', () => {
    const histogram = new Histogram()

    histogram.recordEven(1_000, 9_000, 985)

    expect(histogram.count).toBe(985)
    expect(histogram.percentile(50)).toBeGreaterThan(4_800)
    expect(histogram.percentile(50)).toBeLessThan(5_200)
  })

  test('is empty before anything is recorded', () => {
    expect(new Histogram().percentile(99)).toBe(0)
    expect(new Histogram().mean).toBe(0)
  })
})
