/**
 * The rule of a threshold over what was measured: its aggregate, and its limit.
 */

import type { Threshold } from '../schema/scenario.ts'
import type { Histogram } from './histogram.ts'

export function isMet({ operator, limit }: Threshold, value: number): boolean {
  switch (operator) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '==':
      return value === limit
    case '!=':
      return value !== limit
  }
}

/** Null: nothing was measured. */
export function aggregate(threshold: Threshold, values: Histogram): number | null {
  if (threshold.aggregate === 'count') return values.count
  if (values.count === 0) return null
  switch (threshold.aggregate) {
    case 'avg':
      return values.mean
    case 'min':
      return values.min
    case 'max':
      return values.max
    case 'med':
      return values.percentile(50)
    case 'p':
      return values.percentile(threshold.percentile ?? 50)
  }
}
