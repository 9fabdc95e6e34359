/**
 * A worker thread of an exploration: runs chunks of cases, or one given case.
 */

import { parentPort, workerData } from 'node:worker_threads'
import type { Job, JobAnswer } from './pool.ts'
import { runChunk, type Chunk, type SetUp } from './chunk.ts'
import type { RunSummary } from './summary.ts'

const setUp = workerData as SetUp

parentPort?.on('message', (job: Job<Chunk>) => {
  parentPort?.postMessage(answer(job))
})

function answer(job: Job<Chunk>): JobAnswer<readonly RunSummary[]> {
  try {
    return { id: job.id, output: runChunk(setUp, job.input) }
  } catch (error) {
    return {
      id: job.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }
  }
}
