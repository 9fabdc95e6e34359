import { describe, expect, test } from 'vitest'
import { Columns } from '../../model/columns.ts'

describe('a table of columns', () => {
  test('keeps what was written when it grows past its capacity', () => {
    const table = new Columns(['left', 'right'], 2)

    for (let value = 0; value < 5; value += 1) {
      const row = table.next()
      table.data.left[row] = value
      table.data.right[row] = -value
    }

    expect([...table.column('left')]).toEqual([0, 1, 2, 3, 4])
    expect([...table.column('right')]).toEqual([-0, -1, -2, -3, -4])
    expect(table.length).toBe(5)
  })

  test('gives its columns in the order of their names', () => {
    const table = new Columns(['left', 'right'])
    const row = table.next()
    table.data.right[row] = 2
    table.data.left[row] = 1

    const columns = table.columns()

    expect(columns.map((column) => [...column])).toEqual([[1], [2]])
    expect(table.get('right', row)).toBe(2)
  })
})

describe('rows that are dropped', () => {
  test('leave the others their numbers and their order', () => {
    const table = new Columns(['value'], 2)
    const write = (value: number): number => {
      const row = table.next()
      table.data.value[row] = value
      return table.numberOf(row)
    }
    const numbers = [10, 11, 12, 13, 14].map(write)

    table.drop(Uint8Array.of(1, 0, 1, 0, 0))
    numbers.push(write(15))
    table.drop(Uint8Array.of(0, 1, 0, 0))
    numbers.push(write(16))

    expect([...table.column('value')]).toEqual([11, 14, 15, 16])
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(numbers.map((number) => table.rowOf(number))).toEqual([-1, 0, -1, -1, 1, 2, 3])
    expect(table.nextNumber).toBe(7)
  })
})
