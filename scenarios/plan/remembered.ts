/**
 * A simulation that remembers: the same trial is not run twice, and what was run is counted.
 */

import type { Sample, Simulate, Trial } from './simulate.ts'

export interface Remembered {
  readonly simulate: Simulate
  /** Trials that were run. */
  runs(): number
}

interface Kept {
  readonly sample: Sample
  /** They were asked for. */
  readonly curves: boolean
}

export function remembered(simulate: Simulate): Remembered {
  const known = new Map<string, Kept>()
  let runs = 0
  return {
    runs: () => runs,
    simulate: async (trials) => {
      const keys = trials.map(keyOf)
      const wanted = new Map<string, Trial>()
      trials.forEach((trial, at) => {
        const key = keys[at] as string
        const kept = known.get(key)
        if (kept === undefined || (trial.curves && !kept.curves)) wanted.set(key, trial)
      })
      const found = await simulate([...wanted.values()])
      runs += wanted.size
      let at = 0
      for (const [key, { curves }] of wanted) {
        known.set(key, { sample: found[at] as Sample, curves })
        at += 1
      }
      return keys.map((key) => (known.get(key) as Kept).sample)
    },
  }
}

function keyOf({ setting, drill, index, change }: Trial): string {
  const figures = Object.entries(change)
    .filter(([, factor]) => factor !== 1)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([setting, drill, index, figures])
}
