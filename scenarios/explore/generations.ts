/**
 * Generations: what runs reached decides what later runs draw.
 *
 * A generation is planned when every run of those before it is known, taken in the order of their
 * numbers, so threads do not show. Runs live on islands (their number modulo `ISLANDS`) that learn
 * nothing of each other: a shard that owns whole islands finds what it would find in the whole.
 */

import { mixSeed } from '../../sim/mix.ts'
import { stream } from '../../sim/random.ts'
import type { Scenario } from '../schema/scenario.ts'
import { freshDraws } from './cases.ts'
import type { Draws } from './draws.ts'
import { mutate } from './mutate.ts'
import { ISLANDS } from './shard.ts'
import type { RunSummary } from './summary.ts'

/** Runs of one generation: eight on each island. */
export const GENERATION = 128
/** Share of the runs of a later generation that descend from others. */
const DESCENDING = 0.5
/** Parents that an island remembers, the latest. */
const PARENTS_MAX = 48

/** What a run is given to draw; null: what it draws by itself. */
export interface Planned {
  readonly index: number
  readonly draws: Draws | null
  /** Run that it descends from. */
  readonly parent: number | null
}

interface Parent {
  readonly index: number
  readonly draws: Draws
}

interface Island {
  /** `kind probe` of everything that was reached. */
  readonly known: Set<string>
  readonly parents: Parent[]
}

export class Generations {
  readonly #scenario: Scenario
  readonly #seed: number
  readonly #islands: readonly Island[]

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario
    this.#seed = seed
    this.#islands = Array.from({ length: ISLANDS }, () => ({ known: new Set(), parents: [] }))
  }

  /** The plan of one run, once every generation before its own was learnt. */
  plan(index: number): Planned {
    const { swarm } = this.#scenario
    const { parents } = this.#islandOf(index)
    if (swarm === undefined || index < GENERATION || parents.length === 0) {
      return { index, draws: null, parent: null }
    }
    const random = stream(mixSeed(this.#seed, index), 'generation')
    if (!random.chance(DESCENDING)) return { index, draws: null, parent: null }
    const parent = random.pick(parents)
    const other = random.pick(parents)
    return {
      index,
      draws: mutate(parent.draws, other.draws, swarm, random),
      parent: parent.index,
    }
  }

  /** Pairs of fault and moment that this run's island has not seen in an earlier generation. */
  news({ index, reached }: Pick<RunSummary, 'index' | 'reached'>): RunSummary['reached'] {
    const { known } = this.#islandOf(index)
    const found: Record<string, readonly string[]> = {}
    for (const [kind, probes] of Object.entries(reached)) {
      const unknown = probes.filter((probe) => !known.has(`${kind} ${probe}`))
      if (unknown.length > 0) found[kind] = unknown
    }
    return found
  }

  /** Learns from a whole generation, in the order of the runs' numbers. */
  learn(runs: readonly RunSummary[]): void {
    for (const run of runs) {
      const island = this.#islandOf(run.index)
      let novel = false
      for (const [kind, probes] of Object.entries(run.reached)) {
        for (const probe of probes) {
          const key = `${kind} ${probe}`
          if (island.known.has(key)) continue
          island.known.add(key)
          novel = true
        }
      }
      if (!novel) continue
      const draws = run.given ?? freshDraws(this.#scenario, this.#seed, run.index)
      if (draws === null) continue
      island.parents.push({ index: run.index, draws })
      if (island.parents.length > PARENTS_MAX) island.parents.shift()
    }
  }

  #islandOf(index: number): Island {
    return this.#islands[index % ISLANDS] as Island
  }
}
