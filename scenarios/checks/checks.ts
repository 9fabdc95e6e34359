/**
 * The registry of checks, in the order in which answers list them.
 */

import type { CheckName } from '../schema/scenario.ts'
import { anomalies } from './anomalies/anomalies.ts'
import { availability } from './availability.ts'
import { backlogBounded } from './backlog-bounded.ts'
import { backlogDrains } from './backlog-drains.ts'
import type { Check } from './check.ts'
import { committedOffsetRegression } from './committed-offset-regression.ts'
import { compaction } from './compaction.ts'
import { content } from './content.ts'
import { effectsOnce } from './effects-once.ts'
import { fencing } from './fencing.ts'
import { lateness } from './lateness.ts'
import { leaderEpochMonotonic } from './leader-epoch-monotonic.ts'
import { ledgersAgree } from './ledgers-agree.ts'
import { noDuplicates } from './no-duplicates.ts'
import { noLogDuplicates } from './no-log-duplicates.ts'
import { noLoss } from './no-loss.ts'
import { noOversell } from './no-oversell.ts'
import { oneOwner } from './one-owner.ts'
import { orderByKey } from './order-by-key.ts'
import { sendPromises } from './send-promises.ts'
import { rebalanceStorm } from './rebalance-storm.ts'
import { refusals } from './refusals.ts'
import { transactionAtomicity } from './transaction-atomicity.ts'
import { truth } from './truth.ts'

export const checks: readonly Check[] = [
  noLoss,
  noLogDuplicates,
  noDuplicates,
  effectsOnce,
  orderByKey,
  backlogDrains,
  lateness,
  committedOffsetRegression,
  availability,
  truth,
  refusals,
  anomalies,
  oneOwner,
  fencing,
  leaderEpochMonotonic,
  content,
  compaction,
  transactionAtomicity,
  backlogBounded,
  ledgersAgree,
  noOversell,
  rebalanceStorm,
  sendPromises,
]

export function checkNamed(name: CheckName): Check {
  return checks.find((check) => check.name === name) as Check
}
