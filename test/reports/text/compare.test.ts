import { expect, test } from 'vitest'
import { compareText } from '../../../reports/text/compare.ts'
import { page } from '../../../reports/text/layout.ts'
import type { Comparison } from '../../../scenarios/explain/compare.ts'
import { plantedAnswer, plantedHead } from '../planted.ts'

const { judged } = plantedAnswer()

function textOf(verdicts: Comparison['verdicts']): string {
  const latency = {
    produce: { first: null, second: null },
    endToEnd: { first: null, second: null },
  }
  const comparison = { first: judged, second: judged, divergence: null, verdicts, latency }
  const answer = {
    head: plantedHead,
    names: ['a.json', 'b.json'] as const,
    comparison: { ...comparison, groups: [] },
    again: 'again',
  }
  return compareText(answer, page(80, false))
}

const kept = { verdict: 'kept', count: 0 } as const
const broken = { verdict: 'broken', count: 2 } as const

test('scopes of a check that were kept in both are one row', () => {
  const text = textOf([
    { check: 'truth', scope: 'TypeOk', first: kept, second: kept },
    { check: 'truth', scope: 'WeakIsr', first: kept, second: kept },
  ])

  expect(text).toMatch(/^ {2}truth \(2 scopes\) +kept +kept$/m)
  expect(text).not.toContain('TypeOk')
})

test('a check of which a scope broke in one shows every scope', () => {
  const text = textOf([
    { check: 'truth', scope: 'TypeOk', first: kept, second: kept },
    { check: 'truth', scope: 'WeakIsr', first: kept, second: broken },
  ])

  expect(text).toMatch(/^ {2}truth TypeOk +kept +kept$/m)
  expect(text).toMatch(/^ {2}truth WeakIsr +kept +broken \(2\)$/m)
})
