import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { ordersPartition, producer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const check = 'no-log-duplicates'

describe('no-log-duplicates', () => {
  test('is kept when each record stands once', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)
    run.send(2_000)

    expect(verdictOf(run, check)).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken when a record of an idempotent producer stands twice', () => {
    const run = new Run().crash(9_000)
    run.store(run.send(1_000))

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 1,
      signature: 'no-log-duplicates stored-once: retried by the client',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'record 0:0 of order-service-1 with key a was sent 1 time and is stored 2 times, first at ' +
        'offset 0 of orders-0',
    )
  })

  test('is not promised without idempotence', () => {
    const run = new Run().crash(9_000)
    run.given({ producers: [producer({ config: { 'enable.idempotence': false } })] })
    run.store(run.send(1_000))

    expect(verdictOf(run, check)).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('knows that idempotence is off where acks rule it out', () => {
    const run = new Run().crash(9_000)
    run.given({ producers: [producer({ config: { acks: '1' } })] })
    run.store(run.send(1_000))

    expect(verdictOf(run, check).promised).toBe(false)
  })

  test('counts what the application sent again without promising it away', () => {
    const run = new Run().crash(9_000)
    const first = run.send(1_000, { outcome: Outcome.unknown, stored: true })
    run.send(2_000, { again: first })

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: false })
    expect(verdict.signature).toContain('sent again by the application')
  })

  test('promises that there are no more copies than attempts', () => {
    const run = new Run().crash(9_000)
    const first = run.send(1_000, { outcome: Outcome.unknown, stored: true })
    run.store(run.send(2_000, { again: first }))

    expect(verdictOf(run, check)).toMatchObject({ verdict: 'broken', promised: true })
  })

  test('finds the copies of a record in two logs', () => {
    const run = new Run().crash(9_000)
    run.store(run.send(1_000), ordersPartition(1))

    expect(verdictOf(run, check).count).toBe(1)
  })

  test('is broken when a record is stored although its send failed', () => {
    const run = new Run().crash(9_000)
    run.send(1_000, { outcome: Outcome.failed, stored: true })

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
    expect(verdict.signature).toContain('failed but stored')
  })

  test('lets an unknown send be stored', () => {
    const run = new Run().crash(9_000)
    run.send(1_000, { outcome: Outcome.unknown, stored: true })

    expect(verdictOf(run, check).verdict).toBe('kept')
  })

  test('is broken when a log holds a record that nobody sent', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.store({ ...sent, index: 7 })

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
    expect(verdict.evidence[0]?.sentence).toBe('orders-0 has a record at offset 1 that nobody sent')
  })

  test('is unknown when a log was not read and none of the others has a duplicate', () => {
    const run = new Run().crash(9_000).unread(1, 'no leader')
    run.send(1_000)

    expect(verdictOf(run, check).verdict).toBe('unknown')
  })

  test('is vacuous when nothing is stored', () => {
    expect(verdictOf(new Run().crash(9_000), check).verdict).toBe('vacuous')
  })
})
