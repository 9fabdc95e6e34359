import { expect, test } from 'vitest'
import { History } from '../../../model/history.ts'
import { Deletions } from '../../../scenarios/fold/deletions.ts'
import { drop } from '../../../scenarios/fold/dropping.ts'
import { Truth } from '../../../scenarios/truth/truth.ts'

const GROUP = 0

/** Ranges of ten records of stream 0, delivered and with an effect each. */
function historyOf(ranges: number): History {
  const history = new History(() => 0)
  history.newStream({ producer: 'shops', incarnation: 1, topic: 0, key: null })
  for (let index = 0; index < ranges * 10; index += 10) {
    history.sendInvoked(0, 0, index, 10, 0, 0)
    history.delivered(0, GROUP, 1, 1, 0, index, 0, index, 10)
    history.effectedRange(0, 0, { stream: 0, index, count: 10 }, true, GROUP)
  }
  return history
}

function dropUntil(history: History, before: number, end: number): void {
  const deletions = new Deletions(new Truth(() => 0), [])
  drop(history, { before: Float64Array.of(before), ends: Float64Array.of(end) }, deletions)
}

test('rows that are over go with their effects, and each range still names its effect', () => {
  const history = historyOf(5)

  dropUntil(history, 0, 20)
  dropUntil(history, 20, 30)

  const { deliveries, effectRanges, effects, sends } = history
  expect([...sends.column('index')]).toEqual([30, 40])
  expect([...deliveries.column('index')]).toEqual([30, 40])
  expect(effectRanges.length).toBe(2)
  const named = [...effectRanges.column('effect')].map((effect) => effects.rowOf(effect))
  expect(named.map((row) => effects.get('index', row))).toEqual([30, 40])
})

test('a send that came again after it was folded stays', () => {
  const history = historyOf(3)

  dropUntil(history, 10, 20)

  expect([...history.sends.column('index')]).toEqual([0, 20])
  expect([...history.deliveries.column('index')]).toEqual([20])
})
