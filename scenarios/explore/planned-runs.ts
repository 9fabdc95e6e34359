/**
 * The runs of an exploration as they were planned, and once more elsewhere.
 */

import { type Chunk, chunkCraft, type Done, type SetUp } from './chunk.ts'
import { type Crew, crewOf } from './crew.ts'
import type { Planned } from './generations.ts'
import type { RunSummary } from './summary.ts'

export class PlannedRuns {
  /** Real time in all threads. */
  readonly spent: { runMs: number; checkMs: number } = { runMs: 0, checkMs: 0 }
  readonly #crew: Crew<Chunk, Done>
  /** Which thread did a run. */
  readonly #by = new Map<number, number>()

  constructor(setUp: SetUp, jobs: number, joinAfterMs?: number) {
    this.#crew = crewOf(chunkCraft, setUp, jobs, joinAfterMs)
  }

  get jobs(): number {
    return this.#crew.jobs
  }

  get threads(): number {
    return this.#crew.threads
  }

  async run(runs: readonly Planned[]): Promise<readonly RunSummary[]> {
    const started = (worker: number): void => {
      for (const { index } of runs) this.#by.set(index, worker)
    }
    const { summaries, spent } = await this.#crew.run({ kind: 'planned', runs }, { started })
    this.spent.runMs += spent.runMs
    this.spent.checkMs += spent.checkMs
    return summaries
  }

  /**
   * Once more: in another thread than the first time, if there are several by now, or if that is
   * insisted on and there may be.
   */
  async again(one: Planned, insist: boolean): Promise<RunSummary | undefined> {
    const by = this.#by.get(one.index)
    const elsewhere = insist || this.threads > 1
    const options = by === undefined || !elsewhere ? {} : { notBy: by }
    return (await this.#crew.run({ kind: 'planned', runs: [one] }, options)).summaries[0]
  }

  close(): Promise<void> {
    return this.#crew.close()
  }
}
