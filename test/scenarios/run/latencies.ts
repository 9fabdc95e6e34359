/**
 * How long acknowledged sends of a run took, in µs, shortest first.
 */

import { Outcome } from '../../../model/history.ts'
import type { Result } from '../../../scenarios/result.ts'

/** Of what was sent from `fromUs` on. */
export function produceLatencies({ history, phases }: Result, fromUs = 0): readonly number[] {
  const { sends } = history
  const outcomes = sends.column('outcome')
  const ended = sends.column('endedUs')
  const latencies: number[] = []
  sends.column('invokedUs').forEach((us, row) => {
    if (outcomes[row] !== Outcome.ok || us < phases.originUs + fromUs) return
    latencies.push((ended[row] ?? 0) - us)
  })
  return latencies.sort((a, b) => a - b)
}
