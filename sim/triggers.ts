/**
 * What is to happen at the moments of probes: the places of a timeline that wait for one.
 */

import type { ProbeId } from './registry.ts'

/** Asked at each probe that is armed; acts at that place of the handler in flight. */
export type ProbeTrigger = (process: string, subject: number) => void

export class Triggers {
  readonly #byProbe: (ProbeTrigger[] | undefined)[] = []
  #armed = 0

  /** Calls `trigger` at each of this probe's moments from now on; returns what disarms it. */
  arm(probe: ProbeId, trigger: ProbeTrigger): () => void {
    const triggers = (this.#byProbe[probe] ??= [])
    triggers.push(trigger)
    this.#armed += 1
    return () => {
      const at = triggers.indexOf(trigger)
      if (at === -1) return
      triggers.splice(at, 1)
      this.#armed -= 1
    }
  }

  reached(probe: ProbeId, process: string, subject: number): void {
    if (this.#armed === 0) return
    const triggers = this.#byProbe[probe]
    if (triggers === undefined) return
    for (const trigger of triggers.slice()) trigger(process, subject)
  }

  /** Lets go of all of them. */
  release(): void {
    this.#byProbe.length = 0
    this.#armed = 0
  }
}
