import { describe, expect, test } from 'vitest'
import { foldText } from '../../model/digest.ts'
import { MessageIds } from '../../model/message-ids.ts'

describe('message ids', () => {
  test('are numbered in the order in which they are first told', () => {
    const ids = new MessageIds()

    const numbers = [
      ids.ofRecord(3, 0),
      ids.ofText('order-a'),
      ids.ofRecord(3, 1),
      ids.ofRecord(3, 0),
      ids.ofText('order-a'),
    ]

    expect(numbers).toEqual([0, 1, 2, 0, 1])
    expect(ids.length).toBe(3)
  })

  test('are the same whether a record is told by its numbers or by its text', () => {
    const ids = new MessageIds()
    const first = ids.ofRecord(12, 7)
    const second = ids.ofText('7/12')

    expect(ids.ofText('12/7')).toBe(first)
    expect(ids.ofRecord(7, 12)).toBe(second)
    expect(ids.numberOf(null, 12, 7)).toBe(first)
    expect(ids.ofText('012/7')).not.toBe(first)
  })

  test('are found only once they were told', () => {
    const ids = new MessageIds()
    ids.ofRecord(1, 1)
    ids.ofText('order-a')

    const found = [ids.find(null, 1, 1), ids.find('order-a', 5, 5), ids.find('1/1', 5, 5)]
    const missing = [ids.find(null, 1, 2), ids.find('order-b', 1, 1), ids.find('1/2', 1, 1)]

    expect(found).toEqual([0, 1, 0])
    expect(missing).toEqual([-1, -1, -1])
    expect(ids.length).toBe(2)
  })

  test('keep their numbers and texts however many there are', () => {
    const ids = new MessageIds()
    const texts: string[] = []
    for (let at = 0; at < 3000; at += 1) {
      const text = at % 7 === 0 ? `order-${at}` : `${at % 61}/${at}`
      texts.push(text)
      ids.ofText(text)
    }

    const again = texts.map((text) => ids.ofText(text))

    expect(again).toEqual(texts.map((_text, at) => at))
    expect(again.map((number) => ids.text(number))).toEqual(texts)
  })

  test('fold as their texts do, the first digest into the second', () => {
    const ids = new MessageIds()
    const texts = ['0/0', 'order-ä', '120/9', '-1/10']
    let high = 5
    let low = 7
    for (const text of texts) {
      ids.ofText(text)
      high = foldText(high, text)
      low = foldText(low ^ high, text)
    }

    const digests = Int32Array.of(5, 7)
    ids.fold(digests)

    expect([...digests]).toEqual([high | 0, low | 0])
  })
})
