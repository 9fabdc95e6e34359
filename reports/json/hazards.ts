/**
 * The JSON answer of `dmqsim table hazards`.
 */

import { z } from 'zod'
import type { HazardRow, HazardsAnswer, Head, Values } from '../answer.ts'
import { count, type Fields, headFields, number, text } from './fields.ts'

export interface HazardsJson extends Head {
  readonly rows: readonly HazardRow[]
  readonly found: number
  readonly fixKept: number
  /** Rows without a fix in ZooKeeper mode. */
  readonly fixNone: number
  readonly of: number
}

const sets: z.ZodType<Values> = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const row: z.ZodType<HazardRow> = z.strictObject({
  id: z.string(),
  title: z.string(),
  scenario: z.string(),
  sets,
  check: z.string(),
  mechanism: text.describe('how the bug breaks the check; null where it is the only way'),
  bias: z.string(),
  found: z.boolean(),
  runs: count.describe('until it was found, or all that were done'),
  index: z.int().nullable(),
  faults: z.int().nullable(),
  faultsBefore: z.int().nullable(),
  elements: z
    .int()
    .nullable()
    .describe(
      'timeline entries, brokers, ZooKeeper servers, topics, producer instances, members, services',
    ),
  shrinkRuns: z.int().nullable(),
  shrinkMs: z.int().nullable(),
  shrinkStopped: z.enum(['runs', 'events', 'time']).nullable(),
  token: text,
  file: text,
  fix: z.strictObject({
    kind: z.enum(['protocol', 'config', 'guard', 'none']),
    sets,
    runs: count,
    broken: count,
    otherwise: z
      .array(z.strictObject({ mechanism: z.string(), runs: count }))
      .describe('broke the same check by something else'),
    errors: count.describe('runs in which dmqsim itself failed'),
    upperBound: number.describe('95 % bound on the share of runs that break it'),
  }),
  fixKept: z.boolean().nullable(),
})

const fields: Fields<HazardsJson> = {
  ...headFields,
  rows: z.array(row),
  found: count,
  fixKept: count,
  fixNone: count,
  of: count,
}

export const hazardsSchema: z.ZodType<HazardsJson> = z.strictObject(fields)

export function hazardsJson({ head, rows }: HazardsAnswer): HazardsJson {
  return {
    ...head,
    rows,
    found: rows.filter((one) => one.found).length,
    fixKept: rows.filter((one) => one.fixKept === true).length,
    fixNone: rows.filter((one) => one.fixKept === null).length,
    of: rows.length,
  }
}
