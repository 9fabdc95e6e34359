import { expect, test } from 'vitest'
import type { VaryRow } from '../../reports/answer.ts'
import { page } from '../../reports/text/layout.ts'
import { varySentence, varyText } from '../../reports/text/vary.ts'
import { differencesOf, errorsOf, measuresOf, sharesOf } from '../../reports/vary.ts'
import { plantedSample, plantedVary } from './planted-vary.ts'

const answer = plantedVary()
const [, one] = answer.rows as [VaryRow, VaryRow]

test('a share is of the runs that could tell', () => {
  const unknown = { verdicts: [{ check: 'no-loss', verdict: 'unknown' }] } as const
  const row = { value: 'x', samples: [...one.samples, plantedSample(10, unknown)] }

  const [noLoss] = sharesOf(row)

  expect(noLoss).toMatchObject({ check: 'no-loss', broken: 5, of: 10, share: { value: 0.5 } })
})

test('means are over the runs that measured something, and not below zero', () => {
  const samples = [plantedSample(0, { lost: 9, latenessUs: null }), plantedSample(1)]

  const { lost, latenessUs } = measuresOf({ value: 'x', samples })

  expect(lost).toMatchObject({ value: 4.5, low: 0 })
  expect(latenessUs).toEqual({ value: 1_001_000, low: null, high: null })
})

test('a difference is taken run for run', () => {
  const differences = differencesOf(one, answer)

  // Ten records in five of ten runs; what the rows share in redelivered cancels out.
  expect(differences?.lost?.value).toBe(5)
  expect(differences?.redelivered).toEqual({ value: 0, low: 0, high: 0 })
  expect(differences?.produceP99Us?.value).toBeCloseTo(-35_995.5)
  expect(differencesOf(answer.rows[0] as VaryRow, answer)).toBeNull()
})

test('a run in which dmqsim failed is counted and not measured', () => {
  const failed = plantedSample(0, { error: 'x', verdicts: [], lost: null })

  expect(errorsOf({ value: 'x', samples: [failed] })).toBe(1)
  expect(measuresOf({ value: 'x', samples: [failed] }).lost).toBeNull()
})

test('the sentence tells of the check that the setting matters to', () => {
  const key = 'producers.shop.config.acks'

  expect(varySentence(answer)).toBe(
    `With 2 values of ${key}, no-loss broke in 0 of 10 with all, 5 of 10 with 1.`,
  )
  expect(varySentence({ ...answer, rows: answer.rows.slice(0, 1) })).toBe(
    `No check broke with any of 1 value of ${key}, in 10 runs each.`,
  )
})

test.each([80, 160])('the text keeps to %i columns and has one row a value', (width) => {
  const text = varyText(answer, page(width, false))

  const lines = text.trimEnd().split('\n')
  // The command at the end is for pasting, and stays whole.
  expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThanOrEqual(width)
  expect(text).toContain('  all      0 (0 … 28)\n  1      50 (24 … 76)\n  never: truth\n')
  expect(text).toContain('none: duplicated, out of order')
  expect(text).toMatch(/Differences to all, run for run\n {2}1 {2}lost \+5\.0 \(/)
})

test('at 160 columns all measures stand beside one another', () => {
  const heads = (width: number): number =>
    varyText(answer, page(width, false)).match(/^ {2}value /gm)?.length ?? 0

  expect(heads(160)).toBe(2)
  expect(heads(80)).toBeGreaterThan(2)
})
