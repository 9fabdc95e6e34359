/**
 * Taking out of the tables what is over, and what was noted of it: effects, and commits that a
 * later deletion has passed.
 */

import { type History, Outcome } from '../../model/history.ts'
import type { Deletions } from './deletions.ts'

/** Up to which index each stream is folded: so far, and now. */
export interface Folding {
  readonly before: Float64Array
  readonly ends: Float64Array
}

/** Rows that are ranges of streams. */
interface Ranges {
  readonly stream: Float64Array
  readonly index: Float64Array
  readonly count: Float64Array
}

export function drop(history: History, { before, ends }: Folding, deletions: Deletions): void {
  const { sends, processings, deliveries } = history
  // What was repeated after it was folded is for the checks; deliveries are for none of them.
  const none = new Float64Array(ends.length)
  sends.drop(overIn(sends.data, sends.length, before, ends))
  processings.drop(overIn(processings.data, processings.length, before, ends))
  deliveries.drop(overIn(deliveries.data, deliveries.length, none, ends))
  dropEffects(history, ends)
  dropCommits(history, deletions)
}

/** Marks the rows that lie whole between two indexes of their stream. */
function overIn(
  { stream, index, count }: Ranges,
  length: number,
  from: Float64Array,
  until: Float64Array,
): Uint8Array {
  const over = new Uint8Array(length)
  for (let row = 0; row < length; row += 1) {
    const of = stream[row] as number
    const first = index[row] as number
    if (first + (count[row] as number) > (until[of] as number)) continue
    if (first >= (from[of] as number)) over[row] = 1
  }
  return over
}

/** Which effects a record had is asked by no check that a folded history is judged by. */
function dropEffects({ effects, effectRanges }: History, ends: Float64Array): void {
  const { stream, index } = effects.data
  const had = new Uint8Array(effects.length)
  for (let row = 0; row < had.length; row += 1) {
    const of = stream[row] as number
    if (of >= 0 && (index[row] as number) < (ends[of] as number)) had[row] = 1
  }
  const { effect } = effectRanges.data
  const over = new Uint8Array(effectRanges.length)
  for (let range = 0; range < over.length; range += 1) {
    over[range] = had[effects.rowOf(effect[range] as number)] as number
  }
  effectRanges.drop(over)
  effects.drop(had)
}

function dropCommits({ commits }: History, deletions: Deletions): void {
  const { partition, offset, outcome } = commits.data
  const over = new Uint8Array(commits.length)
  for (let row = 0; row < over.length; row += 1) {
    if (outcome[row] === Outcome.open) continue
    if ((offset[row] as number) <= deletions.until(partition[row] as number)) over[row] = 1
  }
  commits.drop(over)
}
