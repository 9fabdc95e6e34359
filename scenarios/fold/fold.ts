/**
 * Folding: what is over, and about which nothing can be asked any more, leaves the history.
 *
 * A range of a stream is over when it was sent once and acknowledged, processed once to the end by
 * each group that reads it, in order, and deleted by retention as promised. Then its rows become
 * part of one row of its stream, and sums over time take what measures want of them. Whatever does
 * not fit stays as it is, and everything behind it in its stream: so verdicts are those of the whole
 * history. Looks at the tables between events: the run is the same with and without.
 */

import { type History, Outcome } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'
import { numberOf } from '../checks/configuration.ts'
import { moreOf } from '../measures/within-range.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Truth } from '../truth/truth.ts'
import { ProcessedChains, SendChains } from './chains.ts'
import { Deletions, promises } from './deletions.ts'
import { FoldedSilences } from './silences.ts'
import { FoldedSums, type FoldedWaits } from './sums.ts'

/** What a run with a folded history has beside its rows. */
export interface Folded {
  readonly sums: FoldedSums
  readonly silences: FoldedSilences
}

export interface FoldOptions {
  readonly scenario: Scenario
  readonly history: History
  readonly truth: Truth
  /** Names of topics by number. */
  readonly topics: readonly string[]
  /** True time of t = 0. */
  readonly originUs: number
}

/** A history is folded every two minutes, and so many times at least. */
const SWEEP_US_MAX = 120_000_000
const SWEEPS_MIN = 20

/** delivery.timeout.ms: 2 minutes by default. */
const DELIVERY_TIMEOUT_MS = 120_000
const MARGIN_MS = 10_000
const NONE = -1

/** The first range of a stream that was folded, which its row takes its times from. */
interface First {
  readonly process: number
  readonly partition: PartitionId
  readonly topic: number
  readonly invokedUs: number
  readonly endedUs: number
}

type Processing = Record<
  'process' | 'group' | 'generation' | 'partition' | 'offset' | 'invokedUs' | 'endedUs',
  number
>

export class Fold {
  readonly #options: FoldOptions
  readonly #promised: readonly number[]
  /** Groups by their place in the scenario, by the number of their name. */
  readonly #places: number[] = []
  /** Places of the groups that read a topic, by its number. */
  readonly #readers: readonly (readonly number[])[]
  readonly #settleUs: number
  readonly #everyUs: number
  /** True time before which what was due is warm-up. */
  readonly #measuredFromUs: number
  #dueUs: number
  readonly #sums: FoldedSums
  readonly #silences = new FoldedSilences()
  /** Records of each stream that are folded. */
  readonly #folded: number[] = []
  readonly #firsts: (First | undefined)[] = []
  /** By place of the group, then by stream. */
  readonly #firstProcessed: (Processing | undefined)[][]
  readonly #waits: (FoldedWaits | undefined)[][]

  constructor(options: FoldOptions) {
    const { scenario, history, topics, originUs } = options
    const groups = scenario.consumers.map(({ group }) => group)
    this.#options = options
    this.#promised = promises(scenario, topics)
    groups.forEach((group, place) => (this.#places[history.name(group)] = place))
    this.#readers = readersOf(scenario, topics)
    this.#settleUs = settleUs(scenario)
    this.#everyUs = Math.min(SWEEP_US_MAX, Math.ceil(scenario.durationUs / SWEEPS_MIN))
    this.#dueUs = originUs + this.#everyUs
    const { measureFromUs } = scenario
    this.#measuredFromUs = measureFromUs === undefined ? -Infinity : originUs + measureFromUs
    this.#sums = new FoldedSums(originUs, scenario.durationUs + scenario.drainLimitUs, groups)
    this.#firstProcessed = groups.map(() => [])
    this.#waits = groups.map(() => [])
  }

  /** Sends that were folded. */
  get folded(): number {
    return this.#sums.sends
  }

  /** Time goes on: now and then what is over is folded. */
  look(nowUs: number): void {
    if (nowUs < this.#dueUs) return
    this.sweep(nowUs)
    this.#dueUs = nowUs + this.#everyUs
  }

  /** Folds what is over by now. */
  sweep(nowUs: number): void {
    const { history, truth } = this.#options
    this.#silences.take(history, nowUs - this.#settleUs)
    const deletions = new Deletions(truth, this.#promised)
    if (!deletions.any) return
    const sends = new SendChains(history, this.#folded, (row) => this.#isOver(row, deletions))
    const ends = this.#ends(sends)
    this.#take(sends, ends)
    this.#drop(ends, deletions)
    for (let stream = 0; stream < ends.length; stream += 1) {
      this.#folded[stream] = ends[stream] as number
    }
    const needed = neededFrom(history)
    truth.forget((partition) => needed[partition] ?? Infinity)
  }

  /** The end: one row stands for what was folded of each stream. */
  seal(): Folded {
    const { history } = this.#options
    const { retold } = history
    for (let row = 0; row < retold.length; row += 1) {
      retold.data.send[row] = history.sends.rowOf(retold.get('send', row))
    }
    for (let stream = 0; stream < this.#folded.length; stream += 1) {
      const first = this.#firsts[stream]
      if (first === undefined) continue
      settledSend(history, stream, this.#folded[stream] as number, first)
      for (const processed of this.#firstProcessed) {
        const processing = processed[stream]
        if (processing === undefined) continue
        settledProcessing(history, stream, this.#folded[stream] as number, processing)
      }
    }
    return { sums: this.#sums, silences: this.#silences }
  }

  #isOver(row: number, deletions: Deletions): boolean {
    const { data } = this.#options.history.sends
    if (data.outcome[row] !== Outcome.ok || data.attempt[row] !== 0) return false
    if ((data.endedUs[row] as number) > this.#silences.untilUs) return false
    const partition = data.partition[row] as number
    const offset = data.offset[row] as number
    if (partition < 0 || offset < 0) return false
    return deletions.tookAll({
      topic: data.topic[row] as number,
      partition,
      offset,
      count: data.count[row] as number,
      invokedUs: data.invokedUs[row] as number,
    })
  }

  /** Up to which index each stream can be folded. */
  #ends(sends: SendChains): Float64Array {
    const { history } = this.#options
    const { streams } = history
    const count = streams.length
    const { limit } = sends
    const groups = this.#firstProcessed.length
    const processed = new ProcessedChains(this.#folded, count, groups)
    const { processings, deadLetters } = history
    const { group, outcome, stream, index, count: counts, endedUs } = processings.data
    for (let row = 0; row < processings.length; row += 1) {
      const place = this.#places[group[row] as number]
      if (place === undefined) continue
      const of = stream[row] as number
      const first = index[row] as number
      const bound = processed.take({
        place,
        stream: of,
        first,
        end: first + (counts[row] as number),
        endedUs: outcome[row] === Outcome.ok ? (endedUs[row] as number) : NONE,
      })
      if (bound < (limit[of] as number)) limit[of] = bound
    }
    for (let row = 0; row < deadLetters.length; row += 1) {
      const of = deadLetters.get('stream', row)
      limit[of] = Math.min(limit[of] as number, deadLetters.get('index', row))
    }
    const ends = new Float64Array(count)
    for (let of = 0; of < count; of += 1) {
      let end = Math.min(limit[of] as number, sends.end[of] as number)
      for (const place of this.#readers[streams[of]?.topic ?? NONE] ?? []) {
        end = Math.min(end, processed.end(place, of))
      }
      ends[of] = Math.max(end, this.#folded[of] ?? 0)
    }
    while (this.#aligned(ends));
    return ends
  }

  /** Moves the ends to where rows begin, so that none is folded in part. True if it moved one. */
  #aligned(ends: Float64Array): boolean {
    const { sends, processings } = this.#options.history
    let moved = false
    for (const { data, length } of [sends, processings]) {
      const { stream, index, count } = data
      for (let row = 0; row < length; row += 1) {
        const of = stream[row] as number
        const first = index[row] as number
        const end = ends[of] as number
        if (first >= end || first + (count[row] as number) <= end) continue
        // A repetition may begin in what is folded already, and that stays.
        if (end <= (this.#folded[of] ?? 0)) continue
        ends[of] = Math.max(first, this.#folded[of] ?? 0)
        moved = true
      }
    }
    return moved
  }

  /** Adds what is folded now to the sums. */
  #take(sends: SendChains, ends: Float64Array): void {
    const { history } = this.#options
    for (let stream = 0; stream < ends.length; stream += 1) {
      const end = ends[stream] as number
      let row = sends.head[stream] as number
      while (row !== NONE && history.sends.get('index', row) < end) {
        this.#takeSend(row, stream)
        row = sends.next[row] as number
      }
    }
    const cursors = this.#firstProcessed.map(() => sends.head.slice())
    const { processings } = history
    const { group, stream, index } = processings.data
    for (let row = 0; row < processings.length; row += 1) {
      const place = this.#places[group[row] as number]
      const of = stream[row] as number
      const first = index[row] as number
      if (place === undefined || first < (this.#folded[of] ?? 0) || first >= (ends[of] as number)) {
        continue
      }
      this.#takeProcessing({ row, place, stream: of }, cursors[place] as Int32Array, sends.next)
    }
  }

  #takeSend(row: number, stream: number): void {
    const { history } = this.#options
    const { data } = history.sends
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    const count = data.count[row] as number
    const sums = this.#sums
    const bin = sums.binOf(endedUs)
    sums.produced[bin] = (sums.produced[bin] as number) + count
    const latency = sums.latencyOf(history, stream)
    sums.acknowledged(latency, bin, count)
    const dueUs = invokedUs - (data.lateUs[row] as number)
    if (dueUs >= this.#measuredFromUs) {
      const tookUs = endedUs - dueUs
      latency.produce.recordEven(tookUs, tookUs + (data.waitedUs[row] as number), count)
    }
    sums.sends += 1
    this.#firsts[stream] ??= {
      process: data.process[row] as number,
      partition: data.partition[row] as number,
      topic: data.topic[row] as number,
      invokedUs,
      endedUs,
    }
  }

  /** Walks along the sends of its stream: a range that was processed may hold several. */
  #takeProcessing(
    {
      row,
      place,
      stream,
    }: { readonly row: number; readonly place: number; readonly stream: number },
    cursors: Int32Array,
    next: Int32Array,
  ): void {
    const { history } = this.#options
    const sends = history.sends.data
    const { data } = history.processings
    const first = data.index[row] as number
    const end = first + (data.count[row] as number)
    const doneUs = data.endedUs[row] as number
    const waits = this.#waitsOf(place, stream)
    const latency = this.#sums.latencyOf(history, stream).endToEnd[place]
    let send = cursors[stream] as number
    while (send !== NONE) {
      const from = sends.index[send] as number
      const until = from + (sends.count[send] as number)
      if (until > first) {
        const count = Math.min(until, end) - Math.max(from, first)
        const dueUs = (sends.invokedUs[send] as number) - (sends.lateUs[send] as number)
        const enteredUs = sends.endedUs[send] as number
        this.#sums.waited(waits, count, { dueUs, enteredUs, doneUs })
        if (latency !== undefined && dueUs >= this.#measuredFromUs) {
          const at = Math.max(from, first)
          const more = moreOf(history, { send, row, index: at, weight: count })
          const tookUs = doneUs - dueUs
          latency.recordEven(tookUs + more.first, tookUs + more.last, count)
        }
      }
      if (until > end) break
      send = next[send] as number
      if (until === end) break
    }
    cursors[stream] = send
    this.#worked(row, place, stream)
  }

  #worked(row: number, place: number, stream: number): void {
    const { data } = this.#options.history.processings
    const invokedUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    const work = this.#sums.work[place]
    if (work !== undefined) {
      work.workUs += (endedUs - invokedUs) / (data.count[row] as number)
      work.works += 1
    }
    const firsts = this.#firstProcessed[place] as (Processing | undefined)[]
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
    const { history, scenario, topics } = this.#options
    const topic = history.streams[stream]?.topic ?? NONE
    const of = this.#waits[place] as (FoldedWaits | undefined)[]
    const known = of[topic]
    if (known !== undefined) return known
    const made = this.#sums.waitsOf(scenario.consumers[place]?.group ?? '', topics[topic] ?? '')
    of[topic] = made
    return made
  }

  #drop(ends: Float64Array, deletions: Deletions): void {
    const { sends, processings, deliveries, commits, effects } = this.#options.history
    for (const table of [sends, processings, deliveries]) {
      const { stream, index, count } = table.data
      const over = new Uint8Array(table.length)
      for (let row = 0; row < table.length; row += 1) {
        const of = stream[row] as number
        const first = index[row] as number
        if (first + (count[row] as number) > (ends[of] as number)) continue
        // What was repeated after it was folded is for the checks.
        if (table !== deliveries && first < (this.#folded[of] ?? 0)) continue
        over[row] = 1
      }
      table.drop(over)
    }
    // Which effects a record had is asked by no check that a folded history is judged by.
    const had = new Uint8Array(effects.length)
    const { stream: streams, index: indexes } = effects.data
    for (let row = 0; row < effects.length; row += 1) {
      const of = streams[row] as number
      if (of >= 0 && (indexes[row] as number) < (ends[of] as number)) had[row] = 1
    }
    effects.drop(had)
    const { partition, offset, outcome } = commits.data
    const over = new Uint8Array(commits.length)
    for (let row = 0; row < commits.length; row += 1) {
      if (outcome[row] === Outcome.open) continue
      if ((offset[row] as number) <= deletions.until(partition[row] as number)) over[row] = 1
    }
    commits.drop(over)
  }
}

/** Nothing that was sent so long ago is still under way. */
function settleUs({ producers }: Scenario): number {
  let most = 0
  for (const { config } of producers) {
    most = Math.max(most, numberOf(config, 'delivery.timeout.ms', DELIVERY_TIMEOUT_MS))
  }
  return (most + MARGIN_MS) * 1000
}

/** By topic, the places of the groups that read it. */
function readersOf({ consumers }: Scenario, topics: readonly string[]): number[][] {
  return topics.map((topic) =>
    consumers.flatMap((consumer, place) => (consumer.topics.includes(topic) ? [place] : [])),
  )
}

/** By partition, the least offset at which a send stands that was acknowledged and not folded. */
function neededFrom({ sends }: History): number[] {
  const { partition, offset, outcome } = sends.data
  const least: number[] = []
  for (let row = 0; row < sends.length; row += 1) {
    const of = partition[row] as number
    if (outcome[row] !== Outcome.ok || of < 0) continue
    least[of] = Math.min(least[of] ?? Infinity, offset[row] as number)
  }
  return least
}

function settledSend(history: History, stream: number, count: number, first: First): void {
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

function settledProcessing(
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
