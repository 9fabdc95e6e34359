import { expect, test } from 'vitest'
import { History, Ownership } from '../../../../../model/history.ts'
import { breaches } from './continuity.ts'

const GROUP = 9

/** A history in which `payment-1` owns partition 4 in generation 1 and was given offsets 0 to 9. */
function begun(): { history: History; pass(): void } {
  let nowUs = 0
  const history = new History(() => nowUs)
  history.name('payment-1')
  history.name('payment-2')
  history.owned(0, GROUP, 1, 4, Ownership.assigned, -1)
  history.delivered(0, GROUP, 1, 1, 4, 0, 0, 0, 10)
  return { history, pass: () => void (nowUs += 1) }
}

test('finds no breach where a successor begins again before what was given', () => {
  const { history, pass } = begun()
  pass()
  history.owned(1, GROUP, 2, 4, Ownership.assigned, -1)
  history.delivered(1, GROUP, 2, 1, 4, 6, 0, 6, 5)

  expect(breaches(history)).toEqual([])
})

test('finds a successor that begins behind what was given', () => {
  const { history, pass } = begun()
  pass()
  history.owned(1, GROUP, 2, 4, Ownership.assigned, -1)
  history.delivered(1, GROUP, 2, 1, 4, 11, 0, 11, 1)

  expect(breaches(history)).toEqual(['payment-2 was given 11 of 4, not -1'])
})

test('finds an owner that skips', () => {
  const { history, pass } = begun()
  pass()
  history.delivered(0, GROUP, 1, 2, 4, 12, 0, 12, 1)

  expect(breaches(history)).toEqual(['payment-1 was given 12 of 4, not 10'])
})

test('finds two owners in one generation', () => {
  const { history, pass } = begun()
  pass()
  history.owned(1, GROUP, 1, 4, Ownership.assigned, -1)

  expect(breaches(history)).toEqual(['payment-1 and payment-2 both own 4 in 1'])
})
