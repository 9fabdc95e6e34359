import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AssignableBroker,
  assignReplicas,
  rackAlternated,
} from '../../../../model/kafka/controller/assignment.ts'
import { moreReplicas } from '../../../../model/kafka/controller/create-partitions.ts'

function brokers(racks: Readonly<Record<number, string | null>>): AssignableBroker[] {
  return Object.entries(racks).map(([id, rack]) => ({ id: Number(id), rack }))
}

const five = brokers({ 0: null, 1: null, 2: null, 3: null, 4: null })

describe('replicas without racks', () => {
  test('go round the brokers, and their followers shift with each round', () => {
    const plan = { count: 10, replicationFactor: 3, firstPartition: 0, start: 0, shift: 0 }

    const lists = assignReplicas(five, plan)

    expect(lists).toEqual([
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 0],
      [4, 0, 1],
      [0, 2, 3],
      [1, 3, 4],
      [2, 4, 0],
      [3, 0, 1],
      [4, 1, 2],
    ])
  })

  test('of added partitions go on where the topic began', () => {
    const plan = { count: 4, replicationFactor: 2, firstPartition: 0, start: 2, shift: 2 }
    const whole = assignReplicas(five, plan)

    const added = moreReplicas(five, whole.slice(0, 2), 4)

    expect(added).toEqual(whole.slice(2))
  })
})

describe('replicas with racks', () => {
  const racked = brokers({ 0: 'a', 1: 'b', 2: 'c', 3: 'b', 4: 'c', 5: 'a' })

  test('take the brokers in an order that changes the rack at each step', () => {
    const order = rackAlternated(racked).map(({ id }) => id)

    expect(order).toEqual([0, 1, 2, 5, 3, 4])
  })

  test('stand in as many racks as there are replicas', () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(20),
        fc.integer({ min: 1, max: 3 }),
        (start, shift, factor) => {
          const plan = { count: 12, replicationFactor: factor, firstPartition: 0, start, shift }
          const rackOf = new Map(racked.map(({ id, rack }) => [id, rack]))
          for (const list of assignReplicas(racked, plan)) {
            expect(new Set(list.map((id) => rackOf.get(id))).size).toBe(factor)
          }
        },
      ),
    )
  })

  test('give each broker as many leaders as the others', () => {
    const plan = { count: 12, replicationFactor: 3, firstPartition: 0, start: 4, shift: 1 }

    const leaders = assignReplicas(racked, plan).map((list) => list[0])

    for (const { id } of racked) expect(leaders.filter((leader) => leader === id)).toHaveLength(2)
  })
})

test('an assignment names each broker once', () => {
  const cluster = fc.uniqueArray(
    fc.record({ id: fc.nat(30), rack: fc.constantFrom('a', 'b', null) }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(cluster, fc.nat(30), fc.nat(30), (some, start, shift) => {
      const plan = { count: 9, replicationFactor: some.length, firstPartition: 0, start, shift }
      for (const list of assignReplicas(some, plan)) {
        expect(new Set(list).size).toBe(some.length)
      }
    }),
  )
})
