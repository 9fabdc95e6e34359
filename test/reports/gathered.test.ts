import { expect, test } from 'vitest'
import { gathered } from '../../reports/gathered.ts'
import type { Verdict } from '../../scenarios/result.ts'

function verdict(scope: string, rest: Partial<Verdict> = {}): Verdict {
  return {
    check: 'anomalies',
    scope,
    verdict: 'kept',
    expected: null,
    promised: true,
    asExpected: true,
    count: 0,
    sentence: `Nobody saw ${scope}`,
    signature: '',
    evidence: [],
    ...rest,
  }
}

const vacuous = { verdict: 'vacuous', sentence: 'There were no transactions' } as const
const broken = { verdict: 'broken', count: 2, sentence: '2 records broke' } as const

/** What a reader sees: the scope of what stands alone, the sentence of what is gathered. */
function seen(...verdicts: Verdict[]): string[] {
  return gathered(verdicts).map((line) =>
    'alone' in line ? line.alone.scope : `${line.together.verdict}: ${line.together.sentence}`,
  )
}

test('anomalies that nobody saw or could see are one line', () => {
  const lines = seen(
    verdict('G1a'),
    verdict('unseen'),
    verdict('G0', vacuous),
    verdict('G1c', vacuous),
  )

  expect(lines).toEqual([
    'kept: Clients saw none of these: G1a, unseen. Not judged: G0, G1c. There were no transactions.',
  ])
})

test('what broke stands alone before the rest of its check', () => {
  const lines = seen(verdict('G1a'), verdict('unseen', broken), verdict('duplicate'))

  expect(lines).toEqual(['unseen', 'kept: Clients saw none of these: G1a, duplicate.'])
})

test('a wish that could not be judged is not hidden among the kept', () => {
  const lines = seen(
    verdict('G1a'),
    verdict('unseen'),
    verdict('G0', { ...vacuous, expected: 'kept' }),
  )

  expect(lines[0]).toBe('G0')
})

test('a break that did not come is not hidden among the kept', () => {
  const lines = seen(
    verdict('G1a', { expected: 'breaks' }),
    verdict('unseen'),
    verdict('duplicate'),
  )

  expect(lines[0]).toBe('G1a')
})

test('scopes that ask different questions each give their answer', () => {
  const lines = seen(
    verdict('before', { check: 'availability', sentence: '7 of 7 records were acknowledged' }),
    verdict('during', { check: 'availability', sentence: '9 of 9 records were acknowledged' }),
  )

  expect(lines).toEqual([
    'kept: 7 of 7 records were acknowledged. 9 of 9 records were acknowledged.',
  ])
})

test('a check that had nothing to judge says why, once', () => {
  const lines = seen(
    verdict('records', { ...vacuous, check: 'transaction-atomicity' }),
    verdict('offsets', { ...vacuous, check: 'transaction-atomicity' }),
  )

  expect(lines).toEqual(['vacuous: There were no transactions.'])
})

test('a single scope stays as it is', () => {
  expect(seen(verdict('payment', { check: 'lateness' }))).toEqual(['payment'])
})

test('breaks of which none came are one line', () => {
  const breaks = { check: 'no-loss', expected: 'breaks' } as const

  const lines = seen(verdict('stored', breaks), verdict('processed:payment', breaks))

  expect(lines).toEqual(['kept: Nobody saw stored. Likewise processed:payment.'])
})
