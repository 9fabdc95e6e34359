import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { consumer, producer, Run, type Sent } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const check = 'order-by-key'

/** Two records of one key, sent and stored in order. */
function pair(run: Run): [Sent, Sent] {
  return [run.send(1_000), run.send(1_100)]
}

/** The second record stands in the log before the first. */
function inverted(run: Run): [Sent, Sent] {
  const late = run.send(1_000, { stored: false })
  const early = run.send(1_100)
  run.store(late)
  return [{ ...late, offset: 1 }, early]
}

describe('order-by-key, stored', () => {
  test('is kept when the records of a key stand in their order', () => {
    const run = new Run().crash(9_000)
    pair(run)

    expect(verdictOf(run, check, 'stored')).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken when a record stands after a later one of its key', () => {
    const run = new Run().crash(9_000)
    inverted(run)

    const verdict = verdictOf(run, check, 'stored')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.evidence[0]).toMatchObject({ records: ['0:0', '0:1'], offset: 1 })
  })

  test('is not promised when the producer retries with several requests in flight', () => {
    const run = new Run().crash(9_000)
    run.given({ producers: [producer({ config: { 'enable.idempotence': 'false' } })] })
    inverted(run)

    expect(verdictOf(run, check, 'stored').promised).toBe(false)
  })

  test('is promised with one request in flight', () => {
    const config = { 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 1 }
    const run = new Run().crash(9_000).given({ producers: [producer({ config })] })
    inverted(run)

    expect(verdictOf(run, check, 'stored').promised).toBe(true)
  })

  test('is not promised for a record that the application sent again', () => {
    const run = new Run().crash(9_000)
    const first = run.send(1_000, { outcome: Outcome.unknown })
    run.send(1_100)
    run.send(1_200, { again: first })

    expect(verdictOf(run, check, 'stored')).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('looks at the first copy of a record', () => {
    const run = new Run().crash(9_000)
    const [first] = pair(run)
    run.store(first)

    expect(verdictOf(run, check, 'stored').verdict).toBe('kept')
  })

  test('is vacuous for records without a key', () => {
    const run = new Run().crash(9_000)
    run.send(1_000, { key: null })
    run.send(1_100, { key: null })

    expect(verdictOf(run, check, 'stored').verdict).toBe('vacuous')
  })

  test('is unknown when a log was not read', () => {
    const run = new Run().crash(9_000).unread(1, 'no leader')
    pair(run)

    expect(verdictOf(run, check, 'stored').verdict).toBe('unknown')
  })
})

describe('order-by-key of a group', () => {
  test('is kept when records are first processed in order, rewinds aside', () => {
    const run = new Run().crash(9_000)
    const [first, second] = pair(run)
    run.process(first, 2_000).process(second, 2_010)
    run.process(first, 3_000, { generation: 2 }).process(second, 3_010, { generation: 2 })

    expect(verdictOf(run, check, 'payment')).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken when a later record was processed first', () => {
    const run = new Run().crash(9_000)
    const [first, second] = pair(run)
    run.process(second, 2_000).process(first, 2_010)

    const verdict = verdictOf(run, check, 'payment')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      signature: 'order-by-key payment: processed out of order',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment processed record 0:0 of order-service-1 with key a (offset 0 of orders-0 at ' +
        '2.011 s) after the later record 0:1 (offset 1 of orders-0 at 2.001 s)',
    )
  })

  test('counts each record that came after a later one', () => {
    const run = new Run().crash(9_000)
    const sent = [1_000, 1_100, 1_200, 1_300].map((atMs) => run.send(atMs))
    const [a, b, c, d] = sent as [Sent, Sent, Sent, Sent]
    run.process(a, 2_000).process(d, 2_010).process(c, 2_020).process(b, 2_030)

    expect(verdictOf(run, check, 'payment').count).toBe(2)
  })

  test('is broken across partitions, and not promised once partitions were added', () => {
    const run = new Run()
    const first = run.send(1_000, { partition: 0 })
    const second = run.send(1_100, { partition: 1 })
    run.process(second, 2_000).process(first, 2_010)
    const before = verdictOf(run, check, 'payment')

    run.strikes({ kind: 'add-partitions', topic: 'payments', to: 2 }, 1_040)
    const elsewhere = verdictOf(run, check, 'payment')
    run.strikes({ kind: 'add-partitions', topic: 'orders', to: 2 }, 1_050)

    expect(before).toMatchObject({ verdict: 'broken', promised: true })
    expect(elsewhere).toMatchObject({ verdict: 'broken', promised: true })
    expect(before.signature).toContain('another partition')
    expect(verdictOf(run, check, 'payment')).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('is not promised by a group that commits before it processes', () => {
    const run = new Run().given({ consumers: [consumer({ pattern: 'commit-then-process' })] })
    const [first, second] = pair(run)
    run.process(second, 2_000).process(first, 2_010)

    expect(verdictOf(run, check, 'payment').promised).toBe(false)
  })

  test('blames the log when it was processed as stored', () => {
    const run = new Run().crash(9_000)
    const [late, early] = inverted(run)
    run.process(early, 2_000).process(late, 2_010)

    expect(verdictOf(run, check, 'payment').signature).toContain('stored out of order')
  })

  test('is vacuous when the group has not processed two records of one key', () => {
    const run = new Run().crash(9_000)
    const [first] = pair(run)
    run.process(first, 2_000)

    expect(verdictOf(run, check, 'payment').verdict).toBe('vacuous')
  })

  test('is unknown when the simulator failed', () => {
    const run = new Run().ended({ ended: 'internal-error' })

    expect(verdictOf(run, check, 'payment').verdict).toBe('unknown')
  })
})
