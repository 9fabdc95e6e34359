/**
 * How far each doubted input moves the nearest threshold: the answer in normal running with the
 * figure at its low and at its high bound, one run each, of the same arrivals.
 *
 * Nothing is searched anew here, so an input costs two runs of one drill and no more. How far
 * chance alone moves the threshold is known from the seeds of the answer: less than that is no
 * effect.
 */

import type { Plan } from '../schema/plan.ts'
import type { Threshold } from '../schema/scenario.ts'
import type { Doubt, DoubtEnd, Doubts } from './doubts-answer.ts'
import type { Setting } from './plan-answer.ts'
import type { DoubtedInput } from './sensitivity-inputs.ts'
import {
  type Change,
  inTime,
  missedIn,
  type Sample,
  type Simulate,
  type ThresholdSample,
  type Trial,
  unchanged,
} from './simulate.ts'

/** Less than half a point of headroom, at either end, is no effect. */
const EFFECT_LEAST = 0.005
/** So many inputs are handed out to the threads together; the time is looked at in between. */
const TOGETHER = 4
const US_PER_MS = 1_000

interface DoubtOptions {
  readonly plan: Plan
  readonly setting: Setting
  readonly simulate: Simulate
  readonly stopped?: () => boolean
}

interface Nearest {
  readonly threshold: string
  /** Null: nothing was measured for it. */
  readonly headroom: number | null
}

/** Null: the time was up, or no threshold of normal running has a limit to be near to. */
export async function doubtsOf(
  inputs: readonly DoubtedInput[],
  options: DoubtOptions,
): Promise<Doubts | null> {
  const indexes = Array.from({ length: options.plan.seeds }, (_none, index) => index)
  const seeds = (await simulated([unchanged], options, indexes)) ?? []
  const [base] = seeds.map((sample) => nearestIn(sample, options.plan))
  if (base === undefined || base === null || base.headroom === null) return null
  const { threshold, headroom } = base
  const spread = spreadOf(seeds, threshold, options.plan)
  const found: Doubt[] = []
  for (let at = 0; at < inputs.length && options.stopped?.() !== true; at += TOGETHER) {
    const some = inputs.slice(at, at + TOGETHER)
    const changes = some.flatMap(({ figure, bounds: { low, high } }): Change[] => [
      { [figure]: low },
      { [figure]: high },
    ])
    const samples = await simulated(changes, options)
    if (samples === null) break
    some.forEach((input, index) => {
      const [low, high] = samples.slice(2 * index) as [Sample, Sample]
      found.push(doubtOf(input, { low, high, headroom, spread, plan: options.plan }))
    })
  }
  return { threshold, headroom, spread, inputs: ranked(found) }
}

async function simulated(
  changes: readonly Change[],
  { setting, simulate }: DoubtOptions,
  indexes: readonly number[] = [0],
): Promise<readonly Sample[] | null> {
  const trials = changes.flatMap((change) =>
    indexes.map((index): Trial => ({ setting, drill: 0, index, change, curves: false })),
  )
  return await inTime(simulate(trials))
}

/** Between the seeds with the most and the least left of a threshold; null: there is one seed. */
function spreadOf(seeds: readonly Sample[], threshold: string, plan: Plan): number | null {
  const left = seeds.flatMap(({ thresholds }) =>
    thresholds
      .filter((one) => nameOf(one) === threshold)
      .flatMap((one) => headroomOf(one, plan) ?? []),
  )
  return left.length < 2 ? null : Math.max(...left) - Math.min(...left)
}

interface Moved {
  readonly low: Sample
  readonly high: Sample
  readonly headroom: number
  readonly spread: number | null
  readonly plan: Plan
}

function doubtOf({ input, source, bounds }: DoubtedInput, moved: Moved): Doubt {
  const { headroom, spread, plan } = moved
  const low = endOf(bounds.low, moved.low, plan)
  const high = endOf(bounds.high, moved.high, plan)
  const changes = [low, high].map((end) =>
    end.headroom === null ? null : Math.abs(end.headroom - headroom),
  )
  const effect = changes.includes(null) ? null : Math.max(...changes.map((one) => one ?? 0))
  const failed = low.failed.length + high.failed.length > 0
  const least = Math.max(EFFECT_LEAST, spread ?? 0)
  return { input, source, low, high, effect, moves: failed || (effect ?? 1) >= least }
}

function endOf(factor: number, sample: Sample, plan: Plan): DoubtEnd {
  const nearest = nearestIn(sample, plan)
  return {
    factor,
    threshold: nearest?.threshold ?? null,
    headroom: nearest?.headroom ?? null,
    failed: missedIn(sample),
  }
}

/** Greatest effect first; what was not measured any more went furthest. */
function ranked(doubts: readonly Doubt[]): readonly Doubt[] {
  const size = ({ effect }: Doubt): number => effect ?? Number.MAX_VALUE
  return [...doubts].sort((a, b) => Number(b.moves) - Number(a.moves) || size(b) - size(a))
}

/** The threshold with the least headroom; one without a value has none. Null: none has a limit. */
function nearestIn({ thresholds }: Sample, plan: Plan): Nearest | null {
  let nearest: Nearest | null = null
  for (const one of thresholds) {
    if (one.met === null || limitOf(one, plan) === null) continue
    const threshold = nameOf(one)
    const headroom = headroomOf(one, plan)
    if (headroom === null) return { threshold, headroom }
    if (nearest === null || headroom < (nearest.headroom ?? 0)) nearest = { threshold, headroom }
  }
  return nearest
}

function nameOf({ measure, rule }: ThresholdSample): string {
  return `${measure} ${rule}`
}

/** Null: it has no limit, or nothing was measured. */
function headroomOf(one: ThresholdSample, plan: Plan): number | null {
  const limit = limitOf(one, plan)
  if (limit === null || one.value === null) return null
  return (limit.rises ? one.value - limit.at : limit.at - one.value) / limit.at
}

interface Limit {
  /** In the unit of samples. */
  readonly at: number
  /** More is better. */
  readonly rises: boolean
}

/** Null: of 0 and of equality there is no share to be left. */
function limitOf({ measure, rule }: ThresholdSample, plan: Plan): Limit | null {
  if (measure === 'utilisation') {
    return plan.utilisation === null ? null : { at: plan.utilisation, rises: false }
  }
  const found = plan.thresholds.find(
    ({ threshold: { text } }) => text.measure === measure && text.rule === rule,
  )
  return found === undefined ? null : limitIn(found.threshold)
}

function limitIn({ operator, limit, unit }: Threshold): Limit | null {
  if (operator === '==' || operator === '!=' || limit <= 0) return null
  return { at: unit === 'us' ? limit / US_PER_MS : limit, rises: operator.startsWith('>') }
}
