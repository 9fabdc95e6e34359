/**
 * A worker thread of an exploration: runs chunks of cases, or one given case.
 */

import { parentPort, workerData } from 'node:worker_threads'
import { loadHandlers } from '../handlers/modules.ts'
import { InputError } from '../schema/input-error.ts'
import type { Job, JobAnswer } from './pool.ts'
import { runChunk, type Chunk, type SetUp } from './chunk.ts'
import type { RunSummary } from './summary.ts'

const setUp = workerData as SetUp

parentPort?.on('message', (job: Job<Chunk>) => {
  void answer(job).then((said) => parentPort?.postMessage(said))
})

async function answer(job: Job<Chunk>): Promise<JobAnswer<readonly RunSummary[]>> {
  const { input } = job
  try {
    const scenarios =
      input.kind === 'cases' ? input.cases.map((one) => one.scenario) : [setUp.scenario]
    for (const scenario of scenarios) await loadHandlers(scenario)
    return { id: job.id, output: runChunk(setUp, input) }
  } catch (error) {
    if (error instanceof InputError) return { id: job.id, input: error.lines }
    return {
      id: job.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }
  }
}
