/**
 * The assignors a consumer can be configured with, by the name they go by in JoinGroup (KC 2.8).
 *
 * Sticky and cooperative-sticky come with the incremental rebalance; their place is this list.
 */

import type { Assignor } from './assignor.ts'
import { range } from './range.ts'
import { roundRobin } from './round-robin.ts'

export const assignors: readonly Assignor[] = [range, roundRobin]

export function assignorNamed(name: string): Assignor | undefined {
  return assignors.find((assignor) => assignor.name === name)
}
