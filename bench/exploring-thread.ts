/**
 * The figures of exploring, taken where an exploration runs: in a thread of its own with the memory
 * that a pool gives each of its threads. The main thread waits meanwhile and costs nothing.
 */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { THREAD_LIMITS } from '../scenarios/explore/pool.ts'
import { allocateYoung } from '../scenarios/explore/young.ts'
import { exploringFigures } from './exploring-figures.ts'
import type { Figure } from './figures.ts'

/** `runs`: measured ones, after the warm-up. */
export function exploringInThread(runs: number): Promise<readonly Figure[]> {
  allocateYoung()
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('exploring-thread.js', import.meta.url), {
      workerData: runs,
      resourceLimits: THREAD_LIMITS,
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

if (!isMainThread) parentPort?.postMessage(await exploringFigures(workerData as number))
