/**
 * What a threshold found, in the unit that fits.
 */

import type { ThresholdAnswer } from '../scenarios/result.ts'
import { duration, grouped, percent, rate } from './text/numbers.ts'

const MEBIBYTE = 1_048_576

/** Null: nothing was measured. */
export function valueText({ value, unit }: ThresholdAnswer): string | null {
  if (value === null) return null
  switch (unit) {
    case 'us':
      return duration(Math.round(value))
    case 'share':
      return percent(value)
    case 'records/s':
      return `${rate(value)}/s`
    case 'bytes/s':
      return `${rate(value / MEBIBYTE)} MiB/s`
    case 'records':
    case 'times':
      return grouped(value)
  }
}
