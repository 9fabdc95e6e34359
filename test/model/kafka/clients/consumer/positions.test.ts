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
