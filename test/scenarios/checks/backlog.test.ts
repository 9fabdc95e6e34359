import { describe, expect, test } from 'vitest'
import { consumer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

/** Timeouts of a group that add up to 16 s. */
const brisk = {
  'auto.offset.reset': 'earliest',
  'session.timeout.ms': 6_000,
  'max.poll.interval.ms': 10_000,
}

/** `count` records sent at 50 s and processed one by one from `firstMs` on; the heal is at 60 s. */
function backlogged(count: number, firstMs: number | null): Run {
  const run = new Run().crash(9_000).given({ consumers: [consumer({ config: brisk })] })
  const sent = Array.from({ length: count }, (_, at) => run.send(50_000 + at, { key: null }))
  if (firstMs !== null) {
    sent.forEach((one, at) => run.process(one, firstMs + at * 1_000, { tookMs: 1_000 }))
  }
  return run
}

describe('backlog-drains', () => {
  test('is kept when the group was through within its bound', () => {
    expect(verdictOf(backlogged(4, 70_000), 'backlog-drains')).toMatchObject({
      scope: 'payment',
      verdict: 'kept',
      promised: true,
      sentence: 'payment was through its backlog of 4 records 14.000 s after the heal.',
    })
  })

  test('counts a record that was put aside for good as one the group is through with', () => {
    const run = backlogged(3, 70_000)
    run.putAside(run.send(50_500, { key: null }), 75_000)

    expect(verdictOf(run, 'backlog-drains')).toMatchObject({
      verdict: 'kept',
      sentence: 'payment was through its backlog of 4 records 15.000 s after the heal.',
    })
  })

  test('is broken when it took longer than the backlog at its rate and the timeouts explain', () => {
    const run = backlogged(4, 80_000).ended({ phases: { endUs: 120_000_000 } })

    const verdict = verdictOf(run, 'backlog-drains')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
    expect(verdict.signature).toContain('drained too late')
    expect(verdict.sentence).toContain('4 records 22.000 s after the heal')
  })

  test('is broken when records are left after the bound', () => {
    const verdict = verdictOf(backlogged(4, null).ended({ ended: 'time-limit' }), 'backlog-drains')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 4 })
    expect(verdict.signature).toContain('never drained')
  })

  test('is unknown when records are left and the run ended before the bound', () => {
    const run = backlogged(4, null).ended({ ended: 'time-limit', phases: { endUs: 61_000_000 } })

    expect(verdictOf(run, 'backlog-drains').verdict).toBe('unknown')
  })

  test('is not promised when operators stopped every member', () => {
    const run = backlogged(4, null)
    run.strikes({ kind: 'stop-members', group: 'payment', count: 2, clean: true }, 10_000)

    expect(verdictOf(run, 'backlog-drains')).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('is vacuous when nothing was stored for the group', () => {
    expect(verdictOf(backlogged(0, null), 'backlog-drains').verdict).toBe('vacuous')
  })

  test('allows less time where more members share the work', () => {
    const verdicts = [1, 2].map((members) => {
      const run = new Run().crash(9_000).ended({ phases: { endUs: 120_000_000 } })
      run.given({ consumers: [consumer({ members, config: brisk })] })
      const sent = Array.from({ length: 8 }, (_, at) =>
        run.send(50_000 + at, { key: null, partition: at % 2 }),
      )
      sent.forEach((record, at) => run.process(record, 84_000 + at * 100, { tookMs: 1_000 }))
      return verdictOf(run, 'backlog-drains').verdict
    })

    expect(verdicts).toEqual(['kept', 'broken'])
  })
})

describe('the bound of a drain', () => {
  /** Two members of three partitions with four records each; the slower one begins at `firstMs`. */
  function uneven(firstMs: number): Run {
    const run = new Run().crash(9_000).ended({ phases: { endUs: 120_000_000 } })
    run.given({ consumers: [consumer({ members: 2, config: brisk })] })
    const sent = Array.from({ length: 12 }, (_, at) =>
      run.send(50_000 + at, { key: null, partition: at % 3 }),
    )
    sent.forEach((record, at) => {
      run.process(record, firstMs + Math.floor(at / 2) * 1_000, { tookMs: 1_000 })
    })
    return run
  }

  test('gives one member as many partitions as it may be assigned, and the fullest', () => {
    // Eight records at one a second and half as much again, and 16 s: 28 s.
    expect(verdictOf(uneven(82_000), 'backlog-drains')).toMatchObject({
      verdict: 'kept',
      sentence: 'payment was through its backlog of 12 records 28.000 s after the heal.',
    })
    expect(verdictOf(uneven(82_001), 'backlog-drains')).toMatchObject({
      verdict: 'broken',
      promised: true,
    })
  })

  /** A record whose producer heard of it 20 s after the heal only, processed at `firstMs`. */
  function retried(firstMs: number): Run {
    const run = new Run().crash(9_000).ended({ phases: { endUs: 120_000_000 } })
    run.given({ consumers: [consumer({ config: brisk })] })
    run.process(run.send(50_000, { tookMs: 30_000 }), firstMs, { tookMs: 1_000 })
    return run
  }

  test('begins when what was still retried at the heal is stored', () => {
    // 20 s until it is stored, a record at one a second and half as much again, and 16 s.
    expect(verdictOf(retried(96_500), 'backlog-drains').verdict).toBe('kept')
    expect(verdictOf(retried(96_501), 'backlog-drains')).toMatchObject({
      verdict: 'broken',
      promised: true,
    })
  })
})

describe('lateness', () => {
  test('is kept when no record waited longer than the bound after the heal', () => {
    expect(verdictOf(backlogged(4, 70_000), 'lateness')).toMatchObject({
      verdict: 'kept',
      sentence: 'payment was at most 23.997 s late and is so no more.',
    })
  })

  test('is broken when a record waited longer', () => {
    const run = backlogged(1, 95_000).ended({ phases: { endUs: 120_000_000 } })

    const verdict = verdictOf(run, 'lateness')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true })
    expect(verdict.evidence[0]?.sentence).toContain('waiting for 36.000 s after the heal')
  })

  test('is unknown when a record still waits and its bound has not passed', () => {
    const run = backlogged(1, null).ended({ ended: 'time-limit', phases: { endUs: 61_000_000 } })

    expect(verdictOf(run, 'lateness').verdict).toBe('unknown')
  })

  test('is vacuous when nothing was stored for the group', () => {
    expect(verdictOf(backlogged(0, null), 'lateness').verdict).toBe('vacuous')
  })
})
