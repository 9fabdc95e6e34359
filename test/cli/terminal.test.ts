import { expect, test } from 'vitest'
import { columnsOf } from '../../cli/terminal.ts'

test.each([
  ['160', 160],
  [undefined, 80],
  ['', 80],
  ['wide', 80],
  ['0', 80],
])('a pipe with COLUMNS=%s has %i columns', (said, columns) => {
  expect(columnsOf({ COLUMNS: said })).toBe(columns)
})
