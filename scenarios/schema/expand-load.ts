/**
 * Expands a load into one curve of arrivals: a rate, stages, or a CSV with its figures inlined.
 *
 * A CSV has a header `seconds,perSecond` (or hours, minutes, ms for the time) and rows in the
 * order of time; `#` begins a comment. Its first row is the beginning of the run. `compress: 60`
 * plays an hour of it in a minute, `scale: 0.01` takes a hundredth of its rate.
 */

import { createCurve, expectedBefore } from '../../model/kafka/clients/producer/curve.ts'
import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import { didYouMean } from './nearest.ts'
import type { Load, LoadPoint } from './scenario.ts'
import type { LoadEntry, StageEntry } from './surface.ts'
import { parseDuration, parseRate, parseShare } from './units.ts'

export function expandLoad(entry: LoadEntry, path: Path, expansion: Expansion): Load {
  const { findings } = expansion
  const forms = (['rate', 'stages', 'csv'] as const).filter((form) => entry[form] !== undefined)
  if (forms.length !== 1) {
    const has = forms.length === 0 ? 'none' : forms.join(' and ')
    findings.add(path, `needs one of rate, stages and csv, and has ${has}`)
  }
  if (entry.compress !== undefined && entry.csv === undefined) {
    findings.add([...path, 'compress'], 'compresses the time of a CSV, and there is none')
  }
  const scale = findings.attempt([...path, 'scale'], 1, () =>
    typeof entry.scale === 'string' ? parseShare(entry.scale) : (entry.scale ?? 1),
  )
  const points = pointsOf(entry, path, expansion).map((point) => ({
    atUs: point.atUs,
    perSecond: point.perSecond * scale,
  }))
  const arrivals = expectedBefore(createCurve(points, durationUsOf(expansion)), Infinity)
  if (arrivals > ARRIVALS_MAX) {
    const count = `${Math.round(arrivals / 1e6)} million arrivals`
    findings.add(path, `makes ${count}: a run takes 20 million, lower the rate or set scale: 1%`)
  }
  return { arrival: entry.arrival ?? 'poisson', points }
}

/** Each is an event or more of its own: what a run gets through within an hour. */
const ARRIVALS_MAX = 20_000_000

function durationUsOf({ file }: Expansion): number {
  try {
    return parseDuration(file.duration)
  } catch {
    // Said where it stands.
    return 0
  }
}

function pointsOf(entry: LoadEntry, path: Path, expansion: Expansion): readonly LoadPoint[] {
  const { findings } = expansion
  const { rate, stages, csv } = entry
  if (rate !== undefined) {
    const perSecond = findings.attempt([...path, 'rate'], 0, () => parseRate(rate))
    return [{ atUs: 0, perSecond }]
  }
  if (stages !== undefined) return stagePoints(stages, [...path, 'stages'], expansion)
  if (csv === undefined) return []
  const compress = entry.compress ?? 1
  return findings.attempt([...path, 'csv'], [], () => {
    const read = expansion.options.readText
    if (read === undefined) throw new Error('a CSV can only be read beside a scenario file')
    return parseCurve(read(csv), csv, compress)
  })
}

function stagePoints(
  stages: readonly StageEntry[],
  path: Path,
  expansion: Expansion,
): readonly LoadPoint[] {
  const { findings } = expansion
  const points: LoadPoint[] = []
  let atUs = 0
  let perSecond = 0
  stages.forEach((stage, index) => {
    const here = [...path, index]
    const key = stage.rate === undefined ? 'to' : 'rate'
    const text = stage[key]
    if (text === undefined || (stage.to !== undefined && stage.rate !== undefined)) {
      findings.add(here, 'needs either "to" (in a line) or "rate" (at once)')
    }
    const next = findings.attempt([...here, key], 0, () => parseRate(text ?? '0/s'))
    const lengthUs = findings.attempt([...here, 'for'], 0, () => parseDuration(stage.for))
    points.push({ atUs, perSecond: key === 'rate' ? next : perSecond })
    atUs += lengthUs
    perSecond = next
    points.push({ atUs, perSecond })
  })
  return points
}

const US_BY_COLUMN: Readonly<Record<string, number>> = {
  ms: 1_000,
  seconds: 1_000_000,
  minutes: 60_000_000,
  hours: 3_600_000_000,
}

/** The curve of a CSV, its time divided by `compress`; throws with one line. */
export function parseCurve(text: string, file: string, compress: number): readonly LoadPoint[] {
  const points: LoadPoint[] = []
  let usPerUnit = 0
  let firstUs = 0
  text.split(/\r?\n/).forEach((written, index) => {
    const line = written.trim()
    if (line === '' || line.startsWith('#')) return
    const cells = line.split(',').map((cell) => cell.trim())
    const place = `${file}:${index + 1}:1`
    if (usPerUnit === 0) {
      usPerUnit = unitOfHeader(cells, place)
      return
    }
    const time = Number(cells[0] || 'none')
    const perSecond = Number(cells[1] || 'none')
    if (cells.length !== 2 || !Number.isFinite(time) || !(perSecond >= 0)) {
      throw new Error(`${place}: "${line}" is not a time and a rate`)
    }
    if (points.length === 0) firstUs = time * usPerUnit
    const atUs = Math.round((time * usPerUnit - firstUs) / compress)
    if (atUs < (points.at(-1)?.atUs ?? 0)) throw new Error(`${place}: goes back in time`)
    points.push({ atUs, perSecond })
  })
  if (points.length === 0) throw new Error(`${file}:1:1: has no rows`)
  return points
}

function unitOfHeader(cells: readonly string[], place: string): number {
  const unit = cells[0] ?? ''
  const us = Object.hasOwn(US_BY_COLUMN, unit) ? US_BY_COLUMN[unit] : undefined
  if (us === undefined || cells[1] !== 'perSecond') {
    const hint = didYouMean(unit, Object.keys(US_BY_COLUMN))
    throw new Error(`${place}: the header has to be seconds,perSecond${hint}`)
  }
  return us
}
