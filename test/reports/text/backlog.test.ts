import { expect, test } from 'vitest'
import { backlogLines, sparkline } from '../../../reports/text/backlog.ts'
import { page } from '../../../reports/text/layout.ts'
import { plantedJudged } from '../planted.ts'

function seriesOf(backlog: readonly number[]): Parameters<typeof sparkline>[0] {
  return {
    group: 'payment',
    topic: 'orders',
    atUs: backlog.map((_value, at) => at * 1_000_000),
    backlog,
    latenessUs: backlog.map(() => 0),
  }
}

test('a backlog of one record is seen beside a peak of thousands', () => {
  const line = sparkline(seriesOf([0, 1, 5_000, 0]), { left: 0, columns: 4, endUs: 4_000_000 })

  expect(line).toBe('▁▂█▁')
})

test('a column shows the highest backlog in its stretch', () => {
  const line = sparkline(seriesOf([0, 9, 0, 0]), { left: 0, columns: 2, endUs: 4_000_000 })

  expect(line).toBe('█▁')
})

test('faults that overlap get lines of their own', () => {
  const lines = backlogLines(plantedJudged(), page(80, false))

  const first = lines.findIndex((line) => line.includes('1──'))
  expect(lines[first + 1]).toContain('2──')
})

test('a refused fault leaves no mark', () => {
  const lines = backlogLines(plantedJudged(), page(80, false))

  const first = lines.findIndex((line) => line.includes('1──'))
  const marks = lines.slice(first, -1).join('')
  expect(marks).toContain('2')
  expect(marks).not.toContain('3')
})
