/**
 * What a plan answers of the inputs that a planner doubts: how far each moves the threshold that is
 * nearest to its limit. Plain JSON, as `plan-answer.ts`, of which it is a part.
 */

import type { PlanInput } from './plan-answer.ts'

/** The inputs a planner doubts, each moved both ways with the answer in normal running. */
export interface Doubts {
  /** Nearest to its limit with every figure as it is: `latency p(99)<500ms`. */
  readonly threshold: string
  /** Of its limit the share that is left in the first run; below 0 it is missed. */
  readonly headroom: number
  /** Between the seeds with the most and the least left; null: one seed says nothing of chance. */
  readonly spread: number | null
  /** What moves the headroom most first; what moves nothing last. */
  readonly inputs: readonly Doubt[]
}

export interface Doubt {
  readonly input: string
  /** `default`: dmqsim or the hardware profile assumes it. */
  readonly source: PlanInput['source']
  readonly low: DoubtEnd
  readonly high: DoubtEnd
  /** The greater change of the headroom, in share of the limit; null: nothing was measured then. */
  readonly effect: number | null
  /** By half a point and by more than chance does, or a threshold is missed. */
  readonly moves: boolean
}

export interface DoubtEnd {
  /** The figure is multiplied by it. */
  readonly factor: number
  /** Nearest then. */
  readonly threshold: string | null
  /** Of that; null: nothing was measured. */
  readonly headroom: number | null
  readonly failed: readonly string[]
}
