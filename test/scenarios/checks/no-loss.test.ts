import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import type { Excuse, Removal } from '../../../scenarios/result.ts'
import type { Config } from '../../../scenarios/schema/scenario.ts'
import { consumer, ordersPartition, producer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const election: Removal = {
  partition: ordersPartition(),
  atUs: 10_000_000,
  fromOffset: 1,
  untilOffset: 3,
  broker: 2,
  leaderEpoch: 4,
  how: 'elected',
}

const unclean: Excuse = {
  partition: ordersPartition(),
  atUs: 10_000_000,
  fromOffset: 1,
  untilOffset: 3,
  cause: 'unclean-election',
}

/** Two records, of which the second, acknowledged at offset 1, is in no log. */
function lossy(): Run {
  const run = new Run()
  run.process(run.send(1_000), 1_010)
  run.send(2_000, { stored: false })
  return run.crash(9_000)
}

describe('no-loss, stored', () => {
  test('is kept when every acknowledged record is in a log', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)

    expect(verdictOf(run, 'no-loss', 'stored')).toMatchObject({
      verdict: 'kept',
      promised: true,
      asExpected: true,
      sentence: 'Every record of orders that was acknowledged is stored.',
    })
  })

  test('is broken when an acknowledged record is in no log, with the election that lost it', () => {
    const run = lossy().ended({ removals: [election] })

    const verdict = verdictOf(run, 'no-loss', 'stored')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      asExpected: false,
      count: 1,
      sentence: '1 record of orders acknowledged to order-service was lost.',
      signature: 'no-loss stored: leader elected without the record',
    })
    expect(verdict.evidence).toEqual([
      {
        sentence:
          'record 0:1 of order-service-1 with key a was acknowledged at 2.002 s at offset 1 of ' +
          'orders-0 and is in no log: broker 2 began to lead orders-0 at 10.000 s in epoch 4 ' +
          'without what stood there from offset 1 on',
        atUs: 10_000_000,
        partition: 'orders-0',
        offset: 1,
        records: ['0:1'],
      },
    ])
  })

  test('is kept where the topic was deleted after the send, and broken if before', () => {
    const gone = (atUs: number): Excuse => ({
      partition: ordersPartition(),
      atUs,
      fromOffset: 0,
      untilOffset: Number.MAX_SAFE_INTEGER,
      cause: 'topic-deleted',
    })

    const after = verdictOf(lossy().ended({ excuses: [gone(5_000_000)] }), 'no-loss', 'stored')
    const before = verdictOf(lossy().ended({ excuses: [gone(1_500_000)] }), 'no-loss', 'stored')

    expect(after).toMatchObject({
      verdict: 'kept',
      sentence:
        'Every record of orders that was acknowledged, and did not go with its topic, is stored.',
    })
    expect(before).toMatchObject({ verdict: 'broken', promised: true })
  })

  describe('where retention deleted the record', () => {
    const deleted: Removal = { ...election, leaderEpoch: -1, how: 'retention' }
    const topics = (config: Config) => ({
      topics: [{ name: 'orders', partitions: 1, replicationFactor: 3, config }],
    })

    test('is broken if it was not as old as retention.ms says', () => {
      const run = lossy().given(topics({ 'retention.ms': 9_000 }))

      const verdict = verdictOf(run.ended({ removals: [deleted] }), 'no-loss')

      expect(verdict).toMatchObject({
        verdict: 'broken',
        promised: true,
        signature: 'no-loss stored: deleted by retention before its time',
      })
      expect(verdict.evidence[0]?.sentence).toContain(
        'broker 2, leader of orders-0, had deleted everything below offset 3 by 10.000 s',
      )
    })

    test.each([
      ['as old as retention.ms says', { 'retention.ms': 8_000 }],
      ['younger by no more than clocks are off', { 'retention.ms': 8_800 }],
      [
        'as old as it says less what a timestamp may lie behind',
        { 'retention.ms': 10_000, 'message.timestamp.before.max.ms': 2_000 },
      ],
    ])('is kept if it was %s', (_, config) => {
      const run = lossy().given(topics(config))

      expect(verdictOf(run.ended({ removals: [deleted] }), 'no-loss').verdict).toBe('kept')
    })

    test.each([
      ['orders', 'kept'],
      ['payments', 'broken'],
    ])('with retention.ms of %s shortened meanwhile it is %s', (topic, verdict) => {
      const run = lossy().given({
        ...topics({ 'retention.ms': 9_000 }),
        timeline: [
          { kind: 'alter-config', topic, config: { 'retention.ms': 8_000 }, atUs: 1_000_000 },
        ],
      })

      expect(verdictOf(run.ended({ removals: [deleted] }), 'no-loss').verdict).toBe(verdict)
    })

    test('is broken if an election had lost it before, against what truth demands', () => {
      const run = lossy().given(topics({ 'retention.ms': 8_000 }))
      const lost = { ...election, atUs: 5_000_000 }
      const breach = {
        property: 'LeaderCompleteness',
        atUs: 5_000_000,
        partition: ordersPartition(),
        sentence: 'orders-0: broker 2 leads without offset 1.',
        brokers: [2],
      } as const

      const passedOver = verdictOf(run.ended({ removals: [lost, deleted] }), 'no-loss')
      const broken = verdictOf(run.ended({ truth: [breach] }), 'no-loss')

      expect(passedOver.verdict).toBe('kept')
      expect(broken.signature).toContain('leader elected without the record')
    })
  })

  test('prefers the election to the truncation that followed it', () => {
    const truncated: Removal = { ...election, how: 'truncated', atUs: 11_000_000 }

    const verdict = verdictOf(lossy().ended({ removals: [truncated, election] }), 'no-loss')

    expect(verdict.signature).toContain('leader elected without the record')
  })

  test('does not blame what happened before the record was sent', () => {
    const before: Removal = { ...election, atUs: 1_500_000 }

    const verdict = verdictOf(lossy().ended({ removals: [before] }), 'no-loss')

    expect(verdict.signature).toBe('no-loss stored: missing without a cause')
  })

  test('is broken and not promised when the loss is excused by its cause', () => {
    const verdict = verdictOf(lossy().ended({ excuses: [unclean] }), 'no-loss')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: false, asExpected: true })
    expect(verdict.evidence[0]?.sentence).toContain('the election was unclean')
  })

  test('is promised again where the excuse is of other offsets', () => {
    const other: Excuse = { ...unclean, fromOffset: 2 }

    expect(verdictOf(lossy().ended({ excuses: [other] }), 'no-loss').promised).toBe(true)
  })

  test.each([
    ['1', 'acks=1 waits for the leader alone'],
    ['0', 'acks=0 waits for nobody'],
  ])('is not promised with acks=%s', (acks, why) => {
    const run = lossy().given({ producers: [producer({ config: { acks } })] })

    const verdict = verdictOf(run, 'no-loss')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: false, asExpected: true })
    expect(verdict.evidence[0]?.sentence).toContain(why)
  })

  test('is promised with acks=1 as long as no fault has taken effect', () => {
    const run = new Run().given({ producers: [producer({ config: { acks: 1 } })] })
    run.send(1_000, { stored: false })

    expect(verdictOf(run, 'no-loss')).toMatchObject({ verdict: 'broken', promised: true })
  })

  test('is promised with acks=1 where truth knows of nothing that removed the record', () => {
    const run = new Run().crash(9_000).given({ producers: [producer({ config: { acks: '1' } })] })
    run.send(1_000, { stored: false })
    const removal = {
      partition: ordersPartition(),
      atUs: 9_500_000,
      fromOffset: 0,
      untilOffset: 9,
      broker: 2,
      leaderEpoch: 1,
      how: 'elected',
    } as const

    expect(verdictOf(run.ended({ removals: [] }), 'no-loss').promised).toBe(true)
    expect(verdictOf(run.ended({ removals: [removal] }), 'no-loss').promised).toBe(false)
  })

  test('says nothing of records whose outcome is unknown or failed', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)
    run.send(2_000, { outcome: Outcome.unknown })
    run.send(3_000, { outcome: Outcome.open })
    run.send(4_000, { outcome: Outcome.failed })

    expect(verdictOf(run, 'no-loss').verdict).toBe('kept')
  })

  test('is unknown when the log in which the record would stand was not read', () => {
    const verdict = verdictOf(lossy().unread(0, 'no leader'), 'no-loss')

    expect(verdict).toMatchObject({ verdict: 'unknown', asExpected: true })
    expect(verdict.sentence).toContain('orders-0 could not be read to its end (no leader)')
  })

  test('is broken all the same when another log was not read', () => {
    expect(verdictOf(lossy().unread(1, 'no leader'), 'no-loss').verdict).toBe('broken')
  })

  test('is vacuous when nothing was acknowledged', () => {
    const run = new Run().crash(9_000)
    run.send(1_000, { outcome: Outcome.unknown })

    expect(verdictOf(run, 'no-loss').verdict).toBe('vacuous')
  })

  test('is vacuous when a fault was meant and none overlapped the load', () => {
    const run = new Run()
    run.send(1_000)
    run.strikes({ kind: 'crash', target: { of: 'broker', id: 1 } }, null)

    expect(verdictOf(run, 'no-loss').verdict).toBe('vacuous')
  })

  test('is kept without any fault when none was meant', () => {
    const run = new Run()
    run.send(1_000)

    expect(verdictOf(run, 'no-loss').verdict).toBe('kept')
  })

  test('is unknown when the simulator failed', () => {
    expect(verdictOf(lossy().ended({ ended: 'internal-error' }), 'no-loss').verdict).toBe('unknown')
  })

  test('counts every record of a counted range', () => {
    const run = new Run().crash(9_000)
    run.send(1_000, { count: 1_000, stored: false })

    expect(verdictOf(run, 'no-loss').count).toBe(1_000)
  })
})

describe('no-loss, processed', () => {
  const scope = 'processed:payment'

  test('is kept when the group processed every stored record', () => {
    const run = new Run().crash(9_000)
    run.process(run.send(1_000), 1_010)

    expect(verdictOf(run, 'no-loss', scope)).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken when a delivered record was committed and never processed', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.deliver(sent, 1_010).commit(1, 1_020)

    const verdict = verdictOf(run, 'no-loss', scope)

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      sentence: '1 record of orders was stored but never processed by payment.',
      signature: 'no-loss processed:payment: committed before it was processed',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'record 0:0 of order-service-1 with key a, at offset 0 of orders-0, was delivered to ' +
        'payment and never processed; payment-1 committed offset 1 at 1.021 s',
    )
  })

  test('does not take a processing that was cut off, or one that failed, for one that ended', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.process(sent, 1_010, { outcome: Outcome.open }).commit(1, 1_020)
    run.process(sent, 1_030, { outcome: Outcome.failed })

    expect(verdictOf(run, 'no-loss', scope).verdict).toBe('broken')
  })

  test('is promised of what stood before the place where a log was cut', () => {
    const run = new Run().crash(9_000)
    const [first, second] = [run.send(1_000), run.send(1_100)]
    run.deliver(first, 1_200).deliver(second, 1_200).commit(2, 1_300)
    const excuse = { atUs: 9_000_000, untilOffset: 9, cause: 'unclean-election' } as const
    const cutAt = (fromOffset: number): Run =>
      run.ended({ excuses: [{ ...excuse, partition: ordersPartition(), fromOffset }] })

    expect(verdictOf(cutAt(0), 'no-loss', scope)).toMatchObject({ promised: false, count: 2 })
    expect(verdictOf(cutAt(1), 'no-loss', scope)).toMatchObject({ promised: true, count: 2 })
  })

  test('is not promised by a group that commits before it processes', () => {
    const run = new Run().crash(9_000)
    run.given({ consumers: [consumer({ pattern: 'commit-then-process' })] })
    run.deliver(run.send(1_000), 1_010).commit(1, 1_020)

    expect(verdictOf(run, 'no-loss', scope)).toMatchObject({
      verdict: 'broken',
      promised: false,
      asExpected: true,
    })
  })

  test('names a record that was skipped, and excuses it when the group starts at the latest', () => {
    const run = new Run().crash(9_000)
    run.given({ consumers: [consumer({ config: {} })] })
    run.send(1_000)
    run.commit(1, 1_020)

    const verdict = verdictOf(run, 'no-loss', scope)

    expect(verdict).toMatchObject({ promised: false })
    expect(verdict.signature).toContain('skipped')
  })

  test('promises that a group which starts at the earliest skips nothing', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)
    run.commit(1, 1_020)

    expect(verdictOf(run, 'no-loss', scope).promised).toBe(true)
  })

  test('is broken when the run has drained and a record was left behind', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)

    const verdict = verdictOf(run, 'no-loss', scope)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
    expect(verdict.signature).toContain('left behind')
  })

  test('is unknown when the run ended before the group was through', () => {
    const run = new Run().crash(9_000).ended({ ended: 'time-limit' })
    run.send(1_000)

    expect(verdictOf(run, 'no-loss', scope).verdict).toBe('unknown')
  })

  test('is vacuous when nothing is stored for the group', () => {
    const run = new Run().crash(9_000)
    run.send(1_000, { topic: 'payments' })

    expect(verdictOf(run, 'no-loss', scope).verdict).toBe('vacuous')
  })
})
