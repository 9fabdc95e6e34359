import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  choosePartition,
  createStickyPartition,
  isSwitchDue,
  murmur2,
  partitionOfKey,
  switchTo,
} from '../../../model/kafka/partitioner.ts'
import { stream } from '../../../sim/random.ts'

test.each([
  ['0', 971027396],
  ['1', -1993445489],
  ['128', -326012175],
  ['2187', -1508407203],
  ['100:48069', 1009543857],
])('murmur2 of %s is what the Java client computes', (key, hash) => {
  const computed = murmur2(key)

  expect(computed).toBe(hash)
})

test('murmur2 hashes a key outside ASCII by its UTF-8 bytes', () => {
  const reference = referenceMurmur2(new TextEncoder().encode('Bestellung-Ü-€-𝄞'))

  const computed = murmur2('Bestellung-Ü-€-𝄞')

  expect(computed).toBe(reference)
})

test('murmur2 agrees with a plain reading of its definition on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      expect(murmur2(key)).toBe(referenceMurmur2(new TextEncoder().encode(key)))
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('a key goes to its hash without sign, modulo the number of partitions', () => {
  const partition = partitionOfKey('1', 6)

  expect(partition).toBe((-1993445489 & 0x7fffffff) % 6)
})

test('without statistics the next partition is any of those with a leader', () => {
  const random = stream(1, 'partitioner')
  const seen = new Set<number>()

  for (let draw = 0; draw < 200; draw += 1) {
    seen.add(choosePartition({ partitions: 6, available: [1, 3, 4], queueSizes: null }, random))
  }

  expect([...seen].sort((one, other) => one - other)).toEqual([1, 3, 4])
})

test('without any leader the next partition is any at all', () => {
  const random = stream(1, 'partitioner')
  const seen = new Set<number>()

  for (let draw = 0; draw < 100; draw += 1) {
    seen.add(choosePartition({ partitions: 2, available: [], queueSizes: null }, random))
  }

  expect(seen.size).toBe(2)
})

test('a partition is drawn the less often the longer its queue is', () => {
  const random = stream(1, 'partitioner')
  const draws = [0, 0, 0]

  for (let draw = 0; draw < 6000; draw += 1) {
    const choice = { partitions: 3, available: [0, 1, 2], queueSizes: [0, 3, 1] }
    const partition = choosePartition(choice, random)
    draws[partition] = (draws[partition] as number) + 1
  }

  // Weights 4 : 1 : 3 of 8.
  expect(draws[0]).toBeGreaterThan(2800)
  expect(draws[1]).toBeLessThan(950)
  expect(draws[2]).toBeGreaterThan(2000)
})

test('a partition whose broker takes no data is not drawn', () => {
  const random = stream(1, 'partitioner')
  const seen = new Set<number>()

  for (let draw = 0; draw < 200; draw += 1) {
    seen.add(
      choosePartition({ partitions: 3, available: [0, 1, 2], queueSizes: [2, -1, 2] }, random),
    )
  }

  expect(seen.has(1)).toBe(false)
})

test.each([
  { bytes: 0, full: true, due: false },
  { bytes: 16_383, full: true, due: false },
  { bytes: 16_384, full: false, due: false },
  { bytes: 16_384, full: true, due: true },
  { bytes: 32_768, full: false, due: true },
])('after $bytes bytes with a last batch full: $full, a switch is due: $due', (example) => {
  const sticky = createStickyPartition()
  switchTo(sticky, 2)
  sticky.producedBytes = example.bytes

  const due = isSwitchDue(sticky, 16_384, example.full)

  expect(due).toBe(example.due)
})

/** The definition of KC 1.4, written for bytes and with no thought for speed. */
function referenceMurmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995
  let h = 0x9747b28c ^ bytes.length
  const words = Math.floor(bytes.length / 4)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let word = 0; word < words; word += 1) {
    let k = Math.imul(view.getInt32(word * 4, true), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const tail = bytes.slice(words * 4)
  tail.forEach((byte, index) => (h ^= byte << (8 * index)))
  if (tail.length > 0) h = Math.imul(h, m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
