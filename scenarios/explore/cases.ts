/**
 * Cases of an exploration: run i has seed `mixSeed(seed, i)`, whatever threads or other runs do.
 */

import { mixSeed } from '../../sim/mix.ts'
import { stream } from '../../sim/random.ts'
import type { Case } from '../case.ts'
import { ENGINE } from '../engine.ts'
import type { Scenario } from '../schema/scenario.ts'
import { draw, type Draws, resolve } from './draws.ts'

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

/** The case of run `index`: its own seed, and a torment drawn from it. */
export function exploredCase(scenario: Scenario, seed: number, index: number): Case {
  const own = mixSeed(seed, index)
  const plain = plainCase(scenario, own)
  if (scenario.swarm === undefined) return plain
  const draws = draw(scenario.swarm, stream(own, 'draws'))
  return withDraws(plain, draws)
}

/** The same case with other draws. */
export function withDraws(plain: Case, draws: Draws): Case {
  return { ...plain, raw: { draws: [draws] }, timeline: resolve(draws, plain.scenario) }
}
