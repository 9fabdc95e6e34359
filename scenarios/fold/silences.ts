/**
 * Write silences of sends that will be folded, found while the run goes on.
 *
 * A silence ends with an acknowledgement and counts from the first send that waited; so it is known
 * once nothing that was sent before it can be under way any more. Then it is written down, and the
 * sends are needed no longer.
 */

import { type History, Outcome } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'
import { inTimeOrder } from '../measures/in-time-order.ts'

type Sends = History['sends']

export class FoldedSilences {
  /** What was acknowledged by then is in here, and counts nowhere else. */
  untilUs: number = -Infinity
  readonly longest: number[] = []
  /** The last acknowledgement of each partition until then. */
  readonly lastUs: number[] = []
  /**
   * By partition, of the acknowledgements behind the one at hand: the next, and who waited first.
   */
  #next = new Float64Array(0)
  #since = new Float64Array(0)

  /** Takes the sends that were acknowledged until `untilUs`; none from before is under way. */
  take({ sends }: History, untilUs: number): void {
    const rows = this.#acknowledged(sends)
    const { data } = sends
    const ended = new Float64Array(rows.length)
    for (let at = 0; at < rows.length; at += 1) {
      ended[at] = data.endedUs[rows[at] as number] as number
    }
    const order = inTimeOrder(ended)
    for (let at = order.length - 1; at >= 0; at -= 1) {
      this.#pass(data, rows[order[at] as number] as number, untilUs)
    }
    this.#begin(untilUs)
    this.#keepLast(data, rows, untilUs)
    this.untilUs = untilUs
  }

  /** Rows of what was acknowledged after the last time. */
  #acknowledged(sends: Sends): Int32Array {
    const { outcome, partition, endedUs } = sends.data
    const rows = new Int32Array(sends.length)
    let count = 0
    let most = -1
    for (let row = 0; row < sends.length; row += 1) {
      const of = partition[row] as number
      if (outcome[row] !== Outcome.ok || of < 0) continue
      if (!((endedUs[row] as number) > this.untilUs)) continue
      rows[count] = row
      count += 1
      if (of > most) most = of
    }
    if (this.#next.length <= most) {
      this.#next = new Float64Array(most + 1)
      this.#since = new Float64Array(most + 1)
    }
    this.#next.fill(Infinity)
    this.#since.fill(Infinity)
    return rows.subarray(0, count)
  }

  /** From the last acknowledgement to the first: the silence between one and the next. */
  #pass({ partition, endedUs, invokedUs }: Sends['data'], row: number, untilUs: number): void {
    const of = partition[row] as number
    const ended = endedUs[row] as number
    const next = this.#next[of] as number
    const since = this.#since[of] as number
    if (next <= untilUs) this.#longer(of, next - Math.max(ended, since))
    this.#since[of] = Math.min(since, invokedUs[row] as number)
    this.#next[of] = ended
  }

  /** What is left of each partition began with the last acknowledgement of the time before. */
  #begin(untilUs: number): void {
    for (let of = 0; of < this.#next.length; of += 1) {
      const ended = this.#next[of] as number
      if (ended > untilUs) continue
      const before = this.lastUs[of] ?? -Infinity
      this.#longer(of, ended - Math.max(before, this.#since[of] as number))
    }
  }

  #longer(partition: PartitionId, us: number): void {
    if (us > (this.longest[partition] ?? 0)) this.longest[partition] = us
  }

  #keepLast({ endedUs, partition }: Sends['data'], rows: Int32Array, untilUs: number): void {
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] as number
      const ended = endedUs[row] as number
      if (ended > untilUs) continue
      const of = partition[row] as number
      if (ended > (this.lastUs[of] ?? -Infinity)) this.lastUs[of] = ended
    }
  }
}
