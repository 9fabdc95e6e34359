/**
 * The one row of a stream that stands for all that was folded of it, with outcome `settled`.
 *
 * It begins when the first range did that was folded, and names where that went.
 */

import { type History, Outcome } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'

const NONE = -1

/** The first range of a stream that was folded, which its row takes its times from. */
export interface First {
  readonly process: number
  readonly partition: PartitionId
  readonly topic: number
  readonly invokedUs: number
  readonly endedUs: number
}

export type Processing = Record<
  'process' | 'group' | 'generation' | 'partition' | 'offset' | 'invokedUs' | 'endedUs',
  number
>

export function settledSend(history: History, stream: number, count: number, first: First): void {
  const row = history.sends.next()
  const { data } = history.sends
  data.process[row] = first.process
  data.stream[row] = stream
  data.index[row] = 0
  data.count[row] = count
  data.topic[row] = first.topic
  data.partition[row] = first.partition
  data.offset[row] = NONE
  data.invokedUs[row] = first.invokedUs
  data.endedUs[row] = first.endedUs
  data.outcome[row] = Outcome.settled
  data.attempt[row] = 0
  data.lateUs[row] = 0
  data.waitedUs[row] = 0
}

export function settledProcessing(
  history: History,
  stream: number,
  count: number,
  first: Processing,
): void {
  const row = history.processings.next()
  const { data } = history.processings
  data.process[row] = first.process
  data.group[row] = first.group
  data.generation[row] = first.generation
  data.partition[row] = first.partition
  data.offset[row] = first.offset
  data.stream[row] = stream
  data.index[row] = 0
  data.count[row] = count
  data.invokedUs[row] = first.invokedUs
  data.endedUs[row] = first.endedUs
  data.outcome[row] = Outcome.settled
}
