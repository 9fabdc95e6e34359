import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { answerJsonSchema, schemaNames } from '../../../reports/json/schemas.ts'

const page = readFileSync(new URL('../../../docs/specification/json.md', import.meta.url), 'utf8')

/** What a shape on the page holds beside its own: it is told as that one and more. */
const base: Readonly<Record<string, string>> = { replay: 'run', merge: 'explore' }

/** The part of the page about an answer, from the line that names it to the next such line. */
function partOf(name: string): string {
  const title = name === 'compare-vary' ? 'compare --vary' : name.replace('-', ' ')
  const lines = page.split('\n')
  const titles = schemaNames.map((one) =>
    one === 'compare-vary' ? 'compare --vary' : one.replace('-', ' '),
  )
  const isTitle = (line: string, of: string): boolean =>
    line.startsWith('// ') &&
    line
      .slice(3)
      .split(' · ')
      .some((word) => word === of || word.startsWith(`${of} `) || word.startsWith(`${of}:`))
  const first = lines.findIndex((line) => isTitle(line, title))
  const others = [...titles.filter((one) => one !== title), 'table truncation', 'plan', 'bench']
  const after = lines.findIndex(
    (line, at) => at > first && others.some((one) => isTitle(line, one)) && !isTitle(line, title),
  )
  const own = lines.slice(first, after === -1 ? undefined : after).join('\n')
  const [head = ''] = page.split('```jsonc')
  return [head, own, base[name] === undefined ? '' : partOf(base[name])].join('\n')
}

/** Names of all fields in a JSON Schema, however deep. */
function fieldsOf(schema: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return found
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') for (const name of Object.keys(value as object)) found.add(name)
    for (const inner of key === 'properties' ? Object.values(value as object) : [value])
      fieldsOf(inner, found)
  }
  return found
}

describe('the page of the shapes of --json', () => {
  test.each(schemaNames)('shows every field of the answer of %s where it tells of it', (name) => {
    const part = partOf(name)

    const missing = [...fieldsOf(answerJsonSchema(name))].filter(
      (field) => !part.includes(`"${field}"`),
    )

    expect(part).toContain('{ "')
    expect(missing).toEqual([])
  })
})
