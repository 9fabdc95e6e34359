/**
 * What gives way as the traffic grows: the factor of the peak at which each threshold first breaks,
 * by halving on common seeds, and where the busiest resources come to their limits.
 *
 * A factor holds if every seed holds. Thresholds are taken to stay broken once the traffic has
 * broken them; a run at a factor answers all of them at once.
 */

import type { Bottleneck, PeakAnswer, Setting } from './plan-answer.ts'
import type { Sample, Simulate, Trial } from './simulate.ts'
import { inTime, missedIn } from './simulate.ts'

export interface WallOptions {
  readonly setting: Setting
  readonly drills: readonly string[]
  readonly simulate: Simulate
  /** Runs at each factor. */
  readonly seeds: number
  /** The least and the greatest factor that is tried. */
  readonly from: number
  readonly to: number
  /** A bracket that is narrower than so much of its lower end is narrow enough. */
  readonly resolution: number
  /** `first`: only what breaks first in each drill is halved to; `all`: each threshold. */
  readonly precision: 'first' | 'all'
  readonly stopped?: () => boolean
}

export interface Break {
  readonly drill: number
  /** As `missedIn` says it. */
  readonly what: string
  /** Highest factor known to hold (0: none), and lowest known to break. */
  readonly holds: number
  readonly breaks: number
  /** At the lowest factor that broke it. */
  readonly bottleneck: Bottleneck | null
}

export interface Walls {
  /** Lowest first. */
  readonly breaks: readonly Break[]
  readonly peak: PeakAnswer
}

interface Point {
  readonly factor: number
  readonly missed: ReadonlySet<string>
  readonly bottleneck: Bottleneck | null
}

/** Halvings of one drill, however wide the bracket. */
const ROUNDS_MAX = 40

export async function wallsOf(options: WallOptions): Promise<Walls> {
  const ladders = options.drills.map((): Point[] => [])
  // Both ends of every drill at once, then a halving of every drill at once.
  const { from, to } = options
  const ends = from < 1 && to > 1 ? [from, 1, to] : [from, to]
  await measure(
    options,
    ladders,
    options.drills.flatMap((_name, drill) => ends.map((factor) => ({ drill, factor }))),
  )
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = ladders.flatMap((points, drill) =>
      nextFactors(points, options).map((factor) => ({ drill, factor })),
    )
    if (next.length === 0 || options.stopped?.() === true) break
    if ((await inTime(measure(options, ladders, next))) === null) break
  }
  const breaks = ladders
    .flatMap((points, drill) => breaksOf(points, drill))
    .sort((a, b) => a.breaks - b.breaks || a.drill - b.drill)
  return { breaks, peak: peakOf(ladders, options) }
}

interface Asked {
  readonly drill: number
  readonly factor: number
}

async function measure(
  { setting, simulate, seeds }: WallOptions,
  ladders: readonly Point[][],
  asked: readonly Asked[],
): Promise<true> {
  const indexes = Array.from({ length: seeds }, (_none, index) => index)
  const trials = asked.flatMap(({ drill, factor }) =>
    indexes.map((index): Trial => {
      return { setting, drill, index, change: { traffic: factor }, curves: false }
    }),
  )
  const samples = await simulate(trials)
  asked.forEach(({ drill, factor }, at) => {
    const some = samples.slice(at * seeds, (at + 1) * seeds)
    ladders[drill]?.push(pointOf(factor, some))
    ladders[drill]?.sort((a, b) => a.factor - b.factor)
  })
  return true
}

function pointOf(factor: number, samples: readonly Sample[]): Point {
  const missed = new Set(samples.flatMap(missedIn))
  const bottleneck = samples.find((sample) => !sample.met)?.bottleneck ?? samples[0]?.bottleneck
  return { factor, missed, bottleneck: bottleneck ?? null }
}

/** The middle of each bracket that is still too wide. */
function nextFactors(points: readonly Point[], options: WallOptions): readonly number[] {
  const found = new Set<number>()
  const wanted = options.precision === 'first' ? [firstBracket(points)] : breaksOf(points, 0)
  for (const bracket of wanted) {
    if (bracket === null || bracket.holds === 0) continue
    const { holds, breaks } = bracket
    if (breaks - holds <= options.resolution * holds + 1e-9) continue
    found.add(rounded((holds + breaks) / 2))
  }
  const known = new Set(points.map(({ factor }) => factor))
  return [...found].filter((factor) => !known.has(factor)).sort((a, b) => a - b)
}

/** Of anything at all. */
function firstBracket(points: readonly Point[]): { holds: number; breaks: number } | null {
  const at = points.findIndex(({ missed }) => missed.size > 0)
  if (at === -1) return null
  return { holds: points[at - 1]?.factor ?? 0, breaks: (points[at] as Point).factor }
}

function breaksOf(points: readonly Point[], drill: number): readonly Break[] {
  const all = new Set(points.flatMap(({ missed }) => [...missed]))
  return [...all].map((what) => {
    const at = points.findIndex(({ missed }) => missed.has(what))
    const point = points[at] as Point
    return {
      drill,
      what,
      holds: points[at - 1]?.factor ?? 0,
      breaks: point.factor,
      bottleneck: point.bottleneck,
    }
  })
}

function peakOf(ladders: readonly (readonly Point[])[], options: WallOptions): PeakAnswer {
  const { from, to, resolution } = options
  const highest = ladders.map((points) => firstBracket(points)?.holds ?? to)
  const least = Math.min(...highest)
  return {
    factor: least === 0 ? null : least,
    recordsPerSecond: null,
    triedFrom: from,
    triedTo: to,
    resolution,
  }
}

/** Three digits are finer than any resolution, and print well. */
function rounded(factor: number): number {
  return Math.round(factor * 1_000) / 1_000
}
