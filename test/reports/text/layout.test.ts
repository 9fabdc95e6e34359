import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beside, wrap } from '../../../reports/text/layout.ts'

test('wrapped lines are never wider than asked for, and no word is lost', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
      const lines = wrap(list.join(' '), width)

      expect(lines.filter((line) => line.length > width)).toEqual([])
      expect(lines.join(' ').split(' ')).toEqual(list)
    }),
    { seed: 7 },
  )
})

test('a word longer than the line is cut', () => {
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
})

test('a word longer than the line is cut after a mark, if it has one far enough on', () => {
  expect(wrap('auto.offset.reset=latest loses', 20)).toEqual(['auto.offset.reset=', 'latest loses'])
  expect(wrap('a:bcdefghijklm', 8)).toEqual(['a:bcdefg', 'hijklm'])
})

test('text hangs beside its label', () => {
  expect(beside('Given', 8, 'one two three', 16)).toEqual(['Given   one two', '        three'])
})
