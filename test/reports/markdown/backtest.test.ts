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
