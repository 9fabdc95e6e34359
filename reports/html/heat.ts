/**
 * Utilisation of hosts as a picture: a row for each resource of each host, under the names of the
 * resources.
 *
 * A step shows the highest of the samples in it, so that nothing that was full looks idle. Hosts
 * that hardly used a resource are left out and counted.
 */

import { byHost, hostName, resourcePlace } from '../resource-names.ts'
import type { Heat, HeatGroup, HeatRow } from './chart-model.ts'

export interface Use {
  readonly host: string
  readonly resource: string
  /** Shares, one for each step. */
  readonly values: readonly (number | null)[]
}

/** More would be narrower than a pixel of a phone. */
const STEPS_MAX = 300
const ROWS_MAX = 24
/** Hundredths: who never used more, and was there all the time, is left out. */
export const IDLE = 5

/** `edges` in seconds, one more than there are values. */
export function heatOf(id: string, edges: readonly number[], uses: readonly Use[]): Heat {
  const every = Math.max(1, Math.ceil((edges.length - 1) / STEPS_MAX))
  const resources = [...new Set(uses.map(({ resource }) => resource))].sort(
    (left, right) => resourcePlace(left) - resourcePlace(right),
  )
  const all = resources.map((resource) => {
    const own = uses.filter((use) => use.resource === resource)
    return groupOf(resource, own, every)
  })
  const last = edges.length - 1
  return {
    id,
    edges: edges.filter((_edge, at) => at % every === 0 || at === last),
    groups: all.filter(({ rows }) => rows.length > 0),
    idle: resources.filter((_resource, at) => all[at]?.rows.length === 0),
  }
}

function groupOf(resource: string, uses: readonly Use[], every: number): HeatGroup {
  const rows = uses
    .map((use) => ({ use, values: coarser(use.values, every) }))
    .map(({ use, values }) => ({ use, values, peak: peakOf(values) }))
    .sort((left, right) => byHost(left.use.host, right.use.host))
  const busy = rows.filter(({ peak, values }) => peak >= IDLE || values.includes(null))
  const most = [...busy].sort((left, right) => right.peak - left.peak).slice(0, ROWS_MAX)
  const shown = busy.filter((row) => most.includes(row))
  const idle = rows.length - shown.length
  return {
    title: idle === 0 ? resource : `${resource} · ${idle} less busy`,
    idle,
    rows: shown.map(({ use, values }) => rowOf(use.host, values)),
  }
}

function rowOf(host: string, values: readonly (number | null)[]): HeatRow {
  const name = hostName(host)
  const short = name.replace(/^broker (\d+)$/, '$1').replace(/^zookeeper (\d+)$/, 'zk $1')
  return { name, short: short.length > 8 ? `${short.slice(0, 7)}…` : short, values }
}

function peakOf(values: readonly (number | null)[]): number {
  return values.reduce((peak: number, value) => Math.max(peak, value ?? 0), 0)
}

/** Hundredths; null where none of the samples is there. */
function coarser(values: readonly (number | null)[], every: number): (number | null)[] {
  return Array.from({ length: Math.ceil(values.length / every) }, (_none, step) => {
    const part = values.slice(step * every, (step + 1) * every)
    const there = part.filter((value) => value !== null)
    return there.length === 0 ? null : Math.round(peakOf(there) * 100)
  })
}

/** The beginnings and ends of steps, of times that are either. */
export function edgesOf(at: readonly number[], step: number): number[] {
  const [first = 0] = at
  const ends = first >= step
  const last = at.at(-1) ?? 0
  return ends ? [first - step, ...at] : [...at, last + step]
}
