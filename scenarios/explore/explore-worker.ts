/**
 * A worker thread of an exploration: runs chunks of cases, or one given case.
 */

import { parentPort, workerData } from 'node:worker_threads'
import { loadHandlers } from '../handlers/modules.ts'
import { InputError } from '../schema/input-error.ts'
import type { Job, JobAnswer } from './pool.ts'
import {
  type Chunk,
  type Done,
  type PlannedChunk,
  runChunk,
  runPlanned,
  type SetUp,
} from './chunk.ts'
import type { RunSummary } from './summary.ts'

const setUp = workerData as SetUp

parentPort?.on('message', (job: Job<Chunk | PlannedChunk>) => {
  void answer(job).then((said) => parentPort?.postMessage(said))
})

async function answer(
  job: Job<Chunk | PlannedChunk>,
): Promise<JobAnswer<Done | readonly RunSummary[]>> {
  const { id, input } = job
  try {
    const scenarios =
      input.kind === 'cases' ? input.cases.map((one) => one.scenario) : [setUp.scenario]
    for (const scenario of scenarios) await loadHandlers(scenario)
    return {
      id,
      output: input.kind === 'planned' ? runPlanned(setUp, input) : runChunk(setUp, input),
    }
  } catch (error) {
    if (error instanceof InputError) return { id, input: error.lines }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
