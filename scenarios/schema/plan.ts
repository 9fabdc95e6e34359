/**
 * The plan of a scenario in its canonical form: which settings are searched, what they must hold in
 * which drills, and what they cost. Read by `dmqsim plan` alone.
 */

import type { Threshold } from './scenario.ts'

export type PlanDrillName = 'normal' | 'one-broker-down' | 'rack-down' | 'consumer-outage'

export interface Plan {
  readonly search: PlanSearch
  /** Hosts go over so many racks in turn; null: they stand where the scenario has them. */
  readonly racks: number | null
  readonly thresholds: readonly PlanThreshold[]
  readonly drills: readonly PlanDrill[]
  readonly window: PlanWindow
  /** Runs of each drill of the answer. */
  readonly seeds: number
  /** The busiest resource stays below it in normal running; null: nothing asks for it. */
  readonly utilisation: number | null
  readonly prices: Prices | null
}

/** Ascending values of each dimension; what is not searched has the one value of the scenario. */
export interface PlanSearch {
  readonly brokers: readonly number[]
  /** In the order of the author. */
  readonly hardware: readonly string[]
  readonly replicationFactor: readonly number[]
  readonly partitions: readonly { readonly topic: string; readonly values: readonly number[] }[]
  readonly consumers: readonly { readonly group: string; readonly values: readonly number[] }[]
  readonly batchBytes: readonly number[]
  readonly lingerMs: readonly number[]
}

export interface PlanThreshold {
  readonly threshold: Threshold
  /** Only there; null: in every drill. */
  readonly drill: PlanDrillName | null
}

export type PlanDrill =
  | { readonly name: 'normal' }
  | { readonly name: 'one-broker-down' }
  /** Null: the rack with the most brokers. */
  | { readonly name: 'rack-down'; readonly rack: string | null }
  | { readonly name: 'consumer-outage'; readonly group: string; readonly forUs: number }

/** Around the greatest value of the load. */
export interface PlanWindow {
  /** Null: where the sum of all curves is greatest. */
  readonly peakAtUs: number | null
  readonly beforeUs: number
  readonly afterUs: number
}

/** From the user's own list. */
export interface Prices {
  readonly currency: string
  /** An hour of a broker, by hardware. */
  readonly perHour: Readonly<Record<string, number>>
  readonly perGigabyteMonth: number
  /** An hour of one member of a group. */
  readonly perConsumerHour: number
}
