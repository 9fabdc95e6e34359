import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finalize, fold53, hashText, mix32, mixSeed } from '../../sim/mix.ts'

function bits(word: number): number {
  let count = 0
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** Mean number of output bits that flip with one input bit, over many words. */
function avalanche(mix: (word: number) => number, inputBit: number): number {
  let flips = 0
  const words = 400
  for (let n = 0; n < words; n += 1) {
    const word = Math.imul(n, 0x9e3779b1) >>> 0
    flips += bits(mix(word) ^ mix((word ^ (1 << inputBit)) >>> 0))
  }
  return flips / words
}

const everyBit = Array.from({ length: 32 }, (_none, bit) => bit)

describe('mixing', () => {
  test.each([
    ['one word', finalize],
    ['two words, by the first', (word: number) => mix32(word, 12_345)],
    ['two words, by the second', (word: number) => mix32(12_345, word)],
    ['a long number, by its low word', (word: number) => fold53(word)],
  ])('of %s lets every input bit flip about half of the output', (_what, mix) => {
    for (const bit of everyBit) {
      expect(avalanche(mix, bit)).toBeGreaterThan(13)
      expect(avalanche(mix, bit)).toBeLessThan(19)
    }
  })

  test('of two words depends on their order', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        fc.pre(a !== b)
        expect(mix32(a, b)).not.toBe(mix32(b, a))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test('of a long number uses its high word', () => {
    const folded = new Set(Array.from({ length: 1000 }, (_none, high) => fold53(high * 2 ** 32)))

    expect(folded.size).toBe(1000)
  })

  test('of small neighbouring numbers collides no more often than chance', () => {
    const seen = new Set<number>()
    for (let a = 0; a < 200; a += 1) for (let b = 0; b < 200; b += 1) seen.add(mix32(a, b))

    // 40,000 words of 32 bits: about 0.2 pairs are expected to be equal.
    expect(seen.size).toBeGreaterThan(39_995)
  })

  test('of names as models have them gives each its own number', () => {
    const names: string[] = []
    for (const kind of ['broker', 'zookeeper', 'payment', 'order-service', 'latency:broker']) {
      for (let n = 1; n <= 2000; n += 1) names.push(`${kind}-${n}`)
    }

    const hashes = new Set(names.map(hashText))

    expect(hashes.size).toBeGreaterThan(names.length - 2)
  })
})

describe('the seed of a run', () => {
  test('is a safe integer that is not negative', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(), (seed, index) => {
        const mixed = mixSeed(seed, index)
        expect(Number.isSafeInteger(mixed)).toBe(true)
        expect(mixed).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('is another for every run of many explorations', () => {
    const seeds = new Set<number>()
    for (let seed = 0; seed < 100; seed += 1) {
      for (let index = 0; index < 1000; index += 1) seeds.add(mixSeed(seed, index))
    }

    expect(seeds.size).toBe(100_000)
  })

  test('uses all of its 53 bits', () => {
    let high = 0
    for (let index = 0; index < 1000; index += 1) if (mixSeed(1, index) >= 2 ** 52) high += 1

    expect(high).toBeGreaterThan(430)
    expect(high).toBeLessThan(570)
  })
})
