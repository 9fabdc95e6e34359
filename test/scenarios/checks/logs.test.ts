import { describe, expect, test } from 'vitest'
import { Outcome, Ownership } from '../../../model/history.ts'
import type { Topic } from '../../../scenarios/schema/scenario.ts'
import { ordersPartition, producer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

function run(): Run {
  return new Run().crash(9_000)
}

describe('content', () => {
  test('is kept when each acknowledged offset holds what was sent', () => {
    const told = run()
    const sent = told.send(1_000)
    told.deliver(sent, 1_100)

    expect(verdictOf(told, 'content', 'stored')).toMatchObject({ verdict: 'kept', promised: true })
    expect(verdictOf(told, 'content', 'payment').verdict).toBe('kept')
  })

  test('is broken when another record stands at an acknowledged offset', () => {
    const told = run()
    const sent = told.send(1_000, { outcome: Outcome.open, stored: false })
    told.send(1_100)
    told.history.sendEnded(sent.row, Outcome.ok, ordersPartition(), 0)

    const verdict = verdictOf(told, 'content', 'stored')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.evidence[0]?.sentence).toBe(
      'record 0:0 of order-service-1 with key a was acknowledged at offset 0 of orders-0, where ' +
        'record 0:1 of order-service-1 with key a stands',
    )
    told.given({ producers: [producer({ config: { acks: '1' } })] })
    expect(verdictOf(told, 'content', 'stored').promised).toBe(false)
  })

  test('is broken when a record stands with other bytes than it was sent with', () => {
    const told = run()
    told.store(told.send(1_000, { stored: false }), { bytes: 7 })

    const verdict = verdictOf(told, 'content', 'stored')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.signature).toBe('content stored: other bytes')
  })

  test('is broken when a member was given another record than stands there', () => {
    const told = run()
    told.send(1_000)
    told.deliver(told.send(1_100), 1_200, { offset: 0 })

    expect(verdictOf(told, 'content', 'payment')).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 1,
    })
  })

  test('is broken inside of a range, whose first record stands where it was sent', () => {
    const told = run()
    const acknowledged = told.send(1_000, { count: 3, stored: false })
    const other = told.send(1_100, { count: 2, stored: false, outcome: Outcome.unknown })
    told.store({ ...acknowledged, count: 1 }).store(other)
    told.deliver({ ...acknowledged, offset: 0 }, 1_200)

    expect(verdictOf(told, 'content', 'stored')).toMatchObject({ verdict: 'broken', count: 2 })
    expect(verdictOf(told, 'content', 'payment')).toMatchObject({ verdict: 'broken', count: 2 })
  })

  test('is vacuous when nothing is known', () => {
    expect(verdictOf(run(), 'content', 'stored').verdict).toBe('vacuous')
    expect(verdictOf(run(), 'content', 'payment').verdict).toBe('vacuous')
  })
})

describe('compaction', () => {
  const topics: readonly Topic[] = [
    {
      name: 'orders',
      partitions: 1,
      replicationFactor: 3,
      config: { 'cleanup.policy': 'compact' },
    },
  ]

  function compacted(): Run {
    return run().given({ topics })
  }

  test('is kept when an old value is gone and the latest one stands', () => {
    const told = compacted()
    told.send(1_000, { stored: false })
    const last = told.send(1_100, { stored: false })
    told.store(last, { offset: 1 })
    told.history.sends.data.offset[last.row] = 1

    expect(verdictOf(told, 'compaction')).toMatchObject({
      verdict: 'kept',
      sentence: 'Each of 1 key has its latest value.',
    })
    expect(verdictOf(told, 'no-loss', 'stored').verdict).toBe('kept')
  })

  test('is broken when the latest value of a key is gone', () => {
    const told = compacted()
    told.send(1_000)
    const last = told.send(1_100, { stored: false })

    const verdict = verdictOf(told, 'compaction')

    expect(last.offset).toBe(-1)
    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.signature).toBe('compaction stored: latest value gone')
    expect(verdictOf(told, 'no-loss', 'stored').verdict).toBe('broken')
    told.given({ producers: [producer({ config: { acks: '1' } })] })
    expect(verdictOf(told, 'compaction').promised).toBe(false)
  })

  test('is kept where a later record stands of which nobody was told', () => {
    const told = compacted()
    told.send(1_000, { stored: false })
    const unknown = told.send(1_100, { stored: false, outcome: Outcome.unknown })
    expect(verdictOf(told, 'compaction').verdict).toBe('broken')

    told.store(unknown, { offset: 1 })

    expect(verdictOf(told, 'compaction').verdict).toBe('kept')
    expect(verdictOf(told, 'no-loss', 'stored').verdict).toBe('kept')
  })

  test('is kept where a tombstone of which nobody was told may have come and gone', () => {
    const told = compacted()
    told.send(1_000, { stored: false })
    const unknown = told.send(1_100, { stored: false, outcome: Outcome.unknown })
    told.history.tombstone(unknown.stream, unknown.index)

    expect(verdictOf(told, 'compaction').verdict).toBe('kept')
    expect(verdictOf(told, 'no-loss', 'stored').verdict).toBe('kept')
  })

  test('asks for the last record of a range', () => {
    const told = compacted()
    const range = told.send(1_000, { stored: false, count: 3 })
    told.store({ ...range, count: 2 }, { offset: 0 })
    expect(verdictOf(told, 'compaction')).toMatchObject({ verdict: 'broken', count: 1 })

    told.store({ ...range, index: 2, count: 1 }, { offset: 2 })
    expect(verdictOf(told, 'compaction').verdict).toBe('kept')
  })

  test('is broken when a tombstone is gone and what it deleted is not', () => {
    const told = compacted()
    told.send(1_000)
    const tombstone = told.send(1_100, { stored: false })
    told.history.tombstone(tombstone.stream, tombstone.index)

    expect(verdictOf(told, 'compaction')).toMatchObject({
      verdict: 'broken',
      promised: true,
      signature: 'compaction stored: outlived',
    })
  })

  test('is kept when a tombstone is gone together with what it deleted', () => {
    const told = compacted()
    told.send(1_000, { stored: false })
    const tombstone = told.send(1_100, { stored: false })
    told.history.sends.data.offset[tombstone.row] = 1
    told.history.tombstone(tombstone.stream, tombstone.index)

    expect(verdictOf(told, 'compaction').verdict).toBe('kept')
  })

  test('is unknown where a log could not be read, and vacuous where no topic is compacted', () => {
    const told = compacted().unread(0, 'no leader')
    told.send(1_000, { stored: false })

    expect(verdictOf(told, 'compaction').verdict).toBe('unknown')
    expect(verdictOf(run(), 'compaction').verdict).toBe('vacuous')
  })
})

describe('transaction-atomicity of records', () => {
  function transaction(outcome: Outcome, stored: readonly [boolean, boolean]): Run {
    const told = run()
    const sends = stored.map((one, at) =>
      told.send(1_000 + at, { stored: one, outcome: Outcome.unknown, partition: at }),
    )
    return told.transaction(1_500, { sends, outcome })
  }

  test.each([
    [Outcome.ok, [true, true]],
    [Outcome.failed, [false, false]],
    [Outcome.unknown, [true, true]],
    [Outcome.unknown, [false, false]],
  ] as const)('is kept with outcome %i and records %j', (outcome, stored) => {
    const told = transaction(outcome, stored)

    expect(verdictOf(told, 'transaction-atomicity', 'records').verdict).toBe('kept')
  })

  test.each([
    [Outcome.ok, [true, false], 'committed and not all of it visible'],
    [Outcome.failed, [true, false], 'aborted and visible'],
    [Outcome.unknown, [true, false], 'visible in part'],
  ] as const)('is broken with outcome %i and records %j', (outcome, stored, mechanism) => {
    const verdict = verdictOf(transaction(outcome, stored), 'transaction-atomicity', 'records')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.signature).toBe(`transaction-atomicity records: ${mechanism}`)
  })

  test('looks at every record of a range', () => {
    const told = run()
    const sent = told.send(1_000, { count: 3, stored: false })
    told.store({ ...sent, count: 2, offset: 0 }).transaction(1_500, { sends: [sent] })

    expect(verdictOf(told, 'transaction-atomicity', 'records')).toMatchObject({
      verdict: 'broken',
      promised: true,
    })
  })

  test('is unknown where the rest may stand in a log that was not read', () => {
    const told = transaction(Outcome.ok, [true, false]).unread(1, 'no leader')

    expect(verdictOf(told, 'transaction-atomicity', 'records').verdict).toBe('unknown')
  })

  test('is kept where a record of an aborted transaction was sent again and committed', () => {
    const told = run()
    const first = told.send(1_000, { stored: false, outcome: Outcome.unknown })
    told.transaction(1_500, { sends: [first], outcome: Outcome.failed })
    const again = told.send(2_000, { again: first })
    told.transaction(2_500, { sends: [again] })

    expect(verdictOf(told, 'transaction-atomicity', 'records').verdict).toBe('kept')
  })

  test('says nothing of what went with a deleted topic', () => {
    const told = transaction(Outcome.ok, [true, false])
    const excuse = {
      partition: ordersPartition(1),
      atUs: 3_000_000,
      fromOffset: 0,
      untilOffset: 9,
      cause: 'topic-deleted',
    } as const
    told.history.sends.data.partition[1] = ordersPartition(1)

    expect(verdictOf(told, 'transaction-atomicity', 'records').verdict).toBe('broken')
    told.ended({ excuses: [excuse] })
    expect(verdictOf(told, 'transaction-atomicity', 'records').verdict).toBe('kept')
  })

  test('is vacuous without transactions', () => {
    expect(verdictOf(run(), 'transaction-atomicity', 'records').verdict).toBe('vacuous')
    expect(verdictOf(run(), 'transaction-atomicity', 'offsets').verdict).toBe('vacuous')
  })
})

describe('transaction-atomicity of offsets', () => {
  function begins(at: number, outcome: Outcome): Run {
    const told = run().commit(5, 1_000)
    told.transaction(1_100, { commits: [0], outcome })
    return told.owns(at, 2_000, Ownership.assigned)
  }

  test('is kept when the next owner begins at committed offsets, and not at aborted ones', () => {
    for (const told of [begins(5, Outcome.ok), begins(3, Outcome.failed)]) {
      expect(verdictOf(told, 'transaction-atomicity', 'offsets').verdict).toBe('kept')
    }
  })

  test('is broken when the next owner begins before committed offsets, or at aborted ones', () => {
    for (const told of [begins(3, Outcome.ok), begins(5, Outcome.failed)]) {
      expect(verdictOf(told, 'transaction-atomicity', 'offsets')).toMatchObject({
        verdict: 'broken',
        promised: true,
        count: 1,
      })
    }
  })
})
