/**
 * Who does the work of many runs: this thread, or a pool of warm ones. The same work either way.
 *
 * A craft names the work and the module that serves it in a thread of its own. What a crew answers
 * does not depend on its size; only a pool can keep a thread from doing something twice.
 */

import { loadHandlers } from '../handlers/modules.ts'
import type { Scenario } from '../schema/scenario.ts'
import { Pool, type RunOptions } from './pool.ts'
import { allocateYoung } from './young.ts'

export interface Craft<SetUp, Input, Output> {
  /** The compiled module that calls `serve` with this craft. */
  readonly script: URL
  /** Whose handlers have to be there before it is done. */
  scenarios(setUp: SetUp, input: Input): readonly Scenario[]
  work(setUp: SetUp, input: Input): Output
}

export interface Crew<Input, Output> {
  /** How much is done at a time, at most. */
  readonly jobs: number
  /** Threads that do it so far. */
  readonly threads: number
  run(input: Input, options?: RunOptions): Promise<Output>
  close(): Promise<void>
}

/** `setUp` is given to each thread once; `joinAfterMs` as for a pool. */
export function crewOf<SetUp, Input, Output>(
  craft: Craft<SetUp, Input, Output>,
  setUp: SetUp,
  jobs: number,
  joinAfterMs?: number,
): Crew<Input, Output> {
  allocateYoung()
  if (jobs === 1) return new Alone(craft, setUp)
  return new Pool<Input, Output>(craft.script, jobs, setUp, joinAfterMs)
}

/** What a thread does with one input. */
export async function worked<SetUp, Input, Output>(
  craft: Craft<SetUp, Input, Output>,
  setUp: SetUp,
  input: Input,
): Promise<Output> {
  for (const scenario of craft.scenarios(setUp, input)) await loadHandlers(scenario)
  return craft.work(setUp, input)
}

class Alone<SetUp, Input, Output> implements Crew<Input, Output> {
  readonly jobs = 1
  readonly threads = 1
  readonly #craft: Craft<SetUp, Input, Output>
  readonly #setUp: SetUp

  constructor(craft: Craft<SetUp, Input, Output>, setUp: SetUp) {
    this.#craft = craft
    this.#setUp = setUp
  }

  async run(input: Input): Promise<Output> {
    // Lets a signal or a progress line through in between.
    await new Promise<void>((resolve) => setImmediate(resolve)) // oxlint-disable-line no-restricted-globals -- the driver is not the world
    return await worked(this.#craft, this.#setUp, input)
  }

  async close(): Promise<void> {}
}
