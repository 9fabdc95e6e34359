/**
 * Reads the text of a `.properties` file as Java does: comments, continuation lines, escapes.
 *
 * Keys keep the place where they stand, so that a finding about one can point there. A key that
 * stands twice is there twice; which one counts is for the caller to say (in Java, the last).
 */

export interface PropertyEntry {
  readonly key: string
  readonly value: string
  /** From 1, in the file as it is written. */
  readonly line: number
  readonly column: number
}

/** A line that Java would not load. */
export class PropertiesSyntaxError extends Error {
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.name = 'PropertiesSyntaxError'
    this.line = line
    this.column = column
  }
}

export function parseProperties(text: string): readonly PropertyEntry[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const entries: PropertyEntry[] = []
  let index = 0
  while (index < lines.length) {
    const first = lines[index] ?? ''
    const column = indentOf(first) + 1
    const line = index + 1
    let logical = first.slice(column - 1)
    index += 1
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue
    while (endsOpen(logical) && index < lines.length) {
      const next = lines[index] ?? ''
      logical = logical.slice(0, -1) + next.slice(indentOf(next))
      index += 1
    }
    if (endsOpen(logical)) logical = logical.slice(0, -1)
    if (logical !== '') entries.push(entryOf(logical, line, column))
  }
  return entries
}

function indentOf(line: string): number {
  let at = 0
  while (isBlank(line[at])) at += 1
  return at
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\f'
}

/** An odd number of backslashes at the end joins the next line. */
function endsOpen(line: string): boolean {
  let count = 0
  while (line[line.length - 1 - count] === '\\') count += 1
  return count % 2 === 1
}

function entryOf(logical: string, line: number, column: number): PropertyEntry {
  const keyEnd = endOfKey(logical)
  let valueStart = keyEnd
  while (isBlank(logical[valueStart])) valueStart += 1
  if (logical[valueStart] === '=' || logical[valueStart] === ':') valueStart += 1
  while (isBlank(logical[valueStart])) valueStart += 1
  return {
    key: unescape(logical.slice(0, keyEnd), line, column),
    value: unescape(logical.slice(valueStart), line, column + valueStart),
    line,
    column,
  }
}

function endOfKey(logical: string): number {
  let at = 0
  while (at < logical.length) {
    const character = logical[at]
    if (character === '=' || character === ':' || isBlank(character)) return at
    at += character === '\\' ? 2 : 1
  }
  return logical.length
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescape(text: string, line: number, column: number): string {
  if (!text.includes('\\')) return text
  let result = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character !== '\\') {
      result += character
      continue
    }
    at += 1
    const escaped = text[at] ?? ''
    if (escaped !== 'u') {
      result += escapes[escaped] ?? escaped
      continue
    }
    const digits = text.slice(at + 1, at + 5)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw new PropertiesSyntaxError('\\u needs four hexadecimal digits', line, column + at - 1)
    }
    result += String.fromCharCode(Number.parseInt(digits, 16))
    at += 4
  }
  return result
}
