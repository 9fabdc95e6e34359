/**
 * The JSON answer of `dmqsim compare --vary`.
 */

import { z } from 'zod'
import type { Head, VaryAnswer } from '../answer.ts'
import type { Interval } from '../../scenarios/measures/intervals.ts'
import { varySentence } from '../text/vary.ts'
import { differencesOf, errorsOf, type Intervals, measuresOf, sharesOf } from '../vary.ts'
import { count, type Fields, headFields, number } from './fields.ts'

interface MeasuresJson {
  readonly lost: Interval | null
  readonly duplicated: Interval | null
  readonly redelivered: Interval | null
  readonly reordered: Interval | null
  readonly backlogPeak: Interval | null
  readonly latenessMs: Interval | null
  readonly produceP99Ms: Interval | null
  readonly endToEndP99Ms: Interval | null
  readonly utilisation: Interval | null
}

interface ShareJson {
  readonly check: string
  readonly broken: number
  readonly of: number
  readonly share: Interval | null
}

interface RowJson {
  readonly value: string
  readonly runs: number
  readonly errors: number
  readonly verdicts: readonly ShareJson[]
  readonly measures: MeasuresJson
  readonly differences: MeasuresJson | null
}

export interface VaryJson extends Head {
  readonly sentence: string
  readonly scenario: string
  readonly key: string
  readonly rows: readonly RowJson[]
}

const interval: z.ZodType<Interval | null> = z
  .strictObject({ value: z.number(), low: number, high: number })
  .nullable()

const measures: z.ZodType<MeasuresJson> = z.strictObject({
  lost: interval,
  duplicated: interval,
  redelivered: interval,
  reordered: interval,
  backlogPeak: interval.describe('of the group with the most, at its highest'),
  latenessMs: interval.describe('of the group that was latest, at its worst'),
  produceP99Ms: interval,
  endToEndP99Ms: interval,
  utilisation: interval.describe('of the busiest resource of a broker'),
})

const row: z.ZodType<RowJson> = z.strictObject({
  value: z.string(),
  runs: count,
  errors: count.describe('runs in which dmqsim itself failed'),
  verdicts: z.array(
    z.strictObject({
      check: z.string(),
      broken: count,
      of: count.describe('runs that could tell'),
      share: interval,
    }),
  ),
  measures: measures.describe('means over the runs, with 95 % intervals'),
  differences: measures.nullable().describe('to the first row, run for run; null for the first'),
})

const fields: Fields<VaryJson> = {
  ...headFields,
  sentence: z.string(),
  scenario: z.string(),
  key: z.string(),
  rows: z.array(row),
}

export const varySchema: z.ZodType<VaryJson> = z.strictObject(fields)

export function varyJson(answer: VaryAnswer): VaryJson {
  const { head, scenario, key, rows } = answer
  return {
    ...head,
    sentence: varySentence(answer),
    scenario,
    key,
    rows: rows.map((one) => {
      const differences = differencesOf(one, answer)
      return {
        value: one.value,
        runs: one.samples.length,
        errors: errorsOf(one),
        verdicts: sharesOf(one),
        measures: measuresJson(measuresOf(one)),
        differences: differences === null ? null : measuresJson(differences),
      }
    }),
  }
}

function measuresJson(all: Intervals): MeasuresJson {
  const { lost, duplicated, redelivered, reordered, backlogPeak, utilisation } = all
  return {
    lost,
    duplicated,
    redelivered,
    reordered,
    backlogPeak,
    latenessMs: inMs(all.latenessUs),
    produceP99Ms: inMs(all.produceP99Us),
    endToEndP99Ms: inMs(all.endToEndP99Us),
    utilisation,
  }
}

function inMs(us: Interval | null): Interval | null {
  if (us === null) return null
  const ms = (value: number | null): number | null => (value === null ? null : value / 1_000)
  return { value: us.value / 1_000, low: ms(us.low), high: ms(us.high) }
}
