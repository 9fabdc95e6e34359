/**
 * Runs given cases for a score: in this thread, or on warm workers.
 */

import type { Case } from '../../scenarios/case.ts'
import { type Chunk, runChunk, type SetUp } from '../../scenarios/explore/chunk.ts'
import { Pool } from '../../scenarios/explore/pool.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'

/** A run that threw gives the reason instead. */
export type Outcome = RunSummary | { readonly error: string }

export interface Runner {
  run(one: Case): Promise<Outcome>
  close(): Promise<void>
}

export function runnerOf(jobs: number): Runner {
  return jobs === 1 ? hereRunner() : poolRunner(jobs)
}

function hereRunner(): Runner {
  const setUp = {} as SetUp
  return {
    async run(one) {
      // Lets a signal or a progress line through between runs.
      await new Promise<void>((resolve) => setImmediate(resolve))
      return await outcomeOf(() => runChunk(setUp, { kind: 'cases', cases: [one] }))
    },
    async close() {},
  }
}

function poolRunner(jobs: number): Runner {
  const script = new URL('../../scenarios/explore/explore-worker.js', import.meta.url)
  const pool = new Pool<Chunk, readonly RunSummary[]>(script, jobs, {})
  return {
    run: (one) => outcomeOf(() => pool.run({ kind: 'cases', cases: [one] })),
    close: () => pool.close(),
  }
}

async function outcomeOf(
  runs: () => readonly RunSummary[] | Promise<readonly RunSummary[]>,
): Promise<Outcome> {
  try {
    return (await runs())[0] as RunSummary
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** A run that broke the model itself, or never came to be judged. */
export function isInternalError(outcome: Outcome): outcome is { readonly error: string } {
  return 'error' in outcome || outcome.ended === 'internal-error'
}
