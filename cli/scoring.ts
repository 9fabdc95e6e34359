/**
 * Scores guards: the same cases with a guard on and off, and what differs between them.
 *
 * A pair notices the guard if, with it off, a check breaks that held with it on, or the cluster
 * cannot settle although it could. A run that breaks the model itself is counted apart: it is
 * neither noticed nor silent. Pairs of one guard stop at the first that notices it.
 */

import type { GuardScore } from '../reports/answer.ts'
import type { Case } from '../scenarios/case.ts'
import { exploredCase, plainCase } from '../scenarios/explore/cases.ts'
import { type Chunk, runChunk, type SetUp } from '../scenarios/explore/chunk.ts'
import { Pool } from '../scenarios/explore/pool.ts'
import type { RunSummary } from '../scenarios/explore/summary.ts'
import { scenarioNames } from '../scenarios/schema/files.ts'
import { loadScenario } from '../scenarios/schema/load.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import type { GuardEntry } from '../sim/registry.ts'
// For its registrations of guards.
import '../scenarios/run.ts'

export interface ScoreOptions {
  readonly guards: readonly GuardEntry[]
  readonly seed: number
  /** For each guard, at most. */
  readonly pairs: number
  /** Real time for all of them; each has its share. */
  readonly timeMs: number
  /** 1: in this thread. */
  readonly jobs: number
  readonly now: () => number
  readonly stopped: () => boolean
  readonly progress: (done: number, name: string) => void
}

export interface Scored {
  readonly scores: readonly GuardScore[]
  readonly runsDone: number
}

/** A run that threw gives the reason instead. */
type Outcome = RunSummary | { readonly error: string }

interface Runner {
  run(one: Case): Promise<Outcome>
  close(): Promise<void>
}

export async function score(options: ScoreOptions): Promise<Scored> {
  const runner = runnerOf(options.jobs)
  const scoring = new Scoring(options, runner)
  const scores = new Map<string, GuardScore>()
  const shareMs = (options.timeMs * options.jobs) / Math.max(1, options.guards.length)
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < options.guards.length) {
      const guard = options.guards[next++] as GuardEntry
      options.progress(scores.size, guard.name)
      scores.set(guard.name, await scoring.score(guard, shareMs))
    }
  }
  try {
    await Promise.all(Array.from({ length: options.jobs }, lane))
  } finally {
    await runner.close()
  }
  const inOrder = options.guards.map((guard) => scores.get(guard.name) as GuardScore)
  return { scores: inOrder, runsDone: scoring.runsDone }
}

class Scoring {
  readonly #options: ScoreOptions
  readonly #runner: Runner
  readonly #scenarios = new Map<string, Promise<Scenario | null>>()
  /** Runs with every guard on, shared by the guards of one scenario. */
  readonly #whole = new Map<string, Promise<Outcome>>()
  runsDone = 0

  constructor(options: ScoreOptions, runner: Runner) {
    this.#options = options
    this.#runner = runner
  }

  async score(guard: GuardEntry, shareMs: number): Promise<GuardScore> {
    const tally = new Tally(guard)
    const scenario = await this.#scenario(guard.exercise)
    if (scenario === null) return tally.withoutScenario()
    const { now, pairs, stopped } = this.#options
    const startedMs = now()
    while (tally.pairs < pairs && !tally.noticed && !stopped()) {
      if (tally.pairs > 0 && now() - startedMs > shareMs) break
      tally.add(...(await this.#pair(scenario, guard, tally.pairs)))
    }
    return tally.score(pairs)
  }

  async #pair(scenario: Scenario, guard: GuardEntry, index: number): Promise<[Outcome, Outcome]> {
    const drawn = exploredCase(scenario, this.#options.seed, index)
    // The scenario's own timeline was written to reach its guards; drawn ones reach around it.
    const whole = index % 2 === 0 ? plainCase(scenario, drawn.seed) : drawn
    const without = { ...whole, guardsOff: [...whole.guardsOff, guard.name] }
    return await Promise.all([this.#wholeRun(whole, index), this.#run(without)])
  }

  #wholeRun(one: Case, index: number): Promise<Outcome> {
    const key = `${one.scenario.name} ${index}`
    let outcome = this.#whole.get(key)
    if (outcome === undefined) {
      outcome = this.#run(one)
      this.#whole.set(key, outcome)
    }
    return outcome
  }

  #run(one: Case): Promise<Outcome> {
    this.runsDone += 1
    return this.#runner.run(one)
  }

  /** Null where this version has no such scenario. */
  #scenario(name: string): Promise<Scenario | null> {
    let loaded = this.#scenarios.get(name)
    if (loaded === undefined) {
      const known = scenarioNames().some((scenario) => scenario.name === name)
      loaded = known ? loadScenario(name).then((one) => one.scenario) : Promise.resolve(null)
      this.#scenarios.set(name, loaded)
    }
    return loaded
  }
}

class Tally {
  readonly #guard: GuardEntry
  pairs = 0
  #decisive = 0
  #internalErrors = 0
  #notice: Notice | null = null
  #firstPair: number | null = null

  constructor(guard: GuardEntry) {
    this.#guard = guard
  }

  get noticed(): boolean {
    return this.#notice !== null
  }

  add(whole: Outcome, without: Outcome): void {
    this.pairs += 1
    if ('error' in without || without.ended === 'internal-error') {
      this.#internalErrors += 1
      return
    }
    this.#decisive += without.guards[this.#guard.name] ?? 0
    if ('error' in whole) return
    const notice = difference(whole, without)
    if (notice === null) return
    this.#notice = notice
    this.#firstPair = this.pairs - 1
  }

  score(asked: number): GuardScore {
    return { ...this.#counts(), reason: this.noticed ? null : this.#reason(asked) }
  }

  withoutScenario(): GuardScore {
    return { ...this.#counts(), reason: 'its scenario is not in this version' }
  }

  #counts(): Omit<GuardScore, 'reason'> {
    return {
      name: this.#guard.name,
      exercise: this.#guard.exercise,
      decisive: this.#decisive,
      pairs: this.pairs,
      noticed: this.noticed,
      by: this.#notice?.by ?? null,
      oracle: this.#notice?.oracle ?? null,
      firstPair: this.#firstPair,
      internalErrors: this.#internalErrors,
    }
  }

  #reason(asked: number): string {
    if (this.pairs === 0) return 'no time'
    if (this.#internalErrors === this.pairs) return 'the model itself breaks without it'
    const short = this.pairs < asked ? `, ${this.pairs} of ${asked} pairs in its time` : ''
    return `${this.#decisive === 0 ? 'never decisive' : 'decisive but not noticed'}${short}`
  }
}

interface Notice {
  readonly by: string
  readonly oracle: NonNullable<GuardScore['oracle']>
}

const livenessChecks: readonly string[] = ['backlog-drains', 'lateness', 'availability']

/** What is wrong without the guard and was right with it; null for nothing. */
export function difference(whole: RunSummary, without: RunSummary): Notice | null {
  const brokenBefore = new Set(
    whole.verdicts
      .filter((one) => one.verdict === 'broken')
      .map(({ check, scope }) => `${check} ${scope}`),
  )
  for (const { check, scope, verdict } of without.verdicts) {
    if (verdict !== 'broken' || brokenBefore.has(`${check} ${scope}`)) continue
    if (check === 'truth') return { by: scope, oracle: 'truth' }
    const oracle = livenessChecks.includes(check) ? 'liveness' : 'history'
    return { by: scope === 'all' ? check : `${check} ${scope}`, oracle }
  }
  if (without.ended === 'stuck' && whole.ended !== 'stuck')
    return { by: 'stuck', oracle: 'liveness' }
  return null
}

function runnerOf(jobs: number): Runner {
  return jobs === 1 ? hereRunner() : poolRunner(jobs)
}

function hereRunner(): Runner {
  const setUp = {} as SetUp
  return {
    async run(one) {
      // Lets a signal or a progress line through between runs.
      await new Promise<void>((resolve) => setImmediate(resolve))
      try {
        return runChunk(setUp, { kind: 'cases', cases: [one] })[0] as RunSummary
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) }
      }
    },
    async close() {},
  }
}

function poolRunner(jobs: number): Runner {
  const script = new URL('../scenarios/explore/explore-worker.js', import.meta.url)
  const pool = new Pool<Chunk, readonly RunSummary[]>(script, jobs, {})
  return {
    async run(one) {
      try {
        return (await pool.run({ kind: 'cases', cases: [one] }))[0] as RunSummary
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) }
      }
    },
    close: () => pool.close(),
  }
}
