/**
 * The JSON answer of `dmqsim compare`.
 */

import { z } from 'zod'
import type { CompareAnswer, Head } from '../answer.ts'
import type { Judged, GroupMeasures, Percentiles } from '../../scenarios/result.ts'
import { compareSentence } from '../text/compare.ts'
import { count, headFields, milliseconds, number, type VerdictText, verdictWord } from './fields.ts'

interface CaseJson {
  readonly name: string
  readonly scenario: string
  readonly seed: number
  readonly traceHash: string
  readonly historyHash: string
  readonly events: number
}

interface VerdictJson {
  readonly verdict: VerdictText
  readonly count: number
}

interface LatencyJson {
  readonly p50: number
  readonly p99: number
}

interface GroupJson {
  readonly backlogPeak: number
  readonly latenessPeakMs: number
  readonly drainMs: number | null
  readonly redelivered: number
}

interface Pair<Value> {
  readonly first: Value | null
  readonly second: Value | null
}

export interface CompareJson extends Head {
  readonly sentence: string
  readonly first: CaseJson
  readonly second: CaseJson
  readonly divergence: {
    readonly event: number
    readonly atMs: number
    readonly first: string
    readonly second: string
  } | null
  readonly verdicts: readonly ({
    readonly check: string
    readonly scope: string
  } & Pair<VerdictJson>)[]
  readonly latencyMs: {
    readonly produce: Pair<LatencyJson>
    readonly endToEnd: Pair<LatencyJson>
  }
  readonly groups: readonly ({ readonly group: string; readonly topic: string } & Pair<GroupJson>)[]
}

const caseShape = z.strictObject({
  name: z.string().describe('as it was given'),
  scenario: z.string(),
  seed: z.int(),
  traceHash: z.string(),
  historyHash: z.string(),
  events: count,
})

const verdictShape = z.strictObject({ verdict: verdictWord, count }).nullable()
const latencyShape = z.strictObject({ p50: z.number(), p99: z.number() }).nullable()
const latencyPair = z.strictObject({ first: latencyShape, second: latencyShape })
const groupShape = z
  .strictObject({
    backlogPeak: count,
    latenessPeakMs: z.number(),
    drainMs: number,
    redelivered: count,
  })
  .nullable()

export const compareSchema: z.ZodType<CompareJson> = z.strictObject({
  ...headFields,
  sentence: z.string(),
  first: caseShape,
  second: caseShape,
  divergence: z
    .strictObject({ event: count, atMs: z.number(), first: z.string(), second: z.string() })
    .nullable()
    .describe('null if the runs are the same'),
  verdicts: z.array(
    z.strictObject({
      check: z.string(),
      scope: z.string(),
      first: verdictShape,
      second: verdictShape,
    }),
  ),
  latencyMs: z.strictObject({ produce: latencyPair, endToEnd: latencyPair }),
  groups: z.array(
    z.strictObject({
      group: z.string(),
      topic: z.string(),
      first: groupShape,
      second: groupShape,
    }),
  ),
})

export function compareJson({ head, names, comparison }: CompareAnswer): CompareJson {
  const { first, second, divergence, verdicts, latency, groups } = comparison
  return {
    ...head,
    sentence: compareSentence(comparison),
    first: caseJson(first, names[0]),
    second: caseJson(second, names[1]),
    divergence:
      divergence === null
        ? null
        : {
            event: divergence.event,
            atMs: milliseconds(divergence.atUs),
            first: divergence.first,
            second: divergence.second,
          },
    verdicts: verdicts.map(({ check, scope, first: one, second: other }) => ({
      check,
      scope,
      first: one,
      second: other,
    })),
    latencyMs: { produce: latencyJson(latency.produce), endToEnd: latencyJson(latency.endToEnd) },
    groups: groups.map(({ group, topic, first: one, second: other }) => ({
      group,
      topic,
      first: groupJson(one),
      second: groupJson(other),
    })),
  }
}

function caseJson({ scenario, result }: Judged, name: string): CaseJson {
  const { case: of, traceHash, historyHash, events } = result
  return { name, scenario: scenario.name, seed: of.seed, traceHash, historyHash, events }
}

function latencyJson({ first, second }: Pair<Percentiles>): Pair<LatencyJson> {
  const told = (one: Percentiles | null): LatencyJson | null =>
    one === null ? null : { p50: milliseconds(one.p50), p99: milliseconds(one.p99) }
  return { first: told(first), second: told(second) }
}

function groupJson(one: GroupMeasures | null): GroupJson | null {
  if (one === null) return null
  const { backlogPeak, latenessPeakUs, drainUs, redelivered } = one
  return {
    backlogPeak,
    latenessPeakMs: milliseconds(latenessPeakUs),
    drainMs: milliseconds(drainUs),
    redelivered,
  }
}
