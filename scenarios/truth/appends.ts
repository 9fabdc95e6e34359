/**
 * How much was appended to the logs of a run, and the longest that a partition was left alone.
 *
 * Counted are batches of records that applications sent, once each: at their leader.
 */

import type { Batch } from '../../model/record.ts'

/** When a partition got its last batch; −1: it has none. */
export interface LastAppend {
  appendedUs: number
}

export class Appends {
  batches = 0
  records = 0
  /** Records of the largest batch. */
  largest = 0
  /** Whether any batch told only how many records it stands for. */
  counted = false
  /** The longest that any partition waited for its next batch; 0 before one had two. */
  longestGapUs = 0

  took(last: LastAppend, { content, count }: Batch, nowUs: number): void {
    if (content.kind === 'explicit' && (content.records[0]?.stream ?? -1) < 0) return
    this.batches += 1
    this.records += count
    if (count > this.largest) this.largest = count
    if (content.kind === 'counted') this.counted = true
    if (last.appendedUs >= 0) {
      this.longestGapUs = Math.max(this.longestGapUs, nowUs - last.appendedUs)
    }
    last.appendedUs = nowUs
  }
}
