/**
 * What the clients of one run measured in a window of it: records a second and latencies.
 *
 * Read from the history alone, as the clients saw it. A send counts in the window in which it
 * began; a rate is of records acknowledged, delivered or processed in the window.
 */

import { type History, Outcome } from '../../model/history.ts'
import type { Result } from '../result.ts'
import { Judgement } from '../checks/judgement.ts'
import { endToEndLatency } from '../measures/latency.ts'
import { Histogram } from '../measures/histogram.ts'

/** Times from t = 0, in µs. */
export interface Window {
  readonly fromUs: number
  readonly untilUs: number
}

export interface ClusterFigures {
  readonly acknowledgedPerSecond: number
  readonly deliveredPerSecond: number
  /** Of acknowledged sends: µs, NaN without any. */
  readonly meanUs: number
  readonly p50Us: number
  readonly p99Us: number
  /** From a record's send to the end of its processing by a group; NaN where it is not timed. */
  readonly endToEndP50Us: number
  /** Records that followers are behind their leaders, at the end of the window. */
  readonly replicaLag: number
  readonly events: number
}

export function clusterFigures(
  result: Result,
  { fromUs, untilUs }: Window,
  endToEnd: boolean,
): Omit<ClusterFigures, 'replicaLag'> {
  const { originUs } = result.phases
  const window = { fromUs: originUs + fromUs, untilUs: originUs + untilUs }
  const seconds = (untilUs - fromUs) / 1_000_000
  const { latency, acknowledged, sumUs } = acknowledgedIn(result.history, window)
  return {
    acknowledgedPerSecond: acknowledged / seconds,
    deliveredPerSecond: deliveredIn(result.history, window) / seconds,
    meanUs: sumUs / latency.count,
    p50Us: latency.count === 0 ? Number.NaN : latency.percentile(50),
    p99Us: latency.count === 0 ? Number.NaN : latency.percentile(99),
    endToEndP50Us: endToEnd ? endToEndLatency(new Judgement(result)).percentile(50) : Number.NaN,
    events: result.events,
  }
}

interface Acknowledged {
  readonly latency: Histogram
  readonly acknowledged: number
  /** The histogram rounds; the mean does not. */
  readonly sumUs: number
}

function acknowledgedIn({ sends }: History, { fromUs, untilUs }: Window): Acknowledged {
  const latency = new Histogram()
  const { data, length } = sends
  let acknowledged = 0
  let sumUs = 0
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    const count = data.count[row] as number
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    if (endedUs >= fromUs && endedUs < untilUs) acknowledged += count
    if (invokedUs < fromUs || invokedUs >= untilUs) continue
    latency.record(endedUs - invokedUs, count)
    sumUs += (endedUs - invokedUs) * count
  }
  return { latency, acknowledged, sumUs }
}

function deliveredIn({ deliveries }: History, { fromUs, untilUs }: Window): number {
  const { data, length } = deliveries
  let delivered = 0
  for (let row = 0; row < length; row += 1) {
    const atUs = data.atUs[row] as number
    if (atUs >= fromUs && atUs < untilUs) delivered += data.count[row] as number
  }
  return delivered
}
