/**
 * About how many sends a run will make: what the tables of its history begin with.
 *
 * An estimate from the load alone, with room for chance and for what is sent again. Left out: load
 * that comes in counted batches makes fewer, and long runs many more; for those tables may grow.
 */

import { createCurve, expectedBefore } from '../../model/kafka/clients/producer/curve.ts'
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
  const arrivals = expectedBefore(createCurve(load.points, durationUs), Infinity)
  return keys.kind === 'per-order' ? arrivals * keys.events : arrivals
}
