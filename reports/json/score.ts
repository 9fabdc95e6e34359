/**
 * The JSON answer of `dmqsim score`. Thin: protocol levels are not scored yet.
 */

import { z } from 'zod'
import type { GuardScore, Head, ScoreAnswer } from '../answer.ts'
import { count, type Fields, headFields, names, text } from './common.ts'

export interface ScoreJson extends Head {
  readonly guards: readonly GuardScore[]
  readonly protocols: readonly never[]
  readonly noticed: number
  readonly neverDecisive: readonly string[]
  readonly of: number
  /** Noticed ÷ all. */
  readonly share: number
}

const guard: z.ZodType<GuardScore> = z.strictObject({
  name: z.string(),
  exercise: z.string(),
  decisive: count,
  pairs: count,
  noticed: z.boolean(),
  by: text,
  oracle: z.enum(['history', 'truth', 'liveness']).nullable(),
  firstPair: z.int().nullable(),
  internalErrors: count,
  reason: text,
})

const fields: Fields<ScoreJson> = {
  ...headFields,
  guards: z.array(guard),
  protocols: z.array(z.never()),
  noticed: count,
  neverDecisive: names,
  of: count,
  share: z.number().min(0).max(1),
}

export const scoreSchema: z.ZodType<ScoreJson> = z.strictObject(fields)

export function scoreJson({ head, guards }: ScoreAnswer): ScoreJson {
  const noticed = guards.filter((one) => one.noticed).length
  return {
    ...head,
    guards,
    protocols: [],
    noticed,
    neverDecisive: guards.filter((one) => one.decisive === 0).map((one) => one.name),
    of: guards.length,
    share: guards.length === 0 ? 0 : noticed / guards.length,
  }
}
