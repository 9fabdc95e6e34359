import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TraceHash } from '../../sim/trace.ts'

type Event = readonly [time: number, lane: number, handler: number, digest: number]

function hashOf(events: readonly Event[]): string {
  const hash = new TraceHash()
  for (const event of events) hash.fold(...event)
  return hash.hex()
}

function flipped(one: string, other: string): number {
  let count = 0
  for (let at = 0; at < 16; at += 1) {
    const bits = Number.parseInt(one[at] as string, 16) ^ Number.parseInt(other[at] as string, 16)
    for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  }
  return count
}

const event = fc.tuple(
  fc.maxSafeNat(),
  fc.integer(),
  fc.nat({ max: 255 }),
  fc.nat({ max: 0xffffffff }),
)

describe('the trace hash', () => {
  test('has 16 hex digits', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        expect(hashOf(events)).toMatch(/^[0-9a-f]{16}$/)
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('is another when one thing about one event is', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.nat({ max: 7 }),
        (events, which, field, bit) => {
          const at = which % events.length
          const changed = events.map((one, index) =>
            index === at ? one.map((value, n) => (n === field ? value ^ (1 << bit) : value)) : one,
          ) as unknown as Event[]
          fc.pre(changed.some((one, index) => one.some((value, n) => value !== events[index]?.[n])))
          expect(hashOf(changed)).not.toBe(hashOf(events))
        },
      ),
      { numRuns: 500, seed: 1 },
    )
  })

  test('is another when two events change places, or one is missing', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 2, maxLength: 20 }), fc.nat(), (events, which) => {
        const at = which % (events.length - 1)
        const a = events[at] as Event
        const b = events[at + 1] as Event
        fc.pre(a.some((value, n) => value !== b[n]))
        const swapped = events.map((one, index) => (index === at ? b : index === at + 1 ? a : one))
        const fewer = events.filter((_one, index) => index !== at)
        expect(hashOf(swapped)).not.toBe(hashOf(events))
        expect(hashOf(fewer)).not.toBe(hashOf(events))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test('flips about half of its bits after a change some events ago', () => {
    const tail: Event[] = Array.from({ length: 4 }, (_none, n) => [n, n, 1, n])
    let flips = 0
    let least = 64
    for (let n = 0; n < 2_000; n += 1) {
      const one = hashOf([[1_000 + n, 5, 3, n], ...tail])
      const other = hashOf([[1_000 + n, 5, 3, n ^ (1 << (n % 31))], ...tail])
      const count = flipped(one, other)
      flips += count
      least = Math.min(least, count)
    }

    expect(flips / 2_000).toBeGreaterThan(29)
    expect(flips / 2_000).toBeLessThan(35)
    expect(least).toBeGreaterThan(8)
  })

  test('collides for none of a hundred thousand short traces', () => {
    const hashes = new Set<string>()
    for (let a = 0; a < 320; a += 1) {
      for (let b = 0; b < 320; b += 1) {
        hashes.add(
          hashOf([
            [a, 1, 2, 3],
            [b, 1, 2, 3],
          ]),
        )
      }
    }

    expect(hashes.size).toBe(320 * 320)
  })

  test('tells times apart that differ beyond 32 bits', () => {
    const hashes = new Set(
      Array.from({ length: 256 }, (_none, n) => hashOf([[n * 2 ** 32, 1, 0, 1]])),
    )

    expect(hashes.size).toBe(256)
  })
})
