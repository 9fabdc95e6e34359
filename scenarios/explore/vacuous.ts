/**
 * Why a run proves nothing: a closed list of reasons, each a predicate over what happened.
 */

import { Outcome } from '../../model/history.ts'
import type { Judged, Result } from '../result.ts'

const reasons: readonly (readonly [string, (result: Result) => boolean])[] = [
  ['no send was acknowledged', withoutAcknowledgement],
  ['no fault took effect under load', withoutFault],
]

/** Names of the reasons, for documents and tests. */
export const vacuousReasons: readonly string[] = reasons.map(([reason]) => reason)

/** The first reason that holds; null if the run can prove something. */
export function vacuousReason({ result }: Judged): string | null {
  if (result.ended === 'internal-error') return null
  return reasons.find(([_reason, holds]) => holds(result))?.[0] ?? null
}

function withoutAcknowledgement({ history }: Result): boolean {
  const outcomes = history.sends.column('outcome')
  for (let row = 0; row < outcomes.length; row += 1) if (outcomes[row] === Outcome.ok) return false
  return true
}

/** Nothing that struck lasted into, or happened during, the time between first and last send. */
function withoutFault({ history, struck, phases }: Result): boolean {
  const invoked = history.sends.column('invokedUs')
  const first = (invoked[0] ?? Infinity) - phases.originUs
  const last = (invoked[invoked.length - 1] ?? -Infinity) - phases.originUs
  return !struck.some(
    ({ atUs, untilUs, refused }) =>
      atUs !== null && refused === null && atUs <= last && (untilUs ?? Infinity) >= first,
  )
}
