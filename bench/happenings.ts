/**
 * What befell a run: a speed is worth something only if the runs do what they are for.
 */

import { Ownership } from '../model/history.ts'
import type { Judged, LeaderChange, Result } from '../scenarios/result.ts'

export interface Happenings {
  readonly election: boolean
  readonly isrShrink: boolean
  readonly rebalance: boolean
  readonly unknownOutcome: boolean
}

/** Counted from t = 0, so that what boot does is not among them. */
export function happeningsOf({ result, measures }: Judged): Happenings {
  return {
    election: changed(result.leaders, (before, after) => {
      return after.leader !== -1 && after.leader !== before.leader
    }),
    isrShrink: changed(result.leaders, (before, after) => after.isr.length < before.isr.length),
    rebalance: hadRebalance(result),
    unknownOutcome: measures.operations.unknown > 0,
  }
}

/** True if a partition's metadata went from one to the next as asked, after t = 0. */
function changed(
  changes: readonly LeaderChange[],
  asked: (before: LeaderChange, after: LeaderChange) => boolean,
): boolean {
  const latest = new Map<number, LeaderChange>()
  for (const after of changes) {
    const before = latest.get(after.partition)
    latest.set(after.partition, after)
    if (before !== undefined && after.atUs > 0 && asked(before, after)) return true
  }
  return false
}

/** Partitions were assigned while the load was on. */
function hadRebalance({ history, phases }: Result): boolean {
  const { ownerships } = history
  const kinds = ownerships.column('kind')
  const times = ownerships.column('atUs')
  for (let row = 0; row < kinds.length; row += 1) {
    const at = (times[row] as number) - phases.originUs
    if (kinds[row] === Ownership.assigned && at > 0 && at < phases.healUs) return true
  }
  return false
}
