/**
 * Constants of the hardware in a scenario: which are there, and the scenario with others.
 */

import { CALIBRATED, type CalibratedConstant } from '../schema/hardware-files.ts'
import type { Hardware, Scenario } from '../schema/scenario.ts'

/** More constants than this fit anything. */
export const FITTED_MAX = 5

export type Constants = Readonly<Partial<Record<CalibratedConstant, number>>>

/** Every profile but `ideal` with these constants. */
export function withConstants(scenario: Scenario, constants: Constants): Scenario {
  const hardware = Object.entries(scenario.hardware).map(([name, profile]): [string, Hardware] => [
    name,
    name === 'ideal' ? profile : { ...profile, ...constants },
  ])
  return { ...scenario, hardware: Object.fromEntries(hardware) }
}

/** The constants of the first profile that is not `ideal`; undefined: there is none. */
export function constantsOf({ hardware }: Scenario): Constants | undefined {
  const found = Object.entries(hardware).find(([name]) => name !== 'ideal')
  if (found === undefined) return undefined
  const [, profile] = found
  return Object.fromEntries(CALIBRATED.map((name) => [name, profile[name]]))
}

export function isConstant(name: string): name is CalibratedConstant {
  return CALIBRATED.some((one) => one === name)
}
