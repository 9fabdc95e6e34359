/**
 * Which case a guard is tried in next: its own scenario mostly, the others in turn.
 *
 * In a scenario the cases in which it was decisive most often come first. The other scenarios
 * share by what their runs cost, so that the cheap ones come first and the dear ones seldom.
 */

import { EVENTS_A_RUN, type Surveyed } from './survey.ts'

/** Of so many pairs one is of another scenario. */
const OTHERS_EVERY = 3
/** A scenario with longer runs is not preferred, whatever it exercises. */
const PREFERRED_EVENTS_MAX = 4 * EVENTS_A_RUN

export interface Candidate {
  readonly surveyed: Surveyed
  /** How often the guard was decisive. */
  readonly weight: number
}

export class Choice {
  readonly #preferred: string
  /** By scenario, the last is the next. */
  #left = new Map<string, Surveyed[]>()
  readonly #tried = new Set<Surveyed>()
  /** Events by scenario. */
  readonly #spent = new Map<string, number>()

  constructor(preferred: string) {
    this.#preferred = preferred
  }

  /** All cases that are known by now; those tried already are left out. */
  offer(candidates: readonly Candidate[]): void {
    const byScenario = new Map<string, Candidate[]>()
    for (const candidate of candidates) {
      if (this.#tried.has(candidate.surveyed)) continue
      const { scenario } = candidate.surveyed
      const known = byScenario.get(scenario)
      if (known === undefined) byScenario.set(scenario, [candidate])
      else known.push(candidate)
    }
    this.#left = new Map()
    for (const [scenario, row] of byScenario) {
      row.sort((a, b) => a.weight - b.weight || b.surveyed.index - a.surveyed.index)
      this.#left.set(
        scenario,
        row.map(({ surveyed }) => surveyed),
      )
    }
  }

  /** Cases left, of the preferred scenario and in all. */
  get left(): { readonly preferred: number; readonly all: number } {
    let all = 0
    for (const row of this.#left.values()) all += row.length
    return { preferred: this.#left.get(this.#preferred)?.length ?? 0, all }
  }

  next(): Surveyed | null {
    const scenario = this.#scenario()
    if (scenario === null) return null
    const one = this.#left.get(scenario)?.pop() as Surveyed
    this.#tried.add(one)
    this.#spent.set(scenario, this.#cost(scenario, one))
    return one
  }

  #scenario(): string | null {
    const own = this.#left.get(this.#preferred)?.at(-1)
    const turn = this.#tried.size % OTHERS_EVERY !== OTHERS_EVERY - 1
    if (own !== undefined && turn && own.summary.events <= PREFERRED_EVENTS_MAX)
      return this.#preferred
    return this.#cheapest()
  }

  #cheapest(): string | null {
    let cheapest: string | null = null
    let least = Infinity
    for (const [scenario, row] of this.#left) {
      const one = row.at(-1)
      if (one === undefined || this.#cost(scenario, one) >= least) continue
      cheapest = scenario
      least = this.#cost(scenario, one)
    }
    return cheapest
  }

  #cost(scenario: string, { summary }: Surveyed): number {
    return (this.#spent.get(scenario) ?? 0) + summary.events
  }
}
