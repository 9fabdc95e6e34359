import { expect, test } from 'vitest'
import { backtestReport } from '../../../reports/html/backtest.ts'
import type { BacktestAnswer } from '../../../reports/answer.ts'
import { plantedBacktest } from '../planted-backtest.ts'

const page = backtestReport(plantedBacktest, 'npx dmqsim backtest shop june.csv 1')

/** The page without what it carries in scripts and sheets. */
function visible(text: string): string {
  return text.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
}

interface Model {
  readonly bands: readonly { readonly from: number; readonly kind: string }[]
  readonly plots: readonly {
    readonly unit: string
    readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[]
  }[]
}

function modelIn(text: string): Model {
  const found = /<script type="application\/json" id="dmqsim-charts">([^<]*)<\/script>/.exec(text)
  return (JSON.parse(found?.[1] ?? 'null') as readonly Model[])[0] as Model
}

test('a backtest answers before anything else, and the worst series stands first', () => {
  const text = visible(page)

  expect(text.indexOf('2 series are off by at most 27.0 % on average')).toBeLessThan(
    text.indexOf('<nav'),
  )
  expect(text).toContain('1 of 2 series off by over 20 %')
  expect(text.indexOf('lag{group=')).toBeLessThan(text.lastIndexOf('messages in'))
  expect(text).toContain('npx dmqsim backtest shop june.csv 1')
})

test('where every series is within the bound it says so', () => {
  const text = visible(backtestReport({ ...plantedBacktest, tolerance: 0.3 }, ''))

  expect(text).toContain('All within 30 %')
  expect(text).not.toContain('class="bad"')
})

test('each series is drawn with what was measured and what was simulated, and where judging begins', () => {
  const { bands, plots } = modelIn(page)

  expect(bands).toMatchObject([{ kind: 'judged from here', from: 10 }])
  expect(plots.map(({ unit }) => unit)).toEqual(['records/s', 'records'])
  expect(plots[0]?.lines).toMatchObject([
    { name: 'measured', values: [100, 200, 200] },
    { name: 'simulated', values: [101, 195, 202] },
  ])
})

test('without a fit nothing is said to have been fitted', () => {
  const { backtest } = plantedBacktest
  const answer = { ...plantedBacktest, backtest: { ...backtest, fitted: [], constants: {} } }

  const text = visible(backtestReport(answer, ''))

  expect(text).toContain('Error of the first half')
  expect(text).not.toContain('Fitted on the first half')
  expect(visible(page)).toContain('Fitted on the first half')
})

test('text of a user means nothing in it, and it refers to nothing outside itself', () => {
  const hostile = '</script><img src=x onerror=alert(1)>'
  const answer: BacktestAnswer = {
    ...plantedBacktest,
    scenario: hostile,
    measured: hostile,
    backtest: {
      ...plantedBacktest.backtest,
      rows: plantedBacktest.backtest.rows.map((row) => ({ ...row, series: hostile })),
    },
  }

  const text = backtestReport(answer, hostile)
  const targets = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '')

  expect(text).not.toContain('<img')
  expect(targets.filter((target) => !/^(?:#|data:,$|data:text\/csv;)/.test(target))).toEqual([])
})
