import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { consumer, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

const check = 'no-duplicates'

function twice(): Run {
  const run = new Run().crash(9_000)
  const sent = run.send(1_000)
  return run.process(sent, 1_010).process(sent, 2_000, { member: 'payment-2', generation: 2 })
}

describe('no-duplicates', () => {
  test('is kept when each record was processed once', () => {
    const run = new Run().crash(9_000)
    run.process(run.send(1_000), 1_010)

    expect(verdictOf(run, check)).toMatchObject({
      scope: 'delivered-once:payment',
      verdict: 'kept',
      promised: false,
    })
  })

  test('is broken, and not promised, when an at-least-once group processed a record twice', () => {
    const verdict = verdictOf(twice(), check)

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: false,
      asExpected: true,
      count: 1,
      signature: 'no-duplicates delivered-once:payment: processed again in another generation',
    })
    expect(verdict.evidence[0]?.sentence).toContain(
      'payment-1 at 1.011 s and by payment-2 at 2.001 s',
    )
  })

  test('is promised where the group commits before it processes', () => {
    const run = twice().given({ consumers: [consumer({ pattern: 'commit-then-process' })] })

    expect(verdictOf(run, check)).toMatchObject({ promised: true, asExpected: false })
  })

  test('blames the log where the record is stored twice', () => {
    const run = new Run().given({ consumers: [consumer({ pattern: 'commit-then-process' })] })
    const sent = run.send(1_000)
    run
      .store(sent)
      .process(sent, 1_010)
      .process({ ...sent, offset: 1 }, 1_020)

    const verdict = verdictOf(run, check)

    expect(verdict).toMatchObject({ verdict: 'broken', promised: false })
    expect(verdict.signature).toContain('stored twice')
  })

  test('does not count a processing that was cut off', () => {
    const run = new Run().crash(9_000)
    const sent = run.send(1_000)
    run.process(sent, 1_010, { outcome: Outcome.open }).process(sent, 2_000)

    expect(verdictOf(run, check).verdict).toBe('kept')
  })

  test('is vacuous when the group processed nothing', () => {
    expect(verdictOf(new Run().crash(9_000), check).verdict).toBe('vacuous')
  })

  test('is unknown when the simulator failed', () => {
    expect(verdictOf(twice().ended({ ended: 'internal-error' }), check).verdict).toBe('unknown')
  })
})
