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
})
