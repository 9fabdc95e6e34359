/**
 * The side of a worker thread: does what comes in, and sends back what came of it.
 */

import { parentPort, workerData } from 'node:worker_threads'
import { InputError } from '../schema/input-error.ts'
import { type Craft, worked } from './crew.ts'
import type { Job, JobAnswer } from './pool.ts'

export function serve<SetUp, Input, Output>(craft: Craft<SetUp, Input, Output>): void {
  parentPort?.on('message', (job: Job<Input>) => {
    void answered(craft, job).then((answer) => parentPort?.postMessage(answer))
  })
}

async function answered<SetUp, Input, Output>(
  craft: Craft<SetUp, Input, Output>,
  { id, input }: Job<Input>,
): Promise<JobAnswer<Output>> {
  try {
    return { id, output: await worked(craft, workerData as SetUp, input) }
  } catch (error) {
    if (error instanceof InputError) return { id, input: error.lines }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
