import { describe, expect, test } from 'vitest'
import { exitCodeOf, judge } from '../../scenarios/judge.ts'
import type { Judged } from '../../scenarios/result.ts'
import { parseThreshold } from '../../scenarios/schema/threshold.ts'
import { producer, Run } from './history-builder.ts'

/** One record stored and processed, one acknowledged and lost. */
function lossy(): Run {
  const run = new Run().crash(9_000).given({ checks: ['no-loss', 'order-by-key'] })
  run.process(run.send(1_000), 1_010)
  run.send(2_000, { stored: false })
  return run
}

function healthy(): Run {
  const run = new Run().crash(9_000).given({ checks: ['no-loss', 'order-by-key'] })
  run.process(run.send(1_000), 1_010).process(run.send(2_000), 2_010)
  return run
}

function judged(run: Run): Judged {
  return judge(run.result())
}

describe('an expectation', () => {
  test.each([
    ['nothing', {}, false],
    ['kept', { 'no-loss': 'kept' }, false],
    ['kept in this scope', { 'no-loss:stored': 'kept', 'no-loss': 'may-break' }, false],
    ['breaks', { 'no-loss': 'breaks' }, true],
    ['may-break in this scope', { 'no-loss:stored': 'may-break' }, true],
    ['something of another scope', { 'no-loss:processed:payment': 'may-break' }, false],
  ] as const)('of %s decides about a promise that broke', (_name, expect_, asExpected) => {
    const [verdict] = judged(lossy().given({ expect: expect_ })).verdicts

    expect(verdict).toMatchObject({ verdict: 'broken', scope: 'stored', asExpected })
  })

  test('of the level counts for every scope of it', () => {
    const expected = judged(healthy().given({ expect: { 'no-loss:processed': 'kept' } })).verdicts

    expect(expected.map((one) => one.expected)).toEqual([null, 'kept', null, null])
  })

  test('of kept stands against a breach that nobody promised', () => {
    const run = lossy().given({
      producers: [producer({ config: { acks: '1' } })],
      expect: { 'no-loss': 'kept' },
    })

    expect(judged(run).verdicts[0]).toMatchObject({ promised: false, asExpected: false })
  })
})

describe('the sentence', () => {
  test('names what was lost, of what and acknowledged to whom', () => {
    expect(judged(lossy()).sentence).toBe(
      '1 record of orders acknowledged to order-service was lost.',
    )
  })

  test('says what held when nothing broke', () => {
    expect(judged(healthy()).sentence).toBe(
      'Every record of orders that was acknowledged is stored and was processed by payment; ' +
        'the records of each key kept their order.',
    )
  })

  test('does not say of a check that it held where a part of it broke', () => {
    const run = new Run().crash(9_000).given({
      checks: ['no-loss', 'effects-once', 'order-by-key'],
      expect: { 'order-by-key': 'may-break' },
    })
    const [first, second] = [run.send(1_000), run.send(2_000)]
    run.process(second, 2_010).process(first, 2_020)

    expect(judged(run).sentence).toMatch(/^Every record of orders .*, although payment processed/)
    expect(judged(run).sentence).not.toContain('kept their order')
  })

  test('puts a surprise before a breach that was expected', () => {
    const run = lossy().given({
      checks: ['no-log-duplicates', 'no-loss'],
      expect: { 'no-loss': 'breaks' },
    })
    run.store(run.send(3_000))

    expect(judged(run).sentence).toBe('1 record is stored more than once.')
  })

  test('says that the simulator failed', () => {
    const run = healthy().ended({ ended: 'internal-error', reason: 'an invariant broke' })

    expect(judged(run).sentence).toBe('The simulator failed: an invariant broke.')
  })

  test('is that of a vacuous check when nothing was proved', () => {
    const run = new Run().crash(9_000).given({ checks: ['no-loss'] })

    expect(judged(run).sentence).toBe('No record was acknowledged.')
  })

  test('exists when nothing was to be judged', () => {
    expect(judged(new Run()).sentence).toBe('Nothing was judged.')
  })
})

describe('the exit code', () => {
  const late = [parseThreshold('latency', 'max<1ms')]

  test.each([
    ['0 when all is as expected', healthy(), 0],
    ['70 after an internal error, whatever else', lossy().ended({ ended: 'internal-error' }), 70],
    ['1 when a promise broke, before a missed threshold', lossy().given({ thresholds: late }), 1],
    [
      '4 when a check that should be kept is unknown',
      healthy()
        .unread(1, 'gone')
        .given({ expect: { 'order-by-key': 'kept' } }),
      4,
    ],
    ['4 when every verdict is vacuous', new Run().crash(1).given({ checks: ['no-loss'] }), 4],
    ['99 when a threshold is missed', healthy().given({ thresholds: late }), 99],
    [
      '124 at the time limit when nothing else is to be said',
      healthy().ended({ ended: 'time-limit' }),
      124,
    ],
    [
      '0 when an unknown answer was allowed',
      healthy()
        .unread(1, 'gone')
        .given({ expect: { 'order-by-key': 'may-break' } }),
      0,
    ],
  ])('is %s', (_name, run, code) => {
    expect(exitCodeOf(judged(run))).toBe(code)
  })
})
