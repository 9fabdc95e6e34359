import { expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import { rangeText, validationSentence, validationText } from '../../../reports/text/validation.ts'
import { plantedValidation } from '../planted-validation.ts'

test('the sentence names the rows outside, and those that are not simulated apart', () => {
  expect(validationSentence(plantedValidation())).toBe(
    '1 of 3 rows lies inside; outside: V1.2, V5.3; not simulated: V4.2.',
  )
})

test('a validation fits 80 columns and says bounds, notes and what was fitted', () => {
  const lines = validationText(plantedValidation(), page(80, false)).split('\n')

  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(lines.find((line) => line.includes('T.MM1.50'))).toMatch(/✓ .* 10 +10\.01 +9\.86–10\.16$/)
  expect(lines.find((line) => line.includes('✗  V1.2'))).toMatch(
    /786,980 +512,000 +668,933–905,027$/,
  )
  expect(lines.find((line) => line.includes('✗  V5.3'))).toMatch(/14 +– +9\.3–21$/)
  expect(lines.find((line) => line.includes('–  V4.2'))).toMatch(/786,980 +– +668,933–905,027$/)
  expect(lines).toContain('  V1.2: the link is full')
  expect(lines).toContain('  recordCpuNs = 310, from V1.1')
})

test('a range below zero is told in words, so that no dash is taken for a minus', () => {
  expect(rangeText(-100, -90)).toBe('−100 to −90')
  expect(rangeText(3.5, 7.5)).toBe('3.5–7.5')
})
