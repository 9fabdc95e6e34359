/**
 * Reads the rows of a CSV with the place of each cell, for messages.
 *
 * Cells may stand in double quotes, with "" for one (RFC 4180); the separator is a comma, a
 * semicolon or a tab, whichever the header has most of. Lines with `#`, empty ones and the `sep=`
 * of spreadsheets are left out. Left out: cells of several lines.
 */

export interface Cell {
  readonly text: string
  /** From 1. */
  readonly column: number
}

export interface Row {
  /** From 1. */
  readonly line: number
  readonly cells: readonly Cell[]
}

export function csvRows(text: string): readonly Row[] {
  const rows: Row[] = []
  let separator = ''
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((written, index) => {
      const trimmed = written.trim()
      if (trimmed === '' || trimmed.startsWith('#') || /^"?sep=.?"?$/.test(trimmed)) return
      if (separator === '') separator = separatorOf(written)
      rows.push({ line: index + 1, cells: cellsOf(written, separator) })
    })
  return rows
}

function separatorOf(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '')
  let best = ','
  for (const candidate of [';', '\t']) {
    if (bare.split(candidate).length > bare.split(best).length) best = candidate
  }
  return best
}

function cellsOf(line: string, separator: string): readonly Cell[] {
  const cells: Cell[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at <= line.length; at += 1) {
    if (line[at] === '"') quoted = !quoted
    if (at < line.length && (quoted || line[at] !== separator)) continue
    cells.push(cellOf(line.slice(start, at), start))
    start = at + 1
  }
  return cells
}

function cellOf(written: string, start: number): Cell {
  const text = written.trim()
  const column = start + 1 + (text === '' ? 0 : written.indexOf(text))
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return { text, column }
  return { text: text.slice(1, -1).replaceAll('""', '"').trim(), column }
}
