/**
 * Up to which index each stream can be folded: as far as its sends, and the processings of every
 * group that reads it, follow one another to the end, and never in the middle of a row.
 */

import { type History, Outcome } from '../../model/history.ts'
import { ProcessedChains, type SendChains } from './chains.ts'

const NONE = -1

/** What is known of the groups of a run. */
export interface Readers {
  /** Groups by their place in the scenario, by the number of their name. */
  readonly places: readonly (number | undefined)[]
  readonly groups: number
  /** Places of the groups that read a topic, by its number. */
  readonly ofTopic: readonly (readonly number[])[]
}

export function foldableEnds(
  history: History,
  sends: SendChains,
  folded: Float64Array,
  readers: Readers,
): Float64Array {
  const { streams, processings } = history
  const processed = new ProcessedChains(folded, readers.groups)
  boundByProcessings(history, { sends, processed, readers })
  boundByDeadLetters(history, sends)
  const ends = new Float64Array(folded.length)
  for (let of = 0; of < ends.length; of += 1) {
    let end = Math.min(sends.limit[of] as number, sends.end[of] as number)
    for (const place of readers.ofTopic[streams[of]?.topic ?? NONE] ?? []) {
      end = Math.min(end, processed.end(place, of))
    }
    ends[of] = Math.max(end, folded[of] as number)
  }
  let moved = true
  while (moved) {
    moved = align(history.sends.data, history.sends.length, ends, folded)
    if (align(processings.data, processings.length, ends, folded)) moved = true
  }
  return ends
}

interface Bounding {
  readonly sends: SendChains
  readonly processed: ProcessedChains
  readonly readers: Readers
}

function boundByProcessings(
  { processings }: History,
  { sends, processed, readers }: Bounding,
): void {
  const { limit } = sends
  const { places } = readers
  const { group, outcome, stream, index, count, endedUs } = processings.data
  for (let row = 0; row < processings.length; row += 1) {
    const place = places[group[row] as number]
    if (place === undefined) continue
    const of = stream[row] as number
    const first = index[row] as number
    const ended = outcome[row] === Outcome.ok ? (endedUs[row] as number) : NONE
    const bound = processed.take(place, of, first, first + (count[row] as number), ended)
    if (bound < (limit[of] as number)) limit[of] = bound
  }
}

function boundByDeadLetters({ deadLetters }: History, { limit }: SendChains): void {
  for (let row = 0; row < deadLetters.length; row += 1) {
    const of = deadLetters.get('stream', row)
    limit[of] = Math.min(limit[of] as number, deadLetters.get('index', row))
  }
}

interface Ranges {
  readonly stream: Float64Array
  readonly index: Float64Array
  readonly count: Float64Array
}

/** Moves the ends to where rows begin, so that none is folded in part. True if it moved one. */
function align(
  { stream, index, count }: Ranges,
  length: number,
  ends: Float64Array,
  folded: Float64Array,
): boolean {
  let moved = false
  for (let row = 0; row < length; row += 1) {
    const of = stream[row] as number
    const first = index[row] as number
    const end = ends[of] as number
    if (first >= end || first + (count[row] as number) <= end) continue
    // A repetition may begin in what is folded already, and that stays.
    const before = folded[of] as number
    if (end <= before) continue
    ends[of] = Math.max(first, before)
    moved = true
  }
  return moved
}
