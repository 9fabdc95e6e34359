import { describe, expect, test } from 'vitest'
import { Outcome, Ownership } from '../../../model/history.ts'
import { partitionId } from '../../../model/record.ts'
import { Run, type Sent } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const check = 'committed-offset-regression'

describe('committed-offset-regression', () => {
  test('is kept when offsets only grow, partition by partition', () => {
    const run = new Run().crash(9_000)
    run.commit(5, 1_000).commit(3, 1_100, { partition: 1 }).commit(7, 1_200).owns(7, 1_300)

    expect(verdictOf(run, check)).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken when a later commit is lower', () => {
    const run = new Run().crash(9_000).commit(5, 1_000).commit(3, 1_100, { member: 'payment-2' })

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment-1 committed offset 5 of orders-0 at 1.001 s; payment-2 was at offset 3 at 1.101 s',
    )
  })

  test('is broken when a new owner begins before what was committed', () => {
    const run = new Run().crash(9_000).commit(5, 1_000).owns(2, 1_100)

    expect(verdictOf(run, check).signature).toContain('an owner began before the committed offset')
  })

  test('is broken when the first record that a new owner is given lies before what was committed', () => {
    const run = new Run().crash(9_000)
    const sent = [1, 2, 3].map((at) => run.send(at * 10))
    run.commit(2, 1_000).owns(-1, 1_100)
    run.deliver(sent[1] as Sent, 1_200, { member: 'payment-2' })

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.signature).toContain('an owner began before the committed offset')
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment-1 committed offset 2 of orders-0 at 1.001 s; payment-2 was at offset 1 at 1.200 s',
    )
  })

  test('is kept when a new owner begins at what was committed, whoever commits meanwhile', () => {
    const run = new Run().crash(9_000)
    const sent = [1, 2, 3].map((at) => run.send(at * 10))
    run.commit(1, 1_000).owns(-1, 1_100).commit(3, 1_110)
    run.deliver(sent[1] as Sent, 1_200, { member: 'payment-2' })
    run.deliver(sent[0] as Sent, 1_300, { member: 'payment-1' })

    expect(verdictOf(run, check).verdict).toBe('kept')
  })

  test('is broken when a new owner finds no committed offset and resets', () => {
    const run = new Run().crash(9_000).commit(5, 1_000).owns(-1, 1_100)
    run.owns(0, 1_200, Ownership.seek)

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.signature).toContain('an owner found no committed offset')
  })

  test('is not promised where the log lost what was committed, with an excuse', () => {
    const run = new Run().crash(9_000).commit(5, 1_000).owns(-1, 1_100)
    run.owns(2, 1_200, Ownership.seek)
    const excuse = {
      partition: partitionId(2, 0),
      atUs: 1,
      fromOffset: 2,
      untilOffset: 9,
      cause: 'unclean-election',
    } as const

    expect(verdictOf(run.ended({ excuses: [excuse] }), check)).toMatchObject({
      verdict: 'broken',
      promised: false,
    })
  })

  test('says nothing of commits that overlap in time', () => {
    const run = new Run().crash(9_000).commit(5, 1_000, { tookMs: 500 })
    run.commit(3, 1_200)

    expect(verdictOf(run, check).verdict).toBe('kept')
  })

  test('says nothing of commits whose outcome is unknown', () => {
    const run = new Run().crash(9_000).commit(5, 1_000, { outcome: Outcome.unknown })
    run.commit(3, 1_100)

    expect(verdictOf(run, check).verdict).toBe('kept')
  })

  test('starts anew after a seek', () => {
    const run = new Run().crash(9_000).commit(5, 1_000).owns(0, 1_100, Ownership.seek)
    run.commit(1, 1_200)

    expect(verdictOf(run, check).verdict).toBe('kept')
  })

  test('counts one step back once', () => {
    const run = new Run().crash(9_000).commit(9, 1_000).commit(3, 1_100).commit(4, 1_200)

    expect(verdictOf(run, check).count).toBe(1)
  })

  test('is not promised when committed offsets were lost with an excuse', () => {
    const excuse = {
      partition: partitionId(0, 3),
      atUs: 1,
      fromOffset: 0,
      untilOffset: 9,
      cause: 'disk',
    } as const
    const run = new Run().crash(9_000).commit(5, 1_000).commit(3, 1_100)

    expect(verdictOf(run.ended({ excuses: [excuse] }), check).promised).toBe(false)
  })

  test('is vacuous when nothing was committed', () => {
    expect(verdictOf(new Run().crash(9_000), check).verdict).toBe('vacuous')
  })

  test('is unknown when the simulator failed', () => {
    expect(verdictOf(new Run().ended({ ended: 'internal-error' }), check).verdict).toBe('unknown')
  })
})
