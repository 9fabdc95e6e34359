/**
 * The JSON answer of `dmqsim backtest`.
 */

import { z } from 'zod'
import type { BacktestRow, HalfError } from '../../scenarios/calibration/backtest.ts'
import type { BacktestAnswer, Head } from '../answer.ts'
import { count, type Fields, headFields } from './fields.ts'

export interface BacktestJson extends Head {
  readonly scenario: string
  readonly measured: string
  readonly fitted: Readonly<Record<string, number>>
  readonly series: readonly BacktestRow[]
  readonly tried: number
}

const half: z.ZodType<HalfError> = z.strictObject({
  samples: count,
  mape: z.number().describe('mean of |simulated − measured| ÷ measured'),
  bias: z.number().describe('mean of simulated − measured, ÷ mean of measured'),
})

const fields: Fields<BacktestJson> = {
  ...headFields,
  scenario: z.string(),
  measured: z.string(),
  fitted: z.record(z.string(), z.number()),
  series: z.array(
    z.strictObject({ series: z.string(), simulated: z.string(), fitted: half, judged: half }),
  ),
  tried: count,
}

export const backtestSchema: z.ZodType<BacktestJson> = z.strictObject(fields)

export function backtestJson({ head, scenario, measured, backtest }: BacktestAnswer): BacktestJson {
  const fitted = Object.fromEntries(
    backtest.fitted.map((name) => [name, backtest.constants[name] ?? 0]),
  )
  return { ...head, scenario, measured, fitted, series: backtest.rows, tried: backtest.tried }
}
