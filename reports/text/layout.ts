/**
 * Lines of a given width: wrapping, hanging indents, aligned columns.
 *
 * Colour is laid on whole lines or cells after they were measured, so that it never counts. The
 * texts hold no characters of double width.
 */

import pc from 'picocolors'

export type Paint = ReturnType<typeof pc.createColors>

/** What a layout writes on. */
export interface Page {
  /** Columns. */
  readonly width: number
  readonly paint: Paint
}

const WIDTH_MIN = 60

export function page(width: number, colour: boolean): Page {
  return { width: width < WIDTH_MIN ? WIDTH_MIN : width, paint: pc.createColors(colour) }
}

/** Words of a text in lines of at most `width`; a longer one is cut, after a mark if it has any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}

function pieces(word: string, width: number): string[] {
  if (word.length <= width) return [word]
  const found: string[] = []
  let rest = word
  while (rest.length > width) {
    const marked = /^.*[=:,/}\])]/.exec(rest.slice(0, width))?.[0] ?? ''
    const size = marked.length > width / 3 ? marked.length : width
    found.push(rest.slice(0, size))
    rest = rest.slice(size)
  }
  return [...found, rest]
}

/** A label of a fixed width with its text wrapped beside it. */
export function beside(label: string, indent: number, text: string, width: number): string[] {
  const lines = wrap(text, width - indent)
  return lines.map((line, at) =>
    `${(at === 0 ? label : '').padEnd(indent)}${line}`.replace(/ +$/, ''),
  )
}

/** Lines hung below a first one that starts with `first`. */
export function hung(first: string, text: string, width: number): string[] {
  return beside(first, first.length, text, width)
}

export function title(text: string, { paint }: Page): string {
  return paint.bold(text)
}

/** Blocks with an empty line between; empty ones leave no trace. */
export function blocks(...parts: readonly (readonly string[])[]): string[] {
  const lines: string[] = []
  for (const part of parts) {
    if (part.length === 0) continue
    if (lines.length > 0) lines.push('')
    lines.push(...part)
  }
  return lines
}

export function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
