/**
 * The JSON answer of `dmqsim calibrate`.
 */

import { z } from 'zod'
import type { CalibrateAnswer, Head } from '../answer.ts'
import { count, type Fields, headFields, number } from './fields.ts'

interface FittedJson {
  readonly name: string
  readonly before: number
  readonly after: number
}

interface PointJson {
  readonly id: string
  readonly measured: number
  readonly simulated: number | null
  readonly error: number | null
}

export interface CalibrateJson extends Head {
  readonly set: string
  readonly file: string
  readonly fitted: readonly FittedJson[]
  readonly constants: Readonly<Record<string, number>>
  readonly points: readonly PointJson[]
  readonly tried: number
}

const fields: Fields<CalibrateJson> = {
  ...headFields,
  set: z.string(),
  file: z.string(),
  fitted: z.array(z.strictObject({ name: z.string(), before: z.number(), after: z.number() })),
  constants: z.record(z.string(), z.number()),
  points: z.array(
    z.strictObject({
      id: z.string(),
      measured: z.number(),
      simulated: number,
      error: number.describe('simulated ÷ measured − 1'),
    }),
  ),
  tried: count.describe('sets of constants that were simulated'),
}

export const calibrateSchema: z.ZodType<CalibrateJson> = z.strictObject(fields)

export function calibrateJson({ head, calibrated, file }: CalibrateAnswer): CalibrateJson {
  const { name, fitted, constants, residuals, tried } = calibrated
  const points = residuals.map((one) => ({
    ...one,
    simulated: finite(one.simulated),
    error: finite(one.error),
  }))
  return { ...head, set: name, file, fitted, constants, points, tried }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
