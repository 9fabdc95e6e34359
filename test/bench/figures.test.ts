/**
 * The statistics behind the figures of the bench.
 */

import { describe, expect, test } from 'vitest'
import {
  asJson,
  figure,
  lines,
  median,
  medianInterval,
  quantile,
  ratios,
  seconds,
} from '../../bench/figures.ts'
import { stream } from '../../sim/random.ts'

describe('quantiles', () => {
  test('the median of an odd number of values is the one in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  test('the median of an even number of values lies between the two in the middle', () => {
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })

  test('a quantile between two values is as far between them as its share says', () => {
    expect(quantile([10, 20, 30], 0.25)).toBe(15)
  })

  test('values are compared as numbers and left as they were', () => {
    const values = [100, 20, 3]

    expect(quantile(values, 0)).toBe(3)
    expect(values).toEqual([100, 20, 3])
  })

  test('without values there is no quantile', () => {
    expect(median([])).toBeNaN()
  })
})

describe('figures', () => {
  test('a figure is the median of its samples with the distance of their quartiles', () => {
    const samples = [1, 2, 3, 4, 5]

    const one = figure({ name: 'speed', unit: 'ratio', target: 3 }, samples)

    expect(one).toMatchObject({ value: 3, pairs: 5, spread: 2 / 3, met: true })
  })

  test('where less is better, a figure above its target is not met', () => {
    const about = { name: 'event', unit: 'ns', target: 600, better: 'less' } as const

    expect(figure(about, [700]).met).toBe(false)
    expect(figure(about, [600]).met).toBe(true)
  })

  test('a figure without a target is neither met nor missed', () => {
    expect(figure({ name: 'speed', unit: 'ratio', target: null }, [1]).met).toBeNull()
  })

  test('the line of a figure tells its value, target, goal and whether it is met', () => {
    const about = { name: 'runs', unit: 'runs/s', target: 60, goal: 100 }

    expect(lines([figure(about, [61.5])])).toMatch(
      /^✓ runs .* 61\.50 runs\/s .* ≥ 60 \(goal 100\)$/,
    )
    expect(lines([figure(about, [59])])).toMatch(/^✗ /)
  })

  test('the JSON of figures has the members of the specification and no others', () => {
    const one = figure({ name: 'hold', unit: 'ratio', target: 2.8, goal: 4 }, [3.1])

    expect(asJson([one]).figures).toEqual([
      { name: 'hold', unit: 'ratio', value: 3.1, target: 2.8, met: true, pairs: 1, spread: 0 },
    ])
  })
})

describe('pairs', () => {
  test('a ratio is how many times less the first takes than the second', () => {
    const samples = ratios(
      3,
      () => 2,
      () => 10,
    )

    expect(samples).toEqual([5, 5, 5])
  })

  test('the pair that warms up is left out, and who goes first alternates', () => {
    const order: string[] = []
    const take = (name: string) => () => {
      order.push(name)
      return 1
    }

    ratios(2, take('ours'), take('theirs'))

    expect(order.join(' ')).toBe('ours theirs theirs ours ours theirs')
  })

  test('seconds are those that the work takes', () => {
    let sum = 0
    const taken = seconds(() => {
      for (let n = 0; n < 3e6; n += 1) sum += n % 7
    })

    expect(sum).toBeGreaterThan(0)
    expect(taken).toBeGreaterThan(0)
  })
})

describe('the interval of a median', () => {
  test('samples that are all the same leave no doubt', () => {
    expect(medianInterval([2, 2, 2, 2], stream(1, 'bootstrap'))).toEqual([2, 2])
  })

  test('the interval holds the median and lies within the samples', () => {
    const random = stream(5, 'samples')
    const samples = Array.from({ length: 15 }, () => 1 + 0.1 * random.normal())

    const [low, high] = medianInterval(samples, stream(1, 'bootstrap'))

    expect(low).toBeLessThanOrEqual(median(samples))
    expect(high).toBeGreaterThanOrEqual(median(samples))
    expect(low).toBeGreaterThanOrEqual(Math.min(...samples))
    expect(high).toBeLessThanOrEqual(Math.max(...samples))
    expect(high).toBeGreaterThan(low)
  })

  test('less confidence makes the interval narrower', () => {
    const random = stream(5, 'samples')
    const samples = Array.from({ length: 40 }, () => random.normal())

    const [lowest, highest] = medianInterval(samples, stream(1, 'bootstrap'), 0.99)
    const [low, high] = medianInterval(samples, stream(1, 'bootstrap'), 0.5)

    expect(high - low).toBeLessThan(highest - lowest)
  })
})
