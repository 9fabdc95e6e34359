import { expect, test } from 'vitest'
import { backtestSentence, backtestText } from '../../../reports/text/backtest.ts'
import { page } from '../../../reports/text/layout.ts'
import { plantedBacktest } from '../planted-backtest.ts'

test('a backtest says how far its worst series is off on the half that was not fitted', () => {
  expect(backtestSentence(plantedBacktest)).toBe(
    'On the half that was not fitted 2 series are off by at most 27.0 % on average ' +
      '(lag{group="payment"}).',
  )
})

test('a backtest fits 80 columns, with both halves and the bias of each series', () => {
  const lines = backtestText(plantedBacktest, page(80, false)).split('\n')

  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(lines.find((line) => line.includes('messages in'))).toMatch(
    /produced +2\.0 % +3\.1 % +−1\.2 %$/,
  )
  expect(lines).toContain('  recordCpuNs = 310')
})

test('without a fit the second half is told, and nothing of a fit', () => {
  const { backtest } = plantedBacktest
  const answer = { ...plantedBacktest, backtest: { ...backtest, fitted: [], constants: {} } }

  expect(backtestSentence(answer)).toMatch(/^In the second half 2 series are off by at most/)
  expect(backtestText(answer, page(80, false))).toMatch(/first half +judged/)
})
