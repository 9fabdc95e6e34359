import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Arrivals,
  chooseKey,
  createArrivals,
  type Load,
  type LoadPoint,
  nextArrivalUs,
  zipfTable,
} from '../../../../../model/kafka/clients/producer/load.ts'
import { stream } from '../../../../../sim/random.ts'

const SECOND = 1_000_000

function load(arrival: Load['arrival'], points: readonly LoadPoint[], endUs: number): Load {
  return { arrival, points, endUs, keys: { kind: 'none' }, recordBytes: 100 }
}

function all(arrivals: Arrivals): number[] {
  const times: number[] = []
  for (;;) {
    const atUs = nextArrivalUs(arrivals)
    if (atUs === Infinity) return times
    times.push(atUs)
  }
}

function between(times: readonly number[], fromUs: number, toUs: number): number {
  return times.filter((atUs) => atUs >= fromUs && atUs < toUs).length
}

test('steady arrivals are evenly spaced', () => {
  const arrivals = createArrivals(
    load('steady', [{ atUs: 0, perSecond: 10 }], 2 * SECOND),
    0,
    stream(1, 'load'),
  )

  const times = all(arrivals)

  expect(times.length).toBe(20)
  for (let place = 1; place < times.length; place += 1) {
    expect((times[place] as number) - (times[place - 1] as number)).toBeCloseTo(100_000, 3)
  }
})

test('Poisson arrivals come at their rate, and not evenly', () => {
  const arrivals = createArrivals(
    load('poisson', [{ atUs: 0, perSecond: 100 }], 100 * SECOND),
    0,
    stream(1, 'load'),
  )

  const times = all(arrivals)

  expect(times.length).toBeGreaterThan(9600)
  expect(times.length).toBeLessThan(10_400)
  const gaps = times.slice(1).map((atUs, place) => atUs - (times[place] as number))
  expect(Math.max(...gaps)).toBeGreaterThan(50_000)
})

test('the rate is linear between two points', () => {
  const points = [
    { atUs: 0, perSecond: 0 },
    { atUs: 100 * SECOND, perSecond: 100 },
  ]
  const arrivals = createArrivals(load('steady', points, 100 * SECOND), 0, stream(1, 'load'))

  const times = all(arrivals)

  expect(times.length).toBe(5000)
  expect(between(times, 0, 50 * SECOND)).toBe(1250)
})

test('two points at one time are a jump', () => {
  const points = [
    { atUs: 0, perSecond: 10 },
    { atUs: 10 * SECOND, perSecond: 10 },
    { atUs: 10 * SECOND, perSecond: 100 },
  ]
  const arrivals = createArrivals(load('steady', points, 20 * SECOND), 0, stream(1, 'load'))

  const times = all(arrivals)

  expect(between(times, 0, 10 * SECOND)).toBe(100)
  expect(between(times, 10 * SECOND, 20 * SECOND)).toBe(1000)
})

test('nothing arrives before the first point, at a rate of 0, or after the end', () => {
  const points = [
    { atUs: 5 * SECOND, perSecond: 10 },
    { atUs: 10 * SECOND, perSecond: 10 },
    { atUs: 10 * SECOND, perSecond: 0 },
    { atUs: 20 * SECOND, perSecond: 0 },
    { atUs: 20 * SECOND, perSecond: 10 },
  ]
  const arrivals = createArrivals(load('steady', points, 25 * SECOND), 0, stream(1, 'load'))

  const times = all(arrivals)

  expect(between(times, 5 * SECOND, 10 * SECOND)).toBe(50)
  expect(between(times, 20 * SECOND, 25 * SECOND)).toBe(50)
  expect(times.length).toBe(100)
})

test('a load that is at 0 for ever ends', () => {
  const arrivals = createArrivals(
    load('poisson', [{ atUs: 0, perSecond: 0 }], Infinity),
    0,
    stream(1, 'load'),
  )

  const atUs = nextArrivalUs(arrivals)

  expect(atUs).toBe(Infinity)
})

test('arrivals that begin late follow the curve from there', () => {
  const points = [
    { atUs: 0, perSecond: 100 },
    { atUs: 10 * SECOND, perSecond: 100 },
    { atUs: 10 * SECOND, perSecond: 5 },
  ]
  const arrivals = createArrivals(
    load('steady', points, 30 * SECOND),
    20 * SECOND,
    stream(1, 'load'),
  )

  const times = all(arrivals)

  expect(times.length).toBe(50)
  expect(times[0]).toBeGreaterThanOrEqual(20 * SECOND)
})

test('arrivals never go back in time and are as many as the curve holds', () => {
  const point = fc.record({
    gap: fc.integer({ min: 0, max: 20 }),
    rate: fc.integer({ min: 0, max: 50 }),
  })
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 6 }), (drawn) => {
      let atUs = 0
      const points = drawn.map(({ gap, rate }) => ({
        atUs: (atUs += gap * SECOND),
        perSecond: rate,
      }))
      const endUs = atUs + 10 * SECOND
      const arrivals = createArrivals(load('steady', points, endUs), 0, stream(1, 'load'))

      const times = all(arrivals)

      const last = points.at(-1) as LoadPoint
      let expected = (last.perSecond * (endUs - last.atUs)) / SECOND
      for (let place = 1; place < points.length; place += 1) {
        const [one, other] = [points[place - 1] as LoadPoint, points[place] as LoadPoint]
        expected += (((one.perSecond + other.perSecond) / 2) * (other.atUs - one.atUs)) / SECOND
      }
      expect(Math.abs(times.length - expected)).toBeLessThanOrEqual(1)
      expect(
        times.every((time, place) => place === 0 || time >= (times[place - 1] as number)),
      ).toBe(true)
    }),
    { seed: 11, numRuns: 200 },
  )
})

test('keys by Zipf’s law are the rarer the higher their rank', () => {
  const random = stream(1, 'keys')
  const table = zipfTable(100, 1)
  const counts = Array.from({ length: 100 }, () => 0)
  for (let draw = 0; draw < 50_000; draw += 1) {
    const key = chooseKey(100, table, random)
    counts[key] = (counts[key] as number) + 1
  }

  const [first, second] = counts as [number, number]

  expect(first / second).toBeGreaterThan(1.8)
  expect(first / second).toBeLessThan(2.2)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50_000)
})

test('an exponent of 0 makes all keys even', () => {
  const table = zipfTable(100, 0)

  expect(table).toBe(null)
})
