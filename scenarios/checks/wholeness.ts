/**
 * Scope `whole` of availability: after the heal the cluster got whole.
 *
 * Judged on the first step of the drain: every broker registered, every partition with a leader and
 * all of its replicas in the ISR, every group stable. Reasons are those of the drain's closed list.
 */

import { type Finding, kept, Tally, unknown } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { seconds } from './words.ts'

export function judgeWhole({ result }: Judgement): Finding {
  const { ended, reason, detail, phases } = result
  const { settledUs, healUs } = phases
  if (settledUs !== null) {
    return kept(true, `The cluster was whole ${seconds(settledUs - healUs)} after the heal`)
  }
  if (ended !== 'stuck') return unknown(true, 'The run ended before the cluster was whole')
  const breach = new Tally()
  const why = reason ?? detail ?? 'stuck without a reason'
  // Without numbers: the same mechanism whichever broker or partition it is.
  const mechanism = reason ?? why.replaceAll(/-?\d+/g, '').replaceAll(/ +/g, ' ')
  breach.add(mechanism, 1, reason === null ? null : `not promised: ${reason}`, () => ({
    sentence: detail ?? why,
    atUs: healUs,
    partition: null,
    offset: null,
    records: [],
  }))
  return breach.broken(`After the heal the cluster did not get whole: ${why}`)
}
