/**
 * Hardware profiles: what a scenario describes, what comes with dmqsim, and the one like the other.
 *
 * A profile that comes with dmqsim is a file of `scenarios/hardware` in the words of a scenario,
 * with the source of every figure; costs of the CPU come from a calibration set, a file beside it.
 * A scenario changes one by `like`. What nobody says is free or without limit.
 */

import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import {
  type CalibrationSet,
  calibrationNames,
  calibrationOf,
  readCalibration,
  type ShippedProfile,
  shippedNames,
  shippedProfile,
} from './hardware-files.ts'
import { wordOf } from './hardware-words.ts'
import { IDEAL } from './ideal.ts'
import { didYouMean, didYouMeanOf } from './nearest.ts'
import type { FigureSource, Hardware } from './scenario.ts'
import type { HardwareEntry } from './surface.ts'
import { parseBandwidth, parseDuration, parseBytes } from './units.ts'

/** A heap of Kafka's is seldom larger: the rest of the memory caches pages. */
const HEAP_MAX_BYTES = 6_442_450_944

/** The profiles that the hosts of a scenario name, and those that it describes itself. */
export function expandHardware(expansion: Expansion): Readonly<Record<string, Hardware>> {
  const profiles: Record<string, Hardware> = { ideal: IDEAL }
  for (const name of Object.keys(expansion.file.hardware ?? {})) {
    profiles[name] = profileOf(name, [], expansion)
  }
  for (const name of expansion.hardwareUsed) profiles[name] ??= profileOf(name, [], expansion)
  return profiles
}

/** A hardware profile by name; `ideal` unless one is given. */
export function hardwareName(name: string | undefined, path: Path, expansion: Expansion): string {
  if (name === undefined) return 'ideal'
  const own = ['ideal', ...Object.keys(expansion.file.hardware ?? {})]
  if (own.includes(name)) return name
  const shipped = shippedNames()
  if (shipped.includes(name)) {
    expansion.hardwareUsed.add(name)
    return name
  }
  const known = [...own, ...shipped]
  const hint = didYouMean(name, known) || ': describe it under "hardware:"'
  expansion.findings.add(path, `there is no hardware "${name}"${hint}`)
  return name
}

/** How many disks a host of this profile has, unless it says so itself. */
export function disksOf(name: string, expansion: Expansion): number {
  return profileOf(name, [], expansion).disks
}

function profileOf(name: string, behind: readonly string[], expansion: Expansion): Hardware {
  const own = expansion.file.hardware ?? {}
  const entry = Object.hasOwn(own, name) ? own[name] : undefined
  if (entry !== undefined) return ownProfile(name, entry, behind, expansion)
  const shipped = shippedProfile(name)
  return shipped === undefined ? IDEAL : ofShipped(shipped, expansion)
}

function ownProfile(
  name: string,
  entry: HardwareEntry,
  behind: readonly string[],
  expansion: Expansion,
): Hardware {
  const path = ['hardware', name]
  const base = likeOf(entry, [...behind, name], path, expansion)
  const calibrated = withCalibration(base, calibrationFor(entry.calibration, path, expansion))
  const { hardware, given } = laidOver(calibrated, entry, path, expansion)
  const sources = { ...calibrated.origin?.sources }
  for (const field of given) sources[field] = 'given'
  return calibrated.origin === undefined
    ? hardware
    : { ...hardware, origin: { ...calibrated.origin, sources } }
}

function likeOf(
  { like }: HardwareEntry,
  behind: readonly string[],
  path: Path,
  expansion: Expansion,
): Hardware {
  if (like === undefined) return IDEAL
  const own = Object.keys(expansion.file.hardware ?? {})
  const known = ['ideal', ...own.filter((one) => one !== behind.at(-1)), ...shippedNames()]
  const at = [...path, 'like']
  if (behind.includes(like)) {
    expansion.findings.add(at, `"${like}" is like itself: name another profile`)
    return IDEAL
  }
  if (!known.includes(like)) {
    expansion.findings.add(at, `there is no hardware "${like}"${didYouMeanOf(like, known)}`)
    return IDEAL
  }
  return like === 'ideal' ? IDEAL : profileOf(like, behind, expansion)
}

function ofShipped({ name, entry, sources }: ShippedProfile, expansion: Expansion): Hardware {
  const set = entry.calibration === undefined ? null : calibrationOf(entry.calibration)
  const base = withCalibration(
    { ...IDEAL, origin: { profile: name, calibration: null, sources: {} } },
    set,
  )
  const { hardware, given } = laidOver(base, entry, ['hardware', name], expansion)
  const told: Record<string, FigureSource> = { ...hardware.origin?.sources }
  for (const field of given) told[field] = sources[wordOf(field)]?.source ?? 'assumed'
  const calibration = hardware.origin?.calibration ?? null
  return { ...hardware, origin: { profile: name, calibration, sources: told } }
}

function calibrationFor(
  name: string | undefined,
  path: Path,
  { findings, options }: Expansion,
): CalibrationSet | null {
  if (name === undefined) return null
  const at = [...path, 'calibration']
  if (/[\\/]|\.ya?ml$/.test(name)) {
    return findings.attempt<CalibrationSet | null>(at, null, () => {
      if (options.readText === undefined) throw new Error('a calibration is read beside a scenario')
      return readCalibration(options.readText(name), name)
    })
  }
  const found = calibrationOf(name)
  if (found !== null) return found
  const hint = didYouMeanOf(name, calibrationNames())
  findings.add(at, `there is no calibration "${name}"${hint}`)
  return null
}

/** The constants of a set over those of a profile. */
function withCalibration(hardware: Hardware, set: CalibrationSet | null): Hardware {
  if (set === null) return hardware
  const sources: Record<string, FigureSource> = { ...hardware.origin?.sources }
  for (const field of Object.keys(set.constants)) {
    sources[field] = (set.fitted as readonly string[]).includes(field) ? 'fitted' : 'assumed'
  }
  const profile = hardware.origin?.profile ?? null
  return { ...hardware, ...set.constants, origin: { profile, calibration: set.name, sources } }
}

/** A profile with the values of an entry over it, and the names of the fields that it gave. */
function laidOver(
  base: Hardware,
  entry: HardwareEntry,
  path: Path,
  expansion: Expansion,
): { readonly hardware: Hardware; readonly given: readonly string[] } {
  const { disk, nic, memory, heap, like: _like, calibration: _calibration, ...cpu } = entry
  const given: Record<string, number> = {}
  for (const [name, value] of Object.entries(cpu)) if (value !== undefined) given[name] = value
  const read = (
    field: keyof Hardware,
    keys: Path,
    text: string | undefined,
    parse: (text: unknown) => number,
  ): void => {
    if (text === undefined) return
    given[field] = expansion.findings.attempt([...path, ...keys], 0, () => parse(text))
  }
  read('diskBytesPerSecond', ['disk', 'bandwidth'], disk?.bandwidth, parseBandwidth)
  read('diskOperationUs', ['disk', 'operation'], disk?.operation, parseDuration)
  read('diskSpaceBytes', ['disk', 'space'], disk?.space, parseBytes)
  read('syncUs', ['disk', 'sync'], disk?.sync, parseDuration)
  read('nicBytesPerSecond', ['nic'], nic, parseBandwidth)
  if (disk?.count !== undefined) given['disks'] = disk.count
  if (memory !== undefined) {
    const bytes = expansion.findings.attempt([...path, 'memory'], 0, () => parseBytes(memory))
    given['pageCacheBytes'] = cacheOf(bytes, heap, path, expansion)
  }
  return { hardware: { ...base, ...given }, given: Object.keys(given) }
}

function cacheOf(
  memory: number,
  heap: string | undefined,
  path: Path,
  { findings }: Expansion,
): number {
  const at = [...path, 'heap']
  const usual = Math.min(HEAP_MAX_BYTES, Math.floor(memory / 2))
  const bytes = heap === undefined ? usual : findings.attempt(at, 0, () => parseBytes(heap))
  if (bytes < memory) return memory - bytes
  findings.add(at, 'leaves no memory to cache pages: it has to be less than "memory"')
  return 0
}
