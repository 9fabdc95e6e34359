import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../../scenarios/schema/nearest.ts'

const words = ['orders', 'payments', 'partitions', 'log.retention.hours', 'log.roll.hours']

test.each([
  ['order', 'orders'],
  ['oredrs', 'orders'],
  ['Partitons', 'partitions'],
  ['log.retention.houres', 'log.retention.hours'],
])('%s probably means %s', (word, expected) => {
  expect(nearest(word, words)).toBe(expected)
})

test.each([['stock'], ['x'], ['']])('nothing is near to "%s"', (word) => {
  expect(nearest(word, words)).toBeUndefined()
  expect(didYouMean(word, words)).toBe('')
})

test('a suggestion ends the sentence', () => {
  expect(`unknown key "ordes"${didYouMean('ordes', words)}`).toBe(
    'unknown key "ordes", did you mean "orders"?',
  )
})
