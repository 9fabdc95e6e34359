/**
 * A table in text: columns as wide as their cells, and what does not fit wrapped in the widest.
 *
 * Numbers stand to the right. Left out: borders, and colour inside a cell.
 */

import { wrap } from '../text/layout.ts'

export interface Column {
  readonly title: string
  readonly right?: boolean
  /** Where room is short this column is wrapped; one at most. */
  readonly wraps?: boolean
}

const GAP = '  '
const WRAPPED_MIN = 16

/** The lines of a table, its titles first. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const widths = columnWidths(columns, rows, width)
  const titles = columns.map((column) => column.title)
  return [titles, ...rows].flatMap((row) => rowLines(columns, row, widths))
}

function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): number[] {
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...rows.map((row) => (row[at] ?? '').length)),
  )
  const wrapped = columns.findIndex((column) => column.wraps === true)
  if (wrapped === -1) return widths
  const others = widths.reduce((sum, one, at) => (at === wrapped ? sum : sum + one + GAP.length), 0)
  const room = Math.max(WRAPPED_MIN, width - others)
  return widths.map((one, at) => (at === wrapped ? Math.min(one, room) : one))
}

function rowLines(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
): string[] {
  const cells = columns.map((column, at) =>
    column.wraps === true ? wrap(row[at] ?? '', widths[at] ?? 1) : [row[at] ?? ''],
  )
  const height = Math.max(...cells.map((cell) => cell.length))
  const lines: string[] = []
  for (let line = 0; line < height; line += 1) {
    const parts = columns.map((column, at) => {
      const part = cells[at]?.[line] ?? ''
      const size = widths[at] ?? 0
      return column.right === true ? part.padStart(size) : part.padEnd(size)
    })
    lines.push(parts.join(GAP).replace(/ +$/, ''))
  }
  return lines
}
