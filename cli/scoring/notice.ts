/**
 * What notices that something is missing: what breaks without it, and never does with it.
 *
 * A promise that a scenario breaks now and then with nothing missing, or is expected to, tells
 * nothing there: a run that took another way may break it by chance.
 */

import type { Oracle } from '../../reports/answer.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'

export interface Notice {
  /** Check and scope, or `stuck`: equal for two breaks of one promise. */
  readonly key: string
  /** Check with its scope, property of truth, or `stuck`. */
  readonly by: string
  readonly oracle: Oracle
}

const livenessChecks: readonly string[] = [
  'backlog-drains',
  'backlog-bounded',
  'lateness',
  'availability',
  'rebalance-storm',
]

/** All that a run breaks and that its scenario does not expect, in the order of its verdicts. */
export function breaksOf({ verdicts, ended }: RunSummary): readonly Notice[] {
  const found: Notice[] = []
  for (const { check, scope, verdict, expected } of verdicts) {
    if (verdict !== 'broken' || expected === 'breaks' || expected === 'may-break') continue
    const key = `${check} ${scope}`
    const isTruth = check === 'truth'
    const by = isTruth ? scope : scope === 'all' ? check : key
    found.push({ key, by, oracle: isTruth ? 'truth' : oracleOf(check) })
  }
  if (ended === 'stuck') found.push({ key: 'stuck', by: 'stuck', oracle: 'liveness' })
  return found
}

function oracleOf(check: string): Oracle {
  return livenessChecks.includes(check) ? 'liveness' : 'history'
}

/** What is wrong without it and was right with it, here and in all of `usual`; null for nothing. */
export function difference(
  whole: RunSummary,
  without: RunSummary,
  usual: ReadonlySet<string> = new Set(),
): Notice | null {
  const before = new Set(breaksOf(whole).map(({ key }) => key))
  return breaksOf(without).find(({ key }) => !before.has(key) && !usual.has(key)) ?? null
}
