import { describe, expect, test } from 'vitest'
import { History, Lifecycle, Outcome, Ownership, TransactionPart } from '../../model/history.ts'

function told(): History {
  let now = 100
  const history = new History(() => (now += 1))
  const process = history.name('order-service-1')
  const stream = history.stream({ producer: 'order-service-1', incarnation: 0, topic: 2, key: 'a' })
  const first = history.takeIndexes(stream, 3)
  const send = history.sendInvoked(process, stream, first, 3, 2, 0)
  history.sendEnded(send, Outcome.ok, 8192, 40)
  history.delivered(1, 2, 3, 4, 8192, 40, stream, 0, 3, 6)
  const processing = history.processingBegan(1, 2, 3, 8192, 40, stream, 0, 1)
  history.processingEnded(processing, Outcome.failed)
  history.effected(1, 2, history.messages.ofText('order-a'), stream, 0, true, 2)
  history.booked(1, 2, 3, -5, 'order-a')
  history.inTransaction(history.transactionBegan(1), TransactionPart.send, send)
  history.transactionEnded(0, Outcome.ok)
  history.tombstone(stream, 2)
  const commit = history.commitInvoked(1, 2, 3, 8192, 43)
  history.commitEnded(commit, Outcome.ok)
  history.owned(1, 2, 3, 8192, Ownership.revoked, 43)
  history.lived(1, Lifecycle.crashed, 0)
  history.adminEnded(history.adminInvoked(1, 2, 6), Outcome.ok)
  return history
}

describe('history', () => {
  test('writes each value to its own column', () => {
    const history = told()

    const rows = [
      history.sends,
      history.deliveries,
      history.processings,
      history.effects,
      history.commits,
      history.ownerships,
      history.lifecycles,
      history.admins,
      history.bookings,
      history.transactions,
      history.transactionParts,
      history.tombstones,
    ].map((table) => table.columns().map((column) => column[0]))

    expect(rows).toEqual([
      [0, 0, 0, 3, 2, 8192, 40, 101, 102, Outcome.ok, 0, 0, 0],
      [1, 2, 3, 4, 8192, 40, 0, 0, 3, 103, 6],
      [1, 2, 3, 8192, 40, 0, 0, 1, 104, 105, Outcome.failed],
      [1, 2, 0, 0, 0, 1, 106, 2],
      [1, 2, 3, 8192, 43, 110, 111, Outcome.ok],
      [1, 2, 3, 8192, Ownership.revoked, 43, 112],
      [1, Lifecycle.crashed, 0, 113],
      [1, 2, 6, 114, 115, Outcome.ok],
      [1, 2, 3, -5, 0, 107],
      [1, 108, 109, Outcome.ok],
      [0, TransactionPart.send, 0],
      [0, 2],
    ])
  })

  test('leaves an operation open that nobody ended', () => {
    const history = new History(() => 7)

    const row = history.sendInvoked(0, 0, 0, 1, 2, 0)

    expect(history.sends.get('outcome', row)).toBe(Outcome.open)
    expect(history.sends.get('endedUs', row)).toBe(Infinity)
  })

  test('has the same hash when the same was told, another when one time differs', () => {
    const history = told()
    const again = told()
    again.lifecycles.data.atUs[0] = 999

    const hashes = [told(), history, again].map((one) => one.hash())

    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[2]).not.toBe(hashes[0])
    expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/)
  })

  test('numbers a stream by producer, incarnation, topic and key, an absent key apart', () => {
    const history = new History(() => 0)
    const stream = { producer: 'p', incarnation: 0, topic: 2, key: '' }

    const ids = [
      history.stream(stream),
      history.stream({ ...stream, key: null }),
      history.stream({ ...stream, incarnation: 1 }),
      history.stream({ ...stream }),
    ]

    expect(ids).toEqual([0, 1, 2, 0])
  })
})
