import { describe, expect, test } from 'vitest'
import { remediesSentence, remediesText } from '../../../reports/text/remedies.ts'
import { page } from '../../../reports/text/layout.ts'
import { plantedAtomic, plantedRemedies, plantedRemedy } from '../planted-remedies.ts'

const row = plantedRemedy
const atomic = plantedAtomic
const answer = plantedRemedies

describe('the answer of table remedies', () => {
  test('says how many problems showed, and how many a remedy kept away', () => {
    expect(remediesSentence(answer([row(), atomic]))).toBe(
      'Of 1 problem 1 showed without a remedy, and 1 of those did not show with the right one ' +
        'on the same seeds.',
    )
  })

  test('has what each remedy did to its problem and to the others, within 80 columns', () => {
    const transactions = row({ remedy: 'transactions', verdict: 'does-not-apply', file: null })
    const lines = remediesText(answer([row(), atomic, transactions]), page(80, false)).split('\n')

    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines.find((line) => line.startsWith('  none'))).toMatch(
      /in 12 of 40, first in run 3 +– +5 +–$/,
    )
    expect(lines.some((line) => /consumer, +kept in 40, ≤ 7\.5 %/.test(line))).toBe(true)
    expect(lines.some((line) => /transactions +not in this version$/.test(line))).toBe(true)
    expect(lines).toContain('    consumers.payment.pattern=idempotent')
    expect(lines).toContain(
      '  npx dmqsim replay .dmqsim/table-remedies-1/cases/duplicates-none.json',
    )
  })
})
