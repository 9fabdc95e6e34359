/**
 * Fits constants of hardware to measured points, each a scenario of its own, and gives the set of
 * constants that a scenario can name.
 */

import { stringify } from 'yaml'
import type { Errand, Figures } from '../validation/errand.ts'
import type { CalibratedConstant } from '../schema/hardware-files.ts'
import { InputError } from '../schema/input-error.ts'
import { loadScenario } from '../schema/load.ts'
import type { Scenario } from '../schema/scenario.ts'
import { type Constants, constantsOf, refuseIdle, startOf, withConstants } from './constants.ts'
import { fit, type Fittable, type Residual } from './fit.ts'
import type { MeasuredPoint, PointMeasure, PointsFile } from './points.ts'

export interface Calibrating {
  readonly seed: number
  readonly simulate: (errand: Errand) => Promise<Figures>
  /** Told before each set of constants that is tried. */
  readonly trying: (constants: Constants) => void
}

export interface Calibrated {
  readonly name: string
  readonly fitted: readonly {
    readonly name: CalibratedConstant
    readonly before: number
    readonly after: number
  }[]
  /** All constants of the set, the fitted ones among them. */
  readonly constants: Constants
  readonly residuals: readonly Residual[]
  readonly tried: number
}

export async function calibrate(file: PointsFile, asked: Calibrating): Promise<Calibrated> {
  const scenarios = await Promise.all(file.points.map(scenarioOf))
  const [first] = scenarios as [Scenario, ...Scenario[]]
  const before = constantsOf(first) as Constants
  const start = Object.fromEntries(file.fit.map((name) => [name, startOf(name, before)]))
  let last = ''
  const points = file.points.map((point, at): Fittable => {
    const scenario = scenarios[at] as Scenario
    return {
      id: point.id,
      measured: point.value,
      simulate: async (constants) => {
        const now = JSON.stringify(constants)
        if (now !== last) asked.trying(constants)
        last = now
        return await measured(withConstants(scenario, constants), point.measure, asked)
      },
    }
  })
  const { constants, residuals, tried, idle } = await fit(file.fit, start, points)
  refuseIdle(idle)
  return {
    name: file.name,
    fitted: file.fit.map((name) => ({
      name,
      before: before[name] ?? 0,
      after: constants[name] as number,
    })),
    constants: { ...before, ...constants },
    residuals,
    tried,
  }
}

async function scenarioOf({ id, scenario: name, sets }: MeasuredPoint): Promise<Scenario> {
  const { scenario } = await loadScenario(name, { sets })
  if (constantsOf(scenario) === undefined) {
    throw new InputError([
      `point ${id}: ${name} runs on ideal hardware, where nothing costs anything: name a profile`,
    ])
  }
  return scenario
}

/** Of a run, what lies before is the beginning. */
const WARM_UP_SHARE = 0.2

async function measured(
  scenario: Scenario,
  measure: PointMeasure,
  { seed, simulate }: Calibrating,
): Promise<number> {
  const untilUs = scenario.durationUs
  const window = { fromUs: WARM_UP_SHARE * untilUs, untilUs }
  const figures = await simulate({ subject: { kind: 'cluster', scenario, window }, seed })
  if (figures.kind !== 'cluster') throw new Error('a cluster answers with other figures')
  switch (measure) {
    case 'produced':
      return figures.acknowledgedPerSecond
    case 'consumed':
      return figures.deliveredPerSecond
    case 'latency.mean':
      return figures.meanUs / 1_000
    case 'latency.p50':
      return figures.p50Us / 1_000
    case 'latency.p99':
      return figures.p99Us / 1_000
  }
}

/** The file of a calibration set: `calibration: <file>` of a hardware profile takes it. */
export function calibrationText({ name, constants, fitted, residuals }: Calibrated): string {
  const set = {
    name,
    constants,
    fitted: fitted.map((one) => one.name),
    rowsUsed: residuals.map(({ id }) => id),
  }
  const errors = residuals.map(
    ({ id, error }) => `# ${id}: ${error < 0 ? '' : '+'}${(error * 100).toFixed(1)} %\n`,
  )
  return `# Fitted by dmqsim calibrate; simulated against measured:\n${errors.join('')}${stringify(set)}`
}
