/**
 * Where the new owner of a partition went on: as it said itself, or as its first poll shows.
 */

import type { Witnessed } from './account.ts'

/** ` and went on at offset 277`, or nothing where that is not known. */
export function firstGiven(
  { judgement }: Witnessed,
  { row, at }: { readonly row: number; readonly at: number },
): string {
  const offset = at >= 0 ? at : firstDelivery(judgement.result.history, row)
  return offset === null ? '' : ` and went on at offset ${offset}`
}

type History = Witnessed['result']['history']

function firstDelivery({ ownerships, deliveries }: History, row: number): number | null {
  const owned = ownerships.data
  const given = deliveries.data
  for (let at = 0; at < deliveries.length; at += 1) {
    if ((given.atUs[at] as number) < (owned.atUs[row] as number)) continue
    if (given.partition[at] !== owned.partition[row]) continue
    if (given.group[at] !== owned.group[row] || given.process[at] !== owned.process[row]) continue
    return given.offset[at] as number
  }
  return null
}
