/**
 * How often things happened that operators count: ISR shrinks, rebalances, disks that filled up.
 *
 * Counted from `measureFrom` on, without it from t = 0: what the cluster did to converge is no
 * event of the run.
 */

import { Ownership } from '../../model/history.ts'
import { partitionOf, topicOf } from '../../model/record.ts'
import type { Judgement } from '../checks/judgement.ts'

/** Changes that made the ISR of a partition smaller. */
export function isrShrinks(
  { result, scenario }: Judgement,
  {
    topic,
    partition,
  }: { readonly topic?: string | undefined; readonly partition?: string | undefined },
): number {
  const fromUs = scenario.measureFromUs ?? 0
  const sizes = new Map<number, number>()
  let shrinks = 0
  for (const { partition: of, isr, atUs } of result.leaders) {
    const before = sizes.get(of) ?? 0
    sizes.set(of, isr.length)
    if (isr.length >= before || atUs < fromUs) continue
    if (topic !== undefined && result.topics[topicOf(of)] !== topic) continue
    if (partition !== undefined && String(partitionOf(of)) !== partition) continue
    shrinks += 1
  }
  return shrinks
}

/** Generations that a group, or all of them, took its partitions with. */
export function rebalances(judgement: Judgement, group: string | undefined): number {
  const { scenario } = judgement
  const names = group === undefined ? scenario.consumers.map((one) => one.group) : [group]
  return names.reduce((sum, name) => sum + generations(judgement, name), 0)
}

function generations(judgement: Judgement, group: string): number {
  const { data, length } = judgement.result.history.ownerships
  const fromUs = judgement.scenario.measureFromUs ?? 0
  const id = judgement.groupId(group)
  let last = -1
  let count = 0
  for (let row = 0; row < length; row += 1) {
    if (data.group[row] !== id || data.kind[row] !== Ownership.assigned) continue
    const generation = data.generation[row] as number
    if (generation <= last) continue
    last = generation
    if (judgement.since(data.atUs[row] as number) > fromUs) count += 1
  }
  return count
}

const FULL = 1

/** Disks that were full at some time; null where no disk has a limit. */
export function disksFilled({ result }: Judgement, host: string | undefined): number | null {
  let filled: number | null = null
  for (const one of result.resources?.hosts ?? []) {
    if (host !== undefined && one.host !== host) continue
    for (const { resource, utilisation } of one.uses) {
      if (resource !== 'disk-space') continue
      filled = (filled ?? 0) + (utilisation.some((share) => (share ?? 0) >= FULL) ? 1 : 0)
    }
  }
  return filled
}
