/**
 * Write silence: how long a partition had a write waiting and answered none.
 *
 * Counted from the later of the last acknowledgement and the first send that was waiting, so that
 * a producer with nothing to say is no silence. Sends without an acknowledgement have no partition
 * and count nowhere.
 */

import { Outcome } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'
import type { Judgement } from '../checks/judgement.ts'
import { inTimeOrder } from './in-time-order.ts'

/** The longest silence of each partition that was written to, in µs. */
export function writeSilences(judgement: Judgement): ReadonlyMap<PartitionId, number> {
  const { data } = judgement.result.history.sends
  const silences = new Map<PartitionId, number>()
  for (const [partition, rows] of rowsByPartition(judgement)) {
    const ended = Float64Array.from(rows, (row) => data.endedUs[row] as number)
    const order = inTimeOrder(ended)
    let longest = 0
    let waitingSince = Infinity
    for (let at = order.length - 1; at >= 0; at -= 1) {
      const row = rows[order[at] as number] as number
      waitingSince = Math.min(waitingSince, data.invokedUs[row] as number)
      const before = at === 0 ? -Infinity : (ended[order[at - 1] as number] as number)
      const silentFrom = Math.max(before, waitingSince)
      longest = Math.max(longest, (data.endedUs[row] as number) - silentFrom)
    }
    silences.set(partition, longest)
  }
  return silences
}

function rowsByPartition(judgement: Judgement): ReadonlyMap<PartitionId, number[]> {
  const { data, length } = judgement.result.history.sends
  const rows = new Map<PartitionId, number[]>()
  for (let row = 0; row < length; row += 1) {
    const partition = data.partition[row] as number
    if (data.outcome[row] !== Outcome.ok || partition < 0) continue
    const of = rows.get(partition)
    if (of === undefined) rows.set(partition, [row])
    else of.push(row)
  }
  return rows
}
