import { describe, expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import { Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

function run(): Run {
  return new Run().crash(9_000).given({ inspector: { topic: 'orders', pauseUs: 100_000 } })
}

describe('refusals', () => {
  test('are kept while everything that must be refused is refused', () => {
    const told = run()
      .inspect(1_000, 'a produce with acks=2', Outcome.failed)
      .inspect(2_000, 'a fetch beyond the end of the log', Outcome.unknown)

    expect(verdictOf(told, 'refusals', 'all')).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('are broken by a request that is taken', () => {
    const told = run()
      .inspect(1_000, 'a produce with acks=2', Outcome.failed)
      .inspect(2_000, 'a control batch from a client', Outcome.ok)

    const verdict = verdictOf(told, 'refusals', 'all')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 1,
      signature: 'refusals all: a control batch from a client was not refused as it must be',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'a control batch from a client was not refused as it must be',
    )
  })

  test('say nothing where no answer told of the rule', () => {
    const told = run().inspect(1_000, 'a produce with acks=2', Outcome.unknown)

    expect(verdictOf(told, 'refusals', 'all').verdict).toBe('vacuous')
  })
})
