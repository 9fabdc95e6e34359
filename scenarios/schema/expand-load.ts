/**
 * Expands a load into one curve of arrivals, or into the users of a closed loop.
 *
 * A curve is a rate, stages, a CSV (`curve-file.ts`) or a preset (`load-preset.ts`), its figures
 * inlined. Of the last two `from` and `to` take a part, `compress: 60` plays an hour in a minute;
 * `scale: 1%` takes a hundredth of any rate.
 */

import { createCurve, expectedBefore, windowOf } from '../../model/kafka/clients/producer/curve.ts'
import { parseCurve } from './curve-file.ts'
import type { Expansion } from './expansion.ts'
import { expandWork } from './expand-work.ts'
import type { Path } from './findings.ts'
import { presetCurve } from './load-preset.ts'
import type { Bursts, ClosedLoop, Load, LoadPoint } from './scenario.ts'
import type { LoadEntry, StageEntry } from './surface.ts'
import { parseDuration, parseRate, parseShare, parseSignedDuration } from './units.ts'

const forms = ['rate', 'stages', 'csv', 'preset', 'users'] as const
type Form = (typeof forms)[number]

/** Keys that mean something with some forms only. */
const keysOfForms: readonly (readonly [keyof LoadEntry, readonly Form[]])[] = [
  ['column', ['csv']],
  ['gaps', ['csv']],
  ['year', ['preset']],
  ['from', ['csv', 'preset']],
  ['to', ['csv', 'preset']],
  ['compress', ['csv', 'preset']],
  ['think', ['users']],
  ['scale', ['rate', 'stages', 'csv', 'preset']],
  ['arrival', ['rate', 'stages', 'csv', 'preset']],
]

/** `arrivalsMax` is what a run gets through: each arrival an event or more of its own. */
export function expandLoad(
  entry: LoadEntry,
  path: Path,
  expansion: Expansion,
  arrivalsMax: number = ARRIVALS_MAX,
): Load {
  const { findings } = expansion
  checkKeys(entry, path, expansion)
  if (entry.users !== undefined) {
    return { arrival: 'poisson', points: [], closed: closedOf(entry, entry.users, path, expansion) }
  }
  const scale = shareOf(entry.scale, 1, [...path, 'scale'], expansion)
  const points = curveOf(entry, path, expansion).map((point) => ({
    atUs: point.atUs,
    perSecond: point.perSecond * scale,
  }))
  const arrivals = expectedBefore(createCurve(points, durationUsOf(expansion)), Infinity)
  if (arrivals > arrivalsMax) {
    const count = `${Math.round(arrivals / 1e6)} million arrivals`
    const most = `${Math.round(arrivalsMax / 1e6)} million`
    const mend = arrivalsMax === ARRIVALS_MAX ? 'set records: counted' : 'set a lower rate'
    findings.add(path, `makes ${count}: a run takes ${most}, ${mend} or scale: 1%`)
  }
  const arrival = entry.arrival ?? 'poisson'
  if (arrival === 'bursty') return { arrival, points, bursts: burstsOf(entry, path, expansion) }
  if (entry.burst !== undefined) {
    findings.addKey([...path, 'burst'], 'needs arrival: bursty beside it')
  }
  return { arrival, points }
}

const ARRIVALS_MAX = 20_000_000

/** Counted records go a thousand at a time. */
export const COUNTED_ARRIVALS_MAX = 100_000_000_000

function checkKeys(entry: LoadEntry, path: Path, { findings }: Expansion): void {
  const has = forms.filter((form) => entry[form] !== undefined)
  const [form] = has
  if (form === undefined || has.length > 1) {
    const found = has.length === 0 ? 'none' : has.join(' and ')
    findings.add(path, `needs one of rate, stages, csv, preset and users, and has ${found}`)
    return
  }
  for (const [key, wanted] of keysOfForms) {
    if (entry[key] === undefined || wanted.includes(form)) continue
    const mend = wanted.length === 1 ? `${wanted[0]}:` : `one of ${wanted.join(', ')}`
    findings.addKey([...path, key], `means nothing with ${form}: it goes with ${mend}`)
  }
}

function closedOf(
  { think }: LoadEntry,
  users: number,
  path: Path,
  expansion: Expansion,
): ClosedLoop {
  return { users, think: expandWork(think, [...path, 'think'], expansion) }
}

const BURST_FACTOR = 5
const BURST_LENGTH = '1s'

function burstsOf({ burst = {} }: LoadEntry, path: Path, expansion: Expansion): Bursts {
  const { findings } = expansion
  const here = [...path, 'burst']
  const factor = burst.factor ?? BURST_FACTOR
  const share = shareOf(burst.share, 1 / factor, [...here, 'share'], expansion)
  const lengthUs = findings.attempt([...here, 'length'], 1, () =>
    parseDuration(burst.length ?? BURST_LENGTH),
  )
  if (lengthUs === 0) findings.add([...here, 'length'], 'has to be more than nothing')
  if (share * factor > 1 + Number.EPSILON) {
    const most = Number((100 / factor).toFixed(2))
    findings.add([...here, 'share'], `is too much to keep the mean: at most ${most}%`)
  }
  return { factor, lengthUs, share }
}

/** 0.5 or 50%. */
function shareOf(
  value: number | string | undefined,
  otherwise: number,
  path: Path,
  { findings }: Expansion,
): number {
  if (typeof value !== 'string') return value ?? otherwise
  return findings.attempt(path, otherwise, () => parseShare(value))
}

function durationUsOf({ file }: Expansion): number {
  try {
    return parseDuration(file.duration)
  } catch {
    // Said where it stands.
    return 0
  }
}

function curveOf(entry: LoadEntry, path: Path, expansion: Expansion): readonly LoadPoint[] {
  const { findings } = expansion
  const { rate, stages, csv, preset } = entry
  if (rate !== undefined) {
    const perSecond = findings.attempt([...path, 'rate'], 0, () => parseRate(rate))
    return [{ atUs: 0, perSecond }]
  }
  if (stages !== undefined) return stagePoints(stages, [...path, 'stages'], expansion)
  if (csv !== undefined) return csvPoints(entry, csv, path, expansion)
  if (preset === undefined) return []
  const curve = findings.attempt([...path, 'year'], null, () => presetCurve(preset, entry.year))
  if (curve === null) return []
  return partOf(curve.points, curve.midnightUs, entry, { path, expansion })
}

function csvPoints(
  entry: LoadEntry,
  csv: string,
  path: Path,
  expansion: Expansion,
): readonly LoadPoint[] {
  const { column, gaps } = entry
  const points = expansion.findings.attempt([...path, 'csv'], [], () => {
    const read = expansion.options.readText
    if (read === undefined) throw new Error('a CSV can only be read beside a scenario file')
    return parseCurve(read(csv), csv, {
      ...(column === undefined ? {} : { columns: typeof column === 'string' ? [column] : column }),
      ...(gaps === undefined ? {} : { gaps }),
    })
  })
  return partOf(points, 0, entry, { path, expansion })
}

interface Place {
  readonly path: Path
  readonly expansion: Expansion
}

/** From `from` to `to`, counted from `zeroUs` of the curve, and played quicker. */
function partOf(
  points: readonly LoadPoint[],
  zeroUs: number,
  { from, to, compress = 1 }: LoadEntry,
  { path, expansion: { findings } }: Place,
): readonly LoadPoint[] {
  const last = points.at(-1)
  if (last === undefined) return []
  const read = (key: 'from' | 'to', text: string | undefined, otherwise: number): number =>
    text === undefined
      ? otherwise
      : zeroUs + findings.attempt([...path, key], 0, () => parseSignedDuration(text))
  const fromUs = read('from', from, 0)
  const toUs = read('to', to, Infinity)
  if (fromUs < 0 || fromUs > last.atUs) {
    const range = `from ${-zeroUs / 1e6} s to ${(last.atUs - zeroUs) / 1e6} s`
    findings.add([...path, 'from'], `lies outside of the curve, which goes ${range}`)
    return []
  }
  if (toUs <= fromUs) {
    findings.add([...path, 'to'], 'has to be later than from')
    return []
  }
  const part = from === undefined && to === undefined ? points : windowOf(points, fromUs, toUs)
  return part.map(({ atUs, perSecond }) => ({ atUs: Math.round(atUs / compress), perSecond }))
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
