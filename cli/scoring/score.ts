/**
 * Scores guards: which of them would be missed, by whom, and which nothing ever asked; and old
 * protocol levels, by the same cases at the level of today and at the old one.
 *
 * A survey runs every scenario with every guard on, counting where each guard was decisive. Then
 * each guard is turned off in cases in which it was, round after round.
 */

import type { GuardScore, LevelScore } from '../../reports/answer.ts'
import { chunkCraft } from '../../scenarios/explore/chunk.ts'
import { crewOf } from '../../scenarios/explore/crew.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'
import { scenarioNames } from '../../scenarios/schema/files.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import type { GuardEntry } from '../../sim/registry.ts'
// For its registrations of guards.
import '../../scenarios/run.ts'
import { inLanes, rounds } from './rounds.ts'
import { standIn, standsBefore } from './stand-ins.ts'
import {
  type BrokenLevel,
  guardSubject,
  levelSubject,
  mendedScenarios,
  type Named,
} from './subjects.ts'
import { type RunCase, Survey, type Work } from './survey.ts'
import { type Subject, Trial } from './trial.ts'

export interface ScoreOptions {
  readonly guards: readonly GuardEntry[]
  readonly levels: readonly BrokenLevel[]
  readonly seed: number
  /** Cases of a scenario, at most. */
  readonly runs: number
  /** For each guard and level, at most. */
  readonly pairs: number
  /** Real time for all of them; what is not done then says so. */
  readonly timeMs: number
  /** 1: in this thread. */
  readonly jobs: number
  readonly now: () => number
  readonly stopped: () => boolean
  readonly progress: (text: string) => void
  /** Names of scenarios; all that come with dmqsim where it is left out. */
  readonly scenarios?: readonly string[]
}

export interface Scored {
  readonly scores: readonly GuardScore[]
  readonly levels: readonly LevelScore[]
  readonly runsDone: number
  /** Runs with every guard on that broke the model itself. */
  readonly errors: number
  /** Time was up before everything was tried. */
  readonly cut: boolean
}

/** Cases of each scenario before the first pair. */
const SURVEY_FIRST = 12
/** Of the time; the rest is for guards that stand behind others. */
const ROUNDS_SHARE = 0.9

export async function score(options: ScoreOptions): Promise<Scored> {
  const crew = crewOf(chunkCraft, null, options.jobs)
  const startedMs = options.now()
  const { timeMs, guards, levels, pairs, jobs, seed } = options
  const after = (ms: number) => (): boolean => options.stopped() || options.now() - startedMs > ms
  const stopped = after(ROUNDS_SHARE * timeMs)
  let runsDone = 0
  const run: RunCase = async (one, eventsMax) => {
    runsDone += 1
    return (await crew.run({ kind: 'cases', cases: [one], eventsMax })).summaries[0] as RunSummary
  }
  try {
    const scenarios = await loadScenarios(options.scenarios)
    const surveys = surveysOf(scenarios, levels)
    const trialOf = (subject: Subject): Trial => new Trial(subject, run, { pairs, stopped })
    const ofGuards = guards.map((guard) => trialOf(guardSubject(guard)))
    const ofLevels = levels.map((level) => trialOf(levelSubject(level, scenarios)))
    const progress = (what: string): void =>
      options.progress(`${counts(ofGuards, ofLevels)}, ${runsDone} runs: ${what}`)
    const work: Work = { run, seed, jobs, stopped, progress }
    const limits = { first: SURVEY_FIRST, most: options.runs }
    await rounds([...ofGuards, ...ofLevels], surveys, limits, work)
    const cut = stopped()
    const scores: GuardScore[] = []
    await inLanes(jobs, ofGuards, async (trial, at) => {
      progress(`what stands behind ${trial.subject.name}`)
      scores[at] = await scoreOf(trial, surveys, after(timeMs))
    })
    return {
      scores,
      levels: ofLevels.map((trial, at) => levelScoreOf(trial, levels[at] as BrokenLevel)),
      runsDone,
      errors: surveys.reduce((sum, survey) => sum + survey.errors, 0),
      cut,
    }
  } finally {
    await crew.close()
  }
}

/** Each scenario; for levels those at an old level once more, brought to today's. */
function surveysOf(
  scenarios: readonly Scenario[],
  levels: readonly BrokenLevel[],
): readonly Survey[] {
  const named: readonly Named[] = [
    ...scenarios.map((scenario) => ({ name: scenario.name, scenario })),
    ...(levels.length === 0 ? [] : mendedScenarios(scenarios)),
  ]
  return named.map(({ name, scenario }) => new Survey(scenario, name))
}

/** Fleets play days and millions of records: they are for plans, and tell nothing of guards. */
async function loadScenarios(names: readonly string[] | undefined): Promise<readonly Scenario[]> {
  const wanted = names ?? scenarioNames().map(({ name }) => name)
  const all = await Promise.all(wanted.map(async (name) => (await loadScenario(name)).scenario))
  if (names !== undefined) return all
  return all.filter(({ producers }) => producers.every(({ fleet }) => fleet === undefined))
}

function counts(ofGuards: readonly Trial[], ofLevels: readonly Trial[]): string {
  const idle = ofGuards.filter(({ weight }) => weight === 0).length
  const parts = [
    ...(ofGuards.length === 0
      ? []
      : [`${noticedOf(ofGuards)} guards noticed, ${idle} not decisive yet`]),
    ...(ofLevels.length === 0 ? [] : [`${noticedOf(ofLevels)} old levels noticed`]),
  ]
  return parts.join(', ')
}

function noticedOf(trials: readonly Trial[]): string {
  return `${trials.filter(({ notice }) => notice !== null).length} of ${trials.length}`
}

function levelScoreOf(trial: Trial, { feature, level }: BrokenLevel): LevelScore {
  const { notice, tried, internalErrors, subject } = trial
  const why =
    tried.length === 0
      ? 'no time'
      : internalErrors === tried.length
        ? 'the model itself breaks with it'
        : 'not noticed'
  return {
    feature,
    level,
    exercise: subject.exercise,
    noticed: notice !== null,
    by: notice?.by ?? null,
    oracle: notice?.oracle ?? null,
    runs: tried.length,
    internalErrors,
    reason: notice === null ? why : null,
  }
}

async function scoreOf(
  trial: Trial,
  surveys: readonly Survey[],
  stopped: () => boolean,
): Promise<GuardScore> {
  const { subject, notice } = trial
  return {
    name: subject.name,
    exercise: subject.exercise,
    decisive: trial.weight,
    pairs: trial.tried.length,
    noticed: notice !== null,
    by: notice?.by ?? null,
    oracle: notice?.oracle ?? null,
    firstPair: trial.firstPair,
    internalErrors: trial.internalErrors,
    reason: notice === null ? await reasonOf(trial, surveys, stopped) : null,
  }
}

async function reasonOf(
  trial: Trial,
  surveys: readonly Survey[],
  stopped: () => boolean,
): Promise<string> {
  const { behind, redundant } = trial.subject
  const because = redundant === undefined ? '' : `: ${redundant}`
  if (trial.weight === 0) {
    // A scenario that was not run may be the one in which it matters.
    if (surveys.some(({ runs, errors }) => runs.length + errors === 0)) return 'no time'
    if (!(await standsBefore(trial, surveys, stopped))) return `never decisive${because}`
    return `never decisive: ${behind} stands before it, noticed with both off`
  }
  if (trial.tried.length === 0) return 'no time'
  if (trial.internalErrors === trial.tried.length) return 'the model itself breaks without it'
  if (trial.same === trial.tried.length) return `every run is the same without it${because}`
  const found = await standIn(trial, surveys, stopped)
  return found === null
    ? `decisive but not noticed${because}`
    : `${found} stands behind it: noticed with both off`
}
