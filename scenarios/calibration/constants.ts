/**
 * Constants of the hardware in a scenario: which are there, and the scenario with others.
 */

import { CALIBRATED, type CalibratedConstant, calibrationOf } from '../schema/hardware-files.ts'
import { InputError } from '../schema/input-error.ts'
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

/** Of each constant the first profile that has it counts; undefined: there is none but `ideal`. */
export function constantsOf({ hardware }: Scenario): Constants | undefined {
  const profiles = Object.entries(hardware).flatMap(([name, own]) =>
    name === 'ideal' ? [] : [own],
  )
  if (profiles.length === 0) return undefined
  const own = (name: CalibratedConstant): number =>
    profiles.find((profile) => profile[name] > 0)?.[name] ?? 0
  return Object.fromEntries(CALIBRATED.map((name) => [name, own(name)]))
}

/** Where nothing better is known. */
const SOME_NS = 100

/** Where a search begins: by factors it goes nowhere from nothing. */
export function startOf(name: CalibratedConstant, before: Constants): number {
  const own = before[name] ?? 0
  const usual = calibrationOf('assumed-2020s')?.constants[name] ?? 0
  return own > 0 ? own : usual > 0 ? usual : SOME_NS
}

/** Throws `InputError` for what a search could not say. */
export function refuseIdle(idle: readonly CalibratedConstant[]): void {
  if (idle.length === 0) return
  throw new InputError([`fit: ${idle.join(', ')}: changes nothing that was measured; leave it out`])
}

export function isConstant(name: string): name is CalibratedConstant {
  return CALIBRATED.some((one) => one === name)
}
