/**
 * Fits a few constants to measured values: least squares of the logarithms, so that a tenth too
 * much and a tenth too little count the same whatever the unit.
 */

import { naturalLog, powerOfE } from '../../sim/arithmetic.ts'
import type { CalibratedConstant } from '../schema/hardware-files.ts'
import type { Constants } from './constants.ts'
import { lowest } from './simplex.ts'

/** Something measured, and what the simulator says of it with given constants. */
export interface Fittable {
  readonly id: string
  readonly measured: number
  readonly simulate: (constants: Constants) => Promise<number>
}

export interface Residual {
  readonly id: string
  readonly measured: number
  readonly simulated: number
  /** Simulated ÷ measured − 1. */
  readonly error: number
}

export interface Fit {
  readonly constants: Constants
  readonly residuals: readonly Residual[]
  /** Sets of constants that were tried. */
  readonly tried: number
  /** Constants that move none of the points. */
  readonly idle: readonly CalibratedConstant[]
}

/** Where one of the two is nothing: as wrong as can be, and still a number. */
const HOPELESS = 10

const options = { step: 0.5, tolerance: 1e-4, callsMax: 60 }

/** `start` has a value above 0 for each name. */
export async function fit(
  names: readonly CalibratedConstant[],
  start: Constants,
  points: readonly Fittable[],
): Promise<Fit> {
  const from = names.map((name) => naturalLog(start[name] as number))
  const constantsAt = (at: readonly number[]): Constants =>
    Object.fromEntries(names.map((name, axis) => [name, rounded(powerOfE(at[axis] as number))]))
  const valueOf = async (at: readonly number[]): Promise<number> => {
    const residuals = await residualsOf(points, constantsAt(at))
    return residuals.reduce((sum, one) => sum + squareOf(one), 0) / residuals.length
  }
  const { at, calls, flat } = await lowest(from, valueOf, options)
  const constants = constantsAt(at)
  const idle = flat.map((axis) => names[axis] as CalibratedConstant)
  return { constants, residuals: await residualsOf(points, constants), tried: calls, idle }
}

const CLOSE = 0.015
const CALLS_MAX = 6

/**
 * One constant from one measured rate, by secants of logarithms: a rate that falls as the constant
 * grows is met in a few simulations, each of which may be long.
 */
export async function fitOne(
  start: number,
  measured: number,
  simulate: (value: number) => Promise<number>,
): Promise<number> {
  const offAt = async (value: number): Promise<number> =>
    naturalLog((await simulate(value)) / measured)
  let before = { value: start, off: await offAt(start) }
  let slope = -1
  for (let call = 1; call < CALLS_MAX; call += 1) {
    if (before.off < CLOSE && before.off > -CLOSE) break
    const value = rounded(before.value * powerOfE(-before.off / slope))
    const next = { value, off: await offAt(value) }
    const moved = naturalLog(value / before.value)
    // A rate that hardly moves is bound by something else: no secant leads further.
    if (moved === 0) return value
    slope = Math.min(-0.2, (next.off - before.off) / moved)
    before = next
  }
  return before.value
}

export async function residualsOf(
  points: readonly Fittable[],
  constants: Constants,
): Promise<readonly Residual[]> {
  return await Promise.all(
    points.map(async ({ id, measured, simulate }) => {
      const simulated = await simulate(constants)
      return { id, measured, simulated, error: simulated / measured - 1 }
    }),
  )
}

function squareOf({ measured, simulated }: Residual): number {
  if (!(measured > 0) || !(simulated > 0)) return HOPELESS * HOPELESS
  const off = naturalLog(simulated / measured)
  return off * off
}

const DIGITS = 3

/** Three digits: more would say more than measurements do. */
function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
