import { expect, test } from 'vitest'
import { backtestMarkdown } from '../../../reports/markdown/backtest.ts'
import { plantedBacktest } from '../planted-backtest.ts'

test('a page has the sentence, the error of each series and the command', () => {
  const answer = plantedBacktest

  const page = backtestMarkdown(answer, 'npx dmqsim backtest shop june.csv 1')

  expect(page).toContain(`# ${answer.scenario}: backtest`)
  expect(page).toContain('| messages in | produced | 60 | 2 % | 3.1 % | −1.2 % |')
  expect(page).toContain('npx dmqsim backtest shop june.csv 1')
})

test('names of a user mean nothing in it', () => {
  const answer = { ...plantedBacktest, measured: '<b>|june' }

  expect(backtestMarkdown(answer, '')).toContain('&lt;b&gt;\\|june')
})

test('without a fit nothing is said to have been fitted', () => {
  const { backtest } = plantedBacktest
  const answer = { ...plantedBacktest, backtest: { ...backtest, fitted: [], constants: {} } }

  const page = backtestMarkdown(answer, '')

  expect(page).toContain('Nothing was fitted: the simulation has seen neither half.')
  expect(page).toContain('Error of the first half')
  expect(page).not.toMatch(/where it was fitted|Fitted on|was not fitted/)
})
