/**
 * What became of the records of each stream in each partition, as sets of ranges.
 *
 * Two runs of which one counted its records and the other had each by itself can be compared by
 * them: however records were sent, stored and cut into ranges, the same records are the same set.
 */

import { Outcome } from '../../../model/history.ts'
import { eachRange } from '../../checks/atoms.ts'
import type { Result } from '../../result.ts'

export const stages = ['sent', 'acknowledged', 'stored', 'processed'] as const
export type Stage = (typeof stages)[number]

/** Sorted ranges of indexes that do not touch, as `from-until`, by stream and partition. */
export type RangeSets = Readonly<Record<Stage, ReadonlyMap<string, string>>>

/** Of a run whose groups all read all topics; `processed` is told of each group. */
export function rangeSetsOf({ history, logs }: Result): RangeSets {
  const sent = new Sets()
  const acknowledged = new Sets()
  const { data, length } = history.sends
  for (let row = 0; row < length; row += 1) {
    const stream = data.stream[row] as number
    const range = [data.index[row] as number, data.count[row] as number] as const
    sent.add(`${stream}`, ...range)
    if (data.outcome[row] === Outcome.ok) {
      acknowledged.add(`${stream} in ${data.partition[row]}`, ...range)
    }
  }
  const stored = new Sets()
  for (const { partition, entries } of logs.uncommitted) {
    for (const { batch } of entries) {
      eachRange(batch, (stream, index, count) => {
        stored.add(`${stream} in ${partition}`, index, count)
      })
    }
  }
  return {
    sent: sent.written(),
    acknowledged: acknowledged.written(),
    stored: stored.written(),
    processed: processedIn(history),
  }
}

function processedIn({ names, processings }: Result['history']): ReadonlyMap<string, string> {
  const processed = new Sets()
  const { data, length } = processings
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    const group = names[data.group[row] as number] ?? ''
    const of = `${data.stream[row]} in ${data.partition[row]} by ${group}`
    processed.add(of, data.index[row] as number, data.count[row] as number)
  }
  return processed.written()
}

/** The stages at which two runs have not the same sets, each with how many of them differ. */
export function differences(one: RangeSets, other: RangeSets): Readonly<Record<Stage, number>> {
  const differ = (stage: Stage): number => {
    const keys = new Set([...one[stage].keys(), ...other[stage].keys()])
    let count = 0
    for (const key of keys) if (one[stage].get(key) !== other[stage].get(key)) count += 1
    return count
  }
  return {
    sent: differ('sent'),
    acknowledged: differ('acknowledged'),
    stored: differ('stored'),
    processed: differ('processed'),
  }
}

class Sets {
  readonly #ranges = new Map<string, [number, number][]>()

  add(of: string, index: number, count: number): void {
    const ranges = this.#ranges.get(of)
    if (ranges === undefined) this.#ranges.set(of, [[index, index + count]])
    else ranges.push([index, index + count])
  }

  written(): ReadonlyMap<string, string> {
    return new Map([...this.#ranges].map(([of, ranges]) => [of, joined(ranges)]))
  }
}

function joined(ranges: [number, number][]): string {
  const sorted = ranges.toSorted((one, other) => one[0] - other[0])
  const whole: [number, number][] = []
  for (const [from, until] of sorted) {
    const last = whole.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until)
    else whole.push([from, until])
  }
  return whole.map(([from, until]) => `${from}-${until}`).join(' ')
}
