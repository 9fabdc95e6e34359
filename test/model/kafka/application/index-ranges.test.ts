import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IndexRanges } from '../../../../model/kafka/application/index-ranges.ts'

test('ranges that touch become one', () => {
  const ranges = new IndexRanges()

  ranges.add(0, 5)
  ranges.add(8, 10)
  ranges.add(5, 8)

  expect(ranges.nextChange(0)).toBe(10)
  expect(ranges.has(10)).toBe(false)
})

test('what lies between two ranges is not in the set', () => {
  const ranges = new IndexRanges()

  ranges.add(0, 2)
  ranges.add(4, 6)

  expect([0, 1, 2, 3, 4, 5, 6].filter((index) => ranges.has(index))).toEqual([0, 1, 4, 5])
  expect(ranges.nextChange(2)).toBe(4)
  expect(ranges.nextChange(6)).toBe(Infinity)
})

test('a set of ranges holds what a set of numbers holds', () => {
  const range = fc.record({ from: fc.nat(30), count: fc.integer({ min: 1, max: 9 }) })
  fc.assert(
    fc.property(fc.array(range), (added) => {
      const ranges = new IndexRanges()
      const numbers = new Set<number>()
      for (const { from, count } of added) {
        ranges.add(from, from + count)
        for (let index = from; index < from + count; index += 1) numbers.add(index)
      }
      for (let index = 0; index < 45; index += 1) {
        expect(ranges.has(index)).toBe(numbers.has(index))
      }
    }),
    { seed: 1 },
  )
})
