/**
 * Figures: measured in pairs that alternate, reported as the median and the spread of its samples.
 *
 * Time is the processor time of this process with all its threads, so that others on the machine
 * disturb it less; only what is about waiting (threads, a cold start) is measured by the clock.
 */

import type { Stream } from '../sim/random.ts'

/** What a figure is about, before it is measured. */
export interface About {
  readonly name: string
  readonly unit: string
  /** Null where there is only something to know, nothing to reach. */
  readonly target: number | null
  /** Beyond the target, where there is one. */
  readonly goal?: number
  /** Whether more is better, or less. */
  readonly better?: 'more' | 'less'
}

export interface Figure {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly target: number | null
  readonly goal: number | null
  readonly better: 'more' | 'less'
  readonly met: boolean | null
  /** Samples, or pairs of them, behind the median. */
  readonly pairs: number
  /** Distance of the quartiles, as a share of the median. */
  readonly spread: number
}

/** A figure as `bench --json` gives it. */
export type FigureJson = Pick<
  Figure,
  'name' | 'unit' | 'value' | 'target' | 'met' | 'pairs' | 'spread'
>

/** Seconds of processor time that this process has used, over all its threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Seconds of processor time that a function takes. */
export function seconds(work: () => void): number {
  const start = cpuSeconds()
  work()
  return cpuSeconds() - start
}

/** The value below which this share of the values lies; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] as number
  const high = sorted[Math.ceil(at)] as number
  return low + (high - low) * (at - Math.floor(at))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The figure of samples. */
export function figure(about: About, samples: readonly number[]): Figure {
  const value = median(samples)
  const better = about.better ?? 'more'
  const met =
    about.target === null ? null : better === 'more' ? value >= about.target : value <= about.target
  const between = quantile(samples, 0.75) - quantile(samples, 0.25)
  return {
    name: about.name,
    unit: about.unit,
    value,
    target: about.target,
    goal: about.goal ?? null,
    better,
    met,
    pairs: samples.length,
    spread: value === 0 ? 0 : between / Math.abs(value),
  }
}

/**
 * How many times less `ours` takes than `theirs`, pair by pair, after one pair to warm up. Who goes
 * first alternates, so that a machine that slows down favours nobody.
 */
export function ratios(pairs: number, ours: () => number, theirs: () => number): number[] {
  const samples: number[] = []
  for (let pair = -1; pair < pairs; pair += 1) {
    let other = 0
    if (pair % 2 === 0) other = theirs()
    const one = ours()
    if (pair % 2 !== 0) other = theirs()
    if (pair >= 0) samples.push(other / one)
  }
  return samples
}

/** Where the median of such samples lies with this confidence, by resampling them. */
export function medianInterval(
  samples: readonly number[],
  random: Stream,
  confidence = 0.95,
): readonly [low: number, high: number] {
  const medians: number[] = []
  for (let round = 0; round < 2000; round += 1) {
    medians.push(median(samples.map(() => random.pick(samples))))
  }
  const tail = (1 - confidence) / 2
  return [quantile(medians, tail), quantile(medians, 1 - tail)]
}

/** The figures as lines for a person. */
export function lines(figures: readonly Figure[]): string {
  return figures.map(line).join('\n')
}

function line(one: Figure): string {
  const mark = one.met === null ? ' ' : one.met ? '✓' : '✗'
  const value = shown(one.value).padStart(9)
  const spread = `±${Math.round(one.spread * 100)} %`.padStart(6)
  const behind = `of ${one.pairs}`.padEnd(6)
  const sign = one.better === 'more' ? '≥' : '≤'
  const target = one.target === null ? '' : ` ${sign} ${one.target}`
  const goal = one.goal === null ? '' : ` (goal ${one.goal})`
  const about = `${one.name.padEnd(32)} ${value} ${one.unit.padEnd(10)}`
  return `${mark} ${about} ${spread} ${behind}${target}${goal}`.trimEnd()
}

/** Four digits, without an exponent. */
function shown(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4)
}

/** The figures in the shape of `docs/specification/json.md`. */
export function asJson(figures: readonly Figure[]): { readonly figures: readonly FigureJson[] } {
  return {
    figures: figures.map(({ name, unit, value, target, met, pairs, spread }) => ({
      name,
      unit,
      value,
      target,
      met,
      pairs,
      spread,
    })),
  }
}
