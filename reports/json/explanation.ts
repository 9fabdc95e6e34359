/**
 * The explanation of a broken promise in JSON: accounts, the pivotal decision, and the mend.
 */

import { z } from 'zod'
import type { Explanation } from '../../scenarios/explain/explain.ts'
import type { FlipKind } from '../../scenarios/explain/flips.ts'
import { count, milliseconds, names, number, text } from './fields.ts'

export interface ExplanationJson {
  readonly accounts: readonly {
    readonly check: string
    readonly scope: string
    readonly kind: string
    readonly about: string
    readonly steps: readonly {
      readonly atMs: number | null
      readonly process: string | null
      readonly text: string
    }[]
    readonly moral: string
  }[]
  readonly pivot: {
    readonly check: string
    readonly scope: string
    readonly traceHash: string
    readonly tried: number
    readonly triedOf: Readonly<Record<FlipKind, number>>
    readonly sentence: string
    readonly saved: readonly {
      readonly kind: FlipKind
      readonly what: string
      readonly atMs: number | null
      readonly traceHash: string
    }[]
  } | null
  readonly mend: {
    readonly check: string
    readonly scope: string
    readonly cases: number
    readonly searched: number
    readonly command: string | null
    readonly tried: readonly {
      readonly sets: readonly string[]
      readonly why: string
      readonly kept: number
      readonly of: number
      readonly refused: string | null
      readonly others: readonly {
        readonly check: string
        readonly scope: string
        readonly before: number
        readonly after: number
      }[]
    }[]
  } | null
}

const of = { check: z.string(), scope: z.string() }

export const explanationSchema: z.ZodType<ExplanationJson> = z.strictObject({
  accounts: z.array(
    z.strictObject({
      ...of,
      kind: z.string(),
      about: z.string().describe('records or partition of which it is told'),
      steps: z.array(z.strictObject({ atMs: number, process: text, text: z.string() })),
      moral: z.string(),
    }),
  ),
  pivot: z
    .strictObject({
      ...of,
      traceHash: z.string().describe('of the run that broke it'),
      tried: count,
      triedOf: z.strictObject({ entry: count, draw: count, tie: count, delay: count }),
      sentence: z.string(),
      saved: z.array(
        z.strictObject({
          kind: z.enum(['entry', 'draw', 'tie', 'delay']),
          what: z.string(),
          atMs: number,
          traceHash: z.string().describe('of the run in which it does not break'),
        }),
      ),
    })
    .nullable(),
  mend: z
    .strictObject({
      ...of,
      cases: count.describe('seeds of the case that broke it'),
      searched: count,
      command: text,
      tried: z.array(
        z.strictObject({
          sets: names,
          why: z.string(),
          kept: count,
          of: count,
          refused: text,
          others: z.array(z.strictObject({ ...of, before: count, after: count })),
        }),
      ),
    })
    .nullable(),
})

export function explanationJson(
  { accounts, pivot, mend }: Explanation,
  command: string | null,
): ExplanationJson {
  return {
    accounts: accounts.map(({ steps, check, scope, kind, about, moral }) => ({
      check,
      scope,
      kind,
      about,
      steps: steps.map(({ atUs, process, text: said }) => ({
        atMs: milliseconds(atUs),
        process,
        text: said,
      })),
      moral,
    })),
    pivot: pivot === null ? null : pivotJson(pivot),
    mend: mend === null ? null : mendJson(mend, command),
  }
}

function pivotJson({
  check,
  scope,
  traceHash,
  tried,
  triedOf,
  sentence,
  saved,
}: NonNullable<Explanation['pivot']>): NonNullable<ExplanationJson['pivot']> {
  return {
    check,
    scope,
    traceHash,
    tried,
    triedOf,
    sentence,
    saved: saved.map(({ kind, what, atUs, traceHash: hash }) => ({
      kind,
      what,
      atMs: milliseconds(atUs),
      traceHash: hash,
    })),
  }
}

function mendJson(
  { check, scope, cases, searched, tried }: NonNullable<Explanation['mend']>,
  command: string | null,
): NonNullable<ExplanationJson['mend']> {
  return {
    check,
    scope,
    cases,
    searched,
    command,
    tried: tried.map(({ sets, why, kept, of: all, refused, others }) => ({
      sets,
      why,
      kept,
      of: all,
      refused,
      others,
    })),
  }
}
