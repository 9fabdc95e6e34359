/**
 * Which resource of the cluster is nearest to its limit.
 *
 * A thread that waits for a core is in use meanwhile, so that a pool of threads stands at 100 %
 * wherever its host is out of cores: then the cores are named, which are what can be bought.
 */

import type { Bottleneck } from './plan-answer.ts'
import type { Sample } from './simulate.ts'

export interface Used {
  readonly host: string
  readonly resource: string
  /** Share in its busiest second. */
  readonly peak: number
}

/** So near to the busiest pool of threads the cores are what it waits for. */
const NEAR = 0.02

export function bottleneckOf(uses: readonly Used[]): Bottleneck | null {
  const busiest = most(uses.filter(({ resource }) => isLimit(resource)))
  if (busiest === null || !isThreads(busiest)) return named(busiest)
  const cores = most(uses.filter(({ resource }) => resource === 'cpu'))
  return named(cores !== null && cores.peak >= busiest.peak - NEAR ? cores : busiest)
}

/** Null of a run that was ended early: that its busiest second had come nobody knows. */
export function wholeBottleneck(sample: Sample | undefined): Sample['bottleneck'] {
  return sample === undefined || sample.endedEarly ? null : sample.bottleneck
}

/** Space is no time, and fetchers wait for others most of theirs. */
export function isLimit(resource: string): boolean {
  return !resource.startsWith('disk-space') && resource !== 'fetcher-threads'
}

function isThreads({ resource }: Used): boolean {
  return /-threads?$/.test(resource)
}

/** The first of equals; null: nothing was used. */
function most(uses: readonly Used[]): Used | null {
  let found: Used | null = null
  for (const use of uses) if (use.peak > (found?.peak ?? 0)) found = use
  return found
}

function named(use: Used | null): Bottleneck | null {
  return use === null ? null : { resource: use.resource, host: use.host, utilisation: use.peak }
}
