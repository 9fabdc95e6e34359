/**
 * Anomalies between polls of one member and inside one: skipped records, and records read again.
 *
 * A member reads a partition on from where it stopped. Between two polls a rebalance or a seek may
 * move it, which `subscribe` allows; so a skip is promised away only where the partition stayed
 * with its member. Inside of one poll a partition that changed hands is exempt. A member that was
 * started again is another one.
 */

import { Lifecycle, Ownership } from '../../../model/history.ts'
import { lackOf, wasDeleted } from '../causes.ts'
import { isCompacted } from '../compacted.ts'
import { Tally, TOPIC_DELETED } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { counted, seconds } from '../words.ts'
import { type VersionOrder, versionOrderOf } from './versions.ts'

/** How a partition came to its member since it last polled there. */
const Move = { none: 0, rebalanced: 1, sought: 2 } as const

export interface PollBreaches {
  readonly skip: Tally
  readonly back: Tally
  readonly skipInside: Tally
  readonly backInside: Tally
  /** Polls that followed another of the same member and partition, and ranges inside of a poll. */
  followed: number
  inside: number
}

export function pollBreachesOf(judgement: Judgement): PollBreaches {
  return judgement.once('poll breaches', () => new Polls(judgement).walk())
}

class Polls {
  readonly #judgement: Judgement
  readonly #order: VersionOrder
  readonly #width: number
  /** By member and partition: the offset after what it read last, −1 for nothing. */
  readonly #ends: Float64Array
  readonly #polls: Float64Array
  readonly #moves: Uint8Array
  #lived = 0
  #owned = 0
  readonly #found: PollBreaches = {
    skip: new Tally(),
    back: new Tally(),
    skipInside: new Tally(),
    backInside: new Tally(),
    followed: 0,
    inside: 0,
  }

  constructor(judgement: Judgement) {
    this.#judgement = judgement
    this.#order = versionOrderOf(judgement)
    this.#width = this.#order.logs.length
    const size = this.#width * judgement.result.history.names.length
    this.#ends = new Float64Array(size).fill(-1)
    this.#polls = new Float64Array(size).fill(-1)
    this.#moves = new Uint8Array(size)
  }

  walk(): PollBreaches {
    const { data, length } = this.#judgement.result.history.deliveries
    for (let row = 0; row < length; row += 1) {
      this.#happenedUntil(data.atUs[row] as number)
      this.#polled(row)
    }
    return this.#found
  }

  /** Takes in what happened to members and their partitions up to a moment. */
  #happenedUntil(us: number): void {
    const { lifecycles, ownerships } = this.#judgement.result.history
    const lives = lifecycles.data
    while (this.#lived < lifecycles.length && (lives.atUs[this.#lived] as number) <= us) {
      const process = lives.process[this.#lived] as number
      if (lives.kind[this.#lived] === Lifecycle.started) {
        const from = process * this.#width
        this.#ends.fill(-1, from, from + this.#width)
      }
      this.#lived += 1
    }
    const { data } = ownerships
    while (this.#owned < ownerships.length && (data.atUs[this.#owned] as number) <= us) {
      this.#moved(this.#owned)
      this.#owned += 1
    }
  }

  #moved(row: number): void {
    const { data } = this.#judgement.result.history.ownerships
    const place = this.#order.placeOf(data.partition[row] as number)
    if (place < 0 || Number.isNaN(place)) return
    const at = (data.process[row] as number) * this.#width + place
    const sought = data.kind[row] === Ownership.seek
    this.#moves[at] = sought ? Move.sought : Move.rebalanced
  }

  #polled(row: number): void {
    const { data } = this.#judgement.result.history.deliveries
    const partition = data.partition[row] as number
    const at = (data.process[row] as number) * this.#width + this.#order.placeOf(partition)
    const offset = data.offset[row] as number
    const end = this.#ends[at] as number
    if (end >= 0) {
      const inside = this.#polls[at] === data.poll[row]
      if (inside) this.#found.inside += 1
      else this.#found.followed += 1
      if (offset !== end) this.#judge(row, { at, end, inside })
    }
    this.#ends[at] = offset + (data.count[row] as number)
    this.#polls[at] = data.poll[row] as number
    this.#moves[at] = Move.none
  }

  #judge(row: number, { at, end, inside }: Step): void {
    const { data } = this.#judgement.result.history.deliveries
    const offset = data.offset[row] as number
    const log = this.#order.of(data.partition[row] as number)
    const between = log.rank(offset) - log.rank(end)
    const back = offset < end
    if (between === 0 && !back) return
    const move = this.#moves[at] as number
    if (inside && move !== Move.none) return
    const { skip, skipInside, back: backward, backInside } = this.#found
    const tally = inside ? (back ? backInside : skipInside) : back ? backward : skip
    const excuse = this.#excuse(row, { move, back })
    const records = Math.max(1, Math.abs(between))
    const mechanism =
      move === Move.none ? 'while it owned the partition' : 'over a rebalance or seek'
    tally.add(mechanism, records, excuse, () => this.#evidence(row, { end, back, records }))
  }

  #excuse(
    row: number,
    { move, back }: { readonly move: number; readonly back: boolean },
  ): string | null {
    const { data } = this.#judgement.result.history.deliveries
    const partition = data.partition[row] as number
    if (wasDeleted(this.#judgement, partition)) return TOPIC_DELETED
    if (move === Move.rebalanced) return 'not promised: the group subscribes, and was rebalanced'
    if (move === Move.sought) return 'not promised: the member sought another position'
    const lack = lackOf(this.#judgement, partition)
    if (lack !== null) return lack
    const stream = data.stream[row] as number
    return !back && isCompacted(this.#judgement, this.#judgement.topicOfStream(stream))
      ? 'not promised: the topic is compacted'
      : null
  }

  #evidence(
    row: number,
    {
      end,
      back,
      records,
    }: { readonly end: number; readonly back: boolean; readonly records: number },
  ): ReturnType<Parameters<Tally['add']>[3]> {
    const judgement = this.#judgement
    const { names, deliveries } = judgement.result.history
    const { data } = deliveries
    const partition = judgement.partitionText(data.partition[row] as number)
    const offset = data.offset[row] as number
    const atUs = judgement.since(data.atUs[row] as number)
    const what = back ? 'read again' : 'skipped'
    return {
      sentence:
        `${names[data.process[row] as number]} had read ${partition} up to offset ${end} and was given ` +
        `offset ${offset} at ${seconds(atUs)}: ${counted(records, 'record')} ${what}`,
      atUs,
      partition,
      offset,
      records: [`${data.stream[row]}:${data.index[row]}`],
    }
  }
}

interface Step {
  readonly at: number
  readonly end: number
  readonly inside: boolean
}
