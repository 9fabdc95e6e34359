/**
 * What measures want of the rows that are folded: added to the sums before the rows go.
 */

import type { History } from '../../model/history.ts'
import { moreAt, recordRange } from '../measures/within-range.ts'
import type { SendChains } from './chains.ts'
import type { Folding } from './dropping.ts'
import type { First, Processing } from './settled.ts'
import type { FoldedSums, FoldedWaits } from './sums.ts'

const NONE = -1

export interface TakingOptions {
  readonly history: History
  readonly sums: FoldedSums
  /** Names of the groups by their place in the scenario, and of topics by number. */
  readonly groups: readonly string[]
  readonly topics: readonly string[]
  /** Places of groups by the number of their name. */
  readonly places: readonly (number | undefined)[]
  /** True time before which what was due is warm-up. */
  readonly measuredFromUs: number
}

export class Taking {
  /** By stream. */
  readonly firsts: (First | undefined)[] = []
  /** By place of the group, then by stream. */
  readonly firstProcessed: (Processing | undefined)[][]
  readonly #options: TakingOptions
  /** By place of the group, then by topic. */
  readonly #waits: (FoldedWaits | undefined)[][]

  constructor(options: TakingOptions) {
    this.#options = options
    this.firstProcessed = options.groups.map(() => [])
    this.#waits = options.groups.map(() => [])
  }

  /** Adds what is folded now to the sums. */
  take(sends: SendChains, { before, ends }: Folding): void {
    const { history, places } = this.#options
    for (let stream = 0; stream < ends.length; stream += 1) {
      const end = ends[stream] as number
      const { index } = history.sends.data
      let row = sends.head[stream] as number
      while (row !== NONE && (index[row] as number) < end) {
        this.#takeSend(row, stream)
        row = sends.next[row] as number
      }
    }
    const cursors = this.firstProcessed.map(() => sends.head.slice())
    const { processings } = history
    const { group, stream, index } = processings.data
    for (let row = 0; row < processings.length; row += 1) {
      const place = places[group[row] as number]
      const of = stream[row] as number
      const first = index[row] as number
      if (place === undefined || first < (before[of] as number)) continue
      if (first >= (ends[of] as number)) continue
      this.#takeProcessing(row, place, cursors[place] as Int32Array, sends.next)
      this.#worked(row, place, of)
    }
  }

  #takeSend(row: number, stream: number): void {
    const { history, measuredFromUs, sums } = this.#options
    const { data } = history.sends
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    const count = data.count[row] as number
    const bin = sums.binOf(endedUs)
    sums.produced[bin] = (sums.produced[bin] as number) + count
    const latency = sums.latencyOf(history, stream)
    sums.acknowledged(latency, bin, count)
    const dueUs = invokedUs - (data.lateUs[row] as number)
    const tookUs = endedUs - dueUs
    sums.produceSteps.record(dueUs, tookUs, count)
    if (dueUs >= measuredFromUs) {
      recordRange(latency.produce, tookUs, data.waitedUs[row] as number, count)
    }
    sums.sends += 1
    this.firsts[stream] ??= {
      process: data.process[row] as number,
      partition: data.partition[row] as number,
      topic: data.topic[row] as number,
      invokedUs,
      endedUs,
    }
  }

  /** Walks along the sends of its stream: a range that was processed may hold several. */
  #takeProcessing(row: number, place: number, cursors: Int32Array, next: Int32Array): void {
    const { data } = this.#options.history.processings
    const sends = this.#options.history.sends.data
    const stream = data.stream[row] as number
    const first = data.index[row] as number
    const end = first + (data.count[row] as number)
    let send = cursors[stream] as number
    while (send !== NONE) {
      const from = sends.index[send] as number
      const until = from + (sends.count[send] as number)
      if (until > first) this.#takePiece(row, send, place)
      if (until > end) break
      send = next[send] as number
      if (until === end) break
    }
    cursors[stream] = send
  }

  /** The records that a send and a processing have in common. */
  #takePiece(row: number, send: number, place: number): void {
    const { history, measuredFromUs, sums } = this.#options
    const { data } = history.processings
    const sends = history.sends.data
    const stream = data.stream[row] as number
    const from = Math.max(data.index[row] as number, sends.index[send] as number)
    const until = Math.min(
      (data.index[row] as number) + (data.count[row] as number),
      (sends.index[send] as number) + (sends.count[send] as number),
    )
    const dueUs = (sends.invokedUs[send] as number) - (sends.lateUs[send] as number)
    const doneUs = data.endedUs[row] as number
    const waits = this.#waitsOf(place, stream)
    sums.began(waits, until - from, Math.min(sends.endedUs[send] as number, doneUs))
    sums.done(waits, until - from, doneUs)
    sums.waited(waits, dueUs, doneUs)
    const tookUs = doneUs - dueUs
    sums.endToEndSteps.record(dueUs, tookUs, until - from)
    if (dueUs < measuredFromUs) return
    const latency = sums.latencyOf(history, stream).endToEnd[place]
    const more = moreAt(history, send, row, from)
    latency?.recordEven(tookUs + more, tookUs + moreAt(history, send, row, until), until - from)
  }

  #worked(row: number, place: number, stream: number): void {
    const { data } = this.#options.history.processings
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    const work = this.#options.sums.work[place]
    if (work !== undefined) {
      work.workUs += (endedUs - invokedUs) / (data.count[row] as number)
      work.works += 1
    }
    const firsts = this.firstProcessed[place] as (Processing | undefined)[]
    firsts[stream] ??= {
      process: data.process[row] as number,
      group: data.group[row] as number,
      generation: data.generation[row] as number,
      partition: data.partition[row] as number,
      offset: data.offset[row] as number,
      invokedUs,
      endedUs,
    }
  }

  #waitsOf(place: number, stream: number): FoldedWaits {
    const { groups, history, sums, topics } = this.#options
    const topic = history.streams[stream]?.topic ?? NONE
    const of = this.#waits[place] as (FoldedWaits | undefined)[]
    const known = of[topic]
    if (known !== undefined) return known
    const made = sums.waitsOf(groups[place] ?? '', topics[topic] ?? '')
    of[topic] = made
    return made
  }
}
