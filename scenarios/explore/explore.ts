/**
 * An exploration: many cases of one scenario, each drawn from its own seed, judged and counted.
 *
 * The answer is a function of scenario, seed and number of runs; threads only make it faster: runs
 * go out in the order of their numbers, generation by generation, and are counted in that order. A
 * share of the runs is executed twice, the second time after others and on another thread, and
 * their hashes compared.
 */

import { availableParallelism } from 'node:os'
import { hasInlineHandlers } from '../handlers/modules.ts'
import type { Scenario } from '../schema/scenario.ts'
import { GENERATION, Generations, type Planned } from './generations.ts'
import { PlannedRuns } from './planned-runs.ts'
import { ownsRun, type Shard } from './shard.ts'
import type { Spent } from './chunk.ts'
import type { RunSummary } from './summary.ts'

export interface ExploreOptions {
  readonly scenario: Scenario
  /** The scenario's, or 1, without. */
  readonly seed?: number
  readonly runs: number
  /** Stops at the first run, in the order of numbers, after which this says so. */
  readonly enough?: (soFar: Progress) => boolean
  /** Looked at between runs: time is up, or a user has had enough. What runs is finished. */
  readonly stopped?: () => boolean
  /** Threads, from the start; absent: up to one a core, as there is work for them. */
  readonly jobs?: number
  /** The islands of this shard alone. */
  readonly shard?: Shard
  /** One run in so many is executed twice; 0: none. */
  readonly recheckEvery?: number
  readonly progress?: (soFar: Progress) => void
  /** Runs of an earlier try of this very exploration; they are not run again. */
  readonly known?: readonly RunSummary[]
  /** Told of each run as soon as it is done, in any order. */
  readonly keep?: (run: RunSummary) => void
}

export interface Progress {
  readonly done: number
  readonly of: number
  /** Runs that broke what was to be kept, or dmqsim itself. */
  readonly failures: number
  /** Runs that broke what was expected to break. */
  readonly breaks: number
}

export interface Exploration {
  readonly scenario: Scenario
  readonly seed: number
  /** Threads that did it: a further one joins only where there is work for it. */
  readonly jobs: number
  /** Sorted by index. */
  readonly runs: readonly RunSummary[]
  readonly determinism: { readonly checked: number; readonly different: readonly number[] }
  /** Real time in all threads; zero for runs that were known. */
  readonly spent: Spent
}

/** So few runs are done here: a thread would have to load all modules first. */
const RUNS_HERE_MAX = 10
const CHUNK = 5

export async function explore(options: ExploreOptions): Promise<Exploration> {
  const { scenario } = options
  const seed = options.seed ?? scenario.seed ?? 1
  const total = countOwn(options)
  // A function that a program gave is not there in another thread.
  const here = total <= RUNS_HERE_MAX || hasInlineHandlers(options.scenario)
  const jobs = here ? 1 : (options.jobs ?? availableParallelism())
  // Who names a number of threads means it.
  const joinAfterMs = options.jobs === undefined ? undefined : 0
  const runner = new PlannedRuns({ scenario, seed }, jobs, joinAfterMs)
  try {
    const search = new Search({ ...options, seed }, runner, total)
    const runs = await search.all()
    const determinism = await recheck(runs, runner, options.recheckEvery ?? 0)
    const { spent, threads } = runner
    return { scenario, seed, jobs: threads, runs, determinism, spent }
  } finally {
    await runner.close()
  }
}

/** Whether a run broke what was to be kept, or dmqsim itself. */
export function isFailure({ verdicts, ended }: RunSummary): boolean {
  const broken = verdicts.some(({ verdict, asExpected }) => verdict === 'broken' && !asExpected)
  return broken || ended === 'internal-error'
}

/** Whether a run broke what the scenario says will break. */
export function isBreak({ verdicts }: RunSummary): boolean {
  return verdicts.some(({ verdict, expected }) => verdict === 'broken' && expected === 'breaks')
}

interface SeededOptions extends ExploreOptions {
  readonly seed: number
}

class Search {
  readonly #options: SeededOptions
  readonly #runner: PlannedRuns
  readonly #total: number
  readonly #generations: Generations
  readonly #known: ReadonlyMap<number, RunSummary>
  /** Counted, in the order of numbers. */
  readonly #runs: RunSummary[] = []
  #progress: Progress
  #enough = false

  constructor(options: SeededOptions, runner: PlannedRuns, total: number) {
    this.#options = options
    this.#runner = runner
    this.#total = total
    this.#generations = new Generations(options.scenario, options.seed)
    this.#known = new Map((options.known ?? []).map((run) => [run.index, run]))
    this.#progress = { done: 0, of: total, failures: 0, breaks: 0 }
  }

  async all(): Promise<RunSummary[]> {
    const { runs } = this.#options
    for (let first = 0; first < runs && !this.#over(); first += GENERATION) {
      const before = this.#runs.length
      await this.#generation(first, Math.min(runs, first + GENERATION))
      this.#generations.learn(this.#runs.slice(before))
    }
    return this.#runs
  }

  #over(): boolean {
    return this.#enough || (this.#options.stopped?.() ?? false)
  }

  /** Runs one generation; counts each run once all before it are there. */
  async #generation(first: number, end: number): Promise<void> {
    const plan: Planned[] = []
    for (let index = first; index < end; index += 1) {
      if (ownsRun(this.#options.shard, index)) plan.push(this.#generations.plan(index))
    }
    const done = new Map<number, RunSummary>()
    const missing = plan.filter(({ index }) => {
      const known = this.#known.get(index)
      if (known !== undefined) done.set(index, known)
      return known === undefined
    })
    let counted = 0
    const count = (): void => {
      for (; counted < plan.length && !this.#enough; counted += 1) {
        const run = done.get((plan[counted] as Planned).index)
        if (run === undefined) return
        this.#count(run)
      }
    }
    count()
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < missing.length && !this.#over()) {
        const chunk = missing.slice(next, next + this.#chunk(missing.length - next))
        next += chunk.length
        for (const run of await this.#runner.run(chunk)) {
          const kept = { ...run, reached: this.#generations.news(run) }
          this.#options.keep?.(kept)
          done.set(run.index, kept)
        }
        count()
        this.#options.progress?.(this.#progress)
      }
    }
    await Promise.all(Array.from({ length: this.#runner.jobs }, lane))
  }

  #count(run: RunSummary): void {
    this.#runs.push(run)
    const { done, failures, breaks } = this.#progress
    this.#progress = {
      done: done + 1,
      of: this.#total,
      failures: failures + Number(isFailure(run)),
      breaks: breaks + Number(isBreak(run)),
    }
    if (this.#options.enough?.(this.#progress) === true) this.#enough = true
  }

  /** Smaller towards the end of a generation, so that no thread waits long for another. */
  #chunk(left: number): number {
    const { jobs } = this.#runner
    return jobs === 1 ? CHUNK : Math.max(1, Math.min(CHUNK, Math.floor(left / (2 * jobs))))
  }
}

function countOwn({ runs, shard }: ExploreOptions): number {
  if (shard === undefined) return runs
  let count = 0
  for (let index = 0; index < runs; index += 1) if (ownsRun(shard, index)) count += 1
  return count
}

/**
 * Runs a share again, in reverse order and elsewhere, and compares the hashes. Where only a share
 * is asked for, no thread is started for it.
 */
async function recheck(
  runs: readonly RunSummary[],
  runner: PlannedRuns,
  every: number,
): Promise<Exploration['determinism']> {
  if (every === 0) return { checked: 0, different: [] }
  const again = runs.filter((_run, at) => at % every === 0).reverse()
  const different: number[] = []
  const lane = async (offset: number): Promise<void> => {
    for (let at = offset; at < again.length; at += runner.jobs) {
      const one = again[at] as RunSummary
      const second = await runner.again(plannedAs(one), every === 1)
      if (second?.traceHash !== one.traceHash) different.push(one.index)
    }
  }
  await Promise.all(Array.from({ length: runner.jobs }, (_none, offset) => lane(offset)))
  return { checked: again.length, different: different.sort((a, b) => a - b) }
}

/** How a run was planned. */
export function plannedAs({ index, given, parent }: RunSummary): Planned {
  return { index, draws: given, parent }
}
