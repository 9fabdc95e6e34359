/**
 * Where in its range a counted record is, and how much longer or less long it took for that.
 *
 * The records of a range came evenly over the time that its first one had waited when it was sent,
 * and are processed one after the other. A range is sent, and processed, at one time; its records
 * are not.
 */

import type { History } from '../../model/history.ts'

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

export function moreOf({ processings, sends }: History, { send, row, index, weight }: Piece): More {
  if (send < 0 || row < 0) return NO_MORE
  const waitedUs = sends.get('waitedUs', send)
  const count = processings.get('count', row)
  if (count === 1 && waitedUs === 0) return NO_MORE
  const workedUs = processings.get('endedUs', row) - processings.get('invokedUs', row)
  const sent = index - sends.get('index', send)
  const processed = index - processings.get('index', row)
  const more = (at: number): number =>
    waitedUs * (1 - (sent + at) / sends.get('count', send)) -
    workedUs * (1 - (processed + at + 0.5) / count)
  return { first: more(0), last: more(weight) }
}
