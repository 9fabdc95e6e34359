/**
 * The use of resources in the JSON answer of a run: for each host and resource its mean over the
 * load and its highest step. The series stand in the report.
 */

import { z } from 'zod'
import type { Resources, ResourceUse } from '../../scenarios/resources.ts'
import { busiestUse } from '../busiest.ts'
import { milliseconds, text } from './fields.ts'

export interface ResourcesJson {
  readonly stepMs: number
  /** Null if nothing was used. */
  readonly busiest: (UseJson & { readonly host: string }) | null
  readonly hosts: readonly {
    readonly host: string
    /** Read from disks because it was in memory no more. */
    readonly missedBytes: number
    readonly uses: readonly UseJson[]
  }[]
}

interface UseJson {
  readonly resource: string
  readonly part: string | null
  readonly mean: number
  readonly peak: number
  readonly peakAtMs: number
  /** Of disk-space: reckoned from how it fills; null where it does not. */
  readonly fullAtMs: number | null
}

const useFields = {
  resource: z.string().describe('cpu, nic-in, nic-out, disk, disk-space or a thread pool'),
  part: text.describe('which disk, of several'),
  mean: z.number().describe('share in use over the load'),
  peak: z.number().describe('share in use in the highest step'),
  peakAtMs: z.number(),
  fullAtMs: z.number().nullable().describe('of disk-space: reckoned from how it fills'),
}

export const resourcesSchema: z.ZodType<ResourcesJson> = z.strictObject({
  stepMs: z.number(),
  busiest: z.strictObject({ host: z.string(), ...useFields }).nullable(),
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      missedBytes: z.number().describe('read from disks because it was in memory no more'),
      uses: z.array(z.strictObject(useFields)),
    }),
  ),
})

export function resourcesJson(resources: Resources | null): ResourcesJson | null {
  if (resources === null) return null
  const busiest = busiestUse(resources)
  return {
    stepMs: milliseconds(resources.stepUs),
    busiest: busiest === null ? null : { host: busiest.host, ...useJson(busiest.use) },
    hosts: resources.hosts.map(({ host, uses, missedBytes = [] }) => ({
      host,
      missedBytes: missedBytes.reduce((sum, bytes) => sum + bytes, 0),
      uses: uses.map(useJson),
    })),
  }
}

function useJson({ resource, part, mean, peak, peakAtUs, fullAtUs }: ResourceUse): UseJson {
  return {
    resource,
    part: part === '' ? null : part,
    mean,
    peak,
    peakAtMs: milliseconds(peakAtUs),
    fullAtMs: milliseconds(fullAtUs ?? null),
  }
}
