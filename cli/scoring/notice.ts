/**
 * What notices that a guard is missing: the difference between two runs of one case.
 */

import type { GuardScore } from '../../reports/answer.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'

export interface Notice {
  /** Check with its scope, property of truth, or `stuck`. */
  readonly by: string
  readonly oracle: NonNullable<GuardScore['oracle']>
}

const livenessChecks: readonly string[] = [
  'backlog-drains',
  'backlog-bounded',
  'lateness',
  'availability',
  'rebalance-storm',
]

/** What is wrong without the guard and was right with it; null for nothing. */
export function difference(whole: RunSummary, without: RunSummary): Notice | null {
  const brokenBefore = new Set(
    whole.verdicts
      .filter((one) => one.verdict === 'broken')
      .map(({ check, scope }) => `${check} ${scope}`),
  )
  for (const { check, scope, verdict } of without.verdicts) {
    if (verdict !== 'broken' || brokenBefore.has(`${check} ${scope}`)) continue
    if (check === 'truth') return { by: scope, oracle: 'truth' }
    const oracle = livenessChecks.includes(check) ? 'liveness' : 'history'
    return { by: scope === 'all' ? check : `${check} ${scope}`, oracle }
  }
  if (without.ended === 'stuck' && whole.ended !== 'stuck')
    return { by: 'stuck', oracle: 'liveness' }
  return null
}
