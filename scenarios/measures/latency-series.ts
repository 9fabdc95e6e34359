/**
 * Latency over time: percentiles of what was sent in each step, for charts.
 */

import { Outcome } from '../../model/history.ts'
import type { Judgement } from '../checks/judgement.ts'
import { Histogram } from './histogram.ts'
import { dueUsOf } from './latency.ts'

/** In µs, one value a step; null where nothing was sent. */
export interface LatencySeries {
  readonly atUs: readonly number[]
  readonly p50: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
  readonly p999: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** Steps from t = 0 to the end of the load. */
class Steps {
  readonly #stepUs: number
  readonly #originUs: number
  readonly #steps: readonly Histogram[]

  constructor({ result }: Judgement, steps: number) {
    const { originUs, healUs } = result.phases
    this.#originUs = originUs
    this.#stepUs = Math.max(1, healUs / steps)
    this.#steps = Array.from({ length: steps }, () => new Histogram())
  }

  record(atUs: number, tookUs: number, count: number): void {
    const step = Math.floor((atUs - this.#originUs) / this.#stepUs)
    this.#steps[Math.min(this.#steps.length - 1, Math.max(0, step))]?.record(tookUs, count)
  }

  series(): LatencySeries {
    const of = (value: (one: Histogram) => number): readonly (number | null)[] =>
      this.#steps.map((one) => (one.count === 0 ? null : value(one)))
    return {
      atUs: this.#steps.map((_one, at) => Math.round((at + 1) * this.#stepUs)),
      p50: of((one) => one.percentile(50)),
      p99: of((one) => one.percentile(99)),
      p999: of((one) => one.percentile(99.9)),
      max: of((one) => one.max),
    }
  }
}

export function produceSeries(judgement: Judgement, points: number): LatencySeries {
  const steps = new Steps(judgement, points)
  const { data, length } = judgement.result.history.sends
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    const sent = (data.invokedUs[row] as number) - (data.lateUs[row] as number)
    steps.record(sent, (data.endedUs[row] as number) - sent, data.count[row] as number)
  }
  return steps.series()
}

/** Each group is a sample of its own, as in `endToEndLatency`. */
export function endToEndSeries(judgement: Judgement, points: number): LatencySeries {
  const steps = new Steps(judgement, points)
  const { atoms } = judgement
  for (const consumer of judgement.scenario.consumers) {
    const processed = judgement.processed(consumer.group)
    for (let stream = 0; stream < atoms.streams; stream += 1) {
      if (!judgement.reads(consumer, stream)) continue
      const end = atoms.end(stream)
      for (let atom = atoms.first(stream); atom < end; atom += 1) {
        if (processed.times[atom] === 0) continue
        const sent = dueUsOf(judgement, atom)
        steps.record(sent, processed.firstUs(atom) - sent, atoms.weight(atom))
      }
    }
  }
  return steps.series()
}
