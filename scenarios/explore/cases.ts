/**
 * Cases of an exploration: run i has seed `mixSeed(seed, i)`, whatever threads or other runs do.
 */

import { mixSeed } from '../../sim/mix.ts'
import { stream } from '../../sim/random.ts'
import type { Case } from '../case.ts'
import { ENGINE } from '../engine.ts'
import type { Scenario } from '../schema/scenario.ts'
import { biasOf } from './biases.ts'
import { draw, type Draws, resolve } from './draws.ts'
import { withKnobs } from './knobs.ts'

/** The case of a single run: the scenario's own timeline and nothing drawn. */
export function plainCase(scenario: Scenario, seed: number): Case {
  return {
    format: 1,
    engine: ENGINE,
    scenario,
    timeline: scenario.timeline,
    seed,
    protocols: scenario.protocols,
    guardsOff: scenario.guardsOff,
  }
}

/**
 * The case of run `index`: its own seed, and a torment drawn from it; or from the draws that a
 * generation gave it.
 */
export function exploredCase(
  scenario: Scenario,
  seed: number,
  index: number,
  given?: Draws | null,
): Case {
  const own = mixSeed(seed, index)
  const plain = plainCase(unhurried(scenario), own)
  const draws = given ?? freshDraws(scenario, seed, index)
  return draws === null ? plain : withDraws(plain, draws)
}

/** An exploration judges promises, not thresholds: none of those ends its runs. */
export function unhurried(scenario: Scenario): Scenario {
  if (scenario.thresholds.every(({ abort }) => abort === undefined)) return scenario
  const thresholds = scenario.thresholds.map(({ abort: _abort, ...threshold }) => threshold)
  return { ...scenario, thresholds }
}

/** What run `index` draws by itself; null for a scenario without a swarm. */
export function freshDraws({ swarm }: Scenario, seed: number, index: number): Draws | null {
  if (swarm === undefined) return null
  const own = mixSeed(seed, index)
  return draw(swarm, stream(own, 'draws'), biasOf(swarm, own))
}

/** A plain case with draws. */
export function withDraws(plain: Case, draws: Draws): Case {
  const scenario = withKnobs(plain.scenario, draws.knobs)
  // Field by field: see the cluster in `run/build.ts`.
  return {
    format: plain.format,
    engine: plain.engine,
    scenario,
    timeline: resolve(draws, scenario),
    seed: plain.seed,
    protocols: plain.protocols,
    guardsOff: plain.guardsOff,
    raw: { draws: [draws] },
  }
}
