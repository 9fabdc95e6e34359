import { describe, expect, test } from 'vitest'
import { drawWorkUs, workTime } from '../../../../model/kafka/application/work-time.ts'
import { stream } from '../../../../sim/random.ts'

describe('work time', () => {
  test('is constant and takes nothing from the stream where median and 99th percentile agree', () => {
    const source = stream(1, 'work')
    const time = workTime({ p50Us: 500, p99Us: 500 }, source)

    const drawn = [drawWorkUs(time, 1), drawWorkUs(time, 2.5)]

    expect(drawn).toEqual([500, 1250])
    expect(source.next()).toBe(stream(1, 'work').next())
  })

  test('has the given median and 99th percentile', () => {
    const time = workTime({ p50Us: 2000, p99Us: 40_000 }, stream(1, 'work'))

    const drawn = Array.from({ length: 20_000 }, () => drawWorkUs(time, 1))
    drawn.sort((a, b) => a - b)

    expect(drawn[10_000]).toBeGreaterThan(1900)
    expect(drawn[10_000]).toBeLessThan(2100)
    expect(drawn[19_800]).toBeGreaterThan(36_000)
    expect(drawn[19_800]).toBeLessThan(44_000)
  })

  test('is exponential with the given mean', () => {
    const time = workTime({ p50Us: 0, p99Us: 0, meanUs: 10_000 }, stream(1, 'work'))

    const drawn = Array.from({ length: 20_000 }, () => drawWorkUs(time, 2))
    const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length
    drawn.sort((a, b) => a - b)

    expect(mean).toBeGreaterThan(19_000)
    expect(mean).toBeLessThan(21_000)
    expect(drawn[10_000]).toBeGreaterThan(13_000)
    expect(drawn[10_000]).toBeLessThan(14_800)
  })

  test('of many constant works is their sum, exactly', () => {
    const time = workTime({ p50Us: 7, p99Us: 7 }, stream(1, 'work'))

    expect(drawWorkUs(time, 1, 1_000)).toBe(7_000)
    expect(drawWorkUs(time, 3, 1_000)).toBe(21_000)
  })

  test.each([
    { work: { p50Us: 1_000, p99Us: 5_000 }, name: 'log-normal' },
    { work: { p50Us: 0, p99Us: 0, meanUs: 1_500 }, name: 'exponential' },
  ])('of many $name works has the mean and the deviation of their sum', ({ work }) => {
    const sums = (draw: (nth: number) => number): { mean: number; deviation: number } => {
      const drawn = Array.from({ length: 3_000 }, (_, nth) => draw(nth))
      const mean = drawn.reduce((sum, one) => sum + one) / drawn.length
      const squares = drawn.reduce((sum, one) => sum + (one - mean) * (one - mean), 0)
      return { mean, deviation: Math.sqrt(squares / drawn.length) }
    }
    const each = workTime(work, stream(1, 'each'))
    const together = workTime(work, stream(1, 'together'))

    const one = sums(() => {
      let sum = 0
      for (let nth = 0; nth < 100; nth += 1) sum += drawWorkUs(each, 1)
      return sum
    })
    const all = sums(() => drawWorkUs(together, 1, 100))

    expect(Math.abs(all.mean / one.mean - 1)).toBeLessThan(0.02)
    expect(Math.abs(all.deviation / one.deviation - 1)).toBeLessThan(0.1)
  })
})
