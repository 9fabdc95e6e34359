/**
 * leader-epoch-monotonic: the leader epoch of what is read of a partition never goes back.
 *
 * stored: along each log, as the auditor read it. By group: a member that reads on, at a higher
 * offset, is given no lower epoch (after kgo-verifier).
 */

import { type Check, groupScopes } from './check.ts'
import { lackOf } from './causes.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

const STORED = 'stored'

export const leaderEpochMonotonic: Check = {
  name: 'leader-epoch-monotonic',
  statement: 'The leader epoch of what is read of a partition never goes back as offsets go on.',
  promise: 'Always, unless committed records were lost there with an excuse.',
  scopes: (judgement) => [STORED, ...groupScopes(judgement)],
  judge: (judgement, scope) =>
    scope === STORED ? judgeLogs(judgement) : judgeGroup(judgement, scope),
}

function judgeLogs(judgement: Judgement): Finding {
  const breaches = new Tally()
  let any = false
  for (const { partition, entries } of judgement.result.logs.uncommitted) {
    let newest = -1
    for (const { leaderEpoch, baseOffset } of entries) {
      any = true
      if (leaderEpoch >= newest) {
        newest = leaderEpoch
        continue
      }
      const before = newest
      breaches.add('the log goes back', 1, lackOf(judgement, partition), () => ({
        sentence:
          `${judgement.partitionText(partition)} goes back from leader epoch ${before} to ` +
          `${leaderEpoch} at offset ${baseOffset}`,
        atUs: null,
        partition: judgement.partitionText(partition),
        offset: baseOffset,
        records: [],
      }))
    }
  }
  if (breaches.count > 0) {
    return breaches.broken(`Leader epochs of the logs went back ${counted(breaches.count, 'time')}`)
  }
  if (!any) return vacuous(true, 'No record is stored')
  return kept(true, 'Leader epochs only grow along each log')
}

function judgeGroup(judgement: Judgement, group: string): Finding {
  const { deliveries, names } = judgement.result.history
  const id = judgement.groupId(group)
  const { data, length } = deliveries
  const breaches = new Tally()
  // One more than the row that each member was last given of a partition.
  const last = new Map<number, Map<number, number>>()
  let any = false
  for (let row = 0; row < length; row += 1) {
    const epoch = data.leaderEpoch[row] as number
    if (data.group[row] !== id || epoch < 0) continue
    any = true
    const process = data.process[row] as number
    const partition = data.partition[row] as number
    let rows = last.get(process)
    if (rows === undefined) last.set(process, (rows = new Map()))
    const before = rows.get(partition)
    rows.set(partition, row)
    if (before === undefined) continue
    const known = data.leaderEpoch[before] as number
    const onward = (data.offset[row] as number) > (data.offset[before] as number)
    if (!onward || epoch >= known) continue
    breaches.add('a member was given an older epoch', 1, lackOf(judgement, partition), () => {
      const atUs = judgement.since(data.atUs[row] as number)
      return {
        sentence:
          `${names[process]} had read ${judgement.partitionText(partition)} in leader epoch ${known} ` +
          `and was given offset ${data.offset[row]} of epoch ${epoch} at ${seconds(atUs)}`,
        atUs,
        partition: judgement.partitionText(partition),
        offset: data.offset[row] as number,
        records: [`${data.stream[row]}:${data.index[row]}`],
      }
    })
  }
  if (breaches.count > 0) {
    return breaches.broken(
      `Members of ${group} were taken back to an older leader epoch ${counted(breaches.count, 'time')}`,
    )
  }
  if (!any) return vacuous(true, `${group} read nothing`)
  return kept(true, `Leader epochs that members of ${group} read never went back`)
}
