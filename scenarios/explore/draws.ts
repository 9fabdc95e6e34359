/**
 * What an exploration draws: faults and operations as records of small independent integers.
 *
 * `draw` takes them from a stream, `resolve` makes timeline entries of them. Resolving is pure and
 * total: every integer is taken modulo what exists, so any shrunk draw is a case again. Zero is the
 * simplest choice everywhere: the first family, the leader, the shortest time.
 */

import type { Stream } from '../../sim/random.ts'
import type { Scenario, Swarm, SwarmFamily } from '../schema/scenario.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import { type Draw, drawBounds } from './draw.ts'
import { drawnFault } from './drawn-faults.ts'
import { drawnOperation } from './drawn-operations.ts'

export interface Draws {
  /** Bit n is set where family n of the swarm is off. */
  readonly familiesOff: number
  readonly entries: readonly Draw[]
}

/** Draws the torment of one run: each family wholly off with probability ½. */
export function draw(swarm: Swarm, random: Stream): Draws {
  let familiesOff = 0
  swarm.families.forEach((_family, index) => {
    if (random.chance(0.5)) familiesOff |= 1 << index
  })
  const count = random.between(swarm.faults.min, swarm.faults.max)
  const entries: Draw[] = []
  for (let n = 0; n < count; n += 1) {
    entries.push({
      family: random.int(drawBounds.family + 1),
      kind: random.int(drawBounds.kind + 1),
      target: random.int(drawBounds.target + 1),
      other: random.int(drawBounds.other + 1),
      detail: random.int(drawBounds.detail + 1),
      at: random.int(drawBounds.at + 1),
      length: random.int(drawBounds.length + 1),
    })
  }
  return { familiesOff, entries }
}

/** The timeline that draws stand for, after the scenario's own. */
export function resolve(draws: Draws, scenario: Scenario): readonly TimelineEntry[] {
  const { swarm } = scenario
  if (swarm === undefined) return scenario.timeline
  const families = enabledFamilies(swarm, draws.familiesOff)
  const choices = families.length + (swarm.operations.length > 0 ? 1 : 0)
  const drawn: TimelineEntry[] = []
  for (const one of draws.entries) {
    if (choices === 0) break
    const choice = one.family % choices
    const family = families[choice]
    const entry =
      family === undefined
        ? drawnOperation(one, scenario, swarm.operations)
        : drawnFault(one, scenario, family)
    if (entry !== null) drawn.push(entry)
  }
  drawn.sort((a, b) => (a.atUs ?? 0) - (b.atUs ?? 0))
  return [...scenario.timeline, ...drawn]
}

function enabledFamilies(swarm: Swarm, off: number): readonly SwarmFamily[] {
  const enabled = swarm.families.filter((_family, index) => (off & (1 << index)) === 0)
  return enabled.length === 0 ? swarm.families : enabled
}
