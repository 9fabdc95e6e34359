/**
 * How much a run moved, in its JSON answer: batches, their sizes, and the gaps between them.
 */

import { z } from 'zod'
import type { Volume } from '../../scenarios/result.ts'
import { count, milliseconds, number } from './fields.ts'

export interface VolumeJson {
  readonly batches: number
  readonly records: number
  readonly largestBatch: number
  readonly longestGapMs: number
  readonly longestTurnMs: number | null
  readonly slotAtPeakMs: number | null
  readonly folded: number
}

export const volumeSchema: z.ZodType<VolumeJson> = z.strictObject({
  batches: count.describe('that leaders appended'),
  records: count,
  largestBatch: count.describe('records'),
  longestGapMs: z.number().describe('that a partition waited for its next batch'),
  longestTurnMs: number.describe('between two sends of a fleet to a partition'),
  slotAtPeakMs: number.describe('in which arrivals were drawn; null where each came by itself'),
  folded: count.describe('sends that the history does not have row by row'),
})

export function volumeJson(of: Volume | undefined): VolumeJson | null {
  if (of === undefined) return null
  return {
    batches: of.batches,
    records: of.records,
    largestBatch: of.largest,
    longestGapMs: milliseconds(of.longestGapUs),
    longestTurnMs: milliseconds(of.longestTurnUs),
    slotAtPeakMs: milliseconds(of.slotAtPeakUs),
    folded: of.folded,
  }
}
