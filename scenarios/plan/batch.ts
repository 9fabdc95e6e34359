/**
 * Many trials, so many at a time: whether there is time left is asked before each of them, and
 * where one fails the failure says which it was.
 */

import { mixSeed } from '../../sim/mix.ts'
import { InputError } from '../schema/input-error.ts'
import { type Sample, type Simulate, TimeUp, type Trial } from './simulate.ts'
import { settingText } from './words.ts'

export interface Batching {
  readonly run: (trial: Trial) => Promise<Sample>
  /** Done at the same time, at most. */
  readonly jobs: number
  /** Names of the drills. */
  readonly drills: readonly string[]
  readonly seed: number
  /** Enough time was spent. */
  readonly stopped: () => boolean
}

export function batched(batching: Batching): Simulate {
  return async (trials) => {
    const samples: Sample[] = []
    let next = 0
    let failure: { readonly error: unknown } | null = null
    const lane = async (): Promise<void> => {
      while (next < trials.length && failure === null) {
        const at = next
        next += 1
        try {
          if (batching.stopped()) throw new TimeUp()
          samples[at] = await batching.run(trials[at] as Trial)
        } catch (error) {
          failure ??= { error: told(error, trials[at] as Trial, batching) }
        }
      }
    }
    await Promise.all(Array.from({ length: batching.jobs }, lane))
    if (failure !== null) throw (failure as { readonly error: unknown }).error
    return samples
  }
}

/** The same error, so that it keeps its place in the code, with the trial in its message. */
function told(error: unknown, trial: Trial, { drills, seed }: Batching): unknown {
  if (!(error instanceof Error) || error instanceof InputError || error instanceof TimeUp) {
    return error
  }
  const { setting, drill, index } = trial
  const name = drills[drill] ?? 'normal'
  const figures = Object.entries(trial.change).map(([figure, factor]) => `, ${figure} × ${factor}`)
  error.message =
    `${settingText(setting)}${figures.join('')}; drill ${name}, run ${index + 1} ` +
    `(seed ${mixSeed(seed, index)}): ${error.message}`
  return error
}
