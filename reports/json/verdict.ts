/**
 * A verdict with its evidence in the JSON answer of a run.
 */

import { z } from 'zod'
import type { Verdict } from '../../scenarios/result.ts'
import {
  count,
  type ExpectationText,
  expectation,
  milliseconds,
  names,
  number,
  text,
  type VerdictText,
  verdictWord,
} from './fields.ts'

export interface VerdictJson {
  readonly check: string
  readonly scope: string
  readonly verdict: VerdictText
  readonly expected: ExpectationText | null
  readonly promised: boolean
  readonly asExpected: boolean
  readonly count: number
  readonly sentence: string
  readonly signature: string
  readonly evidence: readonly {
    readonly sentence: string
    readonly atMs: number | null
    readonly partition: string | null
    readonly offset: number | null
    readonly records: readonly string[]
  }[]
}

export const verdictSchema: z.ZodType<VerdictJson> = z.strictObject({
  check: z.string(),
  scope: z.string(),
  verdict: verdictWord,
  expected: expectation,
  promised: z.boolean(),
  asExpected: z.boolean(),
  count,
  sentence: z.string(),
  signature: z.string(),
  evidence: z.array(
    z.strictObject({
      sentence: z.string(),
      atMs: number,
      partition: text,
      offset: z.int().nullable(),
      records: names,
    }),
  ),
})

export function verdictJson(one: Verdict): VerdictJson {
  const { evidence, ...rest } = one
  return {
    ...rest,
    evidence: evidence.map(({ sentence, atUs, partition, offset, records }) => ({
      sentence,
      atMs: milliseconds(atUs),
      partition,
      offset,
      records,
    })),
  }
}
