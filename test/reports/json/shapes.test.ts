import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { answerJsonSchema, schemaNames } from '../../../reports/json/schemas.ts'

const page = readFileSync(new URL('../../../docs/specification/json.md', import.meta.url), 'utf8')

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
  test.each(schemaNames)('shows every field of the answer of %s', (name) => {
    const missing = [...fieldsOf(answerJsonSchema(name))].filter(
      (field) => !page.includes(`"${field}"`),
    )

    expect(missing).toEqual([])
  })
})
