/**
 * backlog-drains: after the heal a group gets through what waits for it, within its bound.
 */

import { type Check, groupScopes } from './check.ts'
import { type Drain, drainOf, membersOf } from './drain.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { be, counted, seconds } from './words.ts'

export const backlogDrains: Check = {
  name: 'backlog-drains',
  statement:
    'After the heal, and the last send that was still under way, a group processes all that waits ' +
    'for it, within 1.5 times the share of its busiest member at its measured rate plus its ' +
    'session and rebalance timeouts.',
  promise: 'Always, as long as the group has members.',
  scopes: (judgement) => groupScopes(judgement),
  judge: judgeDrain,
}

function judgeDrain(judgement: Judgement, group: string): Finding {
  const consumer = judgement.consumer(group)
  const drain = drainOf(judgement, consumer)
  const promised = membersOf(judgement, consumer) > 0
  if (drain.stored === 0) return vacuous(promised, `Nothing was stored for ${group}`)
  const { drainUs, boundUs } = drain
  const { endUs, healUs } = judgement.result.phases
  if (drainUs !== null && drainUs <= boundUs) return kept(promised, drained(group, drain))
  const late = drainUs !== null || endUs - healUs >= boundUs || judgement.result.ended === 'drained'
  if (!late) {
    const left = counted(drain.left, 'record')
    return unknown(promised, `${group} had ${left} left when the run ended, before its bound`)
  }
  return tooSlow(judgement, group, drain).broken(
    `${group} was not through its backlog of ${counted(drain.toProcess, 'record')} ` +
      `${seconds(boundUs)} after the heal`,
  )
}

function drained(group: string, { backlogAtHeal, drainUs }: Drain): string {
  if (backlogAtHeal === 0) return `${group} had no backlog at the heal`
  const backlog = counted(backlogAtHeal, 'record')
  return `${group} was through its backlog of ${backlog} ${seconds(drainUs ?? 0)} after the heal`
}

function tooSlow(judgement: Judgement, group: string, drain: Drain): Tally {
  const breach = new Tally()
  const consumer = judgement.consumer(group)
  const nobody = membersOf(judgement, consumer) === 0
  const mechanism = drain.drainUs === null ? 'never drained' : 'drained too late'
  const count = drain.left > 0 ? drain.left : drain.toProcess
  breach.add(mechanism, count, nobody ? 'not promised: the group has no members' : null, () => ({
    sentence:
      drain.drainUs === null
        ? `${counted(drain.left, 'record')} of ${consumer.topics.join(', ')} ${be(drain.left)} still ` +
          `waiting for ${group} at ${seconds(judgement.result.phases.endUs)}`
        : `${group} processed the last record ${seconds(drain.drainUs)} after the heal; ` +
          `its bound is ${seconds(drain.boundUs)}`,
    atUs: judgement.result.phases.healUs + drain.boundUs,
    partition: null,
    offset: null,
    records: [],
  }))
  return breach
}
