/**
 * What can be said of a run that a threshold with `abortOnFail` ended: nothing that needs a drain.
 *
 * Faults were healed and the logs were read, but nobody waited for retries, replication and
 * backlogs. What happened by then stands: orders, duplicates, truth.
 */

import type { CheckName } from '../schema/scenario.ts'
import { type Finding, unknown } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { seconds } from './words.ts'

const afterDrain: readonly CheckName[] = [
  'no-loss',
  'effects-once',
  'backlog-drains',
  'backlog-bounded',
  'lateness',
  'availability',
  'transaction-atomicity',
  'ledgers-agree',
  'send-promises',
  'content',
  'compaction',
]

/** What a check found, unless it would have needed what the run did not come to. */
export function ifJudged({ result }: Judgement, check: CheckName, found: Finding): Finding {
  const { aborted } = result
  if (aborted === undefined || !afterDrain.includes(check)) return found
  const { promised } = found
  return unknown(
    promised,
    `Not judged: a threshold ended the run early, at ${seconds(aborted.atUs)}`,
  )
}
