/**
 * Back-offs that the application thread of a consumer sleeps through: joins, commits, look-ups.
 *
 * A Java client sleeps them (`Timer.sleep`), so a step of the wall clock neither ends nor stretches
 * them, unlike the deadlines and the pauses of positions that it compares with that clock (KB 12).
 */

import { backoffMs } from '../deadlines.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** The monotonic time at which the pause before attempt `attempt + 1` ends. */
export function sleepUntilUs(self: Consumer, attempt: number, context: ConsumerContext): number {
  return context.monotonicUs() + 1000 * backoffMs(self.retryBackoff, attempt, self.jitter)
}

/** What is left of a sleep, in ms; 0 once it is over. */
export function sleepLeftMs(untilUs: number, context: ConsumerContext): number {
  const leftUs = untilUs - context.monotonicUs()
  return leftUs > 0 ? leftUs / 1000 : 0
}
