/**
 * The JSON answers of `dmqsim guards`, `probes`, `protocols` and `list`.
 */

import { z } from 'zod'
import type { GuardRow, Head, ListRow, Preset, ProbeRow, ProtocolRow } from '../answer.ts'
import { headFields, names, text } from './fields.ts'

export interface GuardsJson extends Head {
  readonly guards: readonly GuardRow[]
}

export const guardsSchema: z.ZodType<GuardsJson> = z.strictObject({
  ...headFields,
  guards: z.array(
    z.strictObject({
      name: z.string(),
      rule: z.string(),
      sentence: z.string(),
      protects: z.string(),
      whenOff: z.string(),
      file: text,
      exercise: z.string(),
      hazards: names,
    }),
  ),
})

export function guardsJson(head: Head, guards: readonly GuardRow[]): GuardsJson {
  return { ...head, guards }
}

export interface ProbesJson extends Head {
  readonly probes: readonly ProbeRow[]
}

export const probesSchema: z.ZodType<ProbesJson> = z.strictObject({
  ...headFields,
  probes: z.array(
    z.strictObject({ name: z.string(), sentence: z.string(), rule: z.string(), file: text }),
  ),
})

export function probesJson(head: Head, probes: readonly ProbeRow[]): ProbesJson {
  return { ...head, probes }
}

export interface ProtocolsJson extends Head {
  readonly protocols: readonly ProtocolRow[]
  readonly presets: readonly Preset[]
}

export const protocolsSchema: z.ZodType<ProtocolsJson> = z.strictObject({
  ...headFields,
  protocols: z.array(
    z.strictObject({
      feature: z.string(),
      rule: z.string(),
      sentence: z.string(),
      default: z.string(),
      zookeeperMode: z.boolean(),
      levels: z.array(
        z.strictObject({
          name: z.string(),
          releases: z.string(),
          kip: text,
          sentence: z.string(),
          hazards: names,
          modelled: z.boolean(),
        }),
      ),
    }),
  ),
  presets: z.array(z.strictObject({ name: z.string(), sets: z.record(z.string(), z.string()) })),
})

export function protocolsJson(
  head: Head,
  protocols: readonly ProtocolRow[],
  presets: readonly Preset[],
): ProtocolsJson {
  return { ...head, protocols, presets }
}

export interface ListJson extends Head {
  readonly scenarios: readonly ListRow[]
}

export const listSchema: z.ZodType<ListJson> = z.strictObject({
  ...headFields,
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      question: z.string(),
      problem: z.string(),
      expect: z.record(z.string(), z.string()),
      hazard: text.describe('the published bug that it shows'),
    }),
  ),
})

export function listJson(head: Head, scenarios: readonly ListRow[]): ListJson {
  return { ...head, scenarios }
}
