/**
 * Curves that come with dmqsim by name: a shape shared by all years, with the peak of one (FIG V6).
 *
 * Figures and source are data, in `scenarios/traffic`. Times count from midnight.
 */

import { join } from 'node:path'
import { parseCurve } from './curve-file.ts'
import { packageRoot, readTextFile } from './files.ts'
import type { LoadPoint } from './scenario.ts'

interface PresetFile {
  readonly shape: {
    readonly file: string
    readonly peakPerSecond: number
    readonly midnightSeconds: number
  }
  readonly years: Readonly<Record<string, { readonly peakPerSecond: number }>>
}

export interface Preset {
  readonly points: readonly LoadPoint[]
  /** When the curve's midnight is. */
  readonly midnightUs: number
}

/** Throws with one line where there is no such year. */
export function presetCurve(name: string, year: number | undefined): Preset {
  const folder = join(packageRoot(), 'scenarios', 'traffic')
  const read = (file: string): string => readTextFile(join(folder, file), file)
  const { shape, years } = JSON.parse(read(`${name}.json`)) as PresetFile
  const known = Object.keys(years)
  const wanted = String(year ?? known.at(-1))
  const peak = years[wanted]?.peakPerSecond
  if (peak === undefined) {
    throw new Error(`there is no figure of ${wanted}: there are ${known.join(', ')}`)
  }
  const factor = peak / shape.peakPerSecond
  return {
    points: parseCurve(read(shape.file), shape.file).map(({ atUs, perSecond }) => ({
      atUs,
      perSecond: perSecond * factor,
    })),
    midnightUs: shape.midnightSeconds * 1_000_000,
  }
}
