import { expect, test } from 'vitest'
import { applyToRange, effectStore } from '../../../../model/kafka/application/effect-store.ts'
import { COUNTED, type Delivered } from '../../../../model/application.ts'
import { MessageIds } from '../../../../model/message-ids.ts'

function range(index: number, count: number): Delivered {
  return {
    topic: 'orders',
    partition: 0,
    partitionId: 0,
    offset: index,
    key: null,
    value: COUNTED,
    stream: 3,
    index,
    count,
    timestampMs: 0,
  }
}

test('an effect on a range that comes again is refused for what is known of it', () => {
  const store = effectStore(new MessageIds())
  applyToRange(store, 'payment', range(0, 500), true)

  const parts = applyToRange(store, 'payment', range(300, 400), true)

  expect(parts).toEqual([
    { stream: 3, index: 300, count: 200, applied: false },
    { stream: 3, index: 500, count: 200, applied: true },
  ])
  expect([store.applied, store.refused]).toEqual([700, 200])
})

test('an effect that is not idempotent is applied again', () => {
  const store = effectStore(new MessageIds())
  applyToRange(store, 'payment', range(0, 500), false)

  const parts = applyToRange(store, 'payment', range(0, 500), false)

  expect(parts).toEqual([{ stream: 3, index: 0, count: 500, applied: true }])
})

test('effects of different names and streams know nothing of each other', () => {
  const store = effectStore(new MessageIds())
  applyToRange(store, 'payment', range(0, 500), true)

  const other = applyToRange(store, 'stock', range(0, 500), true)
  const stream = applyToRange(store, 'payment', { ...range(0, 500), stream: 4 }, true)

  expect([...other, ...stream].every(({ applied }) => applied)).toBe(true)
})
