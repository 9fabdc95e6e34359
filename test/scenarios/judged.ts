/**
 * One verdict of a planted run.
 */

import { judge } from '../../scenarios/judge.ts'
import type { Verdict } from '../../scenarios/result.ts'
import type { CheckName } from '../../scenarios/schema/scenario.ts'
import type { Run } from './history-builder.ts'

/** What one check says of one scope; its first scope if none is named. */
export function verdictOf(run: Run, check: CheckName, scope?: string): Verdict {
  const { verdicts } = judge(run.given({ checks: [check] }).result())
  const verdict = verdicts.find((one) => scope === undefined || one.scope === scope)
  if (verdict === undefined) throw new Error(`${check} has no scope ${scope}`)
  return verdict
}
