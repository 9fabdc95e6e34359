/**
 * lateness: after the heal no record waits longer than its group's bound.
 *
 * Lateness is the age of the oldest record that a group has not processed. Before the heal it is
 * measured, not judged; thresholds of a scenario limit its peak.
 */

import { type Check, groupScopes } from './check.ts'
import { drainOf, membersOf } from './drain.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { seconds } from './words.ts'

export const lateness: Check = {
  name: 'lateness',
  statement:
    'Every record is processed within the bound of backlog-drains after it was acknowledged or ' +
    'the faults were healed, whichever is later.',
  promise: 'Always, as long as the group has members.',
  scopes: (judgement) => groupScopes(judgement),
  judge: judgeLateness,
}

function judgeLateness(judgement: Judgement, group: string): Finding {
  const consumer = judgement.consumer(group)
  const drain = drainOf(judgement, consumer)
  const promised = membersOf(judgement, consumer) > 0
  if (drain.stored === 0) return vacuous(promised, `Nothing was stored for ${group}`)
  const peak = seconds(drain.latenessPeakUs)
  if (drain.lateUs > drain.boundUs) {
    const breach = new Tally()
    const excuse = promised ? null : 'not promised: the group has no members'
    breach.add('processed too late', 1, excuse, () => ({
      sentence:
        `${group} left a record waiting for ${seconds(drain.lateUs)} after the heal; its bound ` +
        `is ${seconds(drain.boundUs)}`,
      atUs: null,
      partition: null,
      offset: null,
      records: [],
    }))
    return breach.broken(
      `${group} was still late ${seconds(drain.boundUs)} after the heal; its peak was ${peak}`,
    )
  }
  if (drain.left > 0) {
    return unknown(promised, `${group} was late when the run ended, before its bound; peak ${peak}`)
  }
  return kept(promised, `${group} was at most ${peak} late and is so no more`)
}
