import { describe, expect, test } from 'vitest'
import type { Delivered } from '../../../../model/application.ts'
import {
  ail,
  ailmentOf,
  type AilmentOrder,
  ailments,
} from '../../../../model/kafka/application/ailments.ts'

const poison = { fails: true, factor: 1 }

const order = (over: Partial<AilmentOrder> = {}): AilmentOrder => ({
  ailment: poison,
  topic: 'orders',
  group: null,
  partition: null,
  key: null,
  count: 1,
  ...over,
})

const record = (index: number, over: Partial<Delivered> = {}): Delivered => ({
  topic: 'orders',
  partition: 0,
  partitionId: 8192,
  offset: index,
  key: 'order-1',
  value: null,
  stream: 3,
  index,
  count: 1,
  timestampMs: 0,
  ...over,
})

describe('an ailment', () => {
  test('strikes as many records as were asked for, and stays with them', () => {
    const all = ailments()
    ail(all, order({ count: 2 }))

    const met = [0, 1, 2, 0].map((index) => ailmentOf(all, 'payment', record(index)))

    expect(met).toEqual([poison, poison, null, poison])
  })

  test('meets every group, or the one that it was meant for', () => {
    const all = ailments()
    ail(all, order())
    ail(all, order({ group: 'payment', key: 'order-2' }))
    ailmentOf(all, 'payment', record(0))
    ailmentOf(all, 'payment', record(1, { key: 'order-2' }))

    expect(ailmentOf(all, 'stock', record(0))).toBe(poison)
    expect(ailmentOf(all, 'stock', record(1, { key: 'order-2' }))).toBeNull()
  })

  test('strikes only what fits the partition and the key', () => {
    const all = ailments()
    ail(all, order({ partition: 4, key: 'a' }))

    expect(ailmentOf(all, 'payment', record(0, { partition: 4 }))).toBeNull()
    expect(ailmentOf(all, 'payment', record(1, { key: 'a' }))).toBeNull()
    expect(ailmentOf(all, 'payment', record(2, { partition: 4, key: 'a' }))).toBe(poison)
  })

  test('that is cured leaves its records whole and strikes no more', () => {
    const all = ailments()
    const cure = ail(all, order({ count: 5 }))
    ailmentOf(all, 'payment', record(0))

    cure()

    expect(ailmentOf(all, 'payment', record(0))).toBeNull()
    expect(ailmentOf(all, 'payment', record(1))).toBeNull()
  })
})
