import { describe, expect, test } from 'vitest'
import { validationCsv, validationReport } from '../../../reports/html/validation.ts'
import { plantedValidation } from '../planted-validation.ts'

describe('the validation table as a page', () => {
  const page = validationReport(plantedValidation())

  test('says first how many rows are inside, then each chapter', () => {
    expect(page.indexOf('1 of 3 rows lies inside')).toBeLessThan(page.indexOf('<nav'))
    expect([...page.matchAll(/<section id="([\w-]+)"/g)].map((match) => match[1])).toEqual([
      'chapter-T',
      'chapter-V1',
      'chapter-V5',
      'chapter-V4',
      'constants',
    ])
  })

  test('shows a row by its place between what is allowed', () => {
    expect(page).toContain('--low:42.5%;--high:57.5%;--from:32.4%;--to:32.7%;--at:32.5%')
    expect(page).toContain('the link is full')
  })

  test('counts a row that is not simulated neither as inside nor as outside', () => {
    expect(page).toContain('1 of 3 inside</p>')
    expect(page).toMatch(/0 of 0 inside, 1 not simulated/)
    expect(page.match(/aria-label="not simulated"/g)).toHaveLength(1)
  })

  test('needs no script and refers to nothing', () => {
    expect(page).not.toContain('<script')
    const targets = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '')
    expect(targets.filter((one) => !/^(?:#|data:)/.test(one))).toEqual([])
  })

  test('escapes what stands in its rows', () => {
    const planted = plantedValidation()
    const rows = planted.rows.map((row) => ({ ...row, title: '<img src=x>', note: '<b>' }))

    expect(validationReport({ ...planted, rows })).not.toMatch(/<img|<b>/)
  })

  test('has all rows as CSV', () => {
    const { name, text } = validationCsv(plantedValidation())

    expect(name).toBe('validation.csv')
    expect(text.trimEnd().split('\r\n')).toHaveLength(5)
    expect(text).toMatch(/^V4\.2,.*,not simulated\r$/m)
  })
})
