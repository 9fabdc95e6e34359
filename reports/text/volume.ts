/**
 * How much went through a run of counted batches, for a terminal: in one sentence.
 */

import type { Volume } from '../../scenarios/result.ts'
import { type Page, title, wrap } from './layout.ts'
import { counted, duration } from './numbers.ts'

/** Nothing where each record came by itself: the operations say all. */
export function volumeLines(volume: Volume | undefined, page: Page): string[] {
  if (volume === undefined || volume.slotAtPeakUs === null) return []
  const { batches, records, largest, longestGapUs, longestTurnUs, slotAtPeakUs, folded } = volume
  const facts = [
    `${counted(records, 'record')} in ${counted(batches, 'batch', 'batches')} that leaders appended`,
    `at most ${counted(largest, 'record')} in one`,
    `no partition was sent nothing for longer than ${duration(longestTurnUs ?? 0)}`,
    `none went without a batch for longer than ${duration(longestGapUs)}`,
    `arrivals in slots of ${duration(slotAtPeakUs)} at the peak`,
    ...(folded === 0 ? [] : [`${counted(folded, 'send')} folded`]),
  ]
  const lines = wrap(facts.join('; '), page.width - 2)
  return [title('Volume', page), ...lines.map((line) => `  ${line}`)]
}
