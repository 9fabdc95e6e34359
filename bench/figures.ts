/**
 * Figures: measured in pairs that alternate, reported as the median ratio and its spread.
 */

export interface Figure {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** Null where there is only something to know, nothing to reach. */
  readonly target: number | null
  /** Whether more is better, or less. */
  readonly better: 'more' | 'less'
  readonly met: boolean | null
  readonly pairs: number
  /** Distance of the quartiles, as a share of the median. */
  readonly spread: number
}

/** Seconds that a function takes. */
export function seconds(work: () => void): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e9
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] as number
  const high = sorted[Math.ceil(at)] as number
  return low + (high - low) * (at - Math.floor(at))
}

/** The figure of samples. */
export function figure(
  about: {
    readonly name: string
    readonly unit: string
    readonly target: number | null
    readonly better?: 'more' | 'less'
  },
  samples: readonly number[],
): Figure {
  const value = quantile(samples, 0.5)
  const better = about.better ?? 'more'
  const met =
    about.target === null ? null : better === 'more' ? value >= about.target : value <= about.target
  const spread = value === 0 ? 0 : (quantile(samples, 0.75) - quantile(samples, 0.25)) / value
  return {
    name: about.name,
    unit: about.unit,
    value,
    target: about.target,
    better,
    met,
    pairs: samples.length,
    spread,
  }
}

/** How many times faster `ours` is than `theirs`, pair by pair, after one pair to warm up. */
export function ratios(pairs: number, ours: () => number, theirs: () => number): number[] {
  const samples: number[] = []
  for (let pair = -1; pair < pairs; pair += 1) {
    const one = ours()
    const other = theirs()
    if (pair >= 0) samples.push(other / one)
  }
  return samples
}

/** The figures as lines for a person. */
export function lines(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length))
  return figures
    .map((one) => {
      const target =
        one.target === null ? '' : ` target ${one.better === 'more' ? '≥' : '≤'} ${one.target}`
      const mark = one.met === null ? ' ' : one.met ? '✓' : '✗'
      const spread = `±${Math.round(one.spread * 100)} %`
      return `${mark} ${one.name.padEnd(width)} ${one.value.toPrecision(4).padStart(10)} ${one.unit.padEnd(12)} ${spread.padStart(6)} of ${one.pairs}${target}`
    })
    .join('\n')
}
