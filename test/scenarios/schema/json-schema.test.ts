import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import {
  scenarioJsonSchema,
  scenarioJsonSchemaText,
} from '../../../scenarios/schema/json-schema.ts'

test('the committed JSON Schema is the one of this version', async () => {
  const filepath = new URL('../../../scenarios/schema.json', import.meta.url).pathname
  const options = await resolveConfig(filepath)
  const text = await format(scenarioJsonSchemaText(), { ...options, filepath })

  await expect(text).toMatchFileSnapshot(filepath)
})

test('editors know the keys, the words and the verbs', () => {
  const schema = JSON.stringify(scenarioJsonSchema())

  for (const word of ['"replicationFactor"', '"process-then-commit"', '"slow-link"', '"10s"']) {
    expect(schema).toContain(word)
  }
})
