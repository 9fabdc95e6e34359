import { expect, test } from 'vitest'
import {
  bucketsOf,
  FleetArrivals,
  turnEveryUs,
} from '../../../../../model/kafka/clients/producer/fleet.ts'
import type { Load } from '../../../../../model/kafka/clients/producer/load.ts'
import { stream } from '../../../../../sim/random.ts'

const NO_KEYS = { kind: 'none' } as const
const HOUR_US = 3_600_000_000

function loadOf(perSecond: number, more: Partial<Load> = {}): Load {
  return {
    arrival: 'poisson',
    points: [{ atUs: 0, perSecond }],
    endUs: 60_000_000,
    keys: NO_KEYS,
    recordBytes: 100,
    ...more,
  }
}

interface Walked {
  readonly slots: readonly { readonly fromUs: number; readonly untilUs: number }[]
  /** Of each bucket, the ends of the slots in which it had its turn, and the counts. */
  readonly ends: readonly (readonly number[])[]
  readonly counts: readonly (readonly number[])[]
}

function walk(load: Load, partitions: number, slotUs = 0): Walked {
  const buckets = bucketsOf(load.keys, partitions)
  const arrivals = new FleetArrivals({
    load,
    buckets,
    slotUs,
    fromUs: 0,
    random: stream(1, 'load'),
  })
  const slots: { fromUs: number; untilUs: number }[] = []
  const ends: number[][] = buckets.map(() => [])
  const counts: number[][] = buckets.map(() => [])
  while (arrivals.next()) {
    const { fromUs, untilUs } = arrivals
    slots.push({ fromUs, untilUs })
    for (const { bucket, count } of arrivals.turns) {
      ends[bucket]?.push(untilUs)
      counts[bucket]?.push(count)
    }
  }
  return { slots, ends, counts }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

test('slots follow each other without a gap until the load ends', () => {
  const { slots } = walk(loadOf(1_000), 6)

  expect(slots[0]?.fromUs).toBe(0)
  expect(slots.at(-1)?.untilUs).toBe(60_000_000)
  const begins = slots.slice(1).map(({ fromUs }) => fromUs)
  expect(begins).toEqual(slots.slice(0, -1).map(({ untilUs }) => untilUs))
})

test.each([
  { perSecond: 100, partitions: 6 },
  { perSecond: 20_000, partitions: 500 },
  { perSecond: 1_000_000, partitions: 50 },
])('$perSecond records a second to $partitions partitions all come', (example) => {
  const { counts } = walk(loadOf(example.perSecond), example.partitions)

  const expected = example.perSecond * 60
  expect(Math.abs(sum(counts.flat()) - expected)).toBeLessThan(5 * Math.sqrt(expected))
})

test('steady arrivals are as many as the curve says, up to one a bucket', () => {
  const { counts } = walk(loadOf(1_000, { arrival: 'steady' }), 6)

  for (const own of counts) expect(Math.abs(sum(own) - 10_000)).toBeLessThanOrEqual(1)
})

test('at the peak an auto slot lasts 10 ms and some partition has its turn in each', () => {
  const { slots, ends } = walk(loadOf(583_000, { endUs: 10_000_000 }), 500)

  for (const { fromUs, untilUs } of slots) expect(untilUs - fromUs).toBe(10_000)
  const told = new Set(ends.flat())
  expect(told.size).toBeGreaterThan(0.99 * slots.length)
})

test('where a hundredth of the peak of a long load comes an auto slot lasts a second', () => {
  const points = [
    { atUs: 0, perSecond: 100_000 },
    { atUs: 10_000_000, perSecond: 100_000 },
    { atUs: 10_000_000, perSecond: 500 },
  ]

  const { slots } = walk(loadOf(0, { points, endUs: HOUR_US }), 12)

  const late = slots.filter(({ fromUs }) => fromUs >= 10_000_000)
  expect(late.every(({ fromUs, untilUs }) => untilUs - fromUs === 1_000_000)).toBe(true)
  expect(slots.some(({ untilUs }) => untilUs === 10_000_000)).toBe(true)
})

test('no partition waits longer than 10 s for its turn while there is traffic', () => {
  const points = [
    { atUs: 0, perSecond: 5_000 },
    { atUs: 30_000_000, perSecond: 500_000 },
  ]

  const { ends } = walk(loadOf(0, { points }), 500)

  for (const own of ends) {
    let before = 0
    for (const end of own) {
      expect(end - before).toBeLessThanOrEqual(10_000_000)
      before = end
    }
    expect(60_000_000 - before).toBeLessThanOrEqual(10_000_000)
  }
})

test('a turn is of a batch: about a slot of records and no more than 1,000', () => {
  const { counts } = walk(loadOf(583_000), 500)

  const turns = counts.flat()
  expect(Math.max(...turns)).toBeLessThan(1_100)
  expect(sum(turns) / turns.length).toBeGreaterThan(850)
})

test.each([
  { perSecond: 583_000, partitions: 500 },
  { perSecond: 20_000, partitions: 60 },
])('turns of $partitions partitions at $perSecond a second are as far apart as told', (example) => {
  const { perSecond, partitions } = example
  const { ends } = walk(loadOf(perSecond), partitions)

  const [own = []] = ends
  const gaps = own.slice(1).map((end, at) => end - (own[at] ?? 0))
  const middle = gaps.sort((one, other) => one - other)[gaps.length >> 1] ?? 0
  // A turn is at the end of a slot.
  expect(Math.abs(middle - turnEveryUs(perSecond, partitions))).toBeLessThanOrEqual(10_000)
})

test('a turn that is a little more than a batch leaves the rest to the next turn', () => {
  const { counts } = walk(loadOf(583_000), 500)

  const turns = counts.flatMap((own) => own.slice(0, -1))
  expect(turns.filter((count) => count === 1_000).length).toBeGreaterThan(turns.length / 5)
  expect(turns.filter((count) => count > 1_000 && count < 1_500)).toEqual([])
})

test('turns of a short load go from leader to leader, also away from its peak', () => {
  const points = [
    { atUs: 0, perSecond: 600_000 },
    { atUs: 5_000_000, perSecond: 600_000 },
    { atUs: 5_000_000, perSecond: 300_000 },
  ]
  const load = loadOf(0, { points, endUs: 20_000_000 })
  const buckets = bucketsOf(load.keys, 120)
  const random = stream(1, 'load')
  const arrivals = new FleetArrivals({ load, buckets, brokers: 6, slotUs: 0, fromUs: 0, random })

  const most: number[] = []
  while (arrivals.next() && arrivals.untilUs < 15_000_000) {
    const turns = [0, 0, 0, 0, 0, 0]
    for (const { bucket } of arrivals.turns) turns[bucket % 6]! += 1
    most.push(Math.max(...turns))
  }

  expect(Math.max(...most)).toBeLessThanOrEqual(3)
})

test('little is left for the last slot', () => {
  const { slots, ends, counts } = walk(loadOf(583_000, { endUs: 10_000_000 }), 240)

  const end = slots.at(-1)?.untilUs
  const last = ends.flatMap((own, at) => (own.at(-1) === end ? [counts[at]?.at(-1) ?? 0] : []))
  expect(sum(last)).toBeLessThan(3 * 5_830)
  expect(sum(ends.map((own) => own.length))).toBeLessThan(1.3 * (5_830_000 / 950))
})

test('a slot of one’s own length draws every partition', () => {
  const { slots, counts } = walk(loadOf(60_000, { endUs: 5_000_000 }), 6, 10_000)

  expect(slots.length).toBe(500)
  for (const own of counts) expect(own.length).toBe(500)
})

test('the keys of a partition are one bucket with their share of the records', () => {
  const buckets = bucketsOf({ kind: 'fixed', count: 1_000, exponent: 1 }, 8)

  expect(sum(buckets.map(({ weight }) => weight))).toBeCloseTo(1, 9)
  const [hottest] = buckets.toSorted((one, other) => other.weight - one.weight)
  expect(hottest?.weight).toBeGreaterThan(0.2)
  expect(new Set(buckets.map(({ partition }) => partition)).size).toBe(buckets.length)
})

test('a key alone has one partition', () => {
  const buckets = bucketsOf({ kind: 'fixed', count: 1 }, 8)

  expect(buckets).toHaveLength(1)
  expect(buckets[0]?.weight).toBe(1)
})

test('away from the peak of a long load the partitions of one leader have their turns in one slot', () => {
  const points = [
    { atUs: 0, perSecond: 500_000 },
    { atUs: 1_000_000, perSecond: 500_000 },
    { atUs: 1_000_000, perSecond: 100_000 },
  ]
  const load = loadOf(0, { points, endUs: HOUR_US })
  const buckets = bucketsOf(load.keys, 120)
  const random = stream(1, 'load')
  const arrivals = new FleetArrivals({ load, buckets, brokers: 6, slotUs: 0, fromUs: 0, random })

  const leaders: number[] = []
  while (arrivals.next()) {
    if (arrivals.fromUs < 5_000_000 || arrivals.untilUs >= 60_000_000) continue
    const of = arrivals.turns.map(({ bucket }) => (buckets[bucket]?.partition ?? 0) % 6)
    leaders.push(new Set(of).size)
    expect(arrivals.turns.length).toBeGreaterThan(10)
  }

  expect(sum(leaders) / leaders.length).toBeLessThan(1.1)
})
