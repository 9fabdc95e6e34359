/**
 * Who does the errands of a hunt: this thread, or a pool of warm ones.
 */

import type { Failure } from '../explore/failure.ts'
import { Pool } from '../explore/pool.ts'
import { type Errand, type Errands, type RunWord, search, shrinkErrand } from './hunt.ts'

export interface ErrandRunners extends Errands {
  close(): Promise<void>
}

export function errandRunners(jobs: number): ErrandRunners {
  return jobs === 1 ? here() : threads(jobs)
}

function here(): ErrandRunners {
  // Lets a signal or a progress line through between errands.
  const breathe = async (): Promise<void> =>
    await new Promise<void>((resolve) => setImmediate(resolve)) // oxlint-disable-line no-restricted-globals -- the driver is not the world
  return {
    async search(errand) {
      await breathe()
      return search(errand)
    },
    async shrink(errand) {
      await breathe()
      return shrinkErrand(errand)
    },
    async close() {},
  }
}

function threads(jobs: number): ErrandRunners {
  const script = new URL('./hunt-worker.js', import.meta.url)
  const pool = new Pool<Errand, readonly RunWord[] | Failure | null>(script, jobs, {})
  return {
    search: async (errand) => (await pool.run(errand)) as readonly RunWord[],
    shrink: async (errand) => (await pool.run(errand)) as Failure | null,
    close: () => pool.close(),
  }
}
