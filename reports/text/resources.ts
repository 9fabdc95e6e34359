/**
 * What a run used of its hardware, for a terminal: the busiest resource in a sentence, and of each
 * kind the host where it was used most.
 */

import type { Resources, ResourceUse } from '../../scenarios/resources.ts'
import { busiestUse } from '../busiest.ts'
import { table } from '../table/table.ts'
import { type Page, title, wrap } from './layout.ts'
import { moment, percent } from './numbers.ts'

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
  return [title('Resources', page), ...wrap(sentence, page.width - 2).map(indented), ...lines]
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
