/**
 * A worker thread of a hunt: searches a chunk of runs, or shrinks what one of them broke.
 */

import { parentPort } from 'node:worker_threads'
import type { Failure } from '../explore/failure.ts'
import type { Job, JobAnswer } from '../explore/pool.ts'
import { type Errand, type RunWord, search, shrinkErrand } from './hunt.ts'

type Output = readonly RunWord[] | Failure | null

parentPort?.on('message', (job: Job<Errand>) => {
  parentPort?.postMessage(answer(job))
})

function answer({ id, input }: Job<Errand>): JobAnswer<Output> {
  try {
    return { id, output: input.kind === 'search' ? search(input) : shrinkErrand(input) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
