/**
 * Measured series against the simulation of the same load: constants are fitted on the first half
 * of the time, and the second half says how far off the simulation is.
 */

import { naturalLog, powerOfE } from '../../sim/arithmetic.ts'
import { plainCase } from '../explore/cases.ts'
import { judge } from '../judge.ts'
import type { Measures } from '../result.ts'
import { run } from '../run.ts'
import type { CalibratedConstant } from '../schema/hardware-files.ts'
import { InputError } from '../schema/input-error.ts'
import type { Scenario } from '../schema/scenario.ts'
import { type Constants, constantsOf, refuseIdle, startOf, withConstants } from './constants.ts'
import type { MeasuredSeries, Sample } from './measured-series.ts'
import { lowest } from './simplex.ts'

/** `produced`, or `consumed`, `backlog` or `lateness` of a group: records/s, records, s. */
export interface SimulatedName {
  readonly kind: 'produced' | 'consumed' | 'backlog' | 'lateness'
  readonly group: string | null
}

export interface Pair {
  readonly measured: MeasuredSeries
  readonly simulated: SimulatedName
}

export interface HalfError {
  readonly samples: number
  /**
   * Mean of |simulated − measured| ÷ measured, of samples that are not next to nothing. Where all
   * that was measured is nothing: 1 if anything was simulated.
   */
  readonly mape: number
  /** Mean of simulated − measured, ÷ mean of measured. */
  readonly bias: number
}

export interface BacktestRow {
  readonly series: string
  readonly simulated: string
  readonly fitted: HalfError
  readonly judged: HalfError
}

/** A series as it was measured and as it is simulated. */
export interface BacktestCurve {
  readonly kind: SimulatedName['kind']
  readonly atUs: readonly number[]
  readonly measured: readonly number[]
  /** Mean since the sample before. */
  readonly simulated: readonly number[]
}

export interface Backtest {
  readonly rows: readonly BacktestRow[]
  /** In the order of the rows. */
  readonly curves: readonly BacktestCurve[]
  /** The first half ends there. */
  readonly halfUs: number
  readonly constants: Constants
  /** Constants that were fitted; empty: none. */
  readonly fitted: readonly CalibratedConstant[]
  readonly tried: number
}

export interface Backtesting {
  readonly scenario: Scenario
  readonly seed: number
  readonly pairs: readonly Pair[]
  readonly fit: readonly CalibratedConstant[]
  readonly trying: () => void
}

const options = { step: 0.4, tolerance: 1e-4, callsMax: 30 }

/** Throws `InputError` for series that have nothing to be judged by. */
export async function backtest(asked: Backtesting): Promise<Backtest> {
  const { scenario, pairs, fit } = asked
  const halfUs = halfOf(pairs)
  for (const { measured } of pairs) refuseHalf(measured, halfUs)
  const heldWith = (constants: Constants): Pick<Backtest, 'rows' | 'curves' | 'halfUs'> => {
    asked.trying()
    const series = seriesOf(withConstants(scenario, constants), asked.seed)
    const both = pairs.map((pair) => bothOf(pair, series))
    return {
      rows: pairs.map((pair, at) => rowOf(pair, both[at] as readonly Both[], halfUs)),
      curves: pairs.map((pair, at) => curveOf(pair, both[at] as readonly Both[])),
      halfUs,
    }
  }
  const before = constantsOf(scenario) ?? {}
  if (fit.length === 0) return { ...heldWith({}), constants: {}, fitted: [], tried: 1 }
  const constantsAt = (at: readonly number[]): Constants =>
    Object.fromEntries(fit.map((name, axis) => [name, Math.round(powerOfE(at[axis] as number))]))
  const start = fit.map((name) => naturalLog(startOf(name, before)))
  const offAt = (at: readonly number[]): Promise<number> => {
    const { rows } = heldWith(constantsAt(at))
    return Promise.resolve(rows.reduce((sum, { fitted }) => sum + fitted.mape, 0) / rows.length)
  }
  const found = await lowest(start, offAt, options)
  refuseIdle(found.flat.map((axis) => fit[axis] as CalibratedConstant))
  const constants = constantsAt(found.at)
  return { ...heldWith(constants), constants, fitted: fit, tried: found.calls + 1 }
}

function halfOf(pairs: readonly Pair[]): number {
  return Math.max(...pairs.map(({ measured }) => measured.samples.at(-1)?.atUs ?? 0)) / 2
}

/** Without a sample in one of the halves nothing would be fitted or judged. */
function refuseHalf({ name, samples }: MeasuredSeries, halfUs: number): void {
  const first = samples.filter(({ atUs }) => atUs <= halfUs).length
  if (first > 0 && first < samples.length) return
  const half = first === 0 ? 'first' : 'second'
  throw new InputError([
    `"${name}" has no sample in the ${half} half of the time: give series of the same time`,
  ])
}

function seriesOf(scenario: Scenario, seed: number): Measures['series'] {
  const result = run(plainCase(scenario, seed))
  if (result.ended === 'internal-error') throw new Error(result.reason ?? 'no reason was given')
  return judge(result).measures.series
}

function bothOf({ measured, simulated }: Pair, series: Measures['series']): readonly Both[] {
  const stepsUs = series.stepUs
  const values = valuesOf(simulated, series)
  return measured.samples.map(({ atUs, value }, at): Both => {
    const sinceUs = measured.samples[at - 1]?.atUs ?? atUs - stepsUs
    return { atUs, measured: value, simulated: meanBetween(values, stepsUs, sinceUs, atUs) }
  })
}

function curveOf({ simulated: { kind } }: Pair, both: readonly Both[]): BacktestCurve {
  return {
    kind,
    atUs: both.map(({ atUs }) => atUs),
    measured: both.map(({ measured }) => measured),
    simulated: both.map(({ simulated }) => simulated),
  }
}

function rowOf({ measured, simulated }: Pair, both: readonly Both[], halfUs: number): BacktestRow {
  return {
    series: measured.name,
    simulated: wordsOf(simulated),
    fitted: errorOf(both.filter(({ atUs }) => atUs <= halfUs)),
    judged: errorOf(both.filter(({ atUs }) => atUs > halfUs)),
  }
}

export function wordsOf({ kind, group }: SimulatedName): string {
  return group === null ? kind : `${kind}:${group}`
}

interface Both {
  readonly atUs: number
  readonly measured: number
  readonly simulated: number
}

const MICROSECONDS = 1_000_000

function valuesOf({ kind, group }: SimulatedName, series: Measures['series']): readonly number[] {
  const perSecond = MICROSECONDS / series.stepUs
  if (kind === 'produced') return series.produced.map((count) => count * perSecond)
  if (kind === 'consumed') {
    return (series.consumed[group ?? ''] ?? []).map((count) => count * perSecond)
  }
  const own = series.groups.filter((one) => one.group === group)
  return series.atUs.map((_, at) =>
    kind === 'backlog'
      ? own.reduce((sum, { backlog }) => sum + (backlog[at] ?? 0), 0)
      : Math.max(0, ...own.map(({ latenessUs }) => (latenessUs[at] ?? 0) / MICROSECONDS)),
  )
}

/** Of the steps that end between two samples; the one that a sample falls into, if none does. */
function meanBetween(
  values: readonly number[],
  stepUs: number,
  fromUs: number,
  untilUs: number,
): number {
  const last = Math.min(values.length, Math.max(1, Math.round(untilUs / stepUs)))
  const first = Math.min(last - 1, Math.max(0, Math.round(fromUs / stepUs)))
  let sum = 0
  for (let at = first; at < last; at += 1) sum += values[at] as number
  return sum / (last - first)
}

/** Below this share of the mean a sample is next to nothing: its relative error says nothing. */
const NOTHING_SHARE = 0.01

export function errorOf(
  both: readonly (Pick<Both, 'measured' | 'simulated'> & Partial<Sample>)[],
): HalfError {
  const mean = both.reduce((sum, { measured }) => sum + measured, 0) / both.length
  const counted = both.filter(({ measured }) => measured > NOTHING_SHARE * mean)
  const off = counted.reduce(
    (sum, { measured, simulated }) => sum + Math.abs(simulated - measured) / measured,
    0,
  )
  const total = both.reduce((sum, { measured, simulated }) => sum + simulated - measured, 0)
  return {
    samples: both.length,
    mape: counted.length > 0 ? off / counted.length : total === 0 ? 0 : 1,
    bias: mean === 0 ? 0 : total / both.length / mean,
  }
}
