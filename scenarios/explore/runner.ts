/**
 * Where runs are done: in this thread, or in a pool of warm ones.
 */

import { type Done, type PlannedChunk, runPlanned, type SetUp, type Spent } from './chunk.ts'
import type { Planned } from './generations.ts'
import { Pool } from './pool.ts'
import type { RunSummary } from './summary.ts'

export interface Runner {
  readonly jobs: number
  readonly spent: Spent
  run(plan: readonly Planned[]): Promise<readonly RunSummary[]>
  /** Once more: where there are several threads, in another than the first time. */
  again(one: Planned): Promise<readonly RunSummary[]>
  close(): Promise<void>
}

export function runnerOf(setUp: SetUp, jobs: number): Runner {
  return jobs === 1 ? new InProcess(setUp) : new Threads(setUp, jobs)
}

class InProcess implements Runner {
  readonly jobs = 1
  readonly spent = { runMs: 0, checkMs: 0 }
  readonly #setUp: SetUp

  constructor(setUp: SetUp) {
    this.#setUp = setUp
  }

  async run(plan: readonly Planned[]): Promise<readonly RunSummary[]> {
    // Lets a signal or a progress line through between chunks.
    await new Promise<void>((resolve) => setImmediate(resolve)) // oxlint-disable-line no-restricted-globals -- the driver is not the world
    const { summaries, spent } = runPlanned(this.#setUp, { kind: 'planned', runs: plan })
    add(this.spent, spent)
    return summaries
  }

  async again(one: Planned): Promise<readonly RunSummary[]> {
    return runPlanned(this.#setUp, { kind: 'planned', runs: [one] }).summaries
  }

  async close(): Promise<void> {}
}

class Threads implements Runner {
  readonly jobs: number
  readonly spent = { runMs: 0, checkMs: 0 }
  readonly #pool: Pool<PlannedChunk, Done>
  /** Which thread did a run. */
  readonly #by = new Map<number, number>()

  constructor(setUp: SetUp, jobs: number) {
    this.jobs = jobs
    this.#pool = new Pool(new URL('./explore-worker.js', import.meta.url), jobs, setUp)
  }

  async run(plan: readonly Planned[]): Promise<readonly RunSummary[]> {
    const started = (worker: number): void => {
      for (const { index } of plan) this.#by.set(index, worker)
    }
    const { summaries, spent } = await this.#pool.run({ kind: 'planned', runs: plan }, { started })
    add(this.spent, spent)
    return summaries
  }

  async again(one: Planned): Promise<readonly RunSummary[]> {
    const by = this.#by.get(one.index)
    const options = by === undefined ? {} : { notBy: by }
    return (await this.#pool.run({ kind: 'planned', runs: [one] }, options)).summaries
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}

function add(total: { runMs: number; checkMs: number }, more: Spent): void {
  total.runMs += more.runMs
  total.checkMs += more.checkMs
}
