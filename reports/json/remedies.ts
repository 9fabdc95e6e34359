/**
 * The JSON answer of `dmqsim table remedies`.
 */

import { z } from 'zod'
import type { Head, RemediesAnswer, RemedyRow } from '../answer.ts'
import { count, type Fields, headFields, number, text } from './fields.ts'

export interface RemediesJson extends Head {
  readonly rows: readonly RemedyRow[]
}

const row: z.ZodType<RemedyRow> = z.strictObject({
  problem: z.enum(['duplicates', 'loss', 'disorder', 'backlog']),
  remedy: z.string(),
  variant: text.describe('of idempotent-consumer: mark-before, mark-after or atomic'),
  scenario: z.string(),
  sets: z.record(z.string(), z.string()).describe('values over the scenario'),
  check: z.string(),
  verdict: z.enum(['kept', 'broken', 'does-not-apply']),
  runs: count,
  kept: count.describe('runs that could tell and do not show it'),
  broken: count.describe('runs that show the problem'),
  firstAt: z.int().nullable().describe('first run that shows it, from 0'),
  upperBound: number.describe('95 % bound on the share of runs that show it'),
  sideEffects: z.record(
    z.string(),
    z.strictObject({ verdict: z.enum(['kept', 'broken']), broken: count }),
  ),
  token: text,
  file: text,
})

const fields: Fields<RemediesJson> = { ...headFields, rows: z.array(row) }

export const remediesSchema: z.ZodType<RemediesJson> = z.strictObject(fields)

export function remediesJson({ head, rows }: RemediesAnswer): RemediesJson {
  return { ...head, rows }
}
