/**
 * What a run used of its hardware, for a terminal: the busiest resource in a sentence, and of each
 * kind the host where it was used most.
 */

import type { Resources, ResourceUse } from '../../scenarios/resources.ts'
import { busiestUse } from '../busiest.ts'
import { table } from '../table/table.ts'
import { type Page, title, wrap } from './layout.ts'
import { duration, grouped, moment, percent } from './numbers.ts'

export function resourceLines(resources: Resources | null, page: Page): string[] {
  if (resources === null) return []
  const busiest = busiestUse(resources)
  if (busiest === null) return []
  const { host, use } = busiest
  const sentence =
    `the busiest: ${nameOf(use)} of ${host}, ${percent(use.mean)} over the load, ` +
    `${percent(use.peak)} at its peak`
  const columns = ['', 'most used at', 'mean', 'peak', 'at'].map((name, at) => ({
    title: name,
    right: at > 1,
  }))
  const lines = table(columns, rows(resources), page.width - 2).map((line) => `  ${line}`)
  const told = [sentence, ...fullLines(resources), ...missLines(resources)]
  return [
    title('Resources', page),
    ...told.flatMap((line) => wrap(line, page.width - 2).map(indented)),
    ...lines,
  ]
}

/** Longer than anybody plans for. */
const FULL_WITHIN_US = 10 * 365 * 86_400_000_000

/** Which disk is full first, if it goes on so. */
function fullLines({ hosts, atUs }: Resources): string[] {
  let first: { readonly host: string; readonly use: ResourceUse; readonly us: number } | null = null
  for (const { host, uses } of hosts) {
    for (const use of uses) {
      const us = use.fullAtUs ?? Infinity
      if (us < Math.min(FULL_WITHIN_US, first?.us ?? Infinity)) first = { host, use, us }
    }
  }
  if (first === null) return []
  const disk = first.use.part === '' ? 'disk' : `disk ${first.use.part}`
  const ends = atUs.at(-1) ?? 0
  const when = first.us <= ends ? `at ${moment(first.us)}` : `${long(first.us)} into this load`
  return [`the first ${disk} is full ${when}: ${first.host}`]
}

/** Hours and days as well. */
function long(us: number): string {
  return us < 172_800_000_000 ? duration(us) : `${grouped(Math.round(us / 86_400_000_000))} days`
}

/** Who had to read from its disks what its memory had lost. */
function missLines({ hosts }: Resources): string[] {
  const missing = hosts.filter(({ missedBytes }) => missedBytes !== undefined)
  if (missing.length === 0) return []
  const bytes = missing.reduce(
    (sum, { missedBytes = [] }) => sum + missedBytes.reduce((total, step) => total + step, 0),
    0,
  )
  const names = missing.map(({ host }) => host).join(', ')
  return [
    `read from disks, no longer in memory: ${grouped(Math.round(bytes / 1e6))} MB at ${names}`,
  ]
}

/** One row for each kind of resource that was in use at all. */
function rows({ hosts }: Resources): string[][] {
  const most = new Map<string, { readonly host: string; readonly use: ResourceUse }>()
  for (const { host, uses } of hosts) {
    for (const use of uses) {
      if (use.peak > 0 && use.mean > (most.get(use.resource)?.use.mean ?? -1))
        most.set(use.resource, { host, use })
    }
  }
  return [...most.values()]
    .sort((a, b) => b.use.mean - a.use.mean)
    .map(({ host, use }) => [
      nameOf(use),
      host,
      percent(use.mean),
      percent(use.peak),
      moment(use.peakAtUs),
    ])
}

function nameOf({ resource, part }: ResourceUse): string {
  return part === '' ? resource : `${resource} ${part}`
}

function indented(line: string): string {
  return `  ${line}`
}
