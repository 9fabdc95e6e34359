/**
 * The checks that a scenario can ask for, in the order in which answers list them.
 */

import type { CheckName } from './scenario.ts'

export const checkNames: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'effects-once',
  'order-by-key',
  'backlog-drains',
  'lateness',
  'committed-offset-regression',
  'availability',
  'truth',
]

/** What is judged where a scenario does not say. */
export const defaultChecks: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'order-by-key',
  'backlog-drains',
  'truth',
]
