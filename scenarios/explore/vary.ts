/**
 * One run of a scenario measured for a comparison of settings.
 *
 * Run i has the same seed and the same draws whatever the setting, so rows differ by the setting
 * alone. Nothing is learnt from run to run: a generation would lead each setting elsewhere.
 */

import { judge } from '../judge.ts'
import type { Resources } from '../resources.ts'
import type { Judged, VerdictWord } from '../result.ts'
import { run } from '../run.ts'
import { InputError } from '../schema/input-error.ts'
import type { Scenario } from '../schema/scenario.ts'
import { exploredCase } from './cases.ts'
import type { Craft } from './crew.ts'

export interface VaryErrand {
  readonly scenario: Scenario
  readonly seed: number
  readonly indexes: readonly number[]
}

/** What is kept of one run; null where nothing was there to be measured. */
export interface VarySample {
  readonly index: number
  /** What was thrown where dmqsim itself failed. */
  readonly error: string | null
  readonly verdicts: readonly { readonly check: string; readonly verdict: VerdictWord }[]
  readonly lost: number | null
  readonly duplicated: number | null
  readonly redelivered: number | null
  readonly reordered: number | null
  /** Of the group with the most. */
  readonly backlogPeak: number | null
  readonly latenessUs: number | null
  readonly produceP99Us: number | null
  readonly endToEndP99Us: number | null
  /** Of the busiest resource of a broker in its busiest step; null without hardware. */
  readonly utilisation: number | null
}

export const varyCraft: Craft<null, VaryErrand, readonly VarySample[]> = {
  script: new URL('./vary-worker.js', import.meta.url),
  scenarios: (_setUp, { scenario }) => [scenario],
  work: (_setUp, errand) => varySamples(errand),
}

export function varySamples({ scenario, seed, indexes }: VaryErrand): readonly VarySample[] {
  return indexes.map((index) => {
    try {
      return sampleOf(index, judge(run(exploredCase(scenario, seed, index))))
    } catch (error) {
      // A handler of the user's own that left virtual time is no finding about a setting.
      if (error instanceof InputError) throw error
      return failed(index, error instanceof Error ? error.message : String(error))
    }
  })
}

function sampleOf(index: number, { result, verdicts, measures }: Judged): VarySample {
  if (result.ended === 'internal-error') return failed(index, result.reason ?? 'no reason')
  const { magnitudes, latency, groups } = measures
  const { lost, duplicated, redelivered, reordered } = magnitudes
  return {
    index,
    error: null,
    verdicts: verdicts.map(({ check, verdict }) => ({ check, verdict })),
    lost,
    duplicated,
    redelivered,
    reordered,
    backlogPeak: groups.length === 0 ? null : Math.max(...groups.map((one) => one.backlogPeak)),
    latenessUs: groups.length === 0 ? null : Math.max(...groups.map((one) => one.latenessPeakUs)),
    produceP99Us: latency.produce?.p99 ?? null,
    endToEndP99Us: latency.endToEnd?.p99 ?? null,
    utilisation: busiestShare(result.resources ?? null),
  }
}

function busiestShare(resources: Resources | null): number | null {
  if (resources === null) return null
  const brokers = resources.hosts.filter(({ host }) => host.startsWith('broker-'))
  const uses = brokers.flatMap((host) => host.uses)
  const limits = uses.filter(({ resource }) => !idle.includes(resource))
  return limits.reduce((most, { peak }) => Math.max(most, peak), 0)
}

/** Space is no time, and fetchers wait for others most of theirs. */
const idle: readonly string[] = ['disk-space', 'fetcher-threads']

function failed(index: number, error: string): VarySample {
  return {
    index,
    error,
    verdicts: [],
    lost: null,
    duplicated: null,
    redelivered: null,
    reordered: null,
    backlogPeak: null,
    latenessUs: null,
    produceP99Us: null,
    endToEndP99Us: null,
    utilisation: null,
  }
}
