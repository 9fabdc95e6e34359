/**
 * The resource that was busiest in a run: what an answer names first of its hardware.
 */

import type { Resources, ResourceUse } from '../scenarios/resources.ts'

/** The use that a sentence names: where, of what, how much. */
export interface BusiestUse {
  readonly host: string
  readonly use: ResourceUse
}

/**
 * The resource with the highest mean over the load, the first of equals in the order of hosts. Of
 * clusters' hosts only: a client that is at work all the time limits nobody but itself. Space is
 * no busy time, and threads that wait for a disk or core are no cause.
 */
export function busiestUse(resources: Resources): BusiestUse | null {
  let found: BusiestUse | null = null
  for (const { host, uses } of resources.hosts) {
    if (!/^(broker|zookeeper)-/.test(host)) continue
    for (const use of uses) {
      if (use.resource === 'disk-space' || use.resource === 'fetcher-threads') continue
      if (use.mean > (found?.use.mean ?? 0)) found = { host, use }
    }
  }
  return found
}
