/**
 * An exploration: many cases of one scenario, each drawn from its own seed, judged and counted.
 *
 * The answer is a function of scenario, seed and number of runs; threads only make it faster. A
 * share of the runs is executed twice, the second time after others and on another thread, and
 * their hashes compared.
 */

import { availableParallelism } from 'node:os'
import { hasInlineHandlers } from '../handlers/modules.ts'
import type { Scenario } from '../schema/scenario.ts'
import { type Chunk, runChunk, type SetUp } from './chunk.ts'
import { Pool } from './pool.ts'
import type { RunSummary } from './summary.ts'

export interface ExploreOptions {
  readonly scenario: Scenario
  readonly seed: number
  readonly runs: number
  /** Stops early when this says so (time is up, enough failures). */
  readonly enough?: (soFar: Progress) => boolean
  readonly jobs?: number
  /** Which runs: every `of`-th from `index` (from 0). */
  readonly shard?: { readonly index: number; readonly of: number }
  /** One run in so many is executed twice; 0: none. */
  readonly recheckEvery?: number
  readonly progress?: (soFar: Progress) => void
}

export interface Progress {
  readonly done: number
  readonly of: number
  /** Runs with a verdict that is not as expected. */
  readonly failures: number
}

export interface Exploration {
  readonly scenario: Scenario
  readonly seed: number
  readonly jobs: number
  /** Sorted by index. */
  readonly runs: readonly RunSummary[]
  readonly determinism: { readonly checked: number; readonly different: readonly number[] }
}

/** Below so many runs one thread is faster than warming up several. */
const RUNS_PER_THREAD_MIN = 50
const CHUNK = 5

export async function explore(options: ExploreOptions): Promise<Exploration> {
  const indexes = indexesOf(options)
  const jobs = Math.max(
    1,
    Math.min(
      // A function that a program gave is not there in another thread.
      hasInlineHandlers(options.scenario) ? 1 : (options.jobs ?? availableParallelism()),
      Math.ceil(indexes.length / RUNS_PER_THREAD_MIN),
    ),
  )
  const setUp: SetUp = { scenario: options.scenario, seed: options.seed }
  const runner = jobs === 1 ? inProcess(setUp) : threads(setUp, jobs)
  try {
    const runs = await runAll(indexes, runner, options)
    const determinism = await recheck(runs, runner, options.recheckEvery ?? 0)
    return { scenario: options.scenario, seed: options.seed, jobs, runs, determinism }
  } finally {
    await runner.close()
  }
}

interface Runner {
  readonly jobs: number
  run(chunk: Chunk): Promise<readonly RunSummary[]>
  close(): Promise<void>
}

function inProcess(setUp: SetUp): Runner {
  return {
    jobs: 1,
    async run(chunk) {
      // Lets a signal or a progress line through between chunks.
      await new Promise<void>((resolve) => setImmediate(resolve)) // oxlint-disable-line no-restricted-globals -- the driver is not the world
      return runChunk(setUp, chunk)
    },
    async close() {},
  }
}

function threads(setUp: SetUp, jobs: number): Runner {
  const pool = new Pool<Chunk, readonly RunSummary[]>(
    new URL('./explore-worker.js', import.meta.url),
    jobs,
    setUp,
  )
  return { jobs, run: (chunk) => pool.run(chunk), close: () => pool.close() }
}

function indexesOf({ runs, shard }: ExploreOptions): number[] {
  const indexes: number[] = []
  for (let index = shard?.index ?? 0; index < runs; index += shard?.of ?? 1) indexes.push(index)
  return indexes
}

async function runAll(
  indexes: readonly number[],
  runner: Runner,
  options: ExploreOptions,
): Promise<RunSummary[]> {
  const runs: RunSummary[] = []
  let failures = 0
  let next = 0
  let stopped = false
  const drain = async (): Promise<void> => {
    while (next < indexes.length && !stopped) {
      const chunk = indexes.slice(next, next + CHUNK)
      next += chunk.length
      for (const summary of await runner.run({ kind: 'runs', indexes: chunk })) {
        runs.push(summary)
        if (summary.verdicts.some((verdict) => verdict.verdict === 'broken')) failures += 1
      }
      const soFar: Progress = { done: runs.length, of: indexes.length, failures }
      options.progress?.(soFar)
      if (options.enough?.(soFar) === true) stopped = true
    }
  }
  await Promise.all(Array.from({ length: runner.jobs }, drain))
  return runs.sort((a, b) => a.index - b.index)
}

/** Runs a share again, in reverse order, and compares the hashes. */
async function recheck(
  runs: readonly RunSummary[],
  runner: Runner,
  every: number,
): Promise<{ readonly checked: number; readonly different: readonly number[] }> {
  if (every === 0) return { checked: 0, different: [] }
  const again = runs.filter((_run, at) => at % every === 0).reverse()
  const different: number[] = []
  for (let at = 0; at < again.length; at += CHUNK) {
    const part = again.slice(at, at + CHUNK)
    const second = await runner.run({ kind: 'runs', indexes: part.map((one) => one.index) })
    second.forEach((summary, n) => {
      if (summary.traceHash !== part[n]?.traceHash) different.push(summary.index)
    })
  }
  return { checked: again.length, different: different.sort((a, b) => a - b) }
}
