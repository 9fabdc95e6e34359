import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold53, mix32 } from '../../sim/mix.ts'
import { Schedule, type Tie } from '../../sim/schedule.ts'

interface Planned {
  readonly time: number
  readonly lane: number
  readonly number: number
}

/** The order of design §3, written down plainly: time, tie of the lane, sequence. */
function sorted(seed: number, events: readonly Planned[]): number[] {
  const tie = ({ time, lane }: Planned): number => mix32(mix32(fold53(seed), fold53(time)), lane)
  return events
    .map((event, sequence) => ({ event, sequence }))
    .sort(
      (a, b) =>
        a.event.time - b.event.time ||
        (a.event.lane === b.event.lane ? 0 : tie(a.event) - tie(b.event)) ||
        a.sequence - b.sequence,
    )
    .map(({ event }) => event.number)
}

function popAll(schedule: Schedule): number[] {
  const order: number[] = []
  while (schedule.pop()) order.push(schedule.number)
  return order
}

const eventsOf = (timeMax: number): fc.Arbitrary<Planned[]> =>
  fc
    .array(fc.tuple(fc.nat({ max: timeMax }), fc.nat({ max: 7 })), { maxLength: 300 })
    .map((pairs) => pairs.map(([time, lane], number) => ({ time, lane, number })))

describe('the schedule', () => {
  test('gives its events in the order of time, tie and sequence', () => {
    fc.assert(
      fc.property(fc.nat(), eventsOf(20), (seed, events) => {
        const schedule = new Schedule(seed)

        for (const { time, lane, number } of events) schedule.add(time, lane, 1, number, null)

        expect(popAll(schedule)).toEqual(sorted(seed, events))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test('keeps that order while adding and taking alternate', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 9 }), fc.nat({ max: 5 })), {
          maxLength: 400,
        }),
        (seed, steps) => {
          const schedule = new Schedule(seed)
          let pending: Planned[] = []
          let now = 0
          steps.forEach(([take, delay, lane], number) => {
            if (!take) {
              schedule.add(now + delay, lane, 1, number, null)
              pending.push({ time: now + delay, lane, number })
              return
            }
            const [first] = sorted(seed, pending)
            expect(schedule.pop()).toBe(first !== undefined)
            if (first === undefined) return
            expect(schedule.number).toBe(first)
            now = schedule.time
            pending = pending.filter((one) => one.number !== first)
          })
          expect(schedule.size).toBe(pending.length)
          expect(popAll(schedule)).toEqual(sorted(seed, pending))
        },
      ),
      { numRuns: 200, seed: 1 },
    )
  })

  test('is first in, first out inside a lane', () => {
    fc.assert(
      fc.property(fc.nat(), eventsOf(0), (seed, events) => {
        const schedule = new Schedule(seed)
        for (const { lane, number } of events) schedule.add(5, lane, 1, number, null)

        const order = popAll(schedule)

        for (let lane = 0; lane <= 7; lane += 1) {
          const own = order.filter((number) => events[number]?.lane === lane)
          expect(own).toEqual([...own].sort((a, b) => a - b))
        }
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('orders simultaneous events of different lanes differently by seed and by time', () => {
    const orderAt = (seed: number, time: number): string => {
      const schedule = new Schedule(seed)
      for (let lane = 0; lane < 6; lane += 1) schedule.add(time, lane * 977, 1, lane, null)
      return popAll(schedule).join('')
    }

    const bySeed = new Set(Array.from({ length: 200 }, (_none, seed) => orderAt(seed, 1_000)))
    const byTime = new Set(Array.from({ length: 200 }, (_none, time) => orderAt(1, time)))

    expect(bySeed.size).toBeGreaterThan(100)
    expect(byTime.size).toBeGreaterThan(100)
    expect(orderAt(7, 1_000)).toBe(orderAt(7, 1_000))
  })

  test('puts either of two lanes first about as often', () => {
    let first = 0
    for (let seed = 0; seed < 1000; seed += 1) {
      const schedule = new Schedule(seed)
      schedule.add(100, 11, 1, 0, null)
      schedule.add(100, 12, 1, 1, null)
      schedule.pop()
      if (schedule.number === 0) first += 1
    }

    expect(first).toBeGreaterThan(430)
    expect(first).toBeLessThan(570)
  })

  test('does not change the order of others when an event is left out', () => {
    fc.assert(
      fc.property(fc.nat(), eventsOf(3), fc.nat(), (seed, events, which) => {
        fc.pre(events.length > 0)
        const gone = which % events.length
        const all = new Schedule(seed)
        const fewer = new Schedule(seed)
        for (const { time, lane, number } of events) {
          all.add(time, lane, 1, number, null)
          if (number !== gone) fewer.add(time, lane, 1, number, null)
        }

        expect(popAll(fewer)).toEqual(popAll(all).filter((number) => number !== gone))
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('exchanges two lanes at one time, and nothing else, where a tie is flipped', () => {
    fc.assert(
      fc.property(fc.nat(), eventsOf(3), (seed, events) => {
        const plain = new Schedule(seed)
        const flipped = new Schedule(seed, false, [{ atUs: 2, lanes: [3, 5] }])
        for (const { time, lane, number } of events) {
          plain.add(time, lane, 1, number, null)
          const exchanged = time !== 2 ? lane : lane === 3 ? 5 : lane === 5 ? 3 : lane
          flipped.add(time, exchanged, 1, number, null)
        }

        // Who wears the lane of another and has its place as well is where it was.
        expect(popAll(flipped)).toEqual(popAll(plain))
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('puts the one of two first that was second where their tie is flipped', () => {
    const orderOf = (seed: number, flips: readonly Tie[]): number[] => {
      const schedule = new Schedule(seed, false, flips)
      schedule.add(100, 11, 1, 0, null)
      schedule.add(100, 12, 1, 1, null)
      schedule.add(200, 11, 1, 2, null)
      schedule.add(200, 12, 1, 3, null)
      return popAll(schedule)
    }

    for (let seed = 0; seed < 20; seed += 1) {
      const [first = 0, second = 0, ...later] = orderOf(seed, [])
      const flipped = orderOf(seed, [{ atUs: 100, lanes: [12, 11] }])
      expect(flipped).toEqual([second, first, ...later])
    }
  })

  test('grows beyond its first size and keeps what it was given', () => {
    const schedule = new Schedule(3)
    const count = 5_000
    for (let n = 0; n < count; n += 1) schedule.add((n * 7919) % count, n % 13, n % 5, n, { n })

    let before = -1
    for (let n = 0; n < count; n += 1) {
      expect(schedule.peek()).toBeGreaterThanOrEqual(before)
      schedule.pop()
      before = schedule.time
      expect(schedule.reference).toEqual({ n: schedule.number })
      expect(schedule.kind).toBe(schedule.number % 5)
      expect(schedule.lane).toBe(schedule.number % 13)
    }

    expect(schedule.pop()).toBe(false)
    expect(schedule.peek()).toBe(Infinity)
  })

  test('holds times up to the longest a run can last, exactly', () => {
    const schedule = new Schedule(1)
    const late = Number.MAX_SAFE_INTEGER
    schedule.add(late, 1, 1, 1, null)
    schedule.add(late - 1, 1, 1, 0, null)

    expect(popAll(schedule)).toEqual([0, 1])
    expect(schedule.time).toBe(late)
  })
})
