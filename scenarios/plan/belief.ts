/**
 * How far a plan is to be believed: what its constants were fitted to, and what lies beyond that.
 */

import { ENGINE } from '../engine.ts'
import type { Hardware, Scenario } from '../schema/scenario.ts'
import { hardwareOf } from './bounds.ts'
import type { Backtest, Belief, Setting, Window } from './plan-answer.ts'
import { outsideOf, validatedRange } from './validated.ts'

interface Believed {
  readonly scenario: Scenario
  readonly setting: Setting
  readonly window: Window
  /** Of a cluster like this one; null: none is given. */
  readonly backtest: Backtest | null
  readonly notModelled: readonly string[]
}

export function beliefOf({ scenario, setting, window, backtest, notModelled }: Believed): Belief {
  const hardware = hardwareOf(setting, scenario)
  const constants = fitted(hardware)
  return {
    engine: ENGINE,
    calibrationSet: constants.length === 0 ? null : (hardware?.origin?.calibration ?? null),
    constants,
    backtest,
    validatedRange,
    extrapolates: [
      ...beyond(setting, hardware, constants.length),
      ...outsideOf(scenario, setting, window.peakPerSecond),
    ],
    notModelled,
  }
}

/** Costs of the profile that were fitted to measurements. */
function fitted(hardware: Hardware | undefined): Belief['constants'] {
  const { origin } = hardware ?? {}
  if (hardware === undefined || origin === undefined) return []
  return Object.keys(origin.sources)
    .filter((name) => origin.sources[name] === 'fitted')
    .map((name) => {
      const value = hardware[name as keyof Omit<Hardware, 'origin'>]
      return { name, value, unit: 'ns', rows: [] }
    })
}

function beyond(
  { hardware: name }: Setting,
  hardware: Hardware | undefined,
  constants: number,
): readonly string[] {
  const isFree =
    hardware === undefined || (hardware.cores === 0 && hardware.nicBytesPerSecond === 0)
  if (isFree) {
    return ['The brokers are ideal: nothing of the answer says what a real machine can carry.']
  }
  if (constants > 0) return []
  return [`${name}: what work costs on it is assumed, and was not fitted to a measurement.`]
}
