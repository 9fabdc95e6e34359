import { describe, expect, test } from 'vitest'
import type { Consumer } from '../../../scenarios/schema/scenario.ts'
import { consumer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

function run(parts: Partial<Consumer> = {}): Run {
  return new Run()
    .crash(9_000)
    .given({ consumers: [consumer({ pattern: 'idempotent', ...parts })] })
}

describe('no-oversell', () => {
  test('is kept while a stock gives out what it has, and takes back what is returned', () => {
    const told = run().book(0, 'stock', 2, { message: null })
    told.book(1_000, 'stock', -1, { message: 'order-1' })
    told.book(1_100, 'stock', -1, { message: 'order-2' })
    told.book(1_200, 'stock', 1, { message: 'order-1' })
    told.book(1_300, 'stock', -1, { message: 'order-3' })

    expect(verdictOf(told, 'no-oversell', 'stock')).toMatchObject({
      verdict: 'kept',
      promised: true,
      sentence: 'stock was booked from 3 times and never oversold.',
    })
  })

  test('is broken by each piece that is taken from an empty stock', () => {
    const told = run().book(0, 'stock', 1, { message: null })
    told.book(1_000, 'stock', -1, { message: 'order-1' })
    told.book(1_100, 'stock', -2, { message: 'order-2' })

    const verdict = verdictOf(told, 'no-oversell', 'stock')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 2,
      signature: 'no-oversell stock: taken from an empty stock',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'message order-2 took 2 of phone at 1.100 s, when 0 were left',
    )
  })

  test('counts the stock of each item by itself', () => {
    const told = run().book(0, 'stock', 5, { message: null, item: 'phone' })
    told.book(0, 'stock', 0, { message: null, item: 'watch' })
    told.book(1_000, 'stock', -1, { message: 'order-1', item: 'watch' })

    expect(verdictOf(told, 'no-oversell', 'stock').verdict).toBe('broken')
  })

  test('is vacuous without a stock', () => {
    expect(verdictOf(run(), 'no-oversell').verdict).toBe('vacuous')
  })
})

describe('ledgers-agree', () => {
  function bought(): Run {
    const told = run().book(0, 'stock', 9, { message: null })
    told.book(1_000, 'orders', 2, { message: 'order-1' })
    return told.book(1_500, 'stock', -2, { message: 'order-1' })
  }

  test('is kept when all ledgers book each message, and tells how long that took', () => {
    const told = bought()
    told.book(3_000, 'payments', 2, { message: 'order-1' })

    expect(verdictOf(told, 'ledgers-agree')).toMatchObject({
      verdict: 'kept',
      promised: true,
      sentence: 'stock, orders and payments agree on every message; the longest took 2.000 s.',
    })
  })

  test('is kept when what was booked is cancelled everywhere', () => {
    const told = bought()
    told.book(2_000, 'orders', -2, { message: 'order-1' })
    told.book(2_100, 'stock', 2, { message: 'order-1' })

    expect(verdictOf(told, 'ledgers-agree').verdict).toBe('kept')
  })

  test('is broken when one ledger lacks a message', () => {
    const told = bought()
    told.book(2_000, 'payments', 1, { message: 'order-2' })
    told.book(2_000, 'orders', 1, { message: 'order-2' })

    const verdict = verdictOf(told, 'ledgers-agree')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 2,
      signature: 'ledgers-agree all: not booked everywhere',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'of message order-1, first booked at 1.000 s, the ledgers say: stock -2, orders 2 and payments 0',
    )
  })

  test('is broken when one ledger booked a message twice', () => {
    const told = bought().book(2_000, 'orders', 2, { message: 'order-1' })

    const verdict = verdictOf(told, 'ledgers-agree')

    expect(verdict).toMatchObject({ verdict: 'broken', count: 1 })
    expect(verdict.signature).toContain('booked differently')
  })

  test('is not promised where a group repeats its effects', () => {
    const told = bought().book(2_000, 'orders', 2, { message: 'order-1' })
    told.given({ consumers: [consumer({ pattern: 'process-then-commit' })] })

    expect(verdictOf(told, 'ledgers-agree')).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('is unknown while a run ends before its groups were through', () => {
    const told = bought().book(2_000, 'orders', 2, { message: 'order-1' })

    expect(verdictOf(told.ended({ ended: 'stuck' }), 'ledgers-agree').verdict).toBe('unknown')
  })

  test('is vacuous with fewer than two ledgers', () => {
    const told = run().book(1_000, 'orders', 2, { message: 'order-1' })

    expect(verdictOf(told, 'ledgers-agree').verdict).toBe('vacuous')
  })
})
