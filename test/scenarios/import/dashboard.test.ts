import { expect, test } from 'vitest'
import { importDashboard } from '../../../scenarios/import/dashboard.ts'
import { importedText } from '../../../scenarios/import/imported.ts'
import { InputError } from '../../../scenarios/schema/input-error.ts'

const csv = [
  '"Time","orders","{topic=""pay ments""}"',
  '1604937600000,100,10',
  '1604937660000,200,20',
].join('\n')

test('each series of a dashboard is a topic with its load', () => {
  const { scenario } = importDashboard(csv, 'dashboard.csv', 'dashboard')

  expect(scenario).toMatchObject({
    name: 'dashboard',
    duration: '60s',
    topics: [{ name: 'orders' }, { name: 'topic-pay-ments' }],
    producers: [
      { topic: 'orders', load: { csv: 'dashboard.csv', column: 'orders' } },
      { topic: 'topic-pay-ments', load: { csv: 'dashboard.csv', column: '{topic="pay ments"}' } },
    ],
  })
})

test('a single series is a load without a column', () => {
  const { scenario, notes } = importDashboard('seconds,perSecond\n0,5\n90,7', 'c.csv', 'Peak hour')

  expect(scenario.producers?.[0]?.load).toEqual({ csv: 'c.csv' })
  expect(importedText({ scenario, notes }, 'c.csv')).toMatch(/^# Imported from c\.csv\.\n/)
})

test('what is wrong with it is one line', () => {
  expect(() => importDashboard(`${csv}\n1604937720000,,5`, 'd.csv', 'd')).toThrow(
    new InputError(['d.csv:4:15: is empty: fill it, or say gaps: line or gaps: zero']),
  )
})
