/**
 * What hosts with hardware used of it over time: utilisation as a picture, bytes on disks as lines.
 */

import type { HostResources, Resources, ResourceUse } from '../../scenarios/resources.ts'
import { byHost, hostName } from '../resource-names.ts'
import { seconds } from './bands.ts'
import type { Heat, Line, Plot } from './chart-model.ts'
import { edgesOf, heatOf } from './heat.ts'

/** Lines that an eye can follow. */
const DISKS_MAX = 6

/** One resource of one host, with its disk where it has several. */
export interface NamedUse {
  readonly host: string
  readonly use: ResourceUse
}

export function usesOf({ hosts }: Resources): NamedUse[] {
  const sorted: readonly HostResources[] = [...hosts].sort((left, right) =>
    byHost(left.host, right.host),
  )
  return sorted.flatMap(({ host, uses }) => uses.map((use) => ({ host: partOf(host, use), use })))
}

function partOf(host: string, { part }: ResourceUse): string {
  return part === '' ? hostName(host) : `${hostName(host)} ${part}`
}

export function utilisationHeat(resources: Resources): Heat[] {
  const { atUs, stepUs } = resources
  if (atUs.length === 0) return []
  const uses = usesOf(resources).map(({ host, use }) => ({
    host,
    resource: use.resource,
    values: use.utilisation,
  }))
  return [heatOf('utilisation', edgesOf(atUs.map(seconds), seconds(stepUs)), uses)]
}

/** Of brokers, where they have any: what ZooKeeper keeps is small. */
export function diskUses(resources: Resources): NamedUse[] {
  const all = usesOf(resources).filter(({ use }) => use.resource === 'disk-space' && use.bytes)
  const brokers = all.filter(({ host }) => host.startsWith('broker'))
  return brokers.length > 0 ? brokers : all
}

/** The fullest disks, where there are many. */
export function diskPlot(resources: Resources): Plot[] {
  const disks = diskUses(resources)
  const fullest = [...disks].sort((left, right) => peakOf(right) - peakOf(left)).slice(0, DISKS_MAX)
  const lines = disks
    .filter((one) => fullest.includes(one))
    .map(({ host, use }, at): Line => {
      const values = use.bytes ?? []
      return { name: host, colour: at + 1, values, peak: Math.max(0, ...values) }
    })
  const x = resources.atUs.map(seconds)
  return lines.length === 0 ? [] : [{ id: 'disk', unit: 'bytes', x, lines }]
}

function peakOf({ use }: NamedUse): number {
  return (use.bytes ?? []).reduce((most, bytes) => Math.max(most, bytes), 0)
}
