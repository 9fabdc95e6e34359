/**
 * Which sends retention has deleted as it promised, asked while the run goes on.
 *
 * The same answer as `isExpired` gives after the run, but never for a partition of which anything
 * committed was lost: there it is not certain that it was retention which took a record.
 */

import type { PartitionId } from '../../model/record.ts'
import { promisedUs } from '../checks/retention.ts'
import type { Removal } from '../result.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Truth } from '../truth/truth.ts'

/** Columns of sends. */
type Sends = Readonly<
  Record<'topic' | 'partition' | 'offset' | 'count' | 'invokedUs', Float64Array>
>

export class Deletions {
  /** By partition, in order of time. */
  readonly #of: Removal[][] = []
  readonly #suspect: Set<PartitionId> = new Set()
  readonly #promised: readonly number[]
  any = false

  constructor(truth: Truth, promised: readonly number[]) {
    this.#promised = promised
    for (const removal of truth.removals) {
      if (removal.how !== 'retention') continue
      this.any = true
      const list = this.#of[removal.partition]
      if (list === undefined) this.#of[removal.partition] = [removal]
      else list.push(removal)
    }
    for (const { partition } of truth.excuses) this.#suspect.add(partition)
    for (const { partition } of truth.breaches) this.#suspect.add(partition)
  }

  /** The offset below which everything is deleted. */
  until(partition: PartitionId): number {
    return this.#of[partition]?.at(-1)?.untilOffset ?? 0
  }

  /** Whether it deleted all of a send that was acknowledged. */
  tookAll(sends: Sends, row: number): boolean {
    const partition = sends.partition[row] as number
    const list = this.#of[partition]
    if (list === undefined || this.#suspect.has(partition)) return false
    const offset = sends.offset[row] as number
    const end = offset + (sends.count[row] as number)
    if ((list[list.length - 1] as Removal).untilOffset < end) return false
    for (let at = 0; at < list.length; at += 1) {
      const { fromOffset, untilOffset, atUs } = list[at] as Removal
      if (offset >= untilOffset) continue
      if (offset < fromOffset || end > untilOffset) return false
      const promised = this.#promised[sends.topic[row] as number] ?? Infinity
      return atUs - (sends.invokedUs[row] as number) >= promised
    }
    return false
  }
}

/**
 * For how long each topic promises to keep a record, by its number; infinite where it is for ever.
 */
export function promises(scenario: Scenario, topics: readonly string[]): readonly number[] {
  return topics.map((topic) => promisedUs(scenario, topic))
}
