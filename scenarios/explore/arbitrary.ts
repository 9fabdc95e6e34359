/**
 * Cases of a scenario as an arbitrary of fast-check, for properties of one's own.
 *
 * A case is a record of independent parts, each a small integer taken modulo what exists, so every
 * shrunk value is a case again and zero is the simplest choice. The seed is not shrunk: it decides
 * what a draw does not. Values are even, as an exploration draws them; fast-check would favour
 * small ones.
 */

import fc from 'fast-check'
import type { Case } from '../case.ts'
import type { Scenario, Swarm } from '../schema/scenario.ts'
import { plainCase, unhurried, withDraws } from './cases.ts'
import { type Draw, drawBounds } from './draw.ts'
import { type Draws, WEIGHT_BOUND } from './draws.ts'
import { tokenOf } from './failure.ts'
import { KNOB_BOUND } from './knobs.ts'

interface Raw {
  readonly seed: number
  readonly draws: Draws | null
}

/** More than there are biases: places in a portfolio are taken modulo its length. */
const BIAS_MAX = 63

/** Shown as the command that replays the case. */
export function caseArbitrary(scenario: Scenario): fc.Arbitrary<Case> {
  const { swarm } = scenario
  const raw: fc.Arbitrary<Raw> = fc.record({
    seed: fc.noShrink(fc.noBias(fc.maxSafeNat())),
    draws: swarm === undefined ? fc.constant(null) : drawsArbitrary(swarm),
  })
  return raw.map(
    ({ seed, draws }) => {
      const plain = plainCase(unhurried(scenario), seed)
      return shownAsToken(draws === null ? plain : withDraws(plain, draws))
    },
    (value) => rawOf(value),
  )
}

function drawsArbitrary(swarm: Swarm): fc.Arbitrary<Draws> {
  const { families, faults, knobs = [] } = swarm
  const entry = drawArbitrary()
  // A bit for each family and one for operations; 31 is what a shift can do.
  const off = (1 << Math.min(30, families.length + 1)) - 1
  return fc.record({
    bias: below(BIAS_MAX),
    familiesOff: below(off),
    weights: fixed(below(WEIGHT_BOUND - 1), families.length + 1),
    knobs: fixed(below(KNOB_BOUND - 1), knobs.length),
    background: entry,
    entries: fc.array(entry, { minLength: faults.min, maxLength: faults.max, size: 'max' }),
  })
}

function drawArbitrary(): fc.Arbitrary<Draw> {
  return fc.record({
    family: below(drawBounds.family),
    kind: below(drawBounds.kind),
    target: below(drawBounds.target),
    other: below(drawBounds.other),
    detail: below(drawBounds.detail),
    at: below(drawBounds.at),
    length: below(drawBounds.length),
    breadth: below(drawBounds.breadth),
    moment: below(drawBounds.moment),
  })
}

/** 0 … max, evenly. */
function below(max: number): fc.Arbitrary<number> {
  return fc.noBias(fc.nat({ max }))
}

function fixed(one: fc.Arbitrary<number>, length: number): fc.Arbitrary<number[]> {
  return fc.array(one, { minLength: length, maxLength: length })
}

/** The unmapper: what a case was made of. */
function rawOf(value: unknown): Raw {
  const { seed, raw } = value as Case
  return { seed, draws: (raw?.draws[0] as Draws | undefined) ?? null }
}

/** A case as text is some pages; its token is what can be pasted. It stays plain JSON. */
function shownAsToken(one: Case): Case {
  return Object.defineProperty(one, fc.toStringMethod, {
    value: () => `npx dmqsim replay ${tokenOf(one)}`,
    enumerable: false,
  })
}
