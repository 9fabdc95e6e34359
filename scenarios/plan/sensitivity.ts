/**
 * How far each doubted input moves the nearest threshold: the answer in normal running with the
 * figure at its low and at its high bound, one run each, of the same arrivals.
 *
 * Nothing is searched anew here, so an input costs two runs of one drill and no more.
 */

import type { Plan } from '../schema/plan.ts'
import type { Threshold } from '../schema/scenario.ts'
import type { Doubt, DoubtEnd, Doubts, Setting } from './plan-answer.ts'
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
  const [sample] = (await simulated([unchanged], options)) ?? []
  const base = sample === undefined ? null : nearestIn(sample, options.plan)
  if (base === null || base.headroom === null) return null
  const { threshold, headroom } = base
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
      found.push(doubtOf(input, { low, high, headroom, plan: options.plan }))
    })
  }
  return { threshold, headroom, inputs: ranked(found) }
}

async function simulated(
  changes: readonly Change[],
  { setting, simulate }: DoubtOptions,
): Promise<readonly Sample[] | null> {
  const trials = changes.map((change): Trial => {
    return { setting, drill: 0, index: 0, change, curves: false }
  })
  return await inTime(simulate(trials))
}

interface Moved {
  readonly low: Sample
  readonly high: Sample
  readonly headroom: number
  readonly plan: Plan
}

function doubtOf({ input, source, bounds }: DoubtedInput, moved: Moved): Doubt {
  const { headroom, plan } = moved
  const low = endOf(bounds.low, moved.low, plan)
  const high = endOf(bounds.high, moved.high, plan)
  const changes = [low, high].map((end) =>
    end.headroom === null ? null : Math.abs(end.headroom - headroom),
  )
  const effect = changes.includes(null) ? null : Math.max(...changes.map((one) => one ?? 0))
  const failed = low.failed.length + high.failed.length > 0
  return { input, source, low, high, effect, moves: failed || (effect ?? 1) >= EFFECT_LEAST }
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
    const limit = limitOf(one, plan)
    if (limit === null || one.met === null) continue
    const threshold = `${one.measure} ${one.rule}`
    if (one.value === null) return { threshold, headroom: null }
    const headroom = (limit.rises ? one.value - limit.at : limit.at - one.value) / limit.at
    if (nearest === null || headroom < (nearest.headroom ?? 0)) nearest = { threshold, headroom }
  }
  return nearest
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
