import { describe, expect, test } from 'vitest'
import {
  acksAllSend,
  constantMoments,
  erlangC,
  exponentialMoments,
  forkJoinBounds,
  forkJoinOfTwo,
  logNormalMoments,
  refusedShare,
  sojournMG1,
  sojournMMc,
} from '../../../../scenarios/validation/theory/formulas.ts'

describe('queueing theory', () => {
  test('gives 1 ÷ (μ − λ) for M/M/1, and half of the wait for M/D/1', () => {
    expect(sojournMG1(0.8, exponentialMoments(1))).toBeCloseTo(5, 10)
    expect(sojournMG1(0.8, constantMoments(1))).toBeCloseTo(3, 10)
  })

  test('has the moments of a log-normal time from its median and 99th percentile', () => {
    const { mean, square } = logNormalMoments(1, 10.240473)

    // With a deviation of 1 the mean is √e and the mean square e².
    expect(mean).toBeCloseTo(1.648721, 5)
    expect(square).toBeCloseTo(7.389056, 4)
  })

  test('agrees with the tables of Erlang', () => {
    expect(erlangC(2, 1.6)).toBeCloseTo(0.7111, 4)
    expect(erlangC(1, 0.5)).toBeCloseTo(0.5, 10)
    expect(sojournMMc(0.8, 1, 1)).toBeCloseTo(5, 10)
    expect(refusedShare(1, 0, 1)).toBeCloseTo(0.5, 10)
    expect(refusedShare(2, 0, 2)).toBeCloseTo(0.4, 10)
  })

  test('puts the fork-join of two between its bounds', () => {
    const { low, high } = forkJoinBounds(0.8, 1, 2)

    expect(forkJoinOfTwo(0.8, 1)).toBeCloseTo(7, 10)
    expect(low).toBeLessThan(7)
    expect(high).toBeGreaterThan(7)
  })

  test('adds the later of two followers to the way of an acks=all send', () => {
    const ms = acksAllSend({ base: 0.3, jitter: 0.2 }, { base: 0.5, jitter: 0.8 })

    expect(ms).toBeCloseTo(1 + 1 + 2.2, 10)
  })
})
