/**
 * The library: load a scenario, run it, judge it, explore it, replay what was kept.
 *
 * `scenario` → `run` → `judge` is one run; `explore` is many; `replay` is one again.
 */

import type { Case } from './scenarios/case.ts'
import { plainCase } from './scenarios/explore/cases.ts'
import { keptOf, replay as replayKept, type Replay } from './scenarios/replay.ts'
import { type LoadOptions, loadScenario, parseScenario } from './scenarios/schema/load.ts'
import { strangeNames } from './scenarios/schema/model-names.ts'
import type { Scenario } from './scenarios/schema/scenario.ts'
import type { ScenarioFile } from './scenarios/schema/surface.ts'

// Scenarios
export { loadScenario, parseScenario, parseScenarioText } from './scenarios/schema/load.ts'
export type { LoadedScenario, LoadOptions } from './scenarios/schema/load.ts'
export { InputError } from './scenarios/schema/input-error.ts'
export type { ScenarioFile } from './scenarios/schema/surface.ts'
export type {
  CheckName,
  Expectation,
  Problem,
  Scenario,
  Threshold,
} from './scenarios/schema/scenario.ts'
export type { TimelineEntry } from './scenarios/schema/timeline.ts'

// Runs
export { run } from './scenarios/run.ts'
export { judge } from './scenarios/judge.ts'
export { exploredCase } from './scenarios/explore/cases.ts'
export type { Case } from './scenarios/case.ts'
export type {
  Evidence,
  Judged,
  Measures,
  Result,
  Struck,
  TruthBreach,
  Verdict,
  VerdictWord,
} from './scenarios/result.ts'

// Handlers of your own
export { loadHandlers } from './scenarios/handlers/modules.ts'
export type {
  App,
  CallRequest,
  EffectRequest,
  Handler,
  HandlerCommit,
  HandlerError,
  HandlerReference,
  HandlerStore,
  OutgoingRecord,
  ReceivedRecord,
  Steps,
  Transaction,
} from './scenarios/handlers/handler.ts'

// Explorations
export { explore } from './scenarios/explore/explore.ts'
export type { Exploration, ExploreOptions, Progress } from './scenarios/explore/explore.ts'
export type { RunSummary } from './scenarios/explore/summary.ts'
export { checkTallies, failureGroups } from './reports/tally.ts'
export type { CheckTally, FailureGroup } from './reports/tally.ts'
export { caseArbitrary } from './scenarios/explore/arbitrary.ts'
export { shrink } from './scenarios/explore/shrink.ts'
export type { Shrunk, ShrinkOptions, ShrinkTarget } from './scenarios/explore/shrink.ts'

// What was kept
export { caseOfToken, failureFrom, failureOf, tokenOf } from './scenarios/explore/failure.ts'
export type { Failure } from './scenarios/explore/failure.ts'
export type { FirstDifference, Replay } from './scenarios/replay.ts'

// What an answer means
export { explorationFindings, runFindings } from './reports/conclusion.ts'
export type { Finding } from './reports/conclusion.ts'
export { htmlReport } from './reports/html/report.ts'
export type { HtmlReportOptions } from './reports/html/report.ts'

/** A scenario by its name, from a file, or as an object in the form of a scenario file. */
export async function scenario(
  source: string | ScenarioFile,
  options: LoadOptions = {},
): Promise<Scenario> {
  const load = typeof source === 'string' ? loadScenario : parseScenario
  return (await load(source as string, { strangers: strangeNames, ...options })).scenario
}

/** The case of a single run: the scenario's own timeline, and nothing drawn. */
export function caseOf(of: Scenario, seed: number = of.seed ?? 1): Case {
  return plainCase(of, seed)
}

/**
 * Runs what was kept once more: a token, or the text of a failure file, of a report in HTML or of
 * the JSON answer of a run. Throws `InputError` where it is none of them.
 */
export function replay(text: string): Replay {
  return replayKept(keptOf(text, 'replay'))
}
