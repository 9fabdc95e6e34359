import { describe, expect, test } from 'vitest'
import { Lifecycle, Outcome, Ownership } from '../../../../model/history.ts'
import type { Verdict } from '../../../../scenarios/result.ts'
import { consumer, ordersPartition, producer, Run, type Sent } from '../../history-builder.ts'
import { verdictOf } from '../../judged.ts'

function said(run: Run, anomaly: string): Verdict {
  return verdictOf(run, 'anomalies', anomaly)
}

/** Records of one key, sent one after the other, in one partition. */
function sentIn(run: Run, count: number): Sent[] {
  return Array.from({ length: count }, (_, at) => run.send(1_000 + at * 100))
}

const broken = { verdict: 'broken', promised: true }
const allowed = { verdict: 'broken', promised: false, asExpected: true }

describe('a correct history', () => {
  test('shows none of the anomalies', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 4)
    run.deliver(sent[0] as Sent, 3_000, { poll: 1 }).deliver(sent[1] as Sent, 3_000, { poll: 1 })
    run.deliver(sent[2] as Sent, 4_000, { poll: 2 }).deliver(sent[3] as Sent, 5_000, { poll: 3 })

    const { verdicts } = { verdicts: ['G1a', 'inconsistent-offsets', 'duplicate', 'lost-write'] }
    const rest = ['unseen', 'poll-skip', 'nonmonotonic-poll', 'nonmonotonic-send']
    const inside = ['int-poll-skip', 'int-nonmonotonic-poll']

    for (const name of [...verdicts, ...rest, ...inside]) {
      expect([name, said(run, name).verdict]).toEqual([name, 'kept'])
    }
  })

  test('says nothing of transactions where there were none', () => {
    const run = new Run().crash(9_000)
    sentIn(run, 2)
    const names = ['int-send-skip', 'int-nonmonotonic-send', 'precommitted-read', 'G0', 'G1c']

    for (const name of names) expect(said(run, name).verdict).toBe('vacuous')
  })
})

describe('G1a', () => {
  test('is a read of a record whose sends surely failed', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000, { outcome: Outcome.failed, stored: true })
    run.deliver(sent, 1_100)

    expect(said(run, 'G1a')).toMatchObject({ ...broken, count: 1 })
    expect(said(run, 'G1a').evidence[0]?.sentence).toBe(
      'record 0:0 of order-service-1 with key a was read, and its sends failed',
    )
  })

  test('is none when the send is unknown', () => {
    const run = new Run().crash(9_000)
    run.deliver(run.send(1_000, { outcome: Outcome.unknown, stored: true }), 1_100)

    expect(said(run, 'G1a').verdict).toBe('kept')
  })

  test('is a read of an aborted transaction, unpromised to who reads uncommitted records', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.transaction(1_100, { sends: [sent], outcome: Outcome.failed }).deliver(sent, 1_200)

    expect(said(run, 'G1a')).toMatchObject(allowed)
    run.given({ consumers: [consumer({ config: { 'isolation.level': 'read_committed' } })] })
    expect(said(run, 'G1a')).toMatchObject(broken)
  })

  test('is promised to the group that reads committed records, whatever others read', () => {
    const committed = { 'isolation.level': 'read_committed' }
    const run = new Run().crash(9_000).given({
      consumers: [consumer({ config: committed }), consumer({ group: 'careless' })],
    })
    const sent = run.send(1_000)
    run.transaction(1_100, { sends: [sent], outcome: Outcome.failed })

    run.deliver(sent, 1_200, { group: 'careless' })
    expect(said(run, 'G1a')).toMatchObject(allowed)
    run.deliver(sent, 1_300)
    expect(said(run, 'G1a')).toMatchObject(broken)
  })

  test('is none where another transaction sent the record again and was committed', () => {
    const run = new Run().crash(9_000)
    const first = run.send(1_000, { stored: false })
    const again = run.send(1_200, { again: first })
    run.transaction(1_100, { sends: [first], outcome: Outcome.failed })
    run.transaction(1_300, { sends: [again] }).deliver(again, 1_400)

    expect(said(run, 'G1a').verdict).toBe('kept')
  })
})

describe('inconsistent-offsets', () => {
  function conflict(config: Record<string, string>): Run {
    const run = new Run().crash(9_000).given({ producers: [producer({ config })] })
    const lost = run.send(1_000)
    const other = run.send(2_000, { stored: false, key: 'b' })
    run.deliver(other, 2_100, { offset: lost.offset })
    return run
  }

  test('is one offset at which two records were seen', () => {
    expect(said(conflict({}), 'inconsistent-offsets')).toMatchObject({ ...broken, count: 1 })
  })

  test('is counted once an offset, however many saw it', () => {
    const run = conflict({})
    const { stream, index } = { stream: 1, index: 0 }
    const other = { stream, index, count: 1, row: 1, partition: ordersPartition(), offset: 0 }
    run.deliver(other, 2_200, { member: 'payment-2' }).deliver(other, 2_300)

    expect(said(run, 'inconsistent-offsets').count).toBe(1)
  })

  test('is excused where truth shows that an unclean election took the record', () => {
    const run = conflict({}).ended({
      excuses: [
        {
          partition: ordersPartition(),
          atUs: 1_500_000,
          fromOffset: 0,
          untilOffset: 1,
          cause: 'unclean-election',
        },
      ],
    })

    expect(said(run, 'inconsistent-offsets')).toMatchObject(allowed)
  })

  test('is not promised of a record that acks=1 acknowledged and nobody read', () => {
    const run = new Run().crash(9_000).given({ producers: [producer({ config: { acks: '1' } })] })
    const lost = run.send(1_000, { outcome: Outcome.open, stored: false })
    run.history.sendEnded(lost.row, Outcome.ok, ordersPartition(), 0)
    run.send(2_000)

    expect(said(run, 'inconsistent-offsets')).toMatchObject(allowed)
  })
})

describe('duplicate', () => {
  test('is one record at two offsets', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.store(sent)

    expect(said(run, 'duplicate')).toMatchObject({ ...broken, count: 1 })
    run.given({ producers: [producer({ config: { 'enable.idempotence': 'false' } })] })
    expect(said(run, 'duplicate')).toMatchObject(allowed)
  })

  test('counts a record once, however often and wherever it stands', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.store(sent, ordersPartition(1)).store(sent, ordersPartition(1))
    run.store(sent, ordersPartition(2))

    expect(said(run, 'duplicate').count).toBe(1)
  })

  test('is not promised of what the application sent again', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.send(2_000, { again: sent })

    expect(said(run, 'duplicate')).toMatchObject(allowed)
  })
})

describe('lost-write and unseen', () => {
  test('are an acknowledged record that readers passed by', () => {
    const run = new Run().crash(9_000)
    const lost = run.send(1_000, { stored: false })
    run.store({ ...run.send(1_100, { stored: false, key: 'b' }), offset: 1 }, { offset: 1 })
    run.history.sends.data.offset[lost.row] = 0

    expect(said(run, 'lost-write')).toMatchObject({ ...broken, count: 1 })
    expect(said(run, 'unseen')).toMatchObject({ ...broken, count: 1 })
  })

  test('differ beyond the last record that was read: that is unseen alone', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)
    run.send(1_100, { stored: false })

    expect(said(run, 'lost-write').verdict).toBe('kept')
    expect(said(run, 'unseen')).toMatchObject({ ...broken, count: 1 })
  })

  test('are not promised by acks=1 under faults', () => {
    const run = new Run().crash(9_000).given({ producers: [producer({ config: { acks: '1' } })] })
    run.send(1_100, { stored: false })

    expect(said(run, 'unseen')).toMatchObject(allowed)
  })

  test('are unknown while a log could not be read', () => {
    const run = new Run().crash(9_000).unread(0, 'no leader')
    run.send(1_100, { stored: false })

    expect(said(run, 'unseen').verdict).toBe('unknown')
  })

  test('do not ask for what retention deleted in its time', () => {
    const run = new Run().crash(9_000).given({
      topics: [
        { name: 'orders', partitions: 2, replicationFactor: 3, config: { 'retention.ms': 10_000 } },
      ],
    })
    run.send(1_000, { stored: false })
    run.send(12_000)
    const removal = {
      partition: ordersPartition(),
      atUs: 11_500_000,
      fromOffset: 0,
      untilOffset: 1,
      broker: 1,
      leaderEpoch: -1,
      how: 'retention',
    } as const

    expect(said(run, 'unseen')).toMatchObject(broken)
    run.ended({ removals: [removal] })
    expect(said(run, 'unseen').verdict).toBe('kept')
    expect(said(run, 'lost-write').verdict).toBe('kept')
    run.ended({ removals: [{ ...removal, atUs: 5_000_000 }] })
    expect(said(run, 'unseen')).toMatchObject(broken)
  })

  test('do not ask for what compaction may take', () => {
    const run = new Run().crash(9_000).given({
      topics: [
        {
          name: 'orders',
          partitions: 1,
          replicationFactor: 3,
          config: { 'cleanup.policy': 'compact' },
        },
      ],
    })
    const old = run.send(1_000, { stored: false })
    run.store({ ...run.send(1_100, { stored: false }), offset: 1 }, { offset: 1 })
    run.history.sends.data.offset[old.row] = 0
    run.history.sends.data.offset[1] = 1

    expect(said(run, 'unseen').verdict).toBe('kept')
  })
})

describe('poll-skip and nonmonotonic-poll', () => {
  test('are a record passed over between two polls while the partition stays', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 3)
    run.deliver(sent[0] as Sent, 3_000).deliver(sent[2] as Sent, 4_000)

    expect(said(run, 'poll-skip')).toMatchObject({ ...broken, count: 1 })
    expect(said(run, 'poll-skip').evidence[0]?.sentence).toBe(
      'payment-1 had read orders-0 up to offset 1 and was given offset 2 at 4.000 s: 1 record skipped',
    )
    expect(said(run, 'nonmonotonic-poll').verdict).toBe('kept')
  })

  test('are a record given again between two polls while the partition stays', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 2)
    run
      .deliver(sent[0] as Sent, 3_000)
      .deliver(sent[1] as Sent, 4_000)
      .deliver(sent[0] as Sent, 5_000)

    expect(said(run, 'nonmonotonic-poll')).toMatchObject({ ...broken, count: 2 })
    expect(said(run, 'poll-skip').verdict).toBe('kept')
  })

  test('are allowed over a rebalance, since groups subscribe', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 3)
    run.deliver(sent[0] as Sent, 3_000)
    run.owns(-1, 3_100, Ownership.assigned, { member: 'payment-1' })
    run.deliver(sent[2] as Sent, 4_000)
    run.owns(-1, 4_100, Ownership.assigned, { member: 'payment-1' })
    run.deliver(sent[1] as Sent, 5_000)

    expect(said(run, 'poll-skip')).toMatchObject(allowed)
    expect(said(run, 'nonmonotonic-poll')).toMatchObject(allowed)
  })

  test('are allowed after a seek', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 3)
    run.deliver(sent[0] as Sent, 3_000)
    run.owns(2, 3_100, Ownership.seek, { member: 'payment-1' }).deliver(sent[2] as Sent, 4_000)

    expect(said(run, 'poll-skip')).toMatchObject(allowed)
  })

  test('are none for a member that was started again', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 2)
    run.lives('payment-1', 0).deliver(sent[1] as Sent, 3_000)
    run.lives('payment-1', 3_500, Lifecycle.started).deliver(sent[0] as Sent, 4_000)

    expect(said(run, 'nonmonotonic-poll').verdict).not.toBe('broken')
  })

  test('are none over offsets at which nobody ever saw a record', () => {
    const run = new Run().crash(9_000)
    const first = run.send(1_000)
    const far = run.send(1_100, { stored: false })
    run.store(far, { offset: 1_000_000_000 })
    run.history.sends.data.offset[far.row] = 1_000_000_000
    run.deliver(first, 3_000).deliver(far, 4_000, { offset: 1_000_000_000 })

    expect(said(run, 'poll-skip').verdict).toBe('kept')
    run.store(run.send(1_200, { stored: false, key: 'b' }), { offset: 2_000_000_000 })
    expect(said(run, 'poll-skip').verdict).toBe('kept')
  })

  test('count the versions in a gap of far offsets', () => {
    const run = new Run().crash(9_000)
    const [first, middle, last] = ['a', 'b', 'c'].map((key, at) => {
      const sent = run.send(1_000 + at, { stored: false, key })
      run.history.sends.data.offset[sent.row] = at * 1_000_000_000
      run.store(sent, { offset: at * 1_000_000_000 })
      return { ...sent, offset: at * 1_000_000_000 }
    })
    run.deliver(first as Sent, 3_000).deliver(last as Sent, 4_000)

    expect(middle?.offset).toBe(1_000_000_000)
    expect(said(run, 'poll-skip')).toMatchObject({ ...broken, count: 1 })
  })
})

describe('int-poll-skip and int-nonmonotonic-poll', () => {
  test('are the same inside of one poll', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 3)
    run.deliver(sent[0] as Sent, 3_000, { poll: 1 }).deliver(sent[2] as Sent, 3_000, { poll: 1 })
    run.deliver(sent[1] as Sent, 3_000, { poll: 1 })

    expect(said(run, 'int-poll-skip')).toMatchObject({ ...broken, count: 1 })
    expect(said(run, 'int-nonmonotonic-poll')).toMatchObject({ ...broken, count: 2 })
    expect(said(run, 'poll-skip').verdict).not.toBe('broken')
  })

  test('are exempt where the partition changed hands inside of the poll', () => {
    const run = new Run().crash(9_000)
    const sent = sentIn(run, 3)
    run.deliver(sent[0] as Sent, 3_000, { poll: 1 })
    run.owns(-1, 3_001, Ownership.assigned, { member: 'payment-1' })
    run.deliver(sent[2] as Sent, 3_002, { poll: 1 })

    expect(said(run, 'int-poll-skip').verdict).toBe('kept')
  })
})

describe('nonmonotonic-send', () => {
  function swapped(config: Record<string, string> = {}): Run {
    const run = new Run().crash(9_000).given({ producers: [producer({ config })] })
    const [first, second] = sentIn(run, 2)
    run.history.sends.data.offset[(first as Sent).row] = 1
    run.history.sends.data.offset[(second as Sent).row] = 0
    return run
  }

  test('is a send that stands before an earlier one of its process', () => {
    expect(said(swapped(), 'nonmonotonic-send')).toMatchObject({ ...broken, count: 1 })
  })

  test('is not promised to a producer that retries without idempotence', () => {
    const run = swapped({ 'enable.idempotence': 'false' })

    expect(said(run, 'nonmonotonic-send')).toMatchObject(allowed)
  })

  test('is vacuous where no process sent twice to one partition', () => {
    const run = new Run().crash(9_000)
    run.send(1_000)

    expect(said(run, 'nonmonotonic-send').verdict).toBe('vacuous')
  })
})
