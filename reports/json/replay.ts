/**
 * The JSON answer of `dmqsim replay`: that of the run, how it compares, and why it broke.
 */

import { z } from 'zod'
import type { ReplayAnswer } from '../answer.ts'
import { type ExplanationJson, explanationJson, explanationSchema } from './explanation.ts'
import { number, text } from './fields.ts'
import { runFields, type RunJson, runJson } from './run.ts'

export interface ReplayJson extends RunJson {
  readonly same: boolean
  readonly recordedHash: string | null
  readonly firstDifference: {
    readonly event: number | null
    readonly atMs: number | null
    readonly was: string
    readonly is: string
  } | null
  readonly explanation: ExplanationJson | null
}

export const replaySchema: z.ZodType<ReplayJson> = z.strictObject({
  ...runFields,
  same: z.boolean(),
  recordedHash: text,
  firstDifference: z
    .strictObject({
      event: z.int().nullable(),
      atMs: number,
      was: z.string(),
      is: z.string(),
    })
    .nullable(),
  explanation: explanationSchema.nullable().describe('null if nothing broke'),
})

export function replayJson(answer: ReplayAnswer): ReplayJson {
  const { same, recordedHash, firstDifference } = answer
  const { explanation, mendCommand } = answer
  return {
    ...runJson(answer),
    same,
    recordedHash,
    firstDifference,
    explanation: explanation === null ? null : explanationJson(explanation, mendCommand),
  }
}
