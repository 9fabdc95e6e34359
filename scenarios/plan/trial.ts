/**
 * A trial made ready: its case, and what is known of it beside the case.
 */

import type { Curve } from '../../model/kafka/clients/producer/curve.ts'
import type { Case } from '../case.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Trial } from './simulate.ts'
import { type Span, trafficOf } from './traffic.ts'
import { drillOf, planOf, trialCase, trialSpan } from './trial-case.ts'

export interface PreparedTrial {
  readonly case: Case
  readonly span: Span
  /** What is asked for, in times of the window; one curve a producer. */
  readonly traffic: readonly Curve[]
  /** Records of an arrival, by producer. */
  readonly records: readonly number[]
  /** Of the plan, in normal running. */
  readonly utilisation: number | null
}

export function createTrial(scenario: Scenario, seed: number, trial: Trial): PreparedTrial {
  const drill = drillOf(scenario, trial)
  const one = trialCase(scenario, seed, trial)
  const { flows } = trafficOf(one.scenario)
  return {
    case: one,
    span: trialSpan(scenario, drill),
    traffic: flows.map(({ curve }) => curve),
    records: flows.map(({ records }) => records),
    utilisation: drill.name === 'normal' ? planOf(scenario).utilisation : null,
  }
}
