/**
 * The JSON answer of `dmqsim score`.
 */

import { z } from 'zod'
import type { GuardScore, Head, LevelScore, ScoreAnswer } from '../answer.ts'
import { scoreTally, scoreTarget } from '../score-tally.ts'
import { count, type Fields, headFields, names, text } from './fields.ts'

export interface ScoreJson extends Head {
  readonly guards: readonly GuardScore[]
  readonly protocols: readonly LevelScore[]
  readonly noticed: number
  readonly neverDecisive: readonly string[]
  readonly of: number
  /** Noticed ÷ all. */
  readonly share: number
  readonly target: {
    /** Noticed ÷ decisive, and what it should be at least. */
    readonly noticed: number
    readonly noticedMin: number
    /** Never decisive ÷ all, and what it should be at most. */
    readonly neverDecisive: number
    readonly neverDecisiveMax: number
    /** Null where only a part was asked for. */
    readonly met: boolean | null
  }
  readonly runs: number
  readonly internalErrors: number
  readonly stopped: ScoreAnswer['stopped']
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

const level: z.ZodType<LevelScore> = z.strictObject({
  feature: z.string(),
  level: z.string(),
  exercise: z.string(),
  noticed: z.boolean(),
  by: text,
  oracle: z.enum(['history', 'truth', 'liveness']).nullable(),
  runs: count,
  internalErrors: count,
  reason: text,
})

const share = z.number().min(0).max(1)

const target: z.ZodType<ScoreJson['target']> = z.strictObject({
  noticed: share,
  noticedMin: share,
  neverDecisive: share,
  neverDecisiveMax: share,
  met: z.boolean().nullable(),
})

const fields: Fields<ScoreJson> = {
  ...headFields,
  guards: z.array(guard),
  protocols: z.array(level),
  noticed: count,
  neverDecisive: names,
  of: count,
  share,
  target,
  runs: count,
  internalErrors: count,
  stopped: z.enum(['time', 'interrupt']).nullable(),
}

export const scoreSchema: z.ZodType<ScoreJson> = z.strictObject(fields)

export function scoreJson(answer: ScoreAnswer): ScoreJson {
  const { head, guards, levels, runs, errors, stopped } = answer
  const { of, noticed, neverDecisive, noticedShare, neverDecisiveShare, met } = scoreTally(answer)
  return {
    ...head,
    guards,
    protocols: levels,
    noticed,
    neverDecisive,
    of,
    share: of === 0 ? 0 : noticed / of,
    target: {
      noticed: noticedShare,
      noticedMin: scoreTarget.noticed,
      neverDecisive: neverDecisiveShare,
      neverDecisiveMax: scoreTarget.neverDecisive,
      met,
    },
    runs,
    internalErrors: errors,
    stopped,
  }
}
