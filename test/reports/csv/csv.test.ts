import { describe, expect, test } from 'vitest'
import { csvText } from '../../../reports/csv/csv.ts'
import { planCsv } from '../../../reports/csv/plan.ts'
import { examplePlan } from '../../scenarios/plan/example-plan.ts'

describe('CSV', () => {
  test('quotes what has commas, quotes or lines, and leaves out what is absent', () => {
    const text = csvText([
      ['a,b', 'say "x"', 'two\nlines'],
      [1.5, null, 'plain'],
    ])

    expect(text).toBe('"a,b","say ""x""","two\nlines"\r\n1.5,,plain\r\n')
  })

  test('lets no text run as a formula', () => {
    expect(csvText([['=1+1', '@x', '+y', '-z', -3]])).toBe("'=1+1,'@x,'+y,'-z,-3\r\n")
  })
})

describe('the files of a plan', () => {
  const files = planCsv(examplePlan)

  test('have names of their own and rows of one length', () => {
    const names = files.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { text } of files) {
      const lengths = text
        .trimEnd()
        .split('\r\n')
        .filter((line) => !line.includes('"'))
        .map((line) => line.split(',').length)
      expect(new Set(lengths).size).toBeLessThanOrEqual(1)
    }
  })

  test('are the tables, and six curves of each of four drills', () => {
    const curves = files.filter(({ curve }) => curve).map(({ name }) => name)
    expect(curves).toHaveLength(24)
    expect(curves).toContain('one-broker-down-throughput.csv')
    expect(files.filter(({ curve }) => !curve).map(({ name }) => name)).toEqual([
      'candidates.csv',
      'drills.csv',
      'groups.csv',
      'utilisation.csv',
      'walls.csv',
      'what-if.csv',
      'sensitivity.csv',
      'doubts.csv',
      'inputs.csv',
    ])
  })

  test('hold the times of the curve and its values', () => {
    const traffic = files.find(({ name }) => name === 'normal-throughput.csv')?.text.split('\r\n')

    expect(traffic?.[0]).toBe(
      'seconds,asked for (records/s),acknowledged (records/s),payment processes (records/s)',
    )
    expect(traffic?.[27]).toMatch(/^86366,583000,/)
  })
})
