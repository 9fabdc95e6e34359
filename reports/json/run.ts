/**
 * The JSON answer of `dmqsim run`; `replay` (replay.ts) has all of it and says how it compares.
 */

import { z } from 'zod'
import type { Cost, Head, RunAnswer, Source } from '../answer.ts'
import { notModelledSentences } from '../not-modelled.ts'
import { thrownBy } from '../thrown.ts'
import { count, counts, type Fields, headFields, milliseconds, names, text } from './fields.ts'
import {
  type HandlerErrorJson,
  handlerErrorJson,
  handlerErrorSchema,
  type TimelineJson,
  timelineJson,
  timelineSchema,
} from './happened.ts'
import { measureFields, type MeasuresJson, measuresJson } from './measures.ts'
import { type ResourcesJson, resourcesJson, resourcesSchema } from './resources.ts'
import { type VerdictJson, verdictJson, verdictSchema } from './verdict.ts'
import { type VolumeJson, volumeJson, volumeSchema } from './volume.ts'

export interface RunJson extends Head, MeasuresJson {
  readonly sentence: string
  readonly scenario: string
  readonly traceHash: string
  readonly historyHash: string
  readonly ended: 'drained' | 'stuck' | 'aborted' | 'time-limit' | 'internal-error'
  /** Why it is stuck, which threshold ended it and when, or what was thrown. */
  readonly reason: string | null
  readonly virtualMs: number
  readonly events: number
  readonly verdicts: readonly VerdictJson[]
  /** Null where no host has a hardware profile. */
  readonly resources: ResourcesJson | null
  readonly volume: VolumeJson | null
  /** Of the machine that ran it. */
  readonly cost: Cost | null
  readonly probes: Readonly<Record<string, number>>
  readonly guards: Readonly<Record<string, number>>
  readonly timeline: readonly TimelineJson[]
  readonly handlerErrors: readonly HandlerErrorJson[]
  readonly inputs: readonly InputJson[]
  readonly notModelled: readonly string[]
  readonly ignoredConfig: readonly string[]
  readonly determinism: DeterminismJson | null
  readonly case: unknown
}

interface InputJson {
  readonly name: string
  readonly value: string
  readonly source: Source
  /** Who says so, where it is known. */
  readonly from: string | null
}

interface DeterminismJson {
  readonly others: number
  readonly same: boolean
  readonly hashes: readonly { readonly where: string; readonly hash: string }[]
}

const cost: z.ZodType<Cost> = z.strictObject({
  cpuMs: z.number().describe('of all threads'),
  peakBytes: count.describe('the most memory at once'),
})

export const runFields: Fields<RunJson> = {
  ...headFields,
  sentence: z.string(),
  scenario: z.string(),
  traceHash: z.string().regex(/^[0-9a-f]{16}$/),
  historyHash: z.string().regex(/^[0-9a-f]{16}$/),
  ended: z.enum(['drained', 'stuck', 'aborted', 'time-limit', 'internal-error']),
  reason: text,
  virtualMs: z.number(),
  events: count,
  verdicts: z.array(verdictSchema),
  ...measureFields,
  resources: resourcesSchema.nullable().describe('null where no host has a hardware profile'),
  volume: volumeSchema.nullable(),
  cost: cost.nullable().describe('null where nobody measured'),
  probes: counts,
  guards: counts,
  timeline: z.array(timelineSchema),
  handlerErrors: z.array(handlerErrorSchema),
  inputs: z.array(
    z.strictObject({
      name: z.string(),
      value: z.string(),
      source: z.enum(['given', 'imported', 'fitted', 'default']),
      from: text.describe('who says so, where it is known'),
    }),
  ),
  notModelled: names,
  ignoredConfig: names,
  determinism: z
    .strictObject({
      others: count,
      same: z.boolean(),
      hashes: z.array(z.strictObject({ where: z.string(), hash: z.string() })),
    })
    .nullable(),
  case: z.looseObject({ format: z.literal(1) }).describe('what dmqsim replay takes'),
}

export const runSchema: z.ZodType<RunJson> = z.strictObject(runFields)

export function runJson(answer: RunAnswer): RunJson {
  const { head, judged, configuration, determinism } = answer
  const { result, scenario } = judged
  return {
    ...head,
    sentence: judged.sentence,
    scenario: scenario.name,
    traceHash: result.traceHash,
    historyHash: result.historyHash,
    ended: result.ended,
    reason: result.reason,
    virtualMs: milliseconds(result.virtualUs),
    events: result.events,
    verdicts: judged.verdicts.map(verdictJson),
    ...measuresJson(judged),
    resources: resourcesJson(result.resources ?? null),
    volume: volumeJson(result.volume),
    cost: answer.cost ?? null,
    probes: result.probes,
    guards: result.guards,
    timeline: result.struck.map(timelineJson),
    handlerErrors: thrownBy(result).map(handlerErrorJson),
    inputs: configuration.inputs.map((input) => ({ ...input, from: input.from ?? null })),
    notModelled: notModelledSentences(scenario),
    ignoredConfig: configuration.ignored,
    determinism,
    case: result.case,
  }
}
