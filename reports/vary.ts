/**
 * A comparison of settings: what each row's runs say, and how they differ run for run.
 *
 * A difference is taken between runs of one seed and then averaged, so what the seeds have in
 * common cancels out. Runs in which dmqsim itself failed are counted and left out.
 */

import type { VarySample } from '../scenarios/explore/vary.ts'
import type { VaryAnswer, VaryRow } from './answer.ts'
import { type Interval, meanInterval, shareInterval } from '../scenarios/measures/intervals.ts'

export const varyMeasures = [
  'lost',
  'duplicated',
  'redelivered',
  'reordered',
  'backlogPeak',
  'latenessUs',
  'produceP99Us',
  'endToEndP99Us',
  'utilisation',
] as const
export type VaryMeasure = (typeof varyMeasures)[number]

/** How often a check broke with one value. */
export interface VaryShare {
  readonly check: string
  readonly broken: number
  /** Runs that could tell. */
  readonly of: number
  readonly share: Interval | null
}

export type Intervals = Readonly<Record<VaryMeasure, Interval | null>>

export function sharesOf({ samples }: VaryRow): readonly VaryShare[] {
  const checks = [...new Set(samples.flatMap((one) => one.verdicts.map(({ check }) => check)))]
  return checks.map((check) => {
    const broken = samples.filter((one) => has(one, check, 'broken')).length
    const kept = samples.filter(
      (one) => has(one, check, 'kept') && !has(one, check, 'broken') && !has(one, check, 'unknown'),
    ).length
    return { check, broken, of: broken + kept, share: shareInterval(broken, broken + kept) }
  })
}

function has({ verdicts }: VarySample, check: string, word: string): boolean {
  return verdicts.some((one) => one.check === check && one.verdict === word)
}

export function measuresOf({ samples }: VaryRow): Intervals {
  return intervals((name) => {
    const values = samples.flatMap((one) => one[name] ?? [])
    const interval = meanInterval(values)
    // None of them can be negative, and an interval of a few wild values would be.
    return interval === null || interval.low === null
      ? interval
      : { ...interval, low: Math.max(0, interval.low) }
  })
}

/** This row less the first, run for run; null for the first itself. */
export function differencesOf(row: VaryRow, { rows }: VaryAnswer): Intervals | null {
  const [first] = rows
  if (first === undefined || first === row) return null
  const before = new Map(first.samples.map((one) => [one.index, one]))
  return intervals((name) =>
    meanInterval(
      row.samples.flatMap((one) => {
        const now = one[name]
        const was = before.get(one.index)?.[name] ?? null
        return now === null || was === null ? [] : [now - was]
      }),
    ),
  )
}

function intervals(of: (name: VaryMeasure) => Interval | null): Intervals {
  return {
    lost: of('lost'),
    duplicated: of('duplicated'),
    redelivered: of('redelivered'),
    reordered: of('reordered'),
    backlogPeak: of('backlogPeak'),
    latenessUs: of('latenessUs'),
    produceP99Us: of('produceP99Us'),
    endToEndP99Us: of('endToEndP99Us'),
    utilisation: of('utilisation'),
  }
}

export function errorsOf({ samples }: VaryRow): number {
  return samples.filter(({ error }) => error !== null).length
}
