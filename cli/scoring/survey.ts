/**
 * The cases that a score takes its pairs from: runs of every scenario with every guard on.
 *
 * Each run is judged by every check there is, so that a guard counts as noticed whoever notices
 * it. What a run costs decides how many a scenario gives: the number of its events, never time, so
 * that the same seed asks the same cases on every machine.
 */

import type { Case } from '../../scenarios/case.ts'
import { exploredCase, plainCase } from '../../scenarios/explore/cases.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'
import { checkNames } from '../../scenarios/schema/check-names.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import { isInternalError, type Outcome, type Runner } from './runner.ts'

/** A case with what came of it. */
export interface Surveyed {
  readonly scenario: string
  readonly index: number
  readonly one: Case
  readonly summary: RunSummary
}

/** Events that one run may have on average before its scenario gives fewer cases. */
const EVENTS_A_RUN = 60_000
const RUNS_LEAST = 2
/** Every fourth case is the scenario's own timeline, which was written to reach its guards. */
const PLAIN_EVERY = 4

export interface SurveyOptions {
  readonly seed: number
  /** Cases of a scenario, unless its runs are long. */
  readonly runs: number
  readonly jobs: number
  readonly stopped: () => boolean
  readonly progress: (scenario: string, done: number) => void
}

export async function survey(
  scenarios: readonly Scenario[],
  runner: Runner,
  options: SurveyOptions,
): Promise<readonly Surveyed[]> {
  const found: Surveyed[] = []
  for (const scenario of scenarios) found.push(...(await surveyOne(scenario, runner, options)))
  return found
}

async function surveyOne(
  scenario: Scenario,
  runner: Runner,
  options: SurveyOptions,
): Promise<readonly Surveyed[]> {
  const found: Surveyed[] = []
  let runs = options.runs
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < runs && !options.stopped()) {
      const index = next++
      const one = surveyedCase(scenario, options.seed, index)
      const outcome: Outcome = await runner.run(one)
      options.progress(scenario.name, index)
      if (isInternalError(outcome)) continue
      found.push({ scenario: scenario.name, index, one, summary: outcome })
    }
  }
  // The first run tells how long they are; lanes begin only then, whatever their number.
  runs = 1
  await lane()
  runs = affordable(options.runs, found[0]?.summary.events ?? 0)
  await Promise.all(Array.from({ length: options.jobs }, lane))
  return found.sort((a, b) => a.index - b.index)
}

function affordable(runs: number, events: number): number {
  if (events <= EVENTS_A_RUN) return runs
  return Math.max(Math.min(runs, RUNS_LEAST), Math.floor((runs * EVENTS_A_RUN) / events))
}

/** Case `index` of a scenario, judged by every check. */
export function surveyedCase(scenario: Scenario, seed: number, index: number): Case {
  const judged = { ...scenario, checks: checkNames }
  const drawn = exploredCase(judged, seed, index)
  return index % PLAIN_EVERY === 0 ? plainCase(judged, drawn.seed) : drawn
}
