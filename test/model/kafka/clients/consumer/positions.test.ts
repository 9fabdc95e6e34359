import { expect, test } from 'vitest'
import { createPosition } from '../../../../../model/kafka/clients/consumer/position.ts'
import { Positions } from '../../../../../model/kafka/clients/consumer/positions.ts'

function positionsOf(partitions: readonly number[]): Positions {
  const positions = new Positions()
  for (const partition of partitions) positions.add(createPosition(partition))
  return positions
}

const order = (positions: Positions): number[] =>
  positions.values().map(({ partition }) => partition)

test.each([
  { moved: 4, expected: [7, 9, 4] },
  { moved: 7, expected: [4, 9, 7] },
  { moved: 9, expected: [4, 7, 9] },
])('the position of partition $moved goes behind all others', ({ moved, expected }) => {
  const positions = positionsOf([4, 7, 9])
  const position = positions.get(moved)

  if (position !== undefined) positions.moveToEnd(position)

  expect(order(positions)).toEqual(expected)
  expect(positions.get(moved)).toBe(position)
})

test('partitions that were given back have no position', () => {
  const positions = positionsOf([4, 7])

  positions.clear()

  expect(positions.size).toBe(0)
  expect(positions.has(4)).toBe(false)
  expect(order(positions)).toEqual([])
})

function fetching(led: Readonly<Record<number, number>>): Positions {
  const positions = new Positions()
  for (const [partition, leader] of Object.entries(led)) {
    positions.add({ ...createPosition(Number(partition)), phase: 'fetching', leader })
  }
  return positions
}

const ofLeaders = (positions: Positions): number[][] =>
  positions.byLeader().map((list) => list.map(({ partition }) => partition))

test('positions that all wait for their next fetch are calm, and listed by leader', () => {
  const positions = fetching({ 4: 1, 7: 0, 9: 1 })

  positions.settle()
  const first = positions.get(4)
  if (first !== undefined) positions.moveToEnd(first)

  expect(positions.calm).toBe(true)
  expect(ofLeaders(positions)).toEqual([[7], [9, 4]])
  expect(order(positions)).toEqual([7, 9, 4])
})

test.each([
  { why: 'asks for an end of the log', change: { phase: 'reset' } },
  { why: 'has no leader', change: { leader: -1 } },
  { why: 'is being given back', change: { revoking: true } },
  { why: 'waits after an error', change: { retryAtMs: 10 } },
] as const)('a position that $why leaves none of them calm', ({ change }) => {
  const positions = fetching({ 4: 1 })
  positions.add({ ...createPosition(7), phase: 'fetching', leader: 0, ...change })

  positions.settle()

  expect(positions.calm).toBe(false)
})

test('after a disturbance positions are calm only once they were looked at again', () => {
  const positions = fetching({ 4: 1 })
  positions.settle()

  positions.disturb()
  const disturbed = positions.calm
  positions.settle()

  expect([disturbed, positions.calm]).toEqual([false, true])
})
