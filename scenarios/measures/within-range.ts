/**
 * Where in its range a counted record is, and how much longer or less long it took for that.
 *
 * The records of a range came evenly: each of n had waited for the n-th part less than the one
 * before it when the range was sent. They are processed one after the other. A range is sent, and
 * processed, at one time; its records are not.
 */

import type { History } from '../../model/history.ts'
import type { Histogram } from './histogram.ts'

/** What the records of a send took, of which the range took so long. */
export function recordRange(
  latency: Histogram,
  tookUs: number,
  waitedUs: number,
  count: number,
): void {
  const half = waitedUs / (2 * count)
  latency.recordEven(tookUs + half, tookUs + waitedUs + half, count)
}

/** Against the time from the send of the range to the end of its processing. */
export interface More {
  readonly first: number
  readonly last: number
}

const NO_MORE: More = { first: 0, last: 0 }

/** Records of one send and one processing, by their rows; −1: there is none. */
export interface Piece {
  readonly send: number
  readonly row: number
  readonly index: number
  readonly weight: number
}

export function moreOf(history: History, { send, row, index, weight }: Piece): More {
  if (send < 0 || row < 0) return NO_MORE
  return {
    first: moreAt(history, send, row, index),
    last: moreAt(history, send, row, index + weight),
  }
}

/** The same for a single place in the stream, of a send and a processing that there are. */
export function moreAt(
  { processings, sends }: History,
  send: number,
  row: number,
  index: number,
): number {
  const { data } = processings
  const waitedUs = sends.data.waitedUs[send] as number
  const count = data.count[row] as number
  if (count === 1 && waitedUs === 0) return 0
  const workedUs = (data.endedUs[row] as number) - (data.invokedUs[row] as number)
  const sent = index - (sends.data.index[send] as number)
  const processed = index - (data.index[row] as number)
  return (
    waitedUs * (1 - (sent - 0.5) / (sends.data.count[send] as number)) -
    workedUs * (1 - (processed + 0.5) / count)
  )
}
