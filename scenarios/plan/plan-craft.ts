/**
 * The work of a plan's threads: one trial each, of the scenario that each thread was given once.
 */

import type { Craft } from '../explore/crew.ts'
import type { Scenario } from '../schema/scenario.ts'
import { sampleOf } from './sample.ts'
import type { Sample, Trial } from './simulate.ts'

export interface PlanSetUp {
  readonly scenario: Scenario
  readonly seed: number
}

export const planCraft: Craft<PlanSetUp, Trial, Sample> = {
  script: new URL('./plan-worker.js', import.meta.url),
  scenarios: ({ scenario }) => [scenario],
  work: ({ scenario, seed }, trial) => sampleOf(scenario, seed, trial),
}
