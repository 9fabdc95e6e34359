import { expect, test } from 'vitest'
import { Choice } from '../../../cli/scoring/choice.ts'
import { surveyed } from './planted.ts'

function order(choice: Choice): string[] {
  const found: string[] = []
  for (let one = choice.next(); one !== null; one = choice.next())
    found.push(`${one.scenario} ${one.index}`)
  return found
}

function candidate(scenario: string, index: number, { weight = 1, events = 1_000 } = {}) {
  return { surveyed: surveyed(scenario, index, { events }), weight }
}

test('the scenario that should show it is preferred, and every third case is of another', () => {
  const choice = new Choice('own')

  choice.offer([
    ...[1, 2, 3, 4].map((index) => candidate('own', index)),
    ...[1, 2].map((index) => candidate('other', index)),
  ])

  expect(order(choice)).toEqual(['own 1', 'own 2', 'other 1', 'own 3', 'own 4', 'other 2'])
})

test('cases in which it was decisive more often come first', () => {
  const choice = new Choice('own')

  choice.offer([1, 9, 4].map((weight) => candidate('own', weight, { weight })))

  expect(order(choice)).toEqual(['own 9', 'own 4', 'own 1'])
})

test('other scenarios share by events, so that cheap runs come first', () => {
  const choice = new Choice('own')

  choice.offer([
    ...[1, 2].map((index) => candidate('dear', index, { events: 2_500 })),
    ...[1, 2, 3, 4].map((index) => candidate('cheap', index)),
  ])

  expect(order(choice)).toEqual(['cheap 1', 'cheap 2', 'dear 1', 'cheap 3', 'cheap 4', 'dear 2'])
})

test('a case that was tried is not offered again', () => {
  const choice = new Choice('own')
  const cases = [candidate('own', 1), candidate('own', 2)]
  choice.offer(cases)
  choice.next()

  choice.offer([...cases, candidate('own', 3)])

  expect(choice.left).toEqual({ preferred: 2, all: 2 })
  expect(order(choice)).toEqual(['own 2', 'own 3'])
})
