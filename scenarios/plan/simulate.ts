/**
 * What a plan asks of a simulation, and what it hears: a setting in a drill, with a seed.
 *
 * The search, the walls and the rest know nothing else of it, so they are tested with a made-up
 * one.
 */

import type { Bottleneck, Curves, Setting, Unit } from './plan-answer.ts'

/** Figures that are multiplied; absent: by 1. */
export type Change = Readonly<Partial<Record<Figure, number>>>

export type GroupPercentile = 'p(50)' | 'p(99)'

export type Figure =
  | 'traffic'
  | 'record-bytes'
  | 'compression-ratio'
  | 'consumer-work'
  | 'network-latency'
  | 'processor-cost'
  | 'disk-bandwidth'
  | 'network-bandwidth'
  | 'linger'
  | 'batch-bytes'
  | 'key-skew'
  | 'request-cost'
  | 'record-cost'
  | 'byte-cost'
  | 'page-cache'

export interface Trial {
  readonly setting: Setting
  /** Place in the drills of the plan. */
  readonly drill: number
  /** Run i has the same seed, and so the same arrivals, whatever else differs. */
  readonly index: number
  readonly change: Change
  readonly curves: boolean
}

export interface Sample {
  readonly met: boolean
  readonly thresholds: readonly {
    readonly measure: string
    readonly rule: string
    readonly value: number | null
    readonly unit: Unit
    /** Null: another one with `abortOnFail` ended the run before this could be judged. */
    readonly met: boolean | null
  }[]
  /** Checks that broke against what is expected. */
  readonly broken: readonly { readonly check: string; readonly scope: string }[]
  /** A threshold ended the run before its end: all figures are of the part that ran. */
  readonly endedEarly: boolean
  readonly bottleneck: Bottleneck | null
  readonly resources: readonly {
    readonly host: string
    readonly resource: string
    readonly mean: number
    readonly peak: number
  }[]
  readonly measures: Readonly<Record<string, { readonly value: number; readonly unit: Unit }>>
  readonly groups: readonly {
    readonly group: string
    readonly topic: string
    readonly backlogPeak: number
    readonly latenessPeakMs: number
    readonly drainMs: number | null
    /** End to end, by percentile as in `p(99)`; null: the group processed nothing. */
    readonly latencyMs: Readonly<Record<GroupPercentile, number>> | null
  }[]
  readonly curves: Curves | null
  readonly events: number
}

/**
 * The samples of trials, in their order; trials of one call may be done at the same time. Throws
 * `TimeUp` if it has to stop among them, and anything else where dmqsim itself fails: that is no
 * finding about a setting, and ends the plan.
 */
export type Simulate = (trials: readonly Trial[]) => Promise<readonly Sample[]>

/** Enough time was spent: what was asked for was not simulated, or not all of it. */
export class TimeUp extends Error {}

/** The value; null if the time was up before it was there. */
export async function inTime<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value
  } catch (error) {
    if (error instanceof TimeUp) return null
    throw error
  }
}

export const unchanged: Change = {}

/** What a sample misses, for lists: `lateness{group:payment} max<30s`. */
export function missedIn({ thresholds, broken }: Sample): readonly string[] {
  return [
    ...thresholds
      .filter(({ met }) => met === false)
      .map(({ measure, rule }) => `${measure} ${rule}`),
    ...broken.map(({ check, scope }) => `${check}:${scope}`),
  ]
}

export type ThresholdSample = Sample['thresholds'][number]
