/**
 * The hardware profiles and calibration sets that come with dmqsim: YAML files of
 * `scenarios/hardware`, read when a scenario first names a profile that it does not describe.
 *
 * `calibration-<name>.yaml` is a set of fitted constants; every other file holds profiles by name.
 * A file of one's own has the same form.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { packageRoot } from './files.ts'
import { InputError } from './input-error.ts'
import { didYouMeanOf } from './nearest.ts'
import type { FigureSource } from './scenario.ts'
import type { HardwareEntry } from './surface.ts'

/** Where a figure of a profile is from, in words for a reader. */
export interface Provenance {
  readonly source: FigureSource
  readonly from: string
}

export interface ShippedProfile {
  readonly name: string
  readonly title: string
  readonly entry: HardwareEntry
  /** By the words of the entry: `cores`, `disk.bandwidth`. */
  readonly sources: Readonly<Record<string, Provenance>>
}

/** Constants that a calibration may set, in nanoseconds but for `codecPercent`. */
export const CALIBRATED = [
  'requestCpuNs',
  'batchCpuNs',
  'recordCpuNs',
  'kibibyteCpuNs',
  'partitionCpuNs',
  'checksumCpuNs',
  'sendCpuNs',
  'tlsCpuNs',
  'codecPercent',
  'clientRequestCpuNs',
  'clientBatchCpuNs',
  'clientRecordCpuNs',
  'controllerCpuNs',
  'zookeeperCpuNs',
] as const

export type CalibratedConstant = (typeof CALIBRATED)[number]

/** Costs of work, and which measurements they were fitted to. */
export interface CalibrationSet {
  readonly name: string
  readonly constants: Readonly<Partial<Record<CalibratedConstant, number>>>
  /** Of them, those that were fitted; at most five. The others were assumed. */
  readonly fitted: readonly CalibratedConstant[]
  /** `V1.1`, `V1.5`; empty: everything is assumed. */
  readonly rowsUsed: readonly string[]
  readonly date: string
}

const CALIBRATION_FILE = /^calibration-(.+)\.yaml$/

interface Shipped {
  readonly profiles: ReadonlyMap<string, ShippedProfile>
  readonly sets: ReadonlyMap<string, CalibrationSet>
}

let known: Shipped | undefined

export function shippedNames(): readonly string[] {
  return [...shipped().profiles.keys()]
}

export function shippedProfile(name: string): ShippedProfile | undefined {
  return shipped().profiles.get(name)
}

export function calibrationNames(): readonly string[] {
  return [...shipped().sets.keys()]
}

export function calibrationOf(name: string): CalibrationSet | null {
  return shipped().sets.get(name) ?? null
}

function shipped(): Shipped {
  known ??= readFolder(join(packageRoot(), 'scenarios', 'hardware'))
  return known
}

/** Reads every file of the folder, in the order of their names. */
export function readFolder(folder: string): Shipped {
  const profiles = new Map<string, ShippedProfile>()
  const sets = new Map<string, CalibrationSet>()
  const files = existsSync(folder) ? readdirSync(folder).sort((a, b) => (a < b ? -1 : 1)) : []
  for (const file of files) {
    if (!file.endsWith('.yaml')) continue
    const text = readFileSync(join(folder, file), 'utf8')
    if (CALIBRATION_FILE.test(file)) {
      const set = readCalibration(text, file)
      sets.set(set.name, set)
    } else {
      for (const profile of readProfiles(text)) profiles.set(profile.name, profile)
    }
  }
  return { profiles, sets }
}

function readProfiles(text: string): ShippedProfile[] {
  const file = parse(text) as Readonly<Record<string, unknown>>
  return Object.entries(file).map(([name, value]) => {
    const { title, sources, ...entry } = value as HardwareEntry & {
      readonly title: string
      readonly sources: Readonly<Record<string, Provenance>>
    }
    return { name, title, entry, sources }
  })
}

/** A calibration set; throws one line with the place and the mend. */
export function readCalibration(text: string, shown: string): CalibrationSet {
  const value: unknown = parse(text)
  if (!isRecord(value)) throw wrong(shown, 'write name, constants, fitted, rowsUsed and date')
  const { name, constants, fitted = [], rowsUsed = [], date = '' } = value
  if (typeof name !== 'string' || name === '') throw wrong(shown, 'needs a "name"')
  if (!isRecord(constants)) throw wrong(shown, 'needs "constants": nanoseconds by name')
  for (const [constant, ns] of Object.entries(constants)) checkConstant(constant, ns, shown)
  return {
    name,
    constants,
    fitted: namesOf(fitted, 'fitted', shown) as readonly CalibratedConstant[],
    rowsUsed: namesOf(rowsUsed, 'rowsUsed', shown),
    date: String(date),
  }
}

function checkConstant(constant: string, ns: unknown, shown: string): void {
  if (!(CALIBRATED as readonly string[]).includes(constant)) {
    const hint = didYouMeanOf(constant, CALIBRATED)
    throw wrong(shown, `constants: there is no "${constant}"${hint}`)
  }
  if (typeof ns !== 'number' || !(ns >= 0) || !Number.isFinite(ns)) {
    throw wrong(shown, `constants.${constant}: ${String(ns)} is no number of at least 0`)
  }
}

function namesOf(value: unknown, key: string, shown: string): readonly string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw wrong(shown, `${key}: write a list of names: [V1.1, V1.5]`)
}

function wrong(shown: string, what: string): InputError {
  return new InputError([`${shown}: ${what}`])
}

function isRecord(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
