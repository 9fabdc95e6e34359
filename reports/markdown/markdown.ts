/**
 * The little of Markdown that answers are written in: headings, lists and tables as GitHub and
 * most wikis read them. Text of users is kept from meaning anything.
 */

export interface MarkdownColumn {
  readonly title: string
  /** Stands to the right. */
  readonly number?: boolean
}

/** Safe inside a paragraph, a list or a cell, on one line. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** Nothing where there are no rows. */
export function tableLines(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ title }) => plain(title))),
    line(columns.map(({ number }) => (number === true ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map(plain))),
    '',
  ]
}

export function listLines(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [...items.map((item) => `- ${plain(item)}`), '']
}

/** A part under its heading; nothing where there is nothing to say. */
export function partLines(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${plain(title)}`, '', ...lines]
}

/** The command that makes the answer again, to paste. */
export function againLines(command: string): string[] {
  return ['## Again', '', '```sh', command.replaceAll('`', ''), '```', '']
}
