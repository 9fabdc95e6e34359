import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  exponentialOf,
  naturalLog,
  normalOf,
  poissonOf,
  power,
  powerOfE,
} from '../../sim/arithmetic.ts'

const WITHIN = 1e-9

function relative(value: number, expected: number): number {
  return Math.abs(value - expected) / Math.max(1, Math.abs(expected))
}

const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true })
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('plain arithmetic agrees with the engine within 1e-9', () => {
  test('in the natural logarithm', () => {
    fc.assert(
      fc.property(positive, (x) => {
        expect(relative(naturalLog(x), Math.log(x))).toBeLessThan(WITHIN)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('near one, where the logarithm is small', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.9, max: 1.1, noNaN: true }), (x) => {
        expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThan(1e-15 + 1e-13 * Math.abs(x - 1))
      }),
      { numRuns: 1000, seed: 1 },
    )
  })

  test('in powers of e', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (x) => {
        expect(Math.abs(powerOfE(x) / Math.exp(x) - 1)).toBeLessThan(WITHIN)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('in powers of other bases', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        (base, exponent) => {
          expect(Math.abs(power(base, exponent) / Math.pow(base, exponent) - 1)).toBeLessThan(
            WITHIN,
          )
        },
      ),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('in exponentials', () => {
    fc.assert(
      fc.property(uniform, (u) => {
        expect(relative(exponentialOf(u), -Math.log(1 - u))).toBeLessThan(WITHIN)
      }),
      { numRuns: 1000, seed: 1 },
    )
  })
})

describe('the logarithm and the power of e', () => {
  test('undo each other', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-200, max: 1e200, noNaN: true }), (x) => {
        expect(Math.abs(powerOfE(naturalLog(x)) / x - 1)).toBeLessThan(WITHIN)
      }),
      { numRuns: 1000, seed: 1 },
    )
  })

  test.each([
    [naturalLog(1), 0],
    [powerOfE(0), 1],
    [power(2, 10), 1024],
    [power(10, 0), 1],
    [exponentialOf(0), 0],
  ])('give %d where the answer is %d', (value, expected) => {
    expect(value).toBeCloseTo(expected, 9)
  })
})

describe('the standard normal', () => {
  test.each([
    [0.5, 0],
    [0.8413447460685429, 1],
    [0.9772498680518208, 2],
    [0.9986501019683699, 3],
    [0.001349898031630095, -3],
    [0.02, -2.053748910631823],
    [0.99, 2.3263478740408408],
  ])('at %d is %d', (uniformDraw, expected) => {
    expect(normalOf(uniformDraw)).toBeCloseTo(expected, 7)
  })

  test('is symmetric and grows', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
        fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
        (a, b) => {
          expect(normalOf(a) + normalOf(1 - a)).toBeCloseTo(0, 6)
          fc.pre(a < b - 1e-9)
          expect(normalOf(a)).toBeLessThan(normalOf(b))
        },
      ),
      { numRuns: 500, seed: 1 },
    )
  })

  test('is finite even for a draw of zero', () => {
    expect(Number.isFinite(normalOf(0))).toBe(true)
  })
})

describe('a Poisson number from a draw', () => {
  test.each([0.3, 4, 29, 31, 400, 950])('has mean and variance %d over all draws', (mean) => {
    const draws = 40_000
    let sum = 0
    let squares = 0
    for (let nth = 0; nth < draws; nth += 1) {
      const count = poissonOf((nth + 0.5) / draws, mean)
      sum += count
      squares += count * count
    }

    const average = sum / draws
    expect(Math.abs(average / mean - 1)).toBeLessThan(0.001)
    expect(Math.abs((squares / draws - average * average) / mean - 1)).toBeLessThan(0.01)
  })

  test('is what the distribution function says, also where it is only approximated', () => {
    const mean = 40
    let below = 0
    let term = powerOfE(-mean)
    for (let count = 0; count < 120; count += 1) {
      below += term
      term *= mean / (count + 1)
      // Just below the step lies the count itself, or by the approximation the next one.
      if (below < 0.0005 || below > 0.9995) continue
      expect(Math.abs(poissonOf(below - 1e-9, mean) - count)).toBeLessThanOrEqual(1)
    }
  })

  test('is nothing where nothing is expected', () => {
    expect(poissonOf(0.999, 0)).toBe(0)
  })
})
