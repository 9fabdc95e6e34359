/**
 * Rows as CSV (RFC 4180): quoted where needed, lines ended by CR LF, numbers as they are.
 *
 * A spreadsheet runs a text that begins like a formula, and names are a user's: such a text gets
 * an apostrophe before it.
 */

export type Cell = string | number | null

export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
