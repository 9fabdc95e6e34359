/**
 * A worker thread of a comparison of settings: measures a chunk of runs.
 */

import { parentPort } from 'node:worker_threads'
import { loadHandlers } from '../handlers/modules.ts'
import { InputError } from '../schema/input-error.ts'
import type { Job, JobAnswer } from './pool.ts'
import { type VaryErrand, type VarySample, varySamples } from './vary.ts'

parentPort?.on('message', (job: Job<VaryErrand>) => {
  void answer(job).then((said) => parentPort?.postMessage(said))
})

async function answer({ id, input }: Job<VaryErrand>): Promise<JobAnswer<readonly VarySample[]>> {
  try {
    await loadHandlers(input.scenario)
    return { id, output: varySamples(input) }
  } catch (error) {
    if (error instanceof InputError) return { id, input: error.lines }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
