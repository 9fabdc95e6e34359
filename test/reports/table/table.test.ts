import { expect, test } from 'vitest'
import { table } from '../../../reports/table/table.ts'

test('columns are as wide as their cells, and numbers stand to the right', () => {
  const lines = table(
    [{ title: 'check' }, { title: 'runs', right: true }],
    [
      ['no-loss', '812'],
      ['truth', '1,000'],
    ],
    80,
  )

  expect(lines).toEqual(['check     runs', 'no-loss    812', 'truth    1,000'])
})

test('what does not fit is wrapped in the column that may be', () => {
  const lines = table(
    [{ title: 'name' }, { title: 'why', wraps: true }],
    [['guard', 'it was decisive and nobody noticed']],
    30,
  )

  expect(lines).toEqual(['name   why', 'guard  it was decisive and', '       nobody noticed'])
})
