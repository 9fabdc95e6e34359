/**
 * A table that scrolls inside its own box, so that the page never does sideways.
 */

import { markup, type Markup, type Piece } from './markup.ts'

export interface Column {
  readonly title: string
  /** Numbers stand to the right, in digits of one width. */
  readonly number?: boolean
  /** May take several lines; the others keep to one. */
  readonly prose?: boolean
}

export interface Row {
  readonly cells: readonly Piece[]
  /** Set back: what never happened or was not reached. */
  readonly faint?: boolean
}

/** `label` names the table for those who do not see it. */
export function table(label: string, columns: readonly Column[], rows: readonly Row[]): Markup {
  return boxed('scroll', { label, columns, rows })
}

/** As wide as its cells: few columns are not torn apart. */
export function compactTable(
  label: string,
  columns: readonly Column[],
  rows: readonly Row[],
): Markup {
  return boxed('scroll compact', { label, columns, rows })
}

interface Content {
  readonly label: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

function boxed(kind: string, { label, columns, rows }: Content): Markup {
  const heads = columns.map(
    (column) => markup`<th scope="col" class="${classOf(column)}">${column.title}</th>`,
  )
  const lines = rows.map((row) => rowMarkup(columns, row))
  return markup`<div class="${kind}" role="region" tabindex="0" aria-label="${label}"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>`
}

function rowMarkup(columns: readonly Column[], { cells, faint }: Row): Markup {
  const filled = columns.map((column, at) => {
    const content = cells[at] ?? ''
    if (at === 0) return markup`<th scope="row" class="${classOf(column)}">${content}</th>`
    return markup`<td class="${classOf(column)}">${content}</td>`
  })
  return markup`<tr class="${faint === true ? 'faint' : ''}">${filled}</tr>
`
}

function classOf({ number, prose }: Column): string {
  if (number === true) return 'number'
  return prose === true ? 'prose' : 'word'
}
