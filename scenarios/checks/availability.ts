/**
 * availability: after the heal every partition takes a write again.
 *
 * Judged on the second step of the drain: one write with acks=all to each partition. A run that
 * could not settle names the reason from the closed list of the drain; each of those is a state
 * that Kafka itself does not leave by its own power. How long writes were silent is a measure.
 */

import type { Evidence } from '../result.ts'
import type { Check } from './check.ts'
import { type Finding, Tally, unknown } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

export const availability: Check = {
  name: 'availability',
  statement: 'After the heal every partition takes a write with acks=all again.',
  promise: 'Unless the cluster cannot settle for a reason that the drain names.',
  scopes: () => ['all'],
  judge: judgeAvailability,
}

function judgeAvailability(judgement: Judgement): Finding {
  const { ended, reason, phases } = judgement.result
  const { wroteUs, healUs } = phases
  if (wroteUs !== null) {
    return {
      verdict: 'kept',
      promised: true,
      count: 0,
      sentence: `Every partition took writes ${soon(wroteUs - healUs)}`,
      mechanism: 'kept',
      evidence: answered(judgement),
    }
  }
  if (ended !== 'stuck') return unknown(true, 'The run ended before every partition took a write')
  const breach = new Tally()
  const excuse = reason === null ? null : `not promised: ${reason}`
  breach.add(reason ?? 'stuck without a reason', 1, excuse, () => ({
    sentence: `the cluster did not settle after the heal at ${seconds(healUs)}`,
    atUs: healUs,
    partition: null,
    offset: null,
    records: [],
  }))
  const why = reason === null ? '' : `: ${reason}`
  return breach.broken(`After the heal not every partition took a write${why}`)
}

/** Records acknowledged of those sent, before the first fault, under faults and after them. */
function answered(judgement: Judgement): readonly Evidence[] {
  const { history, phases } = judgement.result
  const { data, length } = history.sends
  const strikes = judgement.tookEffect().map(({ atUs }) => atUs ?? Infinity)
  const firstUs = Math.min(phases.healUs, ...strikes)
  const sent = [0, 0, 0]
  const acknowledged = [0, 0, 0]
  for (let row = 0; row < length; row += 1) {
    const at = judgement.since(data.invokedUs[row] as number)
    const phase = at < firstUs ? 0 : at < phases.healUs ? 1 : 2
    const count = data.count[row] as number
    sent[phase] = (sent[phase] as number) + count
    if (data.outcome[row] === 1) acknowledged[phase] = (acknowledged[phase] as number) + count
  }
  const names = ['before the first fault', 'from the first fault to the heal', 'after the heal']
  return names.flatMap((name, phase) => {
    const of = sent[phase] as number
    if (of === 0) return []
    return {
      sentence: `${acknowledged[phase]} of ${counted(of, 'record')} sent ${name} were acknowledged`,
      atUs: null,
      partition: null,
      offset: null,
      records: [],
    }
  })
}

/** How long after the heal, in words. */
function soon(us: number): string {
  return us < 1000 ? 'from the heal on' : `${seconds(us)} after the heal`
}
