/**
 * The JSON Schema of scenario files, for completion in editors and for `dmqsim schema scenario`.
 *
 * It is committed as `scenarios/schema.json`; a test compares the file with what this makes.
 */

import { z } from 'zod'
import { editorSchema } from './surface-schema.ts'

export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(editorSchema, { io: 'input', target: 'draft-2020-12' })
}

/** The text of `scenarios/schema.json`. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
}
