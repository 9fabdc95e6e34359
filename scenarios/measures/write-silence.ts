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
  return judgement.once('write silences', () => measureSilences(judgement))
}

interface Partition {
  waitingSince: number
  endedUs: number
  longest: number
}

/** From the last acknowledgement back to the first, so that who was waiting is known. */
function measureSilences(judgement: Judgement): ReadonlyMap<PartitionId, number> {
  const { data } = judgement.result.history.sends
  const folded = judgement.result.folded?.silences
  const rows = acknowledged(judgement, folded?.untilUs ?? -Infinity)
  const ended = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at += 1) ended[at] = data.endedUs[rows[at] as number] as number
  const order = inTimeOrder(ended)
  const partitions = new Map<PartitionId, Partition>()
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = rows[order[at] as number] as number
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    const of = partitions.get(data.partition[row] as number)
    if (of === undefined) {
      partitions.set(data.partition[row] as number, {
        waitingSince: invokedUs,
        endedUs,
        longest: 0,
      })
      continue
    }
    of.longest = Math.max(of.longest, of.endedUs - Math.max(endedUs, of.waitingSince))
    of.waitingSince = Math.min(of.waitingSince, invokedUs)
    of.endedUs = endedUs
  }
  const silences = new Map<PartitionId, number>()
  for (const [partition, { longest, endedUs, waitingSince }] of partitions) {
    const since = Math.max(waitingSince, folded?.lastUs[partition] ?? -Infinity)
    silences.set(partition, Math.max(longest, endedUs - since))
  }
  folded?.longest.forEach((us, partition) => {
    silences.set(partition, Math.max(us, silences.get(partition) ?? 0))
  })
  return silences
}

/** Sends that were acknowledged after a time. */
function acknowledged(judgement: Judgement, afterUs: number): Int32Array {
  const { data, length } = judgement.result.history.sends
  const rows = new Int32Array(length)
  let found = 0
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok || (data.partition[row] as number) < 0) continue
    if ((data.endedUs[row] as number) <= afterUs) continue
    rows[found] = row
    found += 1
  }
  return rows.subarray(0, found)
}
