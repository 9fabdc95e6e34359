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
  /** In a card it has a line of its own, as prose has, and keeps to one line in a table. */
  readonly whole?: boolean
  /** Its title in a card, where the long one would not fit over a figure. */
  readonly short?: string
}

export interface Row {
  readonly cells: readonly Piece[]
  /** Set back: what never happened or was not reached. */
  readonly faint?: boolean
  /** The one that the page is about. */
  readonly chosen?: boolean
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

/**
 * On a narrow screen each row is a card: figures stand side by side under their names, prose has
 * lines of its own, and cells that say nothing are left out.
 */
export function cardTable(label: string, columns: readonly Column[], rows: readonly Row[]): Markup {
  return boxed('scroll cards', { label, columns, rows })
}

interface Content {
  readonly label: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

function boxed(kind: string, { label, columns, rows }: Content): Markup {
  const heads = columns.map(
    (column) => markup`<th scope="col" class="${classOf(column)}">${breakable(column.title)}</th>`,
  )
  const cards = kind.includes('cards')
  const lines = rows.map((row) => rowMarkup(columns, row, cards))
  return markup`<div class="${kind}" role="region" tabindex="0" aria-label="${label}"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>`
}

/** In a card the title of the column stands beside the content, which has to be one element. */
function rowMarkup(
  columns: readonly Column[],
  { cells, faint, chosen }: Row,
  cards: boolean,
): Markup {
  const filled = columns.map((column, at) => {
    const content = cells[at] ?? ''
    if (at === 0) return markup`<th scope="row" class="${classOf(column)}">${content}</th>`
    if (!cards) return markup`<td class="${classOf(column)}">${content}</td>`
    const kind = saysNothing(content) ? `${classOf(column)} blank` : classOf(column)
    return markup`<td class="${kind}" data-title="${breakable(column.short ?? column.title)}"><div>${content}</div></td>`
  })
  const kind = chosen === true ? 'chosen' : faint === true ? 'faint' : ''
  return markup`<tr class="${kind}">${filled}</tr>
`
}

function classOf({ number, prose, whole }: Column): string {
  const kind = number === true ? 'number' : prose === true ? 'prose' : 'word'
  return whole === true ? `${kind} whole` : kind
}

function saysNothing(content: Piece): boolean {
  return content === '' || content === '–'
}

/** Names of measures have no spaces: where room is short they break after their marks. */
function breakable(title: string): string {
  return title.replaceAll(/[:{]/g, '$&\u200b')
}
