/**
 * The traffic of a scenario as arithmetic sees it: rates and bytes over time, its peak, and the
 * window around the peak that is simulated.
 */

import {
  createCurve,
  type Curve,
  expectedBetween,
  rateAt,
} from '../../model/kafka/clients/producer/curve.ts'
import type { PlanWindow } from '../schema/plan.ts'
import type { Producer, Scenario } from '../schema/scenario.ts'

/** What one producer sends. */
export interface Flow {
  readonly producer: string
  readonly topic: string
  readonly curve: Curve
  /** Records an arrival makes. */
  readonly records: number
  readonly recordBytes: number
  /** Asks for acknowledgement by all in-sync replicas. */
  readonly acksAll: boolean
}

export interface Traffic {
  readonly flows: readonly Flow[]
  readonly endUs: number
}

export interface Span {
  readonly fromUs: number
  readonly untilUs: number
  readonly peakAtUs: number
}

export function trafficOf({ producers, durationUs }: Scenario): Traffic {
  return {
    flows: producers.map((producer) => ({
      producer: producer.name,
      topic: producer.topic,
      curve: createCurve(producer.load.points, durationUs),
      records: recordsOf(producer),
      recordBytes: producer.recordBytes,
      acksAll: !['0', '1'].includes(String(producer.config['acks'] ?? 'all')),
    })),
    endUs: durationUs,
  }
}

function recordsOf({ keys }: Producer): number {
  return keys.kind === 'per-order' ? keys.events : 1
}

/** Records a second of all producers. */
export function recordsAt({ flows }: Traffic, atUs: number): number {
  return flows.reduce((sum, { curve, records }) => sum + rateAt(curve, atUs) * records, 0)
}

export function bytesAt({ flows }: Traffic, atUs: number): number {
  return flows.reduce(
    (sum, { curve, records, recordBytes }) => sum + rateAt(curve, atUs) * records * recordBytes,
    0,
  )
}

/** Records a second in the mean of a span. */
export function meanRecords({ flows }: Traffic, fromUs: number, untilUs: number): number {
  if (untilUs <= fromUs) return 0
  const all = flows.reduce(
    (sum, { curve, records }) => sum + expectedBetween(curve, fromUs, untilUs) * records,
    0,
  )
  return (all * 1e6) / (untilUs - fromUs)
}

/** Where the sum of the curves is greatest, the first of equals. */
export function peakOf(traffic: Traffic): number {
  let best = 0
  let most = recordsAt(traffic, 0)
  for (const { curve } of traffic.flows) {
    for (const { atUs } of curve.points) {
      const rate = recordsAt(traffic, atUs)
      if (atUs >= traffic.endUs || rate < most) continue
      if (rate > most || atUs < best) best = atUs
      most = rate
    }
  }
  return best
}

export function spanOf(traffic: Traffic, window: PlanWindow): Span {
  const peakAtUs = window.peakAtUs ?? peakOf(traffic)
  return {
    fromUs: Math.max(0, peakAtUs - window.beforeUs),
    untilUs: Math.min(traffic.endUs, peakAtUs + window.afterUs),
    peakAtUs,
  }
}
