/**
 * About how many sends a run will make: what the tables of its history begin with.
 *
 * An estimate from the load alone, with room for chance and for what is sent again. Left out: load
 * that comes in counted batches makes fewer, and long runs many more; for those tables may grow.
 */

import type { Producer, Scenario } from '../schema/scenario.ts'

const LEAST = 256
/** Beyond so many rows a copy costs little beside the run that fills them. */
const MOST = 16_384
const ROOM = 1.25

export function expectedSends({ producers, durationUs }: Scenario): number {
  let sends = 0
  for (const producer of producers) sends += recordsOf(producer, durationUs)
  return Math.min(MOST, LEAST + Math.ceil(sends * ROOM))
}

/** What all instances of a service send: the area below the curve of its load. */
function recordsOf({ load, keys }: Producer, durationUs: number): number {
  let arrivals = 0
  load.points.forEach(({ atUs, perSecond }, index) => {
    const next = load.points[index + 1]
    const untilUs = Math.min(next?.atUs ?? durationUs, durationUs)
    const mean = (perSecond + (next?.perSecond ?? perSecond)) / 2
    arrivals += mean * (Math.max(0, untilUs - atUs) / 1e6)
  })
  return keys.kind === 'per-order' ? arrivals * keys.events : arrivals
}
