/**
 * What an exploration draws: faults and operations as records of small independent integers.
 *
 * `draw` takes them from a stream, `resolve` makes timeline entries of them. Resolving is pure and
 * total: every integer is taken modulo what exists, so any shrunk draw is a case again. Zero is the
 * simplest choice everywhere: the first family, the leader, the shortest time.
 */

import type { Stream } from '../../sim/random.ts'
import type { BiasName, Scenario, Swarm, SwarmFamily } from '../schema/scenario.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import { type Bias, biases, portfolioOf } from './biases.ts'
import { type Draw, drawBounds, ladder } from './draw.ts'
import { drawnFaults } from './drawn-faults.ts'
import { drawnOperation } from './drawn-operations.ts'
import type { Aim } from './drawn-roles.ts'
import { KNOB_BOUND } from './knobs.ts'
import { momentOf } from './moments.ts'

export interface Draws {
  /** Place in the portfolio of the swarm. */
  readonly bias: number
  /** Bit n is set where family n of the swarm is off; the bit after the last: operations. */
  readonly familiesOff: number
  /** Of the families in order, then of the operations; used by biases that say so. */
  readonly weights: readonly number[]
  /** Settings of the swarm's knobs, in order. */
  readonly knobs: readonly number[]
  /** What the bias adds, where a burst stands, which broker is the one. */
  readonly background: Draw
  readonly entries: readonly Draw[]
}

/** How often a family is drawn where weights are even. */
const EVEN_WEIGHT = 4
export const WEIGHT_BOUND = 16
/** Faults that can cost a copy are what a campaign at the edge of its budget is about. */
const LOSSY_FAVOUR = 4
const lossy: ReadonlySet<SwarmFamily> = new Set(['power-loss', 'lying-sync', 'bit-rot', 'wipe'])

/** Draws the torment of one run under a bias of the portfolio. */
export function draw(swarm: Swarm, random: Stream, bias: number): Draws {
  let familiesOff = 0
  const weights: number[] = []
  for (let index = 0; index <= swarm.families.length; index += 1) {
    if (random.chance(0.5)) familiesOff |= 1 << index
    weights.push(random.int(WEIGHT_BOUND))
  }
  const knobs = (swarm.knobs ?? []).map(() => random.int(KNOB_BOUND))
  const background = drawOne(random)
  const count = random.between(swarm.faults.min, swarm.faults.max)
  const entries: Draw[] = []
  for (let n = 0; n < count; n += 1) entries.push(drawOne(random))
  return { bias, familiesOff, weights, knobs, background, entries }
}

/** One entry, each field by itself. */
export function drawOne(random: Stream): Draw {
  return {
    family: random.int(drawBounds.family + 1),
    kind: random.int(drawBounds.kind + 1),
    target: random.int(drawBounds.target + 1),
    other: random.int(drawBounds.other + 1),
    detail: random.int(drawBounds.detail + 1),
    at: random.int(drawBounds.at + 1),
    length: random.int(drawBounds.length + 1),
    breadth: random.int(drawBounds.breadth + 1),
    moment: random.int(drawBounds.moment + 1),
  }
}

/** The bias of draws; null where nothing can be drawn. */
export function biasNameOf({ bias }: Draws, { swarm }: Scenario): BiasName | null {
  if (swarm === undefined) return null
  const portfolio = portfolioOf(swarm)
  return portfolio[bias % portfolio.length] ?? null
}

/** The timeline that draws stand for, after the scenario's own. */
export function resolve(draws: Draws, scenario: Scenario): readonly TimelineEntry[] {
  const { swarm } = scenario
  const name = biasNameOf(draws, scenario)
  if (swarm === undefined || name === null) return scenario.timeline
  const bias = biases[name]
  const choices = choicesOf(swarm, draws, bias)
  const aim = aimOf(draws, scenario, bias)
  const drawn = [...bias.background(draws.background, scenario)]
  for (const one of draws.entries) {
    const timed = bias.burst ? inBurst(one, draws.background, scenario) : one
    drawn.push(...entriesOf(timed, aim, choices, bias))
  }
  drawn.sort((a, b) => timeOf(a) - timeOf(b))
  return [...scenario.timeline, ...drawn]
}

/** When an entry happens at the earliest. */
function timeOf(entry: TimelineEntry): number {
  return entry.atUs ?? entry.on?.afterUs ?? 0
}

interface Choice {
  /** Null: an operation. */
  readonly family: SwarmFamily | null
  readonly weight: number
}

/** Every family that is on, with its weight, and operations; all where all would be off. */
function choicesOf(swarm: Swarm, draws: Draws, bias: Bias): readonly Choice[] {
  const everything: (SwarmFamily | null)[] = [...swarm.families]
  if (swarm.operations.length > 0) everything.push(null)
  const weigh = (family: SwarmFamily | null, index: number): Choice => {
    const drawn = bias.weighted ? 1 + ((draws.weights[index] ?? 0) % WEIGHT_BOUND) : EVEN_WEIGHT
    const favour = family === null ? 1 : (bias.favours[family] ?? 1)
    const near = family !== null && lossy.has(family) && swarm.budget !== 'within'
    return { family, weight: drawn * favour * (near ? LOSSY_FAVOUR : 1) }
  }
  const all = everything.map(weigh)
  const on = all.filter(
    // What a bias is about is never off.
    ({ family }, index) =>
      (draws.familiesOff & (1 << index)) === 0 ||
      (family !== null && bias.favours[family] !== undefined),
  )
  return on.length === 0 ? all : on
}

function aimOf(draws: Draws, scenario: Scenario, bias: Bias): Aim {
  const { brokers } = scenario.cluster
  const one = brokers[draws.background.other % brokers.length]
  return {
    scenario,
    brokerId: bias.oneBroker && one !== undefined ? one.id : null,
    breadth: bias.breadth,
  }
}

/** The entry moved into a short time around the place that the background draw says. */
function inBurst(one: Draw, around: Draw, scenario: Scenario): Draw {
  const rungs = ladder(scenario)
  // The lower two thirds of the ladder: from milliseconds to about a session.
  const widthUs = rungs[around.length % Math.ceil((rungs.length * 2) / 3)] as number
  const width = Math.floor((widthUs * 1000) / scenario.durationUs)
  return { ...one, at: Math.min(899, around.at + Math.floor((one.at * width) / 900)) }
}

function entriesOf(
  one: Draw,
  aim: Aim,
  choices: readonly Choice[],
  bias: Bias,
): readonly TimelineEntry[] {
  const family = chosen(choices, one.family)
  const entries = family === null ? operationsOf(one, aim) : drawnFaults(one, aim, family)
  const trigger = momentOf(one, aim.scenario, bias.moments)
  if (trigger === null || entries.length > 1) return entries
  return entries.map((entry) => {
    const { atUs: _atUs, ...rest } = entry
    return { ...rest, on: trigger } as TimelineEntry
  })
}

function operationsOf(one: Draw, { scenario }: Aim): readonly TimelineEntry[] {
  const operation = drawnOperation(one, scenario, scenario.swarm?.operations ?? [])
  return operation === null ? [] : [operation]
}

/** The family at a place among the weights; null: an operation. */
function chosen(choices: readonly Choice[], place: number): SwarmFamily | null {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0)
  let left = place % total
  for (const { family, weight } of choices) {
    if (left < weight) return family
    left -= weight
  }
  return null
}
