/**
 * Scores guards: which of them would be missed, by whom, and which nothing ever asked.
 *
 * First a survey: every scenario with every guard on, counting where each guard was decisive. Then
 * each guard is turned off in cases in which it was.
 */

import type { GuardScore } from '../../reports/answer.ts'
import { scenarioNames } from '../../scenarios/schema/files.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import type { GuardEntry } from '../../sim/registry.ts'
// For its registrations of guards.
import '../../scenarios/run.ts'
import { Pairs } from './pairs.ts'
import { type Runner, runnerOf } from './runner.ts'
import { survey } from './survey.ts'

export interface ScoreOptions {
  readonly guards: readonly GuardEntry[]
  readonly seed: number
  /** Cases of each scenario. */
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
}

export async function score(options: ScoreOptions): Promise<Scored> {
  const runner = counting(runnerOf(options.jobs))
  const startedMs = options.now()
  const late = (): boolean => options.stopped() || options.now() - startedMs > options.timeMs
  try {
    const scenarios = await loadScenarios(options.scenarios)
    const surveyed = await survey(scenarios, runner, {
      seed: options.seed,
      runs: options.runs,
      jobs: options.jobs,
      stopped: late,
      progress: (scenario, done) => options.progress(`survey: ${scenario}, run ${done}`),
    })
    const scores = await inLanes(options, async (guard, done) => {
      options.progress(`${done} of ${options.guards.length} guards, ${guard.name}`)
      const pairs = new Pairs(guard, surveyed, runner, { pairs: options.pairs, stopped: late })
      return await pairs.score()
    })
    return { scores, runsDone: runner.runsDone() }
  } finally {
    await runner.close()
  }
}

async function loadScenarios(names: readonly string[] | undefined): Promise<readonly Scenario[]> {
  const wanted = names ?? scenarioNames().map(({ name }) => name)
  return await Promise.all(wanted.map(async (name) => (await loadScenario(name)).scenario))
}

/** One guard a lane; the answer is in the order of the guards, whoever came first. */
async function inLanes(
  { guards, jobs }: ScoreOptions,
  scoreOf: (guard: GuardEntry, done: number) => Promise<GuardScore>,
): Promise<readonly GuardScore[]> {
  const scores: GuardScore[] = []
  let next = 0
  let done = 0
  const lane = async (): Promise<void> => {
    while (next < guards.length) {
      const at = next++
      scores[at] = await scoreOf(guards[at] as GuardEntry, done)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: jobs }, lane))
  return scores
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
