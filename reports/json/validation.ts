/**
 * The JSON answer of `dmqsim table validation`.
 */

import { z } from 'zod'
import type { ValidationRow } from '../../scenarios/validation/row.ts'
import type { Head, ValidationAnswer } from '../answer.ts'
import { tallyOf } from '../text/validation.ts'
import { count, type Fields, headFields, names, number, text } from './fields.ts'

export interface ValidationJson extends Head {
  /** Null where nothing was fitted. */
  readonly calibration: {
    readonly set: string
    readonly rowsUsed: readonly string[]
    readonly constants: Readonly<Record<string, number>>
  } | null
  readonly rows: readonly ValidationRow[]
  readonly inside: number
  /** Rows of which the model says something. */
  readonly of: number
  readonly notSimulated: readonly string[]
}

const row: z.ZodType<ValidationRow> = z.strictObject({
  id: z.string(),
  kind: z.enum(['theory', 'published', 'formula']),
  title: z.string(),
  measure: z.string(),
  expected: number.describe('null where bounds alone are known'),
  low: number.describe('bound for what is simulated; null: none on this side'),
  high: number,
  simulated: number.describe('null where it did not happen, or is not simulated'),
  ci: z.tuple([z.number(), z.number()]).nullable(),
  calibrated: z.boolean().describe('constants were fitted to this row'),
  inside: z.boolean().nullable().describe('null: not simulated, and not counted in `of`'),
  source: z.string(),
  note: text,
})

const fields: Fields<ValidationJson> = {
  ...headFields,
  calibration: z
    .strictObject({
      set: z.string(),
      rowsUsed: names,
      constants: z.record(z.string(), z.number()),
    })
    .nullable(),
  rows: z.array(row),
  inside: count,
  of: count.describe('rows that are simulated'),
  notSimulated: names,
}

export const validationSchema: z.ZodType<ValidationJson> = z.strictObject(fields)

/** Name of the set of constants that the table fits itself. */
const SET = 'table-validation'

export function validationJson({ head, constants, rows }: ValidationAnswer): ValidationJson {
  const rowsUsed = [...new Set(constants.flatMap((one) => one.rows))]
  const { inside, simulated, notSimulated } = tallyOf(rows)
  const values = Object.fromEntries(constants.map(({ name, value }) => [name, value]))
  return {
    ...head,
    calibration: constants.length === 0 ? null : { set: SET, rowsUsed, constants: values },
    rows,
    inside: inside.length,
    of: simulated,
    notSimulated,
  }
}
