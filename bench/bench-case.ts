/**
 * The case that exploring is measured on, and one run of it as an exploration does it.
 */

import { fileURLToPath } from 'node:url'
import type { Judged } from '../scenarios/result.ts'
import { exploredCase } from '../scenarios/explore/cases.ts'
import { summarize } from '../scenarios/explore/summary.ts'
import { judge } from '../scenarios/judge.ts'
import { run } from '../scenarios/run.ts'
import { loadScenario } from '../scenarios/schema/load.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'

/** Seen from `dist/bench`, where this runs. */
const FILE: string = fileURLToPath(new URL('../../scenarios/bench/explore.yaml', import.meta.url))

/** Any would do; runs of one seed are the same runs in every version of the bench. */
export const SEED = 11

/** Fewer runs than these are not warm: the first take many times longer (performance.md). */
export const WARM_RUNS = 200

/** From here on V8 has little left to compile: so much of any exploration of a minute. */
export const LONG_RUNS = 1_000

/** The scenario, with what `--set` would lay over it. */
export async function benchScenario(sets: readonly string[] = []): Promise<Scenario> {
  return (await loadScenario(FILE, { sets })).scenario
}

/** Runs, judges and summarizes one case, as a thread of an exploration does. */
export function oneRun(scenario: Scenario, index: number): Judged {
  const judged = judge(run(exploredCase(scenario, SEED, index)), { series: false })
  summarize(index, judged)
  return judged
}

export function warmUp(scenario: Scenario, runs: number = WARM_RUNS): void {
  for (let index = 0; index < runs; index += 1) oneRun(scenario, 1_000_000 + index)
}
