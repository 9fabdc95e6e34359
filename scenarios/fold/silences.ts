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

export class FoldedSilences {
  /** What was acknowledged by then is in here, and counts nowhere else. */
  untilUs: number = -Infinity
  readonly longest: number[] = []
  /** The last acknowledgement of each partition until then. */
  readonly lastUs: number[] = []

  /** Takes the sends that were acknowledged until `untilUs`; none from before is under way. */
  take({ sends }: History, untilUs: number): void {
    const { data } = sends
    const rows: number[] = []
    for (let row = 0; row < sends.length; row += 1) {
      if (data.outcome[row] !== Outcome.ok || (data.partition[row] as number) < 0) continue
      if ((data.endedUs[row] as number) > this.untilUs) rows.push(row)
    }
    const ended = Float64Array.from(rows, (row) => data.endedUs[row] as number)
    const order = inTimeOrder(ended)
    const waitingSince: number[] = []
    const next: number[] = []
    for (let at = order.length - 1; at >= 0; at -= 1) {
      const place = order[at] as number
      const row = rows[place] as number
      const partition = data.partition[row] as number
      const endedUs = ended[place] as number
      this.#note(
        partition,
        { endedUs, next: next[partition], since: waitingSince[partition] },
        untilUs,
      )
      waitingSince[partition] = Math.min(
        waitingSince[partition] ?? Infinity,
        data.invokedUs[row] as number,
      )
      next[partition] = endedUs
    }
    // What is left of each partition began with the last acknowledgement of the time before.
    for (const [partition, endedUs] of next.entries()) {
      if (endedUs === undefined) continue
      const since = waitingSince[partition] as number
      const before = this.lastUs[partition] ?? -Infinity
      if (endedUs <= untilUs) this.#longer(partition, endedUs - Math.max(before, since))
    }
    this.#keepLast(data, rows, untilUs)
    this.untilUs = untilUs
  }

  /** The silence between an acknowledgement and the next one of its partition. */
  #note(
    partition: PartitionId,
    gap: {
      readonly endedUs: number
      readonly next: number | undefined
      readonly since: number | undefined
    },
    untilUs: number,
  ): void {
    if (gap.next === undefined || gap.next > untilUs) return
    this.#longer(partition, gap.next - Math.max(gap.endedUs, gap.since as number))
  }

  #longer(partition: PartitionId, us: number): void {
    if (us > (this.longest[partition] ?? 0)) this.longest[partition] = us
  }

  #keepLast(data: History['sends']['data'], rows: readonly number[], untilUs: number): void {
    for (const row of rows) {
      const endedUs = data.endedUs[row] as number
      const partition = data.partition[row] as number
      if (endedUs > untilUs) continue
      this.lastUs[partition] = Math.max(this.lastUs[partition] ?? -Infinity, endedUs)
    }
  }
}
