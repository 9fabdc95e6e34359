/**
 * Scores guards: which of them would be missed, by whom, and which nothing ever asked.
 *
 * A survey runs every scenario with every guard on, counting where each guard was decisive. Then
 * each guard is turned off in cases in which it was, round after round.
 */

import type { GuardScore } from '../../reports/answer.ts'
import { scenarioNames } from '../../scenarios/schema/files.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import type { GuardEntry } from '../../sim/registry.ts'
// For its registrations of guards.
import '../../scenarios/run.ts'
import { inLanes, rounds } from './rounds.ts'
import { type Runner, runnerOf } from './runner.ts'
import { standIn } from './stand-ins.ts'
import { guardSubject } from './subjects.ts'
import { Survey, type Work } from './survey.ts'
import { Trial } from './trial.ts'

export interface ScoreOptions {
  readonly guards: readonly GuardEntry[]
  readonly seed: number
  /** Cases of a scenario, at most. */
  readonly runs: number
  /** For each guard, at most. */
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
  const runner = counting(runnerOf(options.jobs))
  const startedMs = options.now()
  const { timeMs } = options
  const after = (ms: number) => (): boolean => options.stopped() || options.now() - startedMs > ms
  const stopped = after(ROUNDS_SHARE * timeMs)
  const { pairs, jobs, seed } = options
  try {
    const surveys = (await loadScenarios(options.scenarios)).map((one) => new Survey(one))
    const trials = options.guards.map(
      (guard) => new Trial(guardSubject(guard), runner, { pairs, stopped }),
    )
    const progress = (what: string): void =>
      options.progress(`${counts(trials)}, ${runner.runsDone()} runs: ${what}`)
    const work: Work = { runner, seed, jobs, stopped, progress }
    await rounds(trials, surveys, { first: SURVEY_FIRST, most: options.runs }, work)
    const cut = stopped()
    const scores: GuardScore[] = []
    await inLanes(jobs, trials, async (trial, at) => {
      progress(`what stands behind ${trial.subject.name}`)
      scores[at] = await scoreOf(trial, after(timeMs))
    })
    const errors = surveys.reduce((sum, survey) => sum + survey.errors, 0)
    return { scores, runsDone: runner.runsDone(), errors, cut }
  } finally {
    await runner.close()
  }
}

async function loadScenarios(names: readonly string[] | undefined): Promise<readonly Scenario[]> {
  const wanted = names ?? scenarioNames().map(({ name }) => name)
  return await Promise.all(wanted.map(async (name) => (await loadScenario(name)).scenario))
}

function counts(trials: readonly Trial[]): string {
  const noticed = trials.filter(({ notice }) => notice !== null).length
  const idle = trials.filter(({ weight }) => weight === 0).length
  return `${noticed} of ${trials.length} guards noticed, ${idle} not decisive yet`
}

async function scoreOf(trial: Trial, stopped: () => boolean): Promise<GuardScore> {
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
    reason: notice === null ? await reasonOf(trial, stopped) : null,
  }
}

async function reasonOf(trial: Trial, stopped: () => boolean): Promise<string> {
  if (trial.weight === 0) return 'never decisive'
  if (trial.tried.length === 0) return 'no time'
  if (trial.internalErrors === trial.tried.length) return 'the model itself breaks without it'
  const behind = await standIn(trial, stopped)
  return behind === null
    ? 'decisive but not noticed'
    : `${behind} stands behind it: noticed with both off`
}

function counting(runner: Runner): Runner & { runsDone(): number } {
  let runs = 0
  return {
    run: (one) => {
      runs += 1
      return runner.run(one)
    },
    close: () => runner.close(),
    runsDone: () => runs,
  }
}
